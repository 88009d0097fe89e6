package io.lodestone.records;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CountriesTest {
  private static final Countries SHIPPED = Countries.load(ConfFiles.load(Optional.empty(), null));

  private static String meaning(String scheme, String code) {
    Countries.Meaning meaning = SHIPPED.scheme(scheme).get(code);
    return meaning == null
        ? "nothing"
        : SHIPPED.names().get(meaning.number()) + " " + meaning.kind().text();
  }

  @ParameterizedTest
  @CsvSource({"comtrade, 490", "baci, 490", "japan-customs, 106", "comtrade, 158", "comtrade, TWN"})
  void callsTaiwanTwnInEveryScheme(String scheme, String code) {
    assertThat(meaning(scheme, code)).isEqualTo("TWN country");
  }

  @ParameterizedTest
  @CsvSource({
    "comtrade, 699, IND",
    "comtrade, 842, USA",
    "comtrade, 757, CHE",
    "comtrade, 251, FRA",
    "comtrade, 579, NOR",
    "comtrade, 380, ITA",
    "comtrade, 381, ITA",
    "baci, 699, IND",
    "baci, 842, USA",
    "baci, 757, CHE",
    "baci, 251, FRA",
    "baci, 579, NOR",
    "comtrade, 392, JPN",
    "comtrade, 156, CHN",
    "comtrade, 344, HKG",
    "comtrade, 446, MAC",
    "comtrade, 280, DEU",
    "comtrade, 276, DEU",
    "comtrade, 356, IND",
    "comtrade, 840, USA",
    "comtrade, CHN, CHN",
    "japan-customs, 105, CHN",
    "japan-customs, 304, USA",
    "japan-customs, 103, KOR"
  })
  void knowsTheCodesThatAreNotIso(String scheme, String code, String country) {
    assertThat(meaning(scheme, code)).isEqualTo(country + " country");
  }

  @ParameterizedTest
  @CsvSource({"8", "08", "008"})
  void readsANumberWithAndWithoutItsZeros(String code) {
    assertThat(meaning("comtrade", code)).isEqualTo("ALB country");
  }

  @ParameterizedTest
  @CsvSource({"899", "568", "577", "839", "838", "837", "473"})
  void neverTakesUnspecifiedAreasForCountries(String code) {
    assertThat(meaning("comtrade", code)).isEqualTo("x-" + code + " unspecified");
  }

  @Test
  void tellsGroupsAndTheWorldFromCountries() {
    assertThat(meaning("comtrade", "97")).isEqualTo("x-97 group");
    assertThat(meaning("comtrade", "975")).isEqualTo("x-975 group");
    assertThat(meaning("comtrade", "0")).isEqualTo("x-0 world");
    assertThat(meaning("comtrade", "987")).isEqualTo("nothing");
    assertThat(meaning("japan-customs", "392"))
        .as("an ISO number means nothing here")
        .isEqualTo("nothing");
  }

  @Test
  void numbersNamesInTheirOrder() {
    assertThat(SHIPPED.names()).isSorted().doesNotHaveDuplicates().contains("TWN", "x-899");
    assertThat(SHIPPED.kinds()).hasSameSizeAs(SHIPPED.names());
  }

  private static Countries load(String lines) {
    TreeMap<String, String> texts = new TreeMap<>();
    texts.put("countries.csv", "scheme,code,country,kind,note\n" + lines);
    return Countries.load(new ConfFiles("a test", texts));
  }

  @Test
  void refusesLinesThatContradictEachOther() {
    assertThat(failure(() -> load("own,1,DEU,country,\nown,1,FRA,country,\n")))
        .hasMessage(
            "Cannot read countries.csv: line 3 gives the code 1 of own another meaning than a line before it; keep one.");
  }

  @Test
  void refusesKindsAndCountriesThatItDoesNotKnow() {
    assertThat(failure(() -> load("own,1,DEU,state,\n")))
        .hasMessage(
            "Cannot read countries.csv: line 2 has the kind 'state'; write country, part, unspecified, group or world.");
    assertThat(failure(() -> load("own,1,Germany,country,\n")))
        .hasMessage(
            "Cannot read countries.csv: line 2 has the country 'Germany'; write an ISO 3166 alpha-3 code.");
  }

  @Test
  void namesTheSchemesThatItKnows() {
    assertThat(failure(() -> SHIPPED.scheme("eurostat")))
        .hasMessage(
            "Cannot use countries: 'eurostat': countries.csv knows the schemes [baci, comtrade, japan-customs].");
  }
}
