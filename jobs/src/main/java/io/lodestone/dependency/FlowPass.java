package io.lodestone.dependency;

import io.lodestone.exchange.Gathered;
import io.lodestone.exchange.Sending;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.TaskContext;
import scala.Tuple2;

/**
 * One pass over rows of {@code flow} in their order: cells, exports and records of goods, sent to
 * the bins of {@link ProductBins}.
 */
final class FlowPass extends Sending {
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
  protected boolean advance() {
    if (groups.next()) {
      send();
      return true;
    }
    findings.add(TaskContext.getPartitionId(), new Findings(reporting, bins.close()));
    return false;
  }

  @Override
  protected Tuple2<Integer, byte[]> poll() {
    return bins.poll();
  }

  private void send() {
    ProductCells cells = ProductCells.ofProduct();
    Set<Long> told = new HashSet<>();
    for (int place = 0; place < groups.size(); place++) {
      FlowRecord record = groups.record(place);
      cells.add(record);
      if (record.goods != null && record.isImport()) {
        for (int good : record.goods) {
          told.add(importer(record, good));
        }
      }
    }
    for (int place = 0; place < groups.size(); place++) {
      FlowRecord record = groups.record(place);
      if (record.goods != null && (record.isImport() || record.isExport())) {
        bins.add(groups, record, record.goods);
      } else if (record.goods != null && record.isTotalOfImports()) {
        // Beside its parts a total says nothing; alone, that a part of the good is unknown.
        int[] untold =
            Arrays.stream(record.goods)
                .filter(good -> !told.contains(importer(record, good)))
                .toArray();
        bins.add(groups, record, untold);
      }
    }
    boolean saysOfWorld = !setting.worlds().get(groups.source()).equals(WorldTrade.NONE);
    bins.add(groups, cells, saysOfWorld ? ProductRows.bySupplier(cells.imports()) : Map.of());
  }

  private static long importer(FlowRecord record, int good) {
    return (long) good << Packed.COUNTRY_BITS | record.reporter;
  }
}
