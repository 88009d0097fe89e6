package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.lake.Column;
import io.lodestone.records.Goods;
import io.lodestone.records.Source;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a run says last. */
@ExtendWith(SharedSpark.class)
final class ResultTest {

  @Test
  void endsWithTheSentenceOnMagnetsInJapan(Workplace workplace) {
    Map<String, Object> cell =
        Map.ofEntries(
            Map.entry("source", "comtrade"),
            Map.entry("importer", "JPN"),
            Map.entry("product", "rare-earths"),
            Map.entry("product_kind", "good"),
            Map.entry("is_basket", false),
            Map.entry("year", 2020),
            Map.entry("basis", "quantity"),
            Map.entry("months", 12),
            Map.entry("hhi", 0.5),
            Map.entry("hhi_low", 0.5),
            Map.entry("hhi_high", 0.5),
            Map.entry("top_supplier", "CHN"),
            Map.entry("top_share", 0.6));
    Object[] values =
        Tables.DEPENDENCY.columns().stream().map(Column::name).map(cell::get).toArray();
    workplace
        .lake()
        .replace(
            Tables.DEPENDENCY,
            workplace
                .spark()
                .createDataFrame(List.of(RowFactory.create(values)), Tables.DEPENDENCY.schema()),
            "true",
            "test",
            "test");
    ConfFiles conf = ConfFiles.load(Optional.empty(), null);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    Result.print(
        workplace.lake(),
        Goods.load(conf),
        Source.load(conf),
        workplace.settings(),
        new PrintStream(printed, true, StandardCharsets.UTF_8));

    assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList())
        .last()
        .asString()
        .contains("for JPN: no alternative is scored");
  }
}
