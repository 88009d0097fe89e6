package io.lodestone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.records.Countries;
import io.lodestone.records.Goods;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generated world, and the comparison of the pipeline with an independent program in SQL. */
final class BenchTest {
  private static final ConfFiles CONF = ConfFiles.load(Optional.empty(), new Configuration());

  @TempDir private Path folder;

  @Test
  void writesAWorldOfExactlyTheRowsAskedForSortedAndWithoutARepeatedKey() throws IOException {
    world(50_001).write(folder);

    long rows = 0;
    Set<String> products = new HashSet<>();
    for (Path file : files()) {
      List<String> lines = Files.readAllLines(file);
      assertThat(lines.get(0)).isEqualTo("t,i,j,k,v,q");
      List<String[]> fields = lines.stream().skip(1).map(line -> line.split(",")).toList();
      List<String> keys =
          fields.stream()
              .map(
                  field ->
                      "%03d %03d %s"
                          .formatted(
                              Integer.valueOf(field[1]), Integer.valueOf(field[2]), field[3]))
              .toList();
      assertThat(keys).isSortedAccordingTo(Comparator.naturalOrder()).doesNotHaveDuplicates();
      assertThat(fields)
          .allMatch(field -> file.toString().contains("_Y" + field[0] + "_"))
          .allMatch(field -> field[4].matches("\\d+\\.\\d{3}") && !field[4].equals("0.000"))
          .allMatch(field -> field[5].matches("\\d+\\.\\d{3}|NA"))
          .anyMatch(field -> field[5].equals("NA"));
      fields.forEach(field -> products.add(field[3]));
      rows += fields.size();
    }
    assertThat(files()).hasSize(16);
    assertThat(rows).isEqualTo(50_001);
    assertThat(products).noneMatch(product -> product.startsWith("77")).hasSizeGreaterThan(100);
    List<String> watched = Goods.load(CONF).members().stream().map(Goods.Member::code).toList();
    assertThat(products.stream().filter(watched::contains).count()).isGreaterThan(10);
  }

  @Test
  void writesTheSameWorldTwice() throws IOException {
    world(5_000).write(folder.resolve("one"));
    world(5_000).write(folder.resolve("two"));

    for (int year = 2010; year <= 2025; year++) {
      String name = "BACI_HS12_Y" + year + "_V202601.csv";
      assertThat(folder.resolve("two").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("one").resolve(name));
    }
  }

  @Test
  void agreesWithSqlInEveryCell() throws IOException {
    Path json = folder.resolve("result.json");
    Path conf = Path.of("conf").toAbsolutePath();

    String printed =
        bench(
            Map.of("spark.lodestone.conf", conf.toString(), "spark.ui.enabled", "false"),
            "--rows",
            "20000",
            "--json",
            json.toString(),
            "--heap",
            "1g");

    assertThat(printed).contains("20,000 rows in the lake, 20,000 of DuckDB, 20,000 in both");
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.get("agree").asBoolean()).isTrue();
    assertThat(result.get("rows").asLong()).isEqualTo(20_000);
    for (String contender : List.of("lodestone", "duckdb")) {
      assertThat(result.get(contender).get("wall_s").asDouble()).isPositive();
      assertThat(result.get(contender).get("cpu_s").asDouble()).isPositive();
      assertThat(result.get(contender).has("peak_mb")).isTrue();
    }
    assertThat(result.get("ratio").asDouble()).isPositive();
  }

  @Test
  void namesTableKeyColumnAndBothValuesOfADifference() throws SQLException {
    String row =
        "'baci' AS source, '%s' AS exporter, '280530' AS product, 'hs6' AS product_kind, 2020 AS year, 'baci' AS world_basis, %s AS value, 1.000::DECIMAL(18, 3) AS quantity_kg, %s::DOUBLE AS coverage";
    String japan = row.formatted("JPN", "5.000::DECIMAL(20, 3)", "NULL");
    List<String> lake =
        List.of(
            japan,
            row.formatted("CHN", "7.000::DECIMAL(20, 3)", "0.1"),
            row.formatted("USA", "1.000::DECIMAL(20, 3)", "NULL"));
    List<String> peer =
        List.of(
            japan,
            row.formatted("CHN", "7.001::DECIMAL(18, 3)", "0.1 + 1e-12"),
            row.formatted("VNM", "1.000::DECIMAL(20, 3)", "NULL"));

    assertThat(compared(lake, lake)).endsWith("true");
    assertThat(compared(lake, peer))
        .contains("world_trade.value differs in 1 rows")
        .contains(
            "world_trade baci hs6 280530 CHN 2020 baci value: 7.000 in the lake, 7.001 of DuckDB")
        .contains("world_trade baci hs6 280530 USA 2020 baci only in the lake")
        .contains("world_trade baci hs6 280530 VNM 2020 baci only of DuckDB")
        .doesNotContain("coverage")
        .endsWith("false");
    assertThat(compared(List.of(japan, japan), List.of(japan, japan))).endsWith("false");
  }

  @Test
  void saysWhatIsWrongWithAnArgument() {
    assertThatThrownBy(() -> bench(Map.of(), "--rows", "many"))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot read --rows 'many': write a whole number between 1000 and 200000000.");
    assertThatThrownBy(() -> bench(Map.of()))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot run bench: write --rows N, such as --rows 10000000.");
    assertThatThrownBy(() -> bench(Map.of(), "--row", "5"))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("Cannot run bench with '--row'");
  }

  private static TradeWorld world(long rows) {
    return new TradeWorld(1, rows, Countries.load(CONF), Goods.load(CONF));
  }

  private List<Path> files() throws IOException {
    try (var found = Files.list(folder)) {
      return found.sorted().toList();
    }
  }

  private static String bench(Map<String, String> properties, String... arguments) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Bench.run(
        List.of(arguments),
        Settings.parse(properties),
        properties,
        CONF,
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed.toString(StandardCharsets.UTF_8);
  }

  private String compared(List<String> lake, List<String> peer) throws SQLException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      List<String> files = new ArrayList<>();
      for (List<String> rows : List.of(lake, peer)) {
        files.add(folder.resolve(files.size() + ".parquet").toString());
        statement.execute(
            "COPY (SELECT %s) TO '%s'"
                .formatted(String.join(" UNION ALL SELECT ", rows), files.get(files.size() - 1)));
      }
      boolean agree =
          new Comparison(duckdb, new PrintStream(printed, true, StandardCharsets.UTF_8))
              .agree(Tables.WORLD_TRADE, List.of(files.get(0)), files.get(1));
      return printed.toString(StandardCharsets.UTF_8) + agree;
    }
  }
}
