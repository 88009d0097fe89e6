package io.lodestone.records;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.lodestone.ConfFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListingTest {
  private static final Map<String, Source> SOURCES =
      Source.load(ConfFiles.load(Optional.empty(), null));

  @TempDir Path folder;

  private List<String> list() {
    return Listing.of(
            new org.apache.hadoop.fs.Path(folder.toString()), SOURCES, new Configuration())
        .stream()
        .map(file -> file.source() + " " + file.path())
        .toList();
  }

  private void write(String path) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), "x");
  }

  @Test
  void findsFilesInAnyTreeBelowASource() throws IOException {
    write("comtrade/2020/import/b.csv");
    write("comtrade/a.csv");
    write("baci/100% [x].csv");
    write("comtrade/.part");
    write("comtrade/_temporary/c.csv");
    write(".cache/d.csv");
    assertThat(list())
        .containsExactly(
            "baci baci/100% [x].csv",
            "comtrade comtrade/2020/import/b.csv", "comtrade comtrade/a.csv");
  }

  @Test
  void saysThatTheFolderDoesNotExist() {
    folder = folder.resolve("absent");
    assertThat(failure(this::list))
        .hasMessage(
            "Cannot read spark.lodestone.records: %s does not exist; name the folder that holds one folder a source."
                .formatted(folder));
  }

  @Test
  void saysThatTheFolderIsAFile() throws IOException {
    write("file");
    folder = folder.resolve("file");
    assertThat(failure(this::list)).hasMessageStartingWith("Cannot read");
  }

  @Test
  void refusesAFileBesideTheSources() throws IOException {
    write("data.csv");
    assertThat(failure(this::list))
        .hasMessageEndingWith(
            "data.csv: it lies in no source folder; move it into file:%s/SOURCE/, SOURCE being one of [baci, comtrade, japan-customs, synthetic-baci, synthetic-comtrade, synthetic-japan-customs]."
                .formatted(folder));
  }

  @Test
  void refusesAFolderWithoutASource() throws IOException {
    write("eurostat/data.csv");
    assertThat(failure(this::list))
        .hasMessageContaining(
            "there is no conf/sources/eurostat.sql; write one (see README, A source of your own) or name the folder as one of [baci, comtrade,");
  }

  @Test
  void saysThatTheFolderMayNotBeRead() throws IOException {
    assumeFalse(
        System.getProperty("user.name").equals("root"),
        "Skipped: root may read every folder, so that there is nothing to refuse");
    write("comtrade/a.csv");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
    try {
      assertThat(failure(this::list)).hasMessageContaining("check the path and the permissions");
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
