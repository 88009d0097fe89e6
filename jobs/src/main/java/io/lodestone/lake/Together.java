package io.lodestone.lake;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Pieces of work that do not depend on each other, side by side: while one waits for a commit or
 * plans a query, another computes.
 */
public final class Together {
  private Together() {}

  /**
   * Does the same with every item, so many side by side; they begin in their order, and none begins
   * after one has failed.
   */
  public static <T> void each(List<T> items, int lanes, Consumer<T> work) {
    Queue<T> waiting = new ConcurrentLinkedQueue<>(items);
    Runnable lane =
        () -> {
          try {
            for (T item = waiting.poll(); item != null; item = waiting.poll()) {
              work.accept(item);
            }
          } catch (RuntimeException | Error failed) {
            waiting.clear();
            throw failed;
          }
        };
    run(Collections.nCopies(Math.max(1, lanes), lane).toArray(Runnable[]::new));
  }

  /** Runs all to their end; throws what the first that failed threw. */
  public static void run(Runnable... pieces) {
    List<FutureTask<Void>> tasks = new ArrayList<>();
    for (int place = 1; place < pieces.length; place++) {
      FutureTask<Void> task = new FutureTask<>(pieces[place], null);
      tasks.add(task);
      // A new thread inherits the job group and the session.
      new Thread(task, "together-" + place).start();
    }
    FutureTask<Void> first = new FutureTask<>(pieces[0], null);
    first.run();
    tasks.add(0, first);
    RuntimeException failure = null;
    for (FutureTask<Void> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException failed) {
        RuntimeException cause =
            failed.getCause() instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException(failed.getCause());
        if (failure == null) {
          failure = cause;
        } else {
          failure.addSuppressed(cause);
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Stopped", stopped);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
