package io.lodestone.lake;

import io.lodestone.Failure;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.Path;

/**
 * What a leased run may commit: to each table only the version after the last one that it knows,
 * and only while nobody else has taken its lease. The log stores of this program ask before every
 * commit.
 *
 * <p>The version alone makes it safe: a commit of version {@code n} succeeds only where there is
 * none, and whoever takes over the lease of a run that may still be alive commits to every table
 * first ({@link Lake#bump}). A driver that was paused between this question and its put therefore
 * finds its version taken, and asks again before it tries a later one.
 */
public final class Fence implements AutoCloseable {
  private static final Map<Path, Fence> OPEN = new ConcurrentHashMap<>();

  private final Path root;
  private final Lease lease;
  private final Map<String, Long> versions;

  private Fence(Path root, Lease lease, Map<String, Long> versions) {
    this.root = root;
    this.lease = lease;
    this.versions = new ConcurrentHashMap<>(versions);
  }

  /**
   * Puts a fence around a lake, for this process, until it is closed.
   *
   * @param versions latest version of every table that exists
   */
  static Fence around(Path root, Lease lease, Map<String, Long> versions) {
    // A path made of a URI may end with a slash, which the parent of a path never does.
    Fence fence = new Fence(new Path(root.toString()), lease, versions);
    OPEN.put(fence.root, fence);
    return fence;
  }

  /**
   * Whether a commit may be made.
   *
   * @param commit file of the log, {@code LAKE/TABLE/_delta_log/VERSION.json}
   * @throws Failure if another run holds the lease or has written to the table
   */
  static void require(Path commit) {
    Fence fence = of(commit);
    if (fence != null && isCommit(commit)) {
      fence.requireNext(commit);
    }
  }

  /** Notes a commit that was made. */
  static void passed(Path commit) {
    Fence fence = of(commit);
    if (fence != null && isCommit(commit)) {
      fence.versions.put(table(commit), version(commit));
    }
  }

  private static Fence of(Path commit) {
    Path lake = commit.getParent().getParent().getParent();
    // A table of someone else's may lie at the root of a bucket.
    return lake == null ? null : OPEN.get(lake);
  }

  private void requireNext(Path commit) {
    lease.require();
    long known = versions.getOrDefault(table(commit), -1L);
    if (version(commit) != known + 1) {
      throw Failure.busy(
          "Cannot write version %d of %s: this run last knew version %d, so another program has written there; start again when it is done."
              .formatted(version(commit), commit.getParent().getParent(), known));
    }
  }

  private static boolean isCommit(Path path) {
    return path.getName().matches("\\d{20}\\.json");
  }

  private static String table(Path commit) {
    return commit.getParent().getParent().getName();
  }

  private static long version(Path commit) {
    return Long.parseLong(commit.getName().substring(0, 20));
  }

  @Override
  public void close() {
    OPEN.remove(root, this);
  }
}
