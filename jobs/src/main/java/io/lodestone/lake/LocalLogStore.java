package io.lodestone.lake;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Delta's log on a local disk, safe for several processes: a commit is a hard link to a finished
 * file, which the file system makes only if there is none of its name. Delta's own store looks and
 * then renames. Selected by {@code spark.delta.logStore.file.impl}.
 */
public final class LocalLogStore extends HadoopFileSystemLogStore {
  /** As Delta makes it, by reflection. */
  public LocalLogStore(Configuration configuration) {
    super(configuration);
  }

  /**
   * Writes a file of the log.
   *
   * @throws FileAlreadyExistsException if another process was first and {@code overwrite} is false
   */
  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    while (actions.hasNext()) {
      lines.append(actions.next()).append('\n');
    }
    FileSystem files = path.getFileSystem(configuration);
    if (overwrite) {
      SmallFile.replace(files, path, lines.toString());
      // Hadoop's checksum of what stood here before would make the new bytes unreadable.
      Files.deleteIfExists(
          java.nio.file.Path.of(
              files
                  .makeQualified(new Path(path.getParent(), "." + path.getName() + ".crc"))
                  .toUri()
                  .getPath()));
      return;
    }
    Fence.require(path);
    if (!SmallFile.create(files, path, lines.toString())) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Fence.passed(path);
  }

  /** A link shows the whole file. */
  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
    return false;
  }
}
