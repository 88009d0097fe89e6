package io.lodestone.sample;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A file of the sample, read back by a few lines of code that know nothing of how it was made. */
record PrintedFile(Path path, String header, List<List<String>> rows) {

  /** All files below a folder, by path. */
  static List<PrintedFile> below(Path folder) throws IOException {
    List<PrintedFile> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        List<String> lines = text(path).lines().toList();
        files.add(
            new PrintedFile(
                path,
                lines.get(0),
                lines.subList(1, lines.size()).stream().map(PrintedFile::cells).toList()));
      }
    }
    return files;
  }

  /** The place of a column in the file's rows. */
  int at(String column) {
    return columns().indexOf(column);
  }

  List<String> columns() {
    return cells(header.startsWith("\uFEFF") ? header.substring(1) : header);
  }

  /** Rows that are as long as the header. */
  List<List<String>> wholeRows() {
    int length = columns().size();
    return rows.stream().filter(row -> row.size() == length).toList();
  }

  String name() {
    return path.getFileName().toString();
  }

  private static String text(Path path) throws IOException {
    try (InputStream raw = Files.newInputStream(path);
        InputStream bytes = unpacked(path.toString(), raw)) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream unpacked(String name, InputStream raw) throws IOException {
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(raw);
    }
    return name.endsWith(".zst") ? new ZstdInputStream(raw) : raw;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char letter : line.toCharArray()) {
      if (letter == '"') {
        quoted = !quoted;
      } else if (letter == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(letter);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
