package io.lodestone.records;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SourceTest {
  private static final String PLAIN =
      """
      -- Four columns.
      -- header: hs6, year, partner | country, [value], ...
      -- countries: comtrade
      -- currency: USD
      SELECT 'USA' AS reporter FROM raw
      """;

  private static Map<String, Source> load(String... namesAndTexts) {
    TreeMap<String, String> texts = new TreeMap<>();
    for (int place = 0; place < namesAndTexts.length; place += 2) {
      texts.put("sources/" + namesAndTexts[place] + ".sql", namesAndTexts[place + 1]);
    }
    return Source.load(new ConfFiles("a test", texts));
  }

  @Test
  void readsKeysAndQuery() {
    Source source = load("own", PLAIN).get("own");
    assertThat(source.header())
        .extracting(column -> column.names() + " " + column.optional())
        .containsExactly("[hs6] false", "[year] false", "[partner, country] false", "[value] true");
    assertThat(source.furtherColumns()).isTrue();
    assertThat(source.currency()).isEqualTo("USD");
    assertThat(source.encoding()).isEqualTo("UTF-8");
    assertThat(source.valueScale()).isEqualTo(1);
    assertThat(source.world()).isEqualTo("none");
    assertThat(source.synthetic()).isFalse();
    assertThat(source.expect()).isEmpty();
    assertThat(source.select()).isEqualTo("'USA' AS reporter FROM raw");
  }

  @Test
  void joinsAKeyThatGoesOnInTheNextLine() {
    Source source =
        load(
                "own",
                PLAIN.replace(
                    "-- countries", "-- expect: hs6 > ''\n--   AND year > ''\n-- countries"))
            .get("own");
    assertThat(source.expect()).contains("hs6 > '' AND year > ''");
  }

  @Test
  void readsLikeAnotherSourceButForWhatItSays() {
    Source source =
        load("own", PLAIN, "other", "-- like: own\n-- currency: EUR\n-- option.sep: ;\n")
            .get("other");
    assertThat(source.currency()).isEqualTo("EUR");
    assertThat(source.options()).isEqualTo(Map.of("sep", ";"));
    assertThat(source.select()).isEqualTo("'USA' AS reporter FROM raw");
  }

  @Test
  void saysWhichKeyCannotBeUsed() {
    assertThat(failure(() -> load("own", "-- curency: USD\n" + PLAIN)))
        .hasMessageStartingWith(
            "Cannot use sources/own.sql: curency 'USD': the keys are [countries, currency,");
    assertThat(failure(() -> load("own", PLAIN.replace("-- currency: USD\n", ""))))
        .hasMessage("Cannot use sources/own.sql: currency '': add a line `-- currency: ...`.");
    assertThat(failure(() -> load("own", "-- value_scale: 0.001\n" + PLAIN)))
        .hasMessage(
            "Cannot use sources/own.sql: value_scale '0.001': write a positive whole number.");
    assertThat(failure(() -> load("own", "-- world: mine\n" + PLAIN)))
        .hasMessage("Cannot use sources/own.sql: world 'mine': write baci, mirror or none.");
    assertThat(failure(() -> load("own", "-- synthetic: yes\n" + PLAIN)))
        .hasMessage("Cannot use sources/own.sql: synthetic 'yes': write true or false.");
    assertThat(failure(() -> load("own", "-- format: parquet\n" + PLAIN)))
        .hasMessage(
            "Cannot use sources/own.sql: format 'parquet': only csv is known; set its options with option.NAME.");
  }

  @Test
  void needsAPlainSelect() {
    assertThat(failure(() -> load("own", PLAIN.replace("SELECT", "WITH x AS (SELECT 1) SELECT"))))
        .hasMessageContaining(
            "SELECT 'WITH x AS (SELECT 1) SELECT 'USA' AS reporter FROM raw': start with a plain SELECT");
    assertThat(failure(() -> load("own", PLAIN.replaceAll("SELECT.*\n", ""))))
        .hasMessageContaining("write a query over raw, or reads like another source");
  }

  @Test
  void refusesToReadLikeItselfOrLikeNothing() {
    assertThat(failure(() -> load("one", "-- like: two\n", "two", "-- like: one\n")))
        .hasMessageContaining("it reads like itself; end the circle");
    assertThat(failure(() -> load("one", "-- like: two\n")))
        .hasMessage("Cannot use sources/one.sql: like 'two': there is no sources/two.sql.");
  }

  @Test
  void refusesAnEncodingThatDoesNotExist() {
    assertThat(failure(() -> load("own", "-- encoding: utf8-mb4\n" + PLAIN)))
        .hasMessage(
            "Cannot use sources/own.sql: encoding 'utf8-mb4': write a character set such as UTF-8 or windows-1252.");
  }

  @Test
  void shipsThreeSourcesAndTheirSyntheticTwins() {
    Map<String, Source> shipped = Source.load(ConfFiles.load(Optional.empty(), null));
    assertThat(shipped)
        .containsOnlyKeys(
            "baci",
            "comtrade",
            "japan-customs",
            "synthetic-baci",
            "synthetic-comtrade",
            "synthetic-japan-customs");
    assertThat(shipped.get("synthetic-baci").synthetic()).isTrue();
    assertThat(shipped.get("baci").valueScale()).isEqualTo(1000);
    assertThat(shipped.get("japan-customs").digits()).isEqualTo(9);
  }

  @Test
  void saysWhatOfAHeaderDoesNotFit() {
    Source source = load("own", PLAIN.replace(", ...", "")).get("own");
    assertThat(Fields.misfit(source, List.of("hs6", "year", "country"))).isEmpty();
    assertThat(Fields.misfit(source, List.of("value", "partner", "year", "hs6"))).isEmpty();
    assertThat(Fields.misfit(source, List.of("hs6", "year", "value", "extra", "year")))
        .isEqualTo(
            "the header does not fit the source own: it lacks partner or country; it has extra; it repeats year");
  }
}
