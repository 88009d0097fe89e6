package io.lodestone.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A lease of a run on another machine, of which nobody here knows whether it lives. */
public final class ForeignLease {
  private ForeignLease() {}

  /** Takes a token of a lake for a run that last gave a sign of life at an instant. */
  public static void take(Path lake, long token, String run, Instant beaten) throws IOException {
    take(lake, token, run, beaten, 3);
  }

  /** As {@link #take(Path, long, String, Instant)}, after so many signs of life. */
  static void take(Path lake, long token, String run, Instant beaten, long beat)
      throws IOException {
    Path file = lake.resolve("_lease").resolve("%020d.json".formatted(token));
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        new Claim(token, run, "other", "elsewhere", 1, 0, beaten, beat, beaten, false).toJson());
  }
}
