package io.lodestone.trend;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Tables;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class VerdictSentenceTest {
  private static final StructType SCHEMA = Tables.TREND.schema();

  private static String sentence(String verdict, Map<String, Object> more) {
    Object[] fields = new Object[SCHEMA.size()];
    Map<String, Object> common =
        Map.of(
            "importer", "JPN",
            "basis", "quantity",
            "measure", "hhi",
            "verdict", verdict,
            "years", 16,
            "from_year", 2010,
            "to_year", 2025,
            "first_year", 2010,
            "last_year", 2025);
    common.forEach((name, value) -> fields[SCHEMA.fieldIndex(name)] = value);
    more.forEach((name, value) -> fields[SCHEMA.fieldIndex(name)] = value);
    Row row = new GenericRowWithSchema(fields, SCHEMA);
    return VerdictSentence.of(row, "Magnets");
  }

  @Test
  void claimsATrendWithItsQ() {
    assertThat(
            sentence(
                "diversifying",
                Map.of(
                    "sen_change",
                    -0.27,
                    "first_value",
                    0.52,
                    "last_value",
                    0.25,
                    "q_value",
                    0.005)))
        .isEqualTo(
            "Magnets, imports of JPN by quantity, concentration of suppliers (HHI): diversifying. The trend from 2010 to 2025 amounts to -0.270 (0.520 to 0.250). Chance is an unlikely reason: of the importer's trends that are at least as clear about 0.5 % would be chance if years were no more alike than the test assumes (q = 0.005).");
  }

  @Test
  void saysThatAPathRestsOnNoTest() {
    assertThat(
            sentence(
                "relapsing",
                Map.of("first_mean", 0.511, "last_mean", 0.516, "least", 0.373, "greatest", 0.672)))
        .endsWith(
            "relapsing. It went from 0.511 (mean of the first three years from 2010) to 0.373 and was back at 0.516 (mean of the last three to 2025). This describes the path; no test stands behind it.");
  }

  @Test
  void saysWhyNothingCanBeSaid() {
    assertThat(sentence("too_short", Map.of("years", 7)))
        .endsWith("no verdict, since 7 whole years with data are fewer than the 8 that one needs.");
    assertThat(sentence("low_coverage", Map.of("coverage", 0.7, "coverage_least", 0.2)))
        .endsWith(
            "no verdict, since too little is known: 16 of 16 years, in which 70 % of the trade on average and 20 % in the poorest year.");
    Map<String, Object> trend =
        Map.of(
            "sen_change",
            -0.05,
            "first_value",
            0.88,
            "last_value",
            0.83,
            "rho",
            0.976,
            "q_value",
            0.005,
            "persistent",
            true);
    assertThat(sentence("undetermined", trend))
        .endsWith(
            "undetermined. The trend from 2010 to 2025 amounts to -0.050 (0.880 to 0.830), but each year follows the one before so closely (rho = 0.98) that it cannot be told from chance.");
  }

  @Test
  void givesTheIntervalOfWhatIsStable() {
    assertThat(
            sentence(
                "stable",
                Map.of("sen_change", 0.018, "sen_change_low", -0.01, "sen_change_high", 0.047)))
        .endsWith(
            "stable. The trend from 2010 to 2025 amounts to +0.018, with 90 % confidence between -0.010 and +0.047 if years are independent; less than 0.05 either way counts as no change.");
  }
}
