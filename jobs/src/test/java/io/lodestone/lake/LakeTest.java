package io.lodestone.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What readers of a lake see while others write, on a table of one row. */
@ExtendWith(SharedSpark.class)
final class LakeTest {
  private static final Table TABLE =
      Table.named("flow", "A table").key("year").column("year", "INT", "Year");

  private static void write(Lake lake, int year) {
    lake.replace(
        TABLE,
        lake.spark().createDataFrame(List.of(RowFactory.create(year)), TABLE.schema()),
        "true",
        "test",
        "");
  }

  @Test
  void showsAVersionThatWasTheLatestAlsoWhenThereIsALater(Workplace workplace) {
    Lake lake = workplace.lake();
    write(lake, 2020);
    Dataset<Row> rows = lake.at(Map.of(TABLE.name(), lake.version(TABLE).getAsLong())).read(TABLE);
    write(lake, 2021);
    assertThat(Workplace.texts(rows.collectAsList())).containsExactly("2020");
  }
}
