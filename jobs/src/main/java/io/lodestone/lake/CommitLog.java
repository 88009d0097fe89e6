package io.lodestone.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The log of a Delta table, read file by file: which versions there are and what their commits say.
 * To ask it costs a request or two, where to load the state of a table costs a Spark job.
 */
public final class CommitLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");

  private static final Pattern CHECKPOINT = Pattern.compile("(\\d{20})\\.checkpoint\\.parquet");

  /** Commits, their checksums, and checkpoints. */
  private static final Pattern OF_VERSION = Pattern.compile("\\.?(\\d{20})\\..+");

  private final FileSystem files;
  private final Path folder;

  /** What was noted about commits, by file: it never changes, and is asked for again and again. */
  private final Map<Path, JsonNode> known;

  /**
   * Of a table.
   *
   * @param known what is known of commits, and becomes known
   */
  CommitLog(FileSystem files, Path table, Map<Path, JsonNode> known) {
    this.files = files;
    this.folder = new Path(table, "_delta_log");
    this.known = known;
  }

  /** The latest version; empty if the table was never written. */
  OptionalLong latest() {
    return Arrays.stream(versions(list(), COMMIT)).max();
  }

  /** Versions that have a file of a kind, in no order. */
  private static long[] versions(FileStatus[] all, Pattern kind) {
    return Arrays.stream(all)
        .map(status -> kind.matcher(status.getPath().getName()))
        .filter(Matcher::matches)
        .mapToLong(name -> Long.parseLong(name.group(1)))
        .toArray();
  }

  private FileStatus[] list() {
    try {
      return files.listStatus(folder);
    } catch (FileNotFoundException absent) {
      return new FileStatus[0];
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read the lake at " + folder, unreadable);
    }
  }

  private Path commit(long version) {
    return new Path(folder, "%020d.json".formatted(version));
  }

  /** Takes the actions of a commit until one is enough; returns whether the commit is there. */
  private boolean actions(long version, Predicate<JsonNode> isEnough) {
    Path commit = commit(version);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(files.open(commit), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null && !isEnough.test(JSON.readTree(line))) {
        line = lines.readLine();
      }
      return true;
    } catch (FileNotFoundException cleared) {
      return false;
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read the lake at " + commit, unreadable);
    }
  }

  /** What Delta noted about a commit; a missing node if its file is gone. */
  JsonNode info(long version) {
    JsonNode before = known.get(commit(version));
    if (before != null) {
      return before;
    }
    JsonNode[] found = {MissingNode.getInstance()};
    actions(
        version,
        action -> {
          found[0] = action.path("commitInfo");
          return !found[0].isMissingNode();
        });
    if (!found[0].isMissingNode()) {
      known.put(commit(version), found[0]);
    }
    return found[0];
  }

  /** What this program noted about a commit; a missing node for one of another program. */
  JsonNode metadata(long version) {
    JsonNode metadata = info(version).path("userMetadata");
    try {
      return metadata.isTextual() ? JSON.readTree(metadata.asText()) : metadata;
    } catch (JsonProcessingException foreign) {
      return MissingNode.getInstance();
    }
  }

  /** The id of the run that made a version, or empty if the commit does not say. */
  public Optional<String> runOf(long version) {
    return Optional.ofNullable(metadata(version).path("run").textValue());
  }

  /**
   * The first version with a file of rows, or empty if the log no longer reaches back to it.
   *
   * @param file its name, without folders
   */
  public OptionalLong versionThatAdded(String file) {
    return Arrays.stream(versions(list(), COMMIT))
        .sorted()
        .filter(
            version -> {
              boolean[] added = {false};
              actions(
                  version,
                  action -> {
                    String path = action.path("add").path("path").asText();
                    added[0] = path.equals(file) || path.endsWith("/" + file);
                    return added[0];
                  });
              return added[0];
            })
        .findFirst();
  }

  /**
   * Values of the partition columns of all files that commits behind one version up to another
   * added or removed; empty where the log no longer says.
   *
   * @param partitions the columns
   * @param after the version that is known
   * @param until the version that is asked for; one before {@code after} is another history
   */
  public Optional<Set<Map<String, String>>> changedPartitions(
      List<String> partitions, long after, long until) {
    if (until < after) {
      return Optional.empty();
    }
    Set<Map<String, String>> changed = new HashSet<>();
    for (long version = after + 1; version <= until; version++) {
      boolean there =
          actions(
              version,
              action -> {
                for (String kind : List.of("add", "remove")) {
                  if (action.has(kind)) {
                    changed.add(values(action.get(kind)));
                  }
                }
                return false;
              });
      if (!there) {
        return Optional.empty();
      }
    }
    Set<String> columns = Set.copyOf(partitions);
    return Optional.of(changed)
        .filter(all -> all.stream().allMatch(values -> values.keySet().equals(columns)));
  }

  private static Map<String, String> values(JsonNode file) {
    Map<String, String> values = new TreeMap<>();
    file.path("partitionValues")
        .properties()
        .forEach(value -> values.put(value.getKey(), value.getValue().asText()));
    return values;
  }

  /**
   * Deletes what the log says of versions before one that must stay readable, as far as a
   * checkpoint stands in for them; returns how many files.
   */
  public int clear(long oldest) {
    FileStatus[] all = list();
    long checkpoint =
        Arrays.stream(versions(all, CHECKPOINT))
            .filter(version -> version <= oldest)
            .max()
            .orElse(-1);
    int deleted = 0;
    for (FileStatus status : all) {
      Matcher name = OF_VERSION.matcher(status.getPath().getName());
      if (name.matches() && Long.parseLong(name.group(1)) < checkpoint) {
        try {
          files.delete(status.getPath(), false);
        } catch (IOException unreachable) {
          throw new UncheckedIOException("Cannot clear " + folder, unreachable);
        }
        deleted++;
      }
    }
    return deleted;
  }
}
