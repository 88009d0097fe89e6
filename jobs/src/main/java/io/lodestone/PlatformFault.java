package io.lodestone;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Faults of what the program runs on (object storage, disks, workers, other runs), told from what
 * Hadoop, the AWS SDK, Delta and Spark say.
 *
 * <p>They are recognised by the text of the exception and its causes and not by their classes: what
 * fails on an executor reaches the driver as text only, and on a cluster without S3A its classes do
 * not exist. The sentences hold nothing of that text but a path, so that no secret can be in them.
 */
public final class PlatformFault {

  /**
   * How a fault is known, and what is said of it.
   *
   * @param passes whether it may go by itself, so that to try again later is worth it
   */
  private record Kind(Pattern sign, String words, boolean passes) {}

  /** The first that fits counts: what is particular stands before what is general. */
  private static final List<Kind> KINDS =
      List.of(
          passing(
              "No space left on device|DiskErrorException|Disk quota exceeded",
              "a disk is full; free space in spark.local.dir on the workers or name a larger disk"),
          kind(
              "UnknownStoreException|NoSuchBucket|bucket does not exist",
              "there is no such bucket at that endpoint; correct the name or spark.hadoop.fs.s3a.endpoint"),
          kind(
              "ExpiredToken|token (included in the request is|has) expired|RequestExpired",
              "the credentials have expired; get new ones"),
          kind(
              "NoAwsCredentialsException|NoAuthWithAWSException|CredentialInitializationException|Unable to load credentials",
              "there are no credentials in the environment, a credential store or the role of the instance"),
          kind(
              "AWSRedirectException|PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|IncorrectEndpoint",
              "the bucket is in another region; set spark.hadoop.fs.s3a.endpoint.region to its own"),
          kind(
              "AccessDeniedException|InvalidAccessKeyId|SignatureDoesNotMatch|Status Code: 40[13]",
              "access is denied; the credentials are wrong or lack rights on it"),
          passing(
              "io\\.delta\\.exceptions\\.Concurrent|DELTA_CONCURRENT|Status Code: 409",
              "another run wrote the same table at the same time"),
          passing(
              "AWSServiceThrottledException|SlowDown|Status Code: 50[0-9]|AWSStatus5",
              "the storage stayed busy or broken through all retries"),
          // An answer to HEAD has no body that would say which.
          kind(
              "AWSBadRequestException|Status Code: 400",
              "the storage refused the request; mostly the credentials have expired or the region is wrong"),
          passing(
              "AWSClientIOException|AWSNoResponseException|AWSApiCallTimeoutException|SdkClientException|Unable to execute HTTP request|UnknownHostException|NoRouteToHostException|ConnectTimeoutException",
              "the storage could not be reached through all retries; check spark.hadoop.fs.s3a.endpoint and the network"),
          passing(
              "ExecutorLostFailure|ExecutorDeadException|Master removed our application|All masters are unresponsive",
              "the cluster lost the workers that it ran on"),
          kind(
              "java\\.lang\\.OutOfMemoryError",
              "memory does not suffice; raise spark.driver.memory or spark.executor.memory"));

  private static final Pattern PLACE = Pattern.compile("s3a://[^?\\s:,;'\"@]+");

  private PlatformFault() {}

  private static Kind kind(String sign, String words) {
    return new Kind(Pattern.compile(sign), words, false);
  }

  private static Kind passing(String sign, String words) {
    return new Kind(Pattern.compile(sign), words, true);
  }

  /**
   * A place that cannot be used, and why: with exit code 4 where that may pass, 2 where the user
   * has to mend it.
   *
   * @param what cannot be done, a sentence without its end
   */
  public static Failure failure(String what, IOException failed) {
    Optional<Kind> kind = kind(text(failed));
    String sentence = "%s: %s.".formatted(what, reason(failed));
    return kind.filter(Kind::passes).isPresent()
        ? Failure.fault(sentence, failed)
        : Failure.usage(sentence, failed);
  }

  /** What a failed access is due to, in words where it is known, else in its own. */
  static String reason(Exception failed) {
    return kind(text(failed))
        .map(Kind::words)
        .orElseGet(() -> failed.getMessage() + "; check the path and the permissions");
  }

  /** One sentence on what ended a run, if it was the platform; the run's exit code is 4. */
  static Optional<Failure> explain(Throwable fault) {
    String text = text(fault);
    Matcher place = PLACE.matcher(text);
    String where = place.find() ? " at " + place.group() : "";
    return kind(text)
        .map(
            kind ->
                Failure.fault(
                    "Cannot go on%s: %s. Readers see what was last published; run again when that is mended."
                        .formatted(where, kind.words()),
                    fault));
  }

  private static Optional<Kind> kind(String text) {
    return KINDS.stream().filter(kind -> kind.sign().matcher(text).find()).findFirst();
  }

  private static String text(Throwable fault) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      text.append(cause.getClass().getName()).append(": ").append(cause.getMessage()).append('\n');
    }
    return text.toString();
  }
}
