package io.lodestone.records;

import io.lodestone.Failure;
import io.lodestone.PlatformFault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * What lies in the records folder. Names that start with {@code .} or {@code _} are passed over.
 *
 * <p>In a bucket this is one request for a thousand objects, and the only thing that a run asks of
 * the records beside the bytes of the files that are new or changed: size and time stand in the
 * listing, and what {@code source_file} knows and finds unchanged is neither looked up nor opened.
 * The listing itself cannot be cut short by it, since a bucket tells in no other way that an object
 * was replaced or is gone.
 */
final class Listing {
  private Listing() {}

  /**
   * All files, sorted by path.
   *
   * @throws Failure if the folder does not exist, cannot be read, or has a folder without a source
   */
  static List<SourceFile> of(
      Path records, Map<String, Source> sources, Configuration configuration) {
    try {
      FileSystem files = records.getFileSystem(configuration);
      Path root = files.makeQualified(records);
      List<SourceFile> found = new ArrayList<>();
      for (FileStatus folder : files.listStatus(root)) {
        String name = folder.getPath().getName();
        if (hidden(name)) {
          continue;
        }
        if (!folder.isDirectory()) {
          throw Failure.usage(
              "Cannot read %s: it lies in no source folder; move it into %s/SOURCE/, SOURCE being one of %s."
                  .formatted(folder.getPath(), root, sources.keySet()));
        }
        if (!sources.containsKey(name)) {
          throw Failure.usage(
              "Cannot read %s: there is no conf/sources/%s.sql; write one (see README, A source of your own) or name the folder as one of %s."
                  .formatted(folder.getPath(), name, sources.keySet()));
        }
        RemoteIterator<LocatedFileStatus> below = files.listFiles(folder.getPath(), true);
        while (below.hasNext()) {
          LocatedFileStatus file = below.next();
          String path = relative(root, file.getPath());
          if (!hidden(path)) {
            found.add(
                new SourceFile(
                    name,
                    path,
                    file.getPath().toUri().toString(),
                    file.getLen(),
                    file.getModificationTime()));
          }
        }
      }
      found.sort(Comparator.comparing(SourceFile::path));
      return found;
    } catch (FileNotFoundException absent) {
      throw Failure.usage(
          "Cannot read spark.lodestone.records: %s does not exist; name the folder that holds one folder a source."
              .formatted(records),
          absent);
    } catch (IOException unreadable) {
      throw PlatformFault.failure(
          "Cannot read spark.lodestone.records at %s".formatted(records), unreadable);
    }
  }

  private static boolean hidden(String path) {
    for (String name : path.split("/")) {
      if (name.startsWith(".") || name.startsWith("_")) {
        return true;
      }
    }
    return false;
  }

  private static String relative(Path root, Path file) {
    return root.toUri().relativize(file.toUri()).getPath();
  }
}
