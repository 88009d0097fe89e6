package io.lodestone;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The text files that say what to read and what to watch: {@code sources/*.sql}, {@code goods.csv},
 * {@code gaps.csv}, {@code countries.csv} and {@code hs/*.csv}, held in memory. They come from
 * {@code spark.lodestone.conf}, else from the copies in the jar.
 *
 * @param origin where they came from, for messages
 * @param texts content by relative path
 */
public record ConfFiles(String origin, SortedMap<String, String> texts) {

  private static final String IN_JAR = "/io/lodestone/conf";
  private static final List<String> FOLDERS = List.of("", "sources", "hs");

  /**
   * Loads them all.
   *
   * @throws Failure if the folder does not exist or cannot be read
   */
  public static ConfFiles load(Optional<Path> folder, Configuration configuration) {
    return folder.map(path -> fromFolder(path, configuration)).orElseGet(ConfFiles::fromJar);
  }

  /** Content of one file, or a {@link Failure} that names it. */
  public String text(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw Failure.usage(
          "Cannot find %s in %s; restore the file or point spark.lodestone.conf elsewhere."
              .formatted(name, origin));
    }
    return text;
  }

  /** Names below a folder, sorted. */
  public List<String> names(String folder, String suffix) {
    return texts.keySet().stream()
        .filter(name -> name.startsWith(folder + "/") && name.endsWith(suffix))
        .toList();
  }

  private static boolean wanted(String name) {
    return name.endsWith(".sql") || name.endsWith(".csv");
  }

  private static ConfFiles fromFolder(Path folder, Configuration configuration) {
    SortedMap<String, String> texts = new TreeMap<>();
    try {
      FileSystem files = folder.getFileSystem(configuration);
      if (!files.exists(folder)) {
        throw Failure.usage(
            "Cannot read spark.lodestone.conf: %s does not exist; name the folder that holds sources/, hs/, goods.csv and countries.csv."
                .formatted(folder));
      }
      for (String below : FOLDERS) {
        Path place = below.isEmpty() ? folder : new Path(folder, below);
        if (!files.exists(place)) {
          continue;
        }
        for (FileStatus status : files.listStatus(place)) {
          String name = status.getPath().getName();
          if (status.isFile() && wanted(name)) {
            try (InputStream in = files.open(status.getPath())) {
              texts.put(
                  below.isEmpty() ? name : below + "/" + name,
                  new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
          }
        }
      }
    } catch (IOException unreadable) {
      throw PlatformFault.failure(
          "Cannot read spark.lodestone.conf at %s".formatted(folder), unreadable);
    }
    return new ConfFiles(folder.toString(), texts);
  }

  private static ConfFiles fromJar() {
    SortedMap<String, String> texts = new TreeMap<>();
    try {
      URI uri = ConfFiles.class.getResource(IN_JAR + "/goods.csv").toURI();
      if ("jar".equals(uri.getScheme())) {
        try (java.nio.file.FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
          collect(jar.getPath(IN_JAR), texts);
        }
      } else {
        collect(java.nio.file.Path.of(uri).getParent(), texts);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new ConfFiles("the jar", texts);
  }

  private static void collect(java.nio.file.Path root, SortedMap<String, String> texts)
      throws IOException {
    try (Stream<java.nio.file.Path> found = Files.walk(root)) {
      for (java.nio.file.Path path : (Iterable<java.nio.file.Path>) found::iterator) {
        String name = root.relativize(path).toString().replace('\\', '/');
        if (Files.isRegularFile(path) && wanted(name)) {
          texts.put(name, Files.readString(path));
        }
      }
    }
  }
}
