package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.records.Gaps;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Exports and the world's concentration as cells see them: sources baci, comtrade and none. */
final class WorldTradeTest {
  private static final int BACI = 0;
  private static final int COMTRADE = 1;
  private static final int SILENT = 2;
  private static final Setting SETTING =
      new Setting(
          List.of("baci", "comtrade", "silent"),
          List.of("baci", "mirror", "none"),
          List.of("USD", "USD", "EUR"),
          List.of(),
          Set.of(),
          Gaps.none());
  private static final int PRODUCT = 280530;
  private static final int JPN = Packed.country("JPN");
  private static final int CHN = Packed.country("CHN");
  private static final int VNM = Packed.country("VNM");

  private final ProductRows rows = new ProductRows();
  private final ReportingBits reporting = new ReportingBits();

  private void world(int source, int year, int exporter, long value) {
    ProductRows.append(
        rows.world(),
        Packed.bySlice(source, year, PRODUCT, exporter),
        new long[] {value, Cell.UNKNOWN});
  }

  private void own(int source, int year, int exporter, long gross, long re, long domestic) {
    ProductRows.append(
        rows.own(),
        Packed.bySlice(source, year, PRODUCT, exporter),
        new long[] {gross, Cell.UNKNOWN},
        new long[] {re, Cell.UNKNOWN},
        new long[] {domestic, Cell.UNKNOWN});
  }

  /** Imports of a year by an importer, in the mirror. */
  private void imports(int year, int importer, long value) {
    Cell cell = new Cell();
    cell.add("CHN", Cell.COUNTRY, value, Cell.UNKNOWN, 0, 0, 0);
    CellRecord.append(
        rows.cells(), Packed.bySeries(COMTRADE, importer, PRODUCT, year), cell, false);
    reporting.add(COMTRADE, importer, year, FlowRecord.IMPORT, 1);
  }

  private WorldTrade world() {
    return new WorldTrade(rows, SETTING, new Reporting(reporting));
  }

  private Double hhi(int source, int year) {
    WorldTrade.Concentration concentration = world().concentration(source, year, PRODUCT);
    return concentration == null ? null : concentration.of(Cell.VALUE);
  }

  private String exports(int source, int year) {
    WorldTrade.Exports exports = world().exports(source, year, PRODUCT, JPN);
    return exports.basis() == null ? "unknown" : exports.of(Cell.VALUE) + " " + exports.basis();
  }

  @Test
  void squaresTheSharesOfTheWorldsExporters() {
    world(BACI, 2018, CHN, 75);
    world(BACI, 2018, VNM, 25);
    assertThat(hhi(BACI, 2018)).isEqualTo(0.625);
    assertThat(world().concentration(BACI, 2018, PRODUCT).of(Cell.QUANTITY)).isNull();
  }

  @Test
  void takesTheOwnMirrorForProductsThatAPartialBaciLacks() {
    world(BACI, 2018, CHN, 75);
    world(BACI, 2018, VNM, 25);
    world(COMTRADE, 2018, CHN, 50);
    world(COMTRADE, 2018, VNM, 50);
    world(COMTRADE, 2019, CHN, 50);
    world(COMTRADE, 2019, VNM, 50);
    imports(2018, JPN, 100);
    imports(2019, JPN, 100);
    assertThat(hhi(COMTRADE, 2018)).as("BACI has the product").isEqualTo(0.625);
    assertThat(hhi(COMTRADE, 2019)).as("BACI lacks it").isEqualTo(0.5);
    assertThat(hhi(SILENT, 2018)).isEqualTo(0.625);
    assertThat(hhi(SILENT, 2019)).isNull();
  }

  @Test
  void knowsNoWorldWhereTooFewImportersReport() {
    imports(2018, JPN, 90);
    imports(2019, JPN, 90);
    imports(2018, VNM, 10);
    imports(2020, VNM, 10);
    world(COMTRADE, 2018, CHN, 100);
    world(COMTRADE, 2019, CHN, 90);
    world(COMTRADE, 2020, CHN, 10);
    assertThat(hhi(COMTRADE, 2018)).isEqualTo(1);
    assertThat(hhi(COMTRADE, 2019)).as("nine tenths report").isEqualTo(1);
    assertThat(hhi(COMTRADE, 2020)).as("one tenth reports").isNull();
    assertThat(world().coverage(2)).isEqualTo(0.1);
    assertThat(exports(COMTRADE, 2020)).isEqualTo("unknown");
  }

  @Test
  void takesExportsFromTheReporterWhoReportsAny() {
    world(COMTRADE, 2018, JPN, 400);
    own(COMTRADE, 2018, JPN, 50, 20, Cell.UNKNOWN);
    reporting.add(COMTRADE, JPN, 2018, FlowRecord.EXPORT, 1);
    assertThat(exports(COMTRADE, 2018)).as("re-exports not told apart").isEqualTo("30 gross");
    reporting.add(COMTRADE, JPN, 2018, FlowRecord.RE_EXPORT, 1);
    assertThat(exports(COMTRADE, 2018)).isEqualTo("30 domestic");
    reporting.add(COMTRADE, JPN, 2019, FlowRecord.EXPORT, 1);
    assertThat(exports(COMTRADE, 2019)).as("reports, but not the product").isEqualTo("0 gross");
  }

  @Test
  void takesDomesticExportsWhereTheyAreReported() {
    own(COMTRADE, 2018, JPN, 50, 20, 35);
    reporting.add(COMTRADE, JPN, 2018, FlowRecord.DOMESTIC_EXPORT, 1);
    assertThat(exports(COMTRADE, 2018)).isEqualTo("35 domestic");
  }

  @Test
  void knowsNoExportsOfAnImporterThatNoOtherMirrors() {
    imports(2018, JPN, 90);
    imports(2019, JPN, 90);
    imports(2019, VNM, 10);
    world(COMTRADE, 2018, CHN, 90);
    world(COMTRADE, 2019, CHN, 100);
    assertThat(hhi(COMTRADE, 2018)).as("nine tenths report").isEqualTo(1);
    assertThat(exports(COMTRADE, 2018)).isEqualTo("unknown");
    assertThat(exports(COMTRADE, 2019)).isEqualTo("0 mirror");
  }

  @Test
  void knowsNoWorldBeforeAnImporterHasReportedAWholeYear() {
    Cell cell = new Cell();
    cell.add("CHN", Cell.COUNTRY, 50, Cell.UNKNOWN, 0, 0, 0);
    CellRecord.append(rows.cells(), Packed.bySeries(COMTRADE, JPN, PRODUCT, 2018), cell, true);
    reporting.add(COMTRADE, JPN, 2018, FlowRecord.IMPORT, 1 << 1);
    world(COMTRADE, 2018, CHN, 50);
    assertThat(hhi(COMTRADE, 2018)).isNull();
  }

  @Test
  void takesExportsFromTheWorldWhereTheImporterReportsNone() {
    imports(2018, VNM, 200);
    world(COMTRADE, 2018, JPN, 200);
    world(BACI, 2018, CHN, 7);
    assertThat(exports(COMTRADE, 2018)).isEqualTo("200 mirror");
    assertThat(exports(BACI, 2018)).isEqualTo("0 baci");
    assertThat(exports(SILENT, 2018)).isEqualTo("unknown");
  }
}
