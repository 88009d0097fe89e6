package io.lodestone.dependency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

final class SeriesStatesTest {
  private static final int KNOWN_EXPORTS = SeriesStates.EXPORTS_OWN;

  /** A cell of JPN's imports: 100 a year, the rest as given, the same by value and by quantity. */
  private static Row cell(int year, Double hhi, Double worldHhi, int exportsKnown) {
    return row(year, 100_000L, hhi, worldHhi, exportsKnown, true, null, null);
  }

  private static Row exports(int year, long amount, String basis) {
    return row(year, null, null, null, 0, false, amount, basis);
  }

  private static Row row(
      int year,
      Long total,
      Double hhi,
      Double worldHhi,
      int exportsKnown,
      boolean isCell,
      Long exports,
      String worldBasis) {
    Object[] fields = new Object[SeriesStates.INPUT.size()];
    set(fields, "source", "test");
    set(fields, "importer", "JPN");
    set(fields, "product_kind", "hs6");
    set(fields, "product", "280530");
    set(fields, "year", year);
    for (String basis : List.of("value", "quantity")) {
      set(fields, basis + "_total", total);
      set(fields, basis + "_hhi", hhi);
      set(fields, basis + "_world_hhi", worldHhi);
    }
    set(fields, "exports_known", exportsKnown);
    set(fields, "is_cell", isCell);
    set(fields, "exports_value", exports);
    set(fields, "exports_quantity", exports);
    set(fields, "world_basis", worldBasis);
    set(fields, "re_exports_known", false);
    return RowFactory.create(fields);
  }

  private static void set(Object[] fields, String name, Object value) {
    fields[SeriesStates.INPUT.fieldIndex(name)] = value;
  }

  /** Rows by value, the named columns joined by blanks. */
  private static List<String> states(List<Row> rows, int[] reported, String... columns) {
    List<String> states = new ArrayList<>();
    SeriesStates all =
        new SeriesStates(rows.iterator(), Map.of(Reporting.importer("test", "JPN"), reported));
    while (all.hasNext()) {
      Row row = all.next();
      if ("value".equals(row.get(SeriesStates.OUTPUT.fieldIndex("basis")))) {
        List<String> fields = new ArrayList<>();
        for (String column : columns) {
          fields.add(String.valueOf(row.get(SeriesStates.OUTPUT.fieldIndex(column))));
        }
        states.add(String.join(" ", fields));
      }
    }
    return states;
  }

  @Test
  void holdsGeodepInTwoOfThreeYears() {
    assertThat(
            states(
                List.of(
                    cell(2018, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2019, 0.3, 0.5, KNOWN_EXPORTS),
                    cell(2020, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2021, 0.3, 0.5, KNOWN_EXPORTS)),
                new int[] {2018, 2019, 2020, 2021},
                "year",
                "is_dependent",
                "geodep",
                "dependent_state",
                "dependent_since"))
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
                List.of(
                    cell(2018, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2019, 0.5, null, KNOWN_EXPORTS),
                    cell(2020, 0.5, 0.5, KNOWN_EXPORTS)),
                new int[] {2018, 2019, 2020},
                "year",
                "is_dependent",
                "geodep"))
        .containsExactly("2018 true null", "2019 null null", "2020 true null");
  }

  @Test
  void takesAReportedYearWithoutTheProductAsNoDependence() {
    assertThat(
            states(
                List.of(
                    cell(2018, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2019, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2022, 0.5, 0.5, KNOWN_EXPORTS)),
                new int[] {2018, 2019, 2020, 2021, 2022},
                "year",
                "geodep",
                "dependent_state"))
        .containsExactly("2018 null false", "2019 null true", "2022 false false");
  }

  @Test
  void takesAYearThatIsNotReportedAsUnknown() {
    assertThat(
            states(
                List.of(
                    cell(2018, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2019, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2022, 0.5, 0.5, KNOWN_EXPORTS)),
                new int[] {2018, 2019, 2022},
                "year",
                "geodep",
                "dependent_state"))
        .containsExactly("2018 null false", "2019 null true", "2022 null null");
  }

  @Test
  void comparesImportsWithTheImportersOwnExports() {
    assertThat(
            states(
                List.of(
                    cell(2018, 0.5, 0.5, KNOWN_EXPORTS),
                    exports(2018, 50_000, WorldTrade.OWN),
                    exports(2018, 400_000, WorldTrade.MIRROR),
                    cell(2019, 0.5, 0.5, KNOWN_EXPORTS),
                    cell(2020, 0.5, 0.5, SeriesStates.EXPORTS_UNKNOWN)),
                new int[] {2018, 2019, 2020},
                "year",
                "imports_over_exports",
                "no_exports",
                "exports_basis",
                "is_net_importer",
                "is_dependent"))
        .containsExactly(
            "2018 2.0 false gross true true",
            "2019 null true gross true true",
            "2020 null null null null null");
  }

  @Test
  void takesExportsFromTheMirrorWhereTheImporterReportsNone() {
    assertThat(
            states(
                List.of(
                    cell(2018, 0.5, 0.5, SeriesStates.EXPORTS_OF_MIRROR),
                    exports(2018, 200_000, WorldTrade.MIRROR)),
                new int[] {2018},
                "year",
                "imports_over_exports",
                "no_exports",
                "exports_basis",
                "is_net_importer",
                "is_dependent"))
        .containsExactly("2018 0.5 false mirror false false");
  }

  @Test
  void isFalseWhereOneConditionIsFalseAndAnotherUnknown() {
    assertThat(
            states(
                List.of(cell(2018, 0.3, null, SeriesStates.EXPORTS_UNKNOWN)),
                new int[] {2018},
                "is_import_concentrated",
                "is_world_concentrated",
                "is_dependent"))
        .containsExactly("false null false");
  }

  @Test
  void failsWhenACellComesTwice() {
    assertThatThrownBy(
            () ->
                states(
                    List.of(
                        cell(2018, 0.5, 0.5, KNOWN_EXPORTS), cell(2018, 0.5, 0.5, KNOWN_EXPORTS)),
                    new int[] {2018},
                    "year"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("JPN 280530 has two cells for 2018");
  }
}
