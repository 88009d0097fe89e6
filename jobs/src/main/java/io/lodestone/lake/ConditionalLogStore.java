package io.lodestone.lake;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.AWSServiceIOException;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;

/**
 * Delta's log on S3, safe for several drivers: a commit is one conditional put ({@code
 * If-None-Match: *}), which the store accepts only if no object of that name exists. Delta's own
 * store looks whether the object exists and then puts it, and of two drivers that look at the same
 * time one overwrites the other's commit. Selected by {@code spark.delta.logStore.s3a.impl}; it
 * needs hadoop-aws 3.4.2 or later and nothing of this program, which itself uses {@link
 * FencedLogStore}.
 *
 * <p>Assumptions:
 *
 * <ul>
 *   <li>whoever else commits to the table does it conditionally too: one driver that looks and then
 *       puts overwrites a commit that was put in between;
 *   <li>the endpoint honours conditional puts, atomically ({@link CommitProbe} finds out);
 *   <li>a put is all or nothing, and an object is listed and read as soon as it is put (AWS since
 *       2020, MinIO, Ceph, S3Proxy);
 *   <li>a commit fits into the driver's memory: it has one line a file;
 *   <li>no two commits are byte for byte the same: Delta writes a random transaction id and the
 *       time into each, unless {@code spark.databricks.delta.commitInfo.enabled} is false.
 * </ul>
 *
 * <p>The last one decides what a refused put means. When the answer to a put is lost, the client
 * sends it again and is then refused by its own object. So a refused put whose object holds exactly
 * the bytes that were sent is a commit that succeeded; taken for another driver's, it would be
 * committed a second time.
 */
public class ConditionalLogStore extends HadoopFileSystemLogStore {
  /**
   * AWS answers 409, which says nothing about the object, if another request for it was in flight;
   * one that meets it as often as this is not in flight but broken.
   */
  private static final int ATTEMPTS = 5;

  /** Doubled before every further attempt. */
  private static final long PAUSE_MILLIS = 50;

  /** As Delta makes it, by reflection. */
  public ConditionalLogStore(Configuration configuration) {
    super(configuration);
  }

  /**
   * Writes a file of the log.
   *
   * @throws FileAlreadyExistsException if another driver was first and {@code overwrite} is false
   */
  @Override
  public void write(
      Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
      throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    while (actions.hasNext()) {
      lines.write(actions.next().getBytes(StandardCharsets.UTF_8));
      lines.write('\n');
    }
    FileSystem files = path.getFileSystem(configuration);
    byte[] bytes = lines.toByteArray();
    if (overwrite) {
      put(files.create(path, true), bytes);
      return;
    }
    if (!create(files, path, bytes)) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  /** A put is all or nothing. */
  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration configuration) {
    return false;
  }

  /**
   * Puts an object unless there is one of its name; returns whether it holds these bytes now.
   *
   * @throws IllegalArgumentException if the file system cannot put conditionally at all
   */
  static boolean create(FileSystem files, Path path, byte[] bytes) throws IOException {
    FSDataOutputStreamBuilder<?, ?> object = files.createFile(path).overwrite(false);
    object.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    return put(files, path, bytes, object);
  }

  /**
   * Puts an object in place of the one that has an entity tag; returns whether it holds these bytes
   * now.
   *
   * @throws IllegalArgumentException if the file system cannot put conditionally at all
   */
  static boolean replace(FileSystem files, Path path, String tag, byte[] bytes) throws IOException {
    FSDataOutputStreamBuilder<?, ?> object = files.createFile(path).overwrite(true);
    object.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG, tag);
    return put(files, path, bytes, object);
  }

  private static boolean put(
      FileSystem files, Path path, byte[] bytes, FSDataOutputStreamBuilder<?, ?> object)
      throws IOException {
    object.recursive();
    for (int attempt = 1; ; attempt++) {
      try {
        put(object.build(), bytes);
        return true;
      } catch (RemoteFileChangedException | org.apache.hadoop.fs.FileAlreadyExistsException lost) {
        return holds(files, path, bytes);
      } catch (AWSServiceIOException failed) {
        if (failed.statusCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
          throw failed;
        }
        pause(attempt);
      }
    }
  }

  private static void pause(int attempt) throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE_MILLIS << attempt);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "Stopped while another request for the object was in flight");
    }
  }

  /** Closing a stream publishes what was written, so that a write that failed must be aborted. */
  private static void put(FSDataOutputStream out, byte[] bytes) throws IOException {
    try {
      out.write(bytes);
    } catch (IOException unwritten) {
      out.abort();
      throw unwritten;
    }
    out.close();
  }

  private static boolean holds(FileSystem files, Path path, byte[] bytes) throws IOException {
    try (FSDataInputStream in = files.open(path)) {
      return Arrays.equals(in.readAllBytes(), bytes);
    } catch (FileNotFoundException deleted) {
      return false;
    }
  }
}
