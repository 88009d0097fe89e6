package io.lodestone.trend;

import io.lodestone.exchange.Gathered;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;

/** What the states of dependence say, in one pass: gives the spells and gathers the churn. */
final class StateRows implements SeriesPass.Reader {
  private final SpellRows spells = new SpellRows();
  private final ChurnRows churn = new ChurnRows();
  private final List<InternalRow> found = new ArrayList<>();
  private final Gathered<List<InternalRow>> gathered;

  StateRows(Gathered<List<InternalRow>> gathered) {
    this.gathered = gathered;
  }

  @Override
  public List<InternalRow> series(ObservedSeries series) {
    churn.series(series);
    return spells.series(series);
  }

  @Override
  public List<InternalRow> importer() {
    found.addAll(churn.importer());
    gathered.add(TaskContext.getPartitionId(), found);
    return spells.importer();
  }

  @Override
  public boolean readsSuppliers() {
    return false;
  }
}
