package io.lodestone.lake;

import io.lodestone.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;

/**
 * Finds out, before anything is written, whether a bucket honours the conditional puts on which
 * {@link ConditionalLogStore} rests: it lets several writers put one object at the same time, a few
 * times, and counts those who were told that they were the first; then it lets an object take the
 * place of another one than is there.
 *
 * <p>An endpoint that ignores the condition lets all of them win. One that looks and then puts lets
 * two of four win in more than half of the rounds (measured: S3Proxy 2.9.0, 114 to 156 of 200), so
 * that it passes in about one start of a hundred.
 */
final class CommitProbe {
  private static final int WRITERS = 4;
  private static final int ROUNDS = 5;

  /** The entity tag of no object. */
  private static final String ANOTHER = "00000000000000000000000000000000";

  private CommitProbe() {}

  /**
   * Tries the folder of a lake and leaves nothing there.
   *
   * @throws Failure if the store does not honour conditional puts
   */
  static void require(FileSystem files, Path lake) throws IOException {
    if (!files.hasPathCapability(
        lake, CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE)) {
      throw refused(
          lake,
          "the client cannot make them: fs.s3a.create.conditional.enabled is false, or hadoop-aws older than 3.4.2");
    }
    for (int round = 0; round < ROUNDS; round++) {
      int winners = winners(files, new Path(lake, "_probe-" + UUID.randomUUID()));
      if (winners != 1) {
        throw refused(
            lake,
            "%d of %d writers of one object were told that they were the first"
                .formatted(winners, WRITERS));
      }
    }
    Path object = new Path(lake, "_probe-" + UUID.randomUUID());
    ConditionalLogStore.create(files, object, new byte[] {1});
    boolean replaced = ConditionalLogStore.replace(files, object, ANOTHER, new byte[] {2});
    files.delete(object, false);
    if (replaced) {
      throw refused(lake, "an object took the place of one that it was not to replace");
    }
  }

  private static int winners(FileSystem files, Path object) throws IOException {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Callable<Boolean>> puts = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        byte[] bytes = String.valueOf(writer).getBytes(StandardCharsets.UTF_8);
        puts.add(() -> ConditionalLogStore.create(files, object, bytes));
      }
      int winners = 0;
      for (Future<Boolean> put : writers.invokeAll(puts)) {
        winners += put.get() ? 1 : 0;
      }
      files.delete(object, false);
      return winners;
    } catch (ExecutionException failed) {
      throw new IOException(
          "Cannot put objects: " + failed.getCause().getMessage(), failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while trying " + object, interrupted);
    } finally {
      writers.shutdownNow();
    }
  }

  private static Failure refused(Path lake, String found) {
    return Failure.usage(
        "Cannot write tables to %s: conditional puts do not hold there (%s), so that of two runs at once one could lose its commit; use a store that honours them, or, where never two runs write at once, set spark.delta.logStore.s3a.impl=io.delta.storage.S3SingleDriverLogStore."
            .formatted(lake, found));
  }
}
