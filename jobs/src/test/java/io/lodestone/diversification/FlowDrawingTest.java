package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.ConfFiles;
import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import io.lodestone.records.Goods;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedSpark.class)
final class FlowDrawingTest {
  private static final int ROWS = 400_000;
  private static final long SAMPLE = 20_000;
  private static final double UPPER_BOUND = 10.0 * ROWS;

  /** Sizes over twelve orders of magnitude, as those of flows and of what is expected of none. */
  private static double[] sizes() {
    SplittableRandom random = new SplittableRandom(7);
    return random.doubles(ROWS).map(number -> Math.exp(28 * number - 20)).toArray();
  }

  /** Places of the rows that a drawing takes, each with a lot of its own. */
  private static int[] drawn(FlowDrawing drawing, double[] sizes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] lots = random.doubles(sizes.length).toArray();
    return IntStream.range(0, sizes.length)
        .filter(row -> new FlowDrawing.Lot(lots[row], drawing).wins(sizes[row]))
        .toArray();
  }

  private static List<Row> magnitudes(int[] drawn, double[] sizes) {
    Map<Integer, Long> counts = new TreeMap<>();
    for (int row : drawn) {
      counts.merge(Math.getExponent(sizes[row]), 1L, Long::sum);
    }
    return counts.entrySet().stream()
        .map(count -> RowFactory.create(count.getKey(), count.getValue()))
        .toList();
  }

  @Test
  void givesTheRowsThatItIsAskedForAndTotalsThatHold() {
    double[] sizes = sizes();
    FlowDrawing pilot = FlowDrawing.pilot(SAMPLE, UPPER_BOUND, ROWS);
    FlowDrawing drawing = pilot.forSample(SAMPLE, magnitudes(drawn(pilot, sizes, 1), sizes));

    int[] drawn = drawn(drawing, sizes, 2);

    assertThat(drawing.groupRate()).isEqualTo(Drawing.of(SAMPLE / 2, ROWS).groupRate());
    assertThat(drawn.length).isBetween((int) (0.95 * SAMPLE), (int) (1.05 * SAMPLE));
    assertThat(weighted(drawing, drawn, sizes, false) * drawing.groupRate())
        .as("rows")
        .isCloseTo(ROWS, within(0.05 * ROWS));
    double total = Arrays.stream(sizes).sum();
    assertThat(weighted(drawing, drawn, sizes, true) * drawing.groupRate())
        .as("their sizes, of which an even sample would miss most")
        .isCloseTo(total, within(0.02 * total));
  }

  private static double weighted(FlowDrawing drawing, int[] drawn, double[] sizes, boolean bySize) {
    return Arrays.stream(drawn)
        .mapToDouble(
            row -> new FlowDrawing.Lot(0, drawing).weight(sizes[row]) * (bySize ? sizes[row] : 1))
        .sum();
  }

  @Test
  void takesALargerRowOfAPairWhereverItTakesASmallerOne() {
    FlowDrawing drawing = new FlowDrawing(1, 0.1, 0.01);
    assertThat(new FlowDrawing.Lot(0.15, drawing).wins(1)).isFalse();
    assertThat(new FlowDrawing.Lot(0.15, drawing).wins(10)).isTrue();
    assertThat(new FlowDrawing.Lot(0.05, drawing).wins(0)).isTrue();
    assertThat(new FlowDrawing.Lot(0.999, drawing).weight(1e9)).isEqualTo(1);
  }

  @Test
  void takesEverythingWhereItIsFew() {
    assertThat(FlowDrawing.Lot.ALL.wins(0)).isTrue();
    assertThat(FlowDrawing.Lot.ALL.weight(0)).isEqualTo(1);

    FlowDrawing pilot = FlowDrawing.pilot(SAMPLE, UPPER_BOUND, SAMPLE / 3.0);
    List<Row> few = List.of(RowFactory.create(3, (long) (SAMPLE * pilot.even() / 2)));
    assertThat(pilot.forSample(SAMPLE, few).rate(0)).isEqualTo(1);
  }

  /** Rows of a panel, what they stand for, and the flows of these. */
  private static Row panel(Workplace workplace, long sample) {
    workplace.set("models.sample", String.valueOf(sample));
    Goods goods = Goods.load(ConfFiles.load(Optional.empty(), null));
    try (SourceTables tables =
        SourceTables.of(workplace.lake(), "baci", workplace.settings().models(), goods)) {
      return new ExpectedFlow(ExpectedFlow.Basis.VALUE)
          .panel(tables)
          .selectExpr("CAST(COUNT(*) AS DOUBLE)", "SUM(weight)", "SUM(weight * actual)")
          .first();
    }
  }

  @Test
  void samplesAPanelThatStandsForTheWholeOne(Workplace workplace) {
    SimulatedTrade.of(24, 8, 1).write(workplace.lake());
    Row whole = panel(workplace, 1_000_000);
    assertThat(whole.getDouble(1)).isEqualTo(whole.getDouble(0));

    Row sample = panel(workplace, 8_000);

    // Some 500 pairs with all their years.
    assertThat(whole.getDouble(0)).isGreaterThan(16_000);
    assertThat(sample.getDouble(0)).isBetween(7_000.0, 9_000.0);
    assertThat(sample.getDouble(1)).isCloseTo(whole.getDouble(0), within(0.1 * whole.getDouble(0)));
    assertThat(sample.getDouble(2)).isCloseTo(whole.getDouble(2), within(0.1 * whole.getDouble(2)));
  }
}
