package io.lodestone;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Records and results made by others, which lie outside of the repository: the folder that the
 * system property or environment variable {@code lodestone.shared} names, else {@code ../shared}.
 */
public final class SharedData {
  private SharedData() {}

  /** A folder of the data; a test without it is skipped and says so. */
  public static Path folder(String name) {
    String given =
        System.getProperty(
            "lodestone.shared", System.getenv().getOrDefault("lodestone.shared", "../shared"));
    Path folder = Path.of(given).resolve("data").resolve(name).toAbsolutePath().normalize();
    assumeTrue(
        Files.isDirectory(folder),
        "Skipped: needs the real records in "
            + folder
            + ", which are no part of the repository; name their folder with -Dlodestone.shared=DIR");
    return folder;
  }

  /** Files directly in a folder whose name ends so, sorted. */
  public static List<Path> files(Path folder, String suffix) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Lines of a CSV file by column, read without any code of the program. */
  public static List<Map<String, String>> csv(Path file) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setNullValue("");
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxColumns(1000);
    try (InputStream plain = Files.newInputStream(file);
        InputStream bytes = file.toString().endsWith(".gz") ? new GZIPInputStream(plain) : plain) {
      CsvParser parser = new CsvParser(settings);
      parser.beginParsing(bytes, "UTF-8");
      String[] header = parser.parseNext();
      List<Map<String, String>> lines = new ArrayList<>();
      for (String[] fields = parser.parseNext(); fields != null; fields = parser.parseNext()) {
        Map<String, String> line = new HashMap<>();
        for (int place = 0; place < fields.length; place++) {
          line.put(header[place].trim(), fields[place].trim());
        }
        lines.add(line);
      }
      return lines;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
