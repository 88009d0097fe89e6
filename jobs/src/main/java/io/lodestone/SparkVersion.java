package io.lodestone;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Spark this jar knows: the 4.1 line, tried with its oldest release (the launcher's local
 * mode) and the newest (the cluster of `test all`). Delta's artifact is built for one line of
 * Spark, so that another line cannot work.
 */
final class SparkVersion {
  private static final String LINE = "4.1";
  private static final int NEWEST_PATCH = 4;
  private static final Pattern RELEASE = Pattern.compile(Pattern.quote(LINE) + "\\.(\\d{1,9})(.*)");
  private static final String KNOWN =
      "Spark %s.0 to %s.%d with Delta 4.4.0 and Hadoop 3.4.2".formatted(LINE, LINE, NEWEST_PATCH);

  private SparkVersion() {}

  /** The version of the Spark that runs this program. */
  static String running() {
    return org.apache.spark.package$.MODULE$.SPARK_VERSION();
  }

  /**
   * What to tell the user about a version: nothing if it is known, one sentence if it is a newer or
   * a vendor's release of the same line.
   *
   * @throws Failure if it is of another line
   */
  static Optional<String> remark(String version) {
    Matcher release = RELEASE.matcher(version);
    if (!release.matches()) {
      throw Failure.usage(
          "Cannot run on Spark %s: this jar knows %s; submit it to one of them."
              .formatted(version, KNOWN));
    }
    boolean known =
        Integer.parseInt(release.group(1)) <= NEWEST_PATCH && release.group(2).isEmpty();
    return known
        ? Optional.empty()
        : Optional.of(
            "This is Spark %s; this jar knows %s and goes on, untried.".formatted(version, KNOWN));
  }
}
