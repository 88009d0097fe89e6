package io.lodestone.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the log says has changed, and when it no longer says; no table is written. */
@ExtendWith(SharedSpark.class)
final class ChangedPartitionsTest {
  private static final Table TABLE =
      Table.named("flow", "A table")
          .key("source", "year", "code")
          .partitionedBy("source", "year")
          .column("source", "STRING", "Source")
          .column("year", "INT", "Year")
          .column("code", "STRING", "Code");

  private static void commit(Workplace workplace, long version, String... actions)
      throws IOException {
    Path log = workplace.folder().resolve("lake/flow/_delta_log");
    Files.createDirectories(log);
    Files.writeString(log.resolve("%020d.json".formatted(version)), String.join("\n", actions));
  }

  private static String file(String action, String source, int year) {
    return """
        {"%s":{"path":"f","partitionValues":{"source":"%s","year":"%d"},"dataChange":true}}"""
        .formatted(action, source, year);
  }

  private static Map<String, String> slice(String source, int year) {
    return Map.of("source", source, "year", String.valueOf(year));
  }

  @Test
  void areThoseOfFilesThatCommitsAddedOrRemoved(Workplace workplace) throws IOException {
    commit(workplace, 4, file("add", "baci", 2010));
    commit(workplace, 5, "{\"commitInfo\":{}}", file("add", "baci", 2020));
    commit(workplace, 6, file("remove", "comtrade", 2021), file("add", "comtrade", 2021));
    commit(workplace, 7, "{\"metaData\":{\"partitionColumns\":[\"source\",\"year\"]}}");
    CommitLog log = workplace.lake().log(TABLE);
    List<String> partitions = TABLE.partitions();
    assertThat(log.changedPartitions(partitions, 4, 7))
        .contains(Set.of(slice("baci", 2020), slice("comtrade", 2021)));
    assertThat(log.changedPartitions(partitions, 6, 7)).contains(Set.of());
    assertThat(log.changedPartitions(partitions, 7, 7)).contains(Set.of());
    assertThat(log.changedPartitions(partitions, 7, 6)).as("another history").isEmpty();
    assertThat(log.changedPartitions(partitions, 2, 7)).as("version 3 is cleared").isEmpty();
    assertThat(log.changedPartitions(partitions, 6, 8)).as("version 8 is not there").isEmpty();
  }

  @Test
  void areUnknownWhereTheTableHadOtherPartitions(Workplace workplace) throws IOException {
    commit(workplace, 1, "{\"add\":{\"path\":\"f\",\"partitionValues\":{\"source\":\"baci\"}}}");
    assertThat(workplace.lake().log(TABLE).changedPartitions(TABLE.partitions(), 0, 1)).isEmpty();
  }

  @Test
  void standInWordsOfAPredicate() {
    assertThat(TABLE.partitionsAre(Set.of(slice("baci", 2020), slice("it's", 2021))))
        .isEqualTo("(source = 'baci' AND year = '2020') OR (source = 'it\\'s' AND year = '2021')");
    assertThat(TABLE.partitionsAre(Set.of())).isEqualTo("false");
    Table whole = Table.named("whole", "One row");
    assertThat(whole.partitionsAre(Set.of(Map.of()))).as("its one partition").isEqualTo("true");
    assertThat(whole.partitionsAre(Set.of())).isEqualTo("false");
  }

  @Test
  void hangOnWhatACommitSaysThatItsRowsWereMadeFrom() {
    Origin origin = new Origin("0a1b", Map.of("supplier", 3L, "dependency", 12L));
    assertThat(origin.text()).isEqualTo("0a1b dependency@12 supplier@3");
    assertThat(Origin.of(origin.text())).contains(origin);
    assertThat(origin.isLike(new Origin("0a1b", Map.of("supplier", 9L, "dependency", 9L))))
        .isTrue();
    assertThat(origin.isLike(new Origin("0a1b", Map.of("supplier", 3L)))).isFalse();
    assertThat(origin.isLike(new Origin("ffff", origin.inputs()))).isFalse();
    assertThat(Origin.of("made by an older program")).isEqualTo(Optional.empty());
  }
}
