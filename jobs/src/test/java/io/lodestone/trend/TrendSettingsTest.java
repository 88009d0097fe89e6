package io.lodestone.trend;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendSettingsTest {

  @Test
  void hasDefaults() {
    assertThat(Settings.parse(Map.of()).trend())
        .isEqualTo(
            new Settings.Trend(
                2010,
                2025,
                List.of("hhi", "effective_suppliers", "share:first_top"),
                List.of("CHN")));
    assertThat(
            Settings.parse(Map.of("spark.lodestone.trend.suppliers", " CHN, RUS ,CHN"))
                .trend()
                .suppliers())
        .containsExactly("CHN", "RUS");
    assertThat(Settings.parse(Map.of("spark.lodestone.trend.suppliers", "")).trend().suppliers())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "years|2025-2010|ends before it starts; write it as 2010-2025",
        "years|2010|is no range of years; write it as 2010-2025",
        "trend.measures|hhi,entropy|names the measure entropy, which does not exist; write some of hhi, effective_suppliers, share:first_top, and suppliers into spark.lodestone.trend.suppliers",
        "trend.measures|,|names no measure; write some of hhi, effective_suppliers, share:first_top",
        "trend.suppliers|China|names China, which is no ISO 3166 alpha-3 code; write such as CHN,RUS"
      })
  void saysWhatToWrite(String setting, String value, String words) {
    assertThat(failure(() -> Settings.parse(Map.of("spark.lodestone." + setting, value))))
        .hasMessage("Cannot read spark.lodestone.%s: '%s' %s.".formatted(setting, value, words));
  }

  @Test
  void knowsTheCountriesThatCanSupply() {
    Settings settings = Settings.parse(Map.of("spark.lodestone.trend.suppliers", "CHN,XYZ"));
    assertThat(failure(() -> settings.requireSuppliers(List.of("CHN", "JPN"))))
        .hasMessage(
            "Cannot read spark.lodestone.trend.suppliers: 'CHN,XYZ' names XYZ, which is no country of conf/countries.csv; write such as CHN,RUS.");
  }
}
