package io.lodestone.dependency;

import io.lodestone.exchange.Gathered;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.TaskContext;
import scala.Tuple2;

/**
 * One pass over rows of {@code flow} in their order: cells, exports and records of goods, sent to
 * the bins of {@link ProductBins}.
 */
final class FlowPass implements Iterator<Tuple2<Integer, byte[]>> {
  /**
   * What a task found out beside what it sent.
   *
   * @param sent records by bin
   */
  record Findings(ReportingBits reporting, long[] sent) implements java.io.Serializable {}

  private final ProductYears groups;
  private final ReportingBits reporting;
  private final Setting setting;
  private final Gathered<Findings> findings;
  private final ProductBins bins = new ProductBins();
  private Tuple2<Integer, byte[]> ready;
  private boolean ended;

  /**
   * Starts.
   *
   * @param reporting that the groups fill
   * @param findings receives what the task found, under its number
   */
  FlowPass(
      ProductYears groups, ReportingBits reporting, Setting setting, Gathered<Findings> findings) {
    this.groups = groups;
    this.reporting = reporting;
    this.setting = setting;
    this.findings = findings;
  }

  @Override
  public boolean hasNext() {
    ready = ready == null ? bins.poll() : ready;
    while (ready == null && !ended) {
      if (groups.next()) {
        send();
      } else {
        findings.add(TaskContext.getPartitionId(), new Findings(reporting, bins.close()));
        ended = true;
      }
      ready = bins.poll();
    }
    return ready != null;
  }

  @Override
  public Tuple2<Integer, byte[]> next() {
    hasNext();
    Tuple2<Integer, byte[]> block = ready;
    ready = null;
    return block;
  }

  private void send() {
    ProductCells cells = new ProductCells();
    for (int place = 0; place < groups.size(); place++) {
      FlowRecord record = groups.record(place);
      cells.add(record);
      if (record.goods != null && (record.isImport() || record.isExport())) {
        bins.add(groups, record);
      }
    }
    boolean saysOfWorld = !setting.worlds().get(groups.source()).equals(WorldTrade.NONE);
    bins.add(groups, cells, saysOfWorld ? ProductRows.bySupplier(cells.imports()) : Map.of());
  }
}
