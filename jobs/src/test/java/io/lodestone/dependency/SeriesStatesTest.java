package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SeriesStatesTest {
  /** Imports of 100, exports of none. */
  private static SeriesStates.Year year(int year, Double hhi, Double worldHhi) {
    return year(year, hhi, worldHhi, 0);
  }

  private static SeriesStates.Year year(int year, Double hhi, Double worldHhi, long exports) {
    return new SeriesStates.Year(year, 100_000, hhi, worldHhi, exports);
  }

  /** Year, is_dependent, geodep, dependent_state and dependent_since. */
  private static List<String> states(int[] reported, SeriesStates.Year... years) {
    List<SeriesStates.Verdict> verdicts =
        SeriesStates.of(null, List.of(), List.of(years), reported);
    assertThat(verdicts).hasSameSizeAs(years);
    return java.util.stream.IntStream.range(0, years.length)
        .mapToObj(
            place -> {
              SeriesStates.Verdict verdict = verdicts.get(place);
              return "%d %s %s %s %s"
                  .formatted(
                      years[place].year(),
                      verdict.dependent(),
                      verdict.geodep(),
                      verdict.state(),
                      verdict.since());
            })
        .toList();
  }

  /** Ratio, net importer and is_dependent of one year. */
  private static String verdict(SeriesStates.Year year) {
    SeriesStates.Verdict verdict =
        SeriesStates.of(null, List.of(), List.of(year), new int[] {year.year()}).get(0);
    return "%s %s %s"
        .formatted(verdict.importsOverExports(), verdict.netImporter(), verdict.dependent());
  }

  @Test
  void holdsGeodepInTwoOfThreeYears() {
    assertThat(
            states(
                new int[] {2018, 2019, 2020, 2021},
                year(2018, 0.5, 0.5),
                year(2019, 0.3, 0.5),
                year(2020, 0.5, 0.5),
                year(2021, 0.3, 0.5)))
        .containsExactly(
            "2018 true null false null",
            "2019 false null false null",
            "2020 true true true 2018",
            "2021 false false false null");
  }

  @Test
  void needsAllThreeYearsForGeodep() {
    assertThat(
            states(
                new int[] {2018, 2019, 2020},
                year(2018, 0.5, 0.5),
                year(2019, 0.5, null),
                year(2020, 0.5, 0.5)))
        .containsExactly(
            "2018 true null false null", "2019 null null false null", "2020 true null true 2018");
  }

  @Test
  void takesAReportedYearWithoutTheProductAsNoDependence() {
    assertThat(
            states(
                new int[] {2018, 2019, 2020, 2021, 2022},
                year(2018, 0.5, 0.5),
                year(2019, 0.5, 0.5),
                year(2022, 0.5, 0.5)))
        .containsExactly(
            "2018 true null false null", "2019 true null true 2018", "2022 true false false null");
  }

  @Test
  void takesAYearThatIsNotReportedAsUnknown() {
    assertThat(
            states(
                new int[] {2018, 2019, 2022},
                year(2018, 0.5, 0.5),
                year(2019, 0.5, 0.5),
                year(2022, 0.5, 0.5)))
        .containsExactly(
            "2018 true null false null", "2019 true null true 2018", "2022 true null null null");
  }

  @Test
  void leavesYearsBeforeTheFirstRowOut() {
    assertThat(states(new int[] {2016, 2017, 2018}, year(2018, 0.5, 0.5)))
        .containsExactly("2018 true null false null");
  }

  @Test
  void comparesImportsWithExports() {
    assertThat(verdict(year(2018, 0.5, 0.5, 50_000))).isEqualTo("2.0 true true");
    assertThat(verdict(year(2018, 0.5, 0.5, 200_000))).isEqualTo("0.5 false false");
    assertThat(verdict(year(2018, 0.5, 0.5, 0))).isEqualTo("null true true");
    assertThat(verdict(year(2018, 0.5, 0.5, Cell.UNKNOWN))).isEqualTo("null null null");
  }

  @Test
  void isFalseWhereOneConditionIsFalseAndAnotherUnknown() {
    assertThat(verdict(year(2018, 0.3, null, Cell.UNKNOWN))).isEqualTo("null null false");
  }

  /** However a history is cut, what stands for its first part says of the second what it said. */
  @Test
  void yearsUpToOneSayTheSamePacked() {
    Random random = new Random(7);
    for (int history = 0; history < 20_000; history++) {
      List<Integer> reported = new ArrayList<>();
      List<SeriesStates.Year> years = new ArrayList<>();
      double missing = random.nextInt(3) / 4.0;
      double absent = random.nextInt(3) / 4.0;
      for (int year = 2000; year < 2020; year++) {
        if (random.nextDouble() < missing) {
          continue;
        }
        reported.add(year);
        if (random.nextDouble() >= absent) {
          Double hhi = random.nextInt(8) == 0 ? null : 0.3 + 0.4 * random.nextDouble();
          years.add(year(year, hhi, 0.3 + 0.4 * random.nextDouble(), random.nextInt(200_000)));
        }
      }
      int until = 2000 + random.nextInt(20);
      List<SeriesStates.Year> first = years.stream().filter(its -> its.year() <= until).toList();
      List<SeriesStates.Year> later = years.stream().filter(its -> its.year() > until).toList();
      if (first.isEmpty() || later.isEmpty()) {
        continue;
      }
      int[] all = reported.stream().mapToInt(Integer::intValue).toArray();
      SeriesStates.Before before = SeriesStates.before(List.of(), first, all, until);
      assertThat(SeriesStates.of(before, List.of(), later, all))
          .as("history %d, cut after %d: %s of %s", history, until, years, reported)
          .isEqualTo(
              SeriesStates.of(null, List.of(), years, all).subList(first.size(), years.size()));
    }
  }
}
