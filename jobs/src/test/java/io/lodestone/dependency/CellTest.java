package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class CellTest {
  private static final double EXACT = 1e-12;
  private static final long UNKNOWN = Cell.UNKNOWN;

  private static Cell.Concentration byValue(Cell cell) {
    return cell.concentration(Cell.VALUE);
  }

  private static void add(Cell cell, String supplier, long value, long quantity) {
    cell.add(supplier, Cell.COUNTRY, value, quantity, 1, 0, 1);
  }

  private static Cell workedExample() {
    Cell cell = new Cell();
    add(cell, "CHN", 70_000, 10_000);
    add(cell, "USA", 10_000, UNKNOWN);
    add(cell, "VNM", 20_000, 30_000);
    return cell;
  }

  @Test
  void squaresTheSharesOfTheWorkedExample() {
    Cell.Concentration concentration = byValue(workedExample());
    assertThat(concentration.suppliers()).isEqualTo(3);
    assertThat(concentration.hhi()).isCloseTo(0.54, within(EXACT));
    assertThat(concentration.cr1()).isCloseTo(0.7, within(EXACT));
    assertThat(concentration.cr3()).isCloseTo(1.0, within(EXACT));
    assertThat(concentration.entropy())
        .isCloseTo(-0.7 * Math.log(0.7) - 0.2 * Math.log(0.2) - 0.1 * Math.log(0.1), within(EXACT));
    assertThat(concentration.topSupplier()).isEqualTo("CHN");
  }

  @Test
  void measuresByQuantityWhatIsKnownOfIt() {
    Cell.Concentration concentration = workedExample().concentration(Cell.QUANTITY);
    assertThat(concentration.suppliers()).isEqualTo(2);
    assertThat(concentration.hhi()).isCloseTo(0.0625 + 0.5625, within(EXACT));
    assertThat(concentration.topSupplier()).isEqualTo("VNM");
    assertThat(workedExample().shareWithQuantity()).isCloseTo(0.9, within(EXACT));
  }

  @Test
  void keepsUnspecifiedAreasAndReturnedGoodsOutOfTheIndex() {
    Cell cell = new Cell();
    add(cell, "AUS", 60_000, UNKNOWN);
    cell.add("JPN", Cell.SELF, 25_000, UNKNOWN, 0, 0, 0);
    cell.add("x-899", Cell.UNSPECIFIED, 15_000, UNKNOWN, 0, 0, 0);
    assertThat(byValue(cell).hhi()).isEqualTo(1.0);
    assertThat(cell.named(Cell.VALUE)).isEqualTo(60_000);
    assertThat(cell.foreign(Cell.VALUE)).isEqualTo(75_000);
    assertThat(cell.total(Cell.VALUE)).isEqualTo(100_000);
    assertThat(cell.shareUnspecified(Cell.VALUE)).isCloseTo(0.2, within(EXACT));
    assertThat(cell.shareSelf(Cell.VALUE)).isCloseTo(0.25, within(EXACT));
  }

  @Test
  void hasNoIndexWithoutANamedSupplier() {
    Cell cell = new Cell();
    cell.add("x-899", Cell.UNSPECIFIED, 15_000, UNKNOWN, 0, 0, 0);
    assertThat(byValue(cell)).isEqualTo(new Cell.Concentration(0, null, null, null, null, null));
    assertThat(cell.shareUnspecified(Cell.VALUE)).isEqualTo(1.0);
  }

  @Test
  void knowsNoShareOfAPartWhoseWeightNobodyGave() {
    Cell cell = new Cell();
    add(cell, "CHN", 70_000, 10_000);
    cell.add("JPN", Cell.SELF, 25_000, UNKNOWN, 0, 0, 0);
    cell.add("x-899", Cell.UNSPECIFIED, 15_000, UNKNOWN, 0, 0, 0);
    assertThat(cell.shareUnspecified(Cell.QUANTITY)).isNull();
    assertThat(cell.shareSelf(Cell.QUANTITY)).isNull();
    assertThat(cell.foreignToShare(Cell.QUANTITY)).isEqualTo(UNKNOWN);
    assertThat(cell.foreignToShare(Cell.VALUE)).isEqualTo(85_000);

    Cell unweighed = new Cell();
    add(unweighed, "CHN", 70_000, UNKNOWN);
    assertThat(unweighed.concentration(Cell.QUANTITY).suppliers()).isEqualTo(Cell.UNTOLD);
  }

  @Test
  void tellsUnknownFromZero() {
    Cell cell = new Cell();
    add(cell, "CHN", 5_000, UNKNOWN);
    assertThat(cell.total(Cell.QUANTITY)).isEqualTo(UNKNOWN);
    assertThat(cell.shareSelf(Cell.QUANTITY)).isNull();
    assertThat(cell.shareSelf(Cell.VALUE)).isEqualTo(0.0);
    assertThat(cell.shareUnspecified(Cell.QUANTITY)).isNull();
    assertThat(cell.concentration(Cell.QUANTITY).hhi()).isNull();

    Cell free = new Cell();
    add(free, "CHN", 0, 3_000);
    assertThat(free.total(Cell.VALUE)).isZero();
    assertThat(byValue(free).hhi()).isNull();
    assertThat(free.concentration(Cell.QUANTITY).hhi()).isEqualTo(1.0);
  }

  @Test
  void addsTheRecordsOfOneSupplier() {
    Cell cell = new Cell();
    add(cell, "CHN", 1_000, 10);
    add(cell, "CHN", 2_000, UNKNOWN);
    add(cell, "VNM", 1_000, 10);
    assertThat(cell.suppliers()).hasSize(2);
    assertThat(byValue(cell).hhi()).isCloseTo(0.5625 + 0.0625, within(EXACT));
    assertThat(cell.suppliers().get(0).amount(Cell.QUANTITY)).isEqualTo(10);
  }

  @Test
  void namesTheFirstByCodeAmongEqualSuppliers() {
    Cell cell = new Cell();
    add(cell, "AUS", 1_000, 1);
    add(cell, "BRA", 1_000, 1);
    assertThat(byValue(cell).topSupplier()).isEqualTo("AUS");
    assertThat(cell.ranks(Cell.VALUE)).containsExactly(1, 1);
  }

  @Test
  void ranksFromTheLargestAndSkipsAfterEquals() {
    Cell cell = new Cell();
    add(cell, "AUS", 1_000, UNKNOWN);
    add(cell, "BRA", 3_000, 7);
    add(cell, "CHN", 1_000, 9);
    add(cell, "DEU", 500, UNKNOWN);
    assertThat(cell.ranks(Cell.VALUE)).containsExactly(2, 1, 2, 4);
    assertThat(cell.ranks(Cell.QUANTITY)).containsExactly(0, 2, 1, 0);
  }

  @Test
  void remembersTheWeakestMappingAndWhatTheRecordsAgreeOn() {
    Cell cell = new Cell();
    cell.add("AUS", Cell.COUNTRY, 1_000, UNKNOWN, 0, 1, 1);
    cell.add("BRA", Cell.COUNTRY, 1_000, UNKNOWN, 2, 2, 1);
    assertThat(cell.weakestMapping()).isEqualTo(2);
    assertThat(cell.valuation()).isEqualTo(1);
    assertThat(cell.shareEstimated()).isCloseTo(0.5, within(EXACT));
    cell.add("CHN", Cell.COUNTRY, 1_000, UNKNOWN, 1, 0, 2);
    assertThat(cell.valuation()).as("CIF beside FOB").isZero();
  }

  @Test
  void doesNotKnowWhatIsEstimatedWhereNoRecordSays() {
    Cell cell = new Cell();
    cell.add("AUS", Cell.COUNTRY, 1_000, 5, 0, 0, 0);
    assertThat(cell.shareEstimated()).isNull();
  }

  @RepeatedTest(20)
  void keepsTheInvariantsOfShares(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int suppliers = 1 + random.nextInt(12);
    List<Long> values = new ArrayList<>();
    Cell cell = new Cell();
    Cell scaled = new Cell();
    for (int number = 0; number < suppliers; number++) {
      long value = (long) Math.exp(5 + 15 * random.nextDouble());
      values.add(value);
      add(cell, "S%02d".formatted(number), value, UNKNOWN);
      add(scaled, "S%02d".formatted(number), 1_000 * value, UNKNOWN);
    }
    Cell.Concentration concentration = byValue(cell);
    double total = values.stream().mapToLong(Long::longValue).sum();
    assertThat(
            cell.suppliers().stream()
                .mapToDouble(
                    supplier -> Cell.ratio(supplier.amount(Cell.VALUE), cell.named(Cell.VALUE)))
                .sum())
        .isCloseTo(1, within(EXACT));
    assertThat(concentration.hhi()).isBetween(1.0 / suppliers - EXACT, 1 + EXACT);
    assertThat(concentration.hhi())
        .isCloseTo(
            values.stream().mapToDouble(value -> value / total * (value / total)).sum(),
            within(EXACT));
    assertThat(concentration.cr1()).isLessThanOrEqualTo(concentration.cr3());
    assertThat(concentration.entropy()).isBetween(0.0, Math.log(suppliers) + EXACT);
    assertThat(byValue(scaled).hhi()).isCloseTo(concentration.hhi(), within(EXACT));
    assertThat(Arrays.stream(cell.ranks(Cell.VALUE)).min()).hasValue(1);
  }
}
