package io.lodestone;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.storage.Door;
import io.lodestone.storage.Door.Treatment;
import io.lodestone.storage.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.statistics.IOStatistics;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Records, lake and configuration in a bucket, and buckets that cannot be used. */
@ExtendWith(SharedSpark.class)
final class S3PlaceTest {
  private static final String[] ROWS = {
    Workplace.COMTRADE,
    "C,A,2020,52,392,M,0,H4,280530,100,1000",
    "C,A,2020,52,392,M,156,H4,280530,70,700",
    "C,A,2020,52,392,M,704,H4,280530,30,300"
  };

  private static S3Server server;

  private Door door;
  private String bucket;
  private Configuration hadoop;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = S3Server.start();
  }

  @AfterAll
  static void stopServer() throws IOException, InterruptedException {
    server.close();
  }

  @BeforeEach
  void openBucket(Workplace workplace) throws IOException {
    door = new Door(server);
    hadoop = workplace.spark().sparkContext().hadoopConfiguration();
    bucket = server.bucket(hadoop, door.port());
  }

  @AfterEach
  void closeDoor() throws IOException {
    door.close();
  }

  private void put(String key, String text) throws IOException {
    Path object = new Path("s3a://" + bucket + "/" + key);
    try (FSDataOutputStream out = object.getFileSystem(hadoop).create(object)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Workplace place(Workplace workplace) {
    return workplace
        .set("records", "s3a://" + bucket + "/records")
        .set("lake", "s3a://" + bucket + "/lake");
  }

  private void configure(String name, String value) {
    hadoop.set("fs.s3a.bucket." + bucket + "." + name, value);
  }

  @Test
  void holdsRecordsLakeAndConfiguration(Workplace workplace) throws IOException {
    put("records/comtrade/2020.csv", String.join("\n", ROWS));
    for (Map.Entry<String, String> text :
        ConfFiles.load(java.util.Optional.empty(), hadoop).texts().entrySet()) {
      put("conf/" + text.getKey(), text.getValue());
    }
    place(workplace).set("conf", "s3a://" + bucket + "/conf");
    assertThat(workplace.run("ingest")).isTrue();
    assertThat(workplace.run("dependency")).isTrue();
    assertThat(
            workplace.rows(
                Tables.DEPENDENCY,
                "product = '280530' AND basis = 'value'",
                "importer",
                "top_supplier",
                "round(hhi, 9)"))
        .containsExactly("JPN CHN 0.58");
    assertThat(vectoredReads()).as("Parquet is read by ranges that lie apart").isPositive();

    Map<String, Long> versions = workplace.versions();
    door.requests();
    assertThat(workplace.run("ingest")).isFalse();
    assertThat(workplace.run("dependency")).isFalse();
    assertThat(workplace.versions()).isEqualTo(versions);
    assertThat(door.requests())
        .as("a run with nothing to do opens no record")
        .noneMatch(request -> request.startsWith("GET /" + bucket + "/records/"));
  }

  private long vectoredReads() throws IOException {
    FileSystem files = new Path("s3a://" + bucket).getFileSystem(hadoop);
    IOStatistics statistics = ((IOStatisticsSource) files).getIOStatistics();
    return statistics.counters().get("stream_read_vectored_operations");
  }

  @Test
  void namesAWrongBucket(Workplace workplace) {
    String wrong = bucket + "-wrong";
    for (String setting : List.of("endpoint", "endpoint.region", "path.style.access")) {
      hadoop.set(
          "fs.s3a.bucket.%s.%s".formatted(wrong, setting),
          hadoop.get("fs.s3a.bucket.%s.%s".formatted(bucket, setting)));
    }
    hadoop.set("fs.s3a.bucket.%s.access.key".formatted(wrong), S3Server.USER);
    hadoop.set("fs.s3a.bucket.%s.secret.key".formatted(wrong), S3Server.SECRET);
    place(workplace);
    String reason =
        "there is no such bucket at that endpoint; correct the name or spark.hadoop.fs.s3a.endpoint";
    workplace.set("records", "s3a://" + wrong + "/records");
    assertThat(failure(workplace::run))
        .hasMessage(
            "Cannot read spark.lodestone.records at s3a://%s/records: %s."
                .formatted(wrong, reason));
    workplace.set("lake", "s3a://" + wrong + "/lake");
    assertThat(failure(workplace::run))
        .hasMessage(
            "Cannot write to spark.lodestone.lake at s3a://%s/lake: %s.".formatted(wrong, reason));
    workplace.set("conf", "s3a://" + wrong + "/conf");
    assertThat(failure(workplace::run))
        .hasMessage(
            "Cannot read spark.lodestone.conf at s3a://%s/conf: %s.".formatted(wrong, reason));
  }

  @Test
  void namesWrongCredentials(Workplace workplace) {
    place(workplace);
    configure("secret.key", "wrong");
    assertRefused(workplace, "access is denied; the credentials are wrong or lack rights on it");
  }

  @Test
  void namesMissingCredentials(Workplace workplace) {
    place(workplace);
    configure(
        "aws.credentials.provider",
        "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider");
    assertRefused(
        workplace,
        "there are no credentials in the environment, a credential store or the role of the instance");
  }

  @Test
  void namesExpiredCredentials(Workplace workplace) {
    place(workplace);
    door.treat(head -> Treatment.EXPIRED);
    assertRefused(workplace, "the credentials have expired; get new ones");
  }

  @Test
  void namesABucketOfAnotherRegion(Workplace workplace) {
    place(workplace);
    door.treat(head -> Treatment.ELSEWHERE);
    assertRefused(
        workplace,
        "the bucket is in another region; set spark.hadoop.fs.s3a.endpoint.region to its own");
  }

  @Test
  void takesCredentialsFromACredentialStore(Workplace workplace) throws IOException {
    Path records = new Path("s3a://" + bucket + "/records/comtrade/2020.csv");
    // Not the one that Hadoop keeps for the bucket, which would keep its credentials too.
    try (FileSystem files = FileSystem.newInstance(records.toUri(), hadoop);
        FSDataOutputStream out = files.create(records)) {
      out.write(String.join("\n", ROWS).getBytes(StandardCharsets.UTF_8));
    }
    String store = "localjceks://file" + workplace.folder().resolve("s3.jceks");
    Configuration own = new Configuration(false);
    own.set("hadoop.security.credential.provider.path", store);
    CredentialProvider provider = CredentialProviderFactory.getProviders(own).get(0);
    provider.createCredentialEntry("fs.s3a.access.key", S3Server.USER.toCharArray());
    provider.createCredentialEntry("fs.s3a.secret.key", S3Server.SECRET.toCharArray());
    provider.flush();
    for (String key : List.of("access.key", "secret.key")) {
      hadoop.unset("fs.s3a.bucket.%s.%s".formatted(bucket, key));
    }
    configure("security.credential.provider.path", store);
    assertThat(place(workplace).run("ingest")).isTrue();
    assertThat(workplace.rows(Tables.SOURCE_FILE, "true", "status")).containsExactly("loaded");
  }

  private void assertRefused(Workplace workplace, String reason) {
    Failure refusal = failure(workplace::run);
    assertThat(refusal)
        .hasMessage(
            "Cannot write to spark.lodestone.lake at s3a://%s/lake: %s.".formatted(bucket, reason));
    assertThat(refusal.exitCode()).isEqualTo(2);
    assertThat(workplace.printed()).doesNotContain(S3Server.SECRET);
  }
}
