package io.lodestone.trend.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.SharedData;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BreaksTest {
  private static final int FIRST_YEAR = 1871;

  /** Annual flow of the Nile at Aswan, 1871 to 1970, 10^8 cubic metres (Cobb 1978). */
  private static final double[] NILE = {
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
    799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833,
    701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845,
    864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649,
    846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815,
    1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740
  };

  @Test
  void findsTheOneBreakOfTheNileAt1898() {
    Series nile = Series.of(NILE);
    int[] breaks = LevelBreaks.of(nile);
    assertThat(breaks).containsExactly(27);
    assertThat(FIRST_YEAR + breaks[0]).isEqualTo(1898);
    assertThat(SupF.of(nile).last()).isEqualTo(27);
    double rho = Autoregression.rho(nile, SenSlope.of(nile, 1).slope());
    assertThat(CriticalValues.shipped().p(SupF.of(nile).f(), 100, rho)).isLessThan(0.01);
    assertThat(LevelBreaks.fitBetterThanLine(nile, breaks)).isTrue();
    Pettitt shift = Pettitt.of(nile);
    assertThat(FIRST_YEAR + shift.last()).isEqualTo(1898);
    assertThat(shift.p()).isLessThan(1e-6);
  }

  /**
   * The published test takes the EU's imports from China of 2022 to November 2025 and compares the
   * months to May 2023 with those after it. It is right for a date that was chosen without the
   * data. The author also prints the greatest F over all dates; by the plain F table it would be
   * far more significant than it is among so many dates in months that remember the one before.
   */
  @Test
  void reproducesThePublishedChowResultAndJudgesTheScannedMaximumBySimulation() {
    Path folder = SharedData.folder("eu-china-comext-sitc-structbreak");
    for (Map.Entry<String, String> group :
        Map.of(
                "High-Tech & Strategic", "strucchange_results.csv",
                "Traditional & Basic", "strucchange_control_results.csv")
            .entrySet()) {
      Map<String, String> published = SharedData.csv(folder.resolve(group.getValue())).get(0);
      TreeMap<String, Double> months = new TreeMap<>();
      for (Map<String, String> line : SharedData.csv(folder.resolve("01_data_clean_sitc.csv"))) {
        if (line.get("partner").equals("CN_X_HK")
            && line.get("sector_group").equals(group.getKey())
            && line.get("date").compareTo("2022") > 0) {
          months.put(line.get("date"), Double.valueOf(line.get("values")));
        }
      }
      Series series =
          Series.of(months.values().stream().mapToDouble(Double::doubleValue).toArray());
      int before = months.headMap(published.get("break_date"), true).size();
      SupF.Chow chow = SupF.chow(series, before);
      assertThat(chow.f())
          .isCloseTo(Double.parseDouble(published.get("chow_statistic")), within(1e-9));
      assertThat(chow.p())
          .isCloseTo(Double.parseDouble(published.get("chow_p_value")), within(1e-12));

      SupF greatest = SupF.of(series);
      assertThat(greatest.f()).isCloseTo(Double.parseDouble(published.get("f_max")), within(1e-9));
      double rho = Autoregression.rho(series, SenSlope.of(series, 1).slope());
      double plain = SupF.chow(series, greatest.last() + 1).p();
      double independent = CriticalValues.shipped().p(greatest.f(), series.size(), 0);
      double simulated = CriticalValues.shipped().p(greatest.f(), series.size(), rho);
      assertThat(plain).isLessThan(1e-4);
      assertThat(independent).as("at least the least p of the table").isGreaterThan(plain);
      assertThat(simulated).isGreaterThan(independent);
    }
  }

  @Test
  void doesNotCallASteadyFallABreak() {
    double[] fall = new double[16];
    double[] step = new double[16];
    AutoregressiveNoise noise = new AutoregressiveNoise(7);
    double[] small = noise.path(0, 16);
    for (int at = 0; at < 16; at++) {
      fall[at] = 0.8 - 0.02 * at + 0.005 * small[at];
      step[at] = (at < 9 ? 0.8 : 0.5) + 0.02 * small[at];
    }
    int[] ofFall = LevelBreaks.of(Series.of(fall));
    assertThat(ofFall).as("by the criterion alone").hasSize(1);
    assertThat(LevelBreaks.fitBetterThanLine(Series.of(fall), ofFall)).isFalse();
    int[] ofStep = LevelBreaks.of(Series.of(step));
    assertThat(ofStep).containsExactly(8);
    assertThat(LevelBreaks.fitBetterThanLine(Series.of(step), ofStep)).isTrue();
  }

  @Test
  void allowsTwoBreaksInLongSeriesOnly() {
    double[] levels = new double[60];
    double[] noise = new AutoregressiveNoise(3).path(0, 60);
    for (int at = 0; at < 60; at++) {
      levels[at] = (at < 20 ? 1 : at < 40 ? 3 : 2) + 0.2 * noise[at];
    }
    assertThat(LevelBreaks.of(Series.of(levels))).containsExactly(19, 39);
    assertThat(LevelBreaks.shortestSegment(16)).isEqualTo(4);
    assertThat(LevelBreaks.shortestSegment(60)).isEqualTo(9);
    assertThat(LevelBreaks.of(Series.of(1, 2, 3, 4, 5, 6, 7))).as("too short").isEmpty();
  }

  /** Andrews's asymptotic value for one restriction and 15 % trimming, and the one for 16 years. */
  @Test
  void needsMoreInShortSeriesThanTheAsymptoticTable() {
    double[] ofSixteen = CriticalValues.simulate(1, 20_000, 16, 3, 0);
    assertThat(ofSixteen[5]).isCloseTo(9.7, within(0.5));
    double[] ofMany = CriticalValues.simulate(1, 4_000, 1000, 150, 0);
    assertThat(ofMany[5]).isCloseTo(8.68, within(0.5));
  }

  @Test
  void readsTheShippedTableAndInterpolates() {
    CriticalValues table = CriticalValues.shipped();
    double critical = table.critical(0.05, 16, 0.5);
    assertThat(table.p(critical, 16, 0.5)).isCloseTo(0.05, within(1e-12));
    assertThat(table.critical(0.05, 16, 0.55)).isBetween(critical, table.critical(0.05, 16, 0.6));
    assertThat(table.p(1e12, 16, 0)).isEqualTo(0.001);
    assertThat(table.p(3, 7, 0)).as("too short for two segments").isNaN();
    double before = 1;
    for (double f = 0; f < 60; f += 0.5) {
      assertThat(table.p(f, 17, 0.33)).isLessThanOrEqualTo(before);
      before = table.p(f, 17, 0.33);
    }
  }

  @Test
  void simulatesAnyCellOfTheShippedTableAgain() {
    for (double[] cell :
        List.of(new double[] {8, 0}, new double[] {16, 0.5}, new double[] {24, 0.8})) {
      int n = (int) cell[0];
      double[] again =
          CriticalValues.simulate(99, 20_000, n, LevelBreaks.shortestSegment(n), cell[1]);
      assertThat(again[5])
          .as("5 %% at n = %d, rho = %s", n, cell[1])
          .isCloseTo(CriticalValues.shipped().critical(0.05, n, cell[1]), within(0.06 * again[5]));
    }
  }
}
