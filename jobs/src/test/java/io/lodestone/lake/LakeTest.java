package io.lodestone.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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
  void keepsTheLogOfATableOfAnOlderProgramAsLongAsItsFiles(Workplace workplace) {
    Lake lake = workplace.lake();
    write(lake, 2020);
    String table = "delta.`%s`".formatted(lake.path(TABLE));
    workplace
        .spark()
        .sql(
            "ALTER TABLE %s UNSET TBLPROPERTIES ('delta.enableExpiredLogCleanup')"
                .formatted(table));
    lake.vacuum(TABLE, Duration.ofDays(90));
    Map<String, String> properties =
        workplace
            .spark()
            .sql("DESCRIBE DETAIL " + table)
            .select("properties")
            .first()
            .getJavaMap(0);
    assertThat(properties)
        .containsEntry("delta.enableExpiredLogCleanup", "false")
        .containsEntry("delta.deletedFileRetentionDuration", "interval 90 days");
    long version = lake.version(TABLE).getAsLong();
    lake.vacuum(TABLE, Duration.ofDays(90));
    assertThat(lake.version(TABLE)).as("said once").hasValue(version);
  }

  @Test
  void deletesOldFoldersThatNobodyNames(Workplace workplace) throws IOException {
    Path models = workplace.folder().resolve("lake/models/baci/entry-1");
    for (String name : List.of("named", "young", "old")) {
      Path file = Files.createDirectories(models.resolve(name).resolve("data")).resolve("part");
      Files.createFile(file);
      Files.setLastModifiedTime(
          file, FileTime.from(Instant.ofEpochSecond(name.equals("young") ? 2 : 1)));
    }
    Lake lake = workplace.lake();
    Set<String> named = Set.of("models/baci/entry-1/named");
    assertThat(lake.deleteFolders("models/*/*/*", named, Instant.ofEpochSecond(2))).isEqualTo(1);
    try (Stream<Path> kept = Files.list(models)) {
      assertThat(kept.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrder("named", "young");
    }
    assertThat(lake.deleteFolders("absent/*/*/*", named, Instant.MAX)).isZero();
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
