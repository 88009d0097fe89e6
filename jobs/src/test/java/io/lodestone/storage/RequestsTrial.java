package io.lodestone.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.lake.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a night asks of the storage, counted at a door before it, and how many files it leaves:
 * `./lodestone test requests`. The numbers of objects are {@code -Dobjects=10,1000,10000}.
 */
@ExtendWith(SharedSpark.class)
final class RequestsTrial {
  private static final int LISTED_AT_ONCE = 1000;

  /** A night adds a file to each of these, whatever it does; two nights follow the first. */
  private static final List<String> JOURNALS = Tables.JOURNALS.stream().map(Table::name).toList();

  private static S3Server server;

  @BeforeAll
  static void startServer() throws IOException, InterruptedException {
    server = S3Server.start();
  }

  @AfterAll
  static void stopServer() throws IOException, InterruptedException {
    server.close();
  }

  @Test
  void aRunWithNothingToDoListsTheRecordsOnceAndOpensNone(SparkSession spark) throws Exception {
    for (String objects : System.getProperty("objects", "10,1000,10000").split(",")) {
      count(spark, Integer.parseInt(objects));
    }
  }

  private void count(SparkSession spark, int objects) throws Exception {
    try (Door door = new Door(server)) {
      Bucket bucket = new Bucket(spark, server, door.port());
      IntStream.range(1, objects)
          .parallel()
          .forEach(
              number ->
                  bucket.putRecords(
                      "%05d".formatted(number),
                      "C,A,%d,52,392,M,156,H4,%06d,70,700"
                          .formatted(2015 + number % 10, 280000 + number)));
      door.requests();
      bucket.run("lake");
      report(objects, "first run", door.requests());
      Map<String, Long> files = files(spark, bucket);

      bucket.run("lake");
      List<String> idle = door.requests();
      report(objects, "nothing new", idle);
      List<String> ofRecords = idle.stream().filter(RequestsTrial::isOfRecords).toList();
      assertThat(ofRecords).allMatch(request -> request.contains("list-type=2"));
      assertThat(ofRecords).hasSizeLessThanOrEqualTo(objects / LISTED_AT_ONCE + 4);

      bucket.putRecords("late", "C,A,2024,52,392,M,704,H4,280530,30,300");
      door.requests();
      bucket.run("lake");
      report(objects, "one new", door.requests());
      Map<String, Long> after = files(spark, bucket);
      System.err.printf("%,d objects, files per table: %s, then %s%n", objects, files, after);
      after.forEach(
          (table, number) ->
              assertThat(number)
                  .as("files of %s after the second load", table)
                  .isLessThanOrEqualTo(files.get(table) + (JOURNALS.contains(table) ? 2 : 1)));
    }
  }

  private static boolean isOfRecords(String request) {
    return request.contains("/records") || request.contains("prefix=records");
  }

  private static void report(int objects, String run, List<String> requests) {
    Map<String, Integer> kinds = new TreeMap<>();
    for (String request : requests) {
      String verb = request.contains("list-type=2") ? "LIST" : request.split(" ")[0];
      kinds.merge((isOfRecords(request) ? "records " : "lake ") + verb, 1, Integer::sum);
    }
    System.err.printf("%,d objects, %s: %,d requests %s%n", objects, run, requests.size(), kinds);
  }

  private static Map<String, Long> files(SparkSession spark, Bucket bucket) {
    Map<String, Long> files = new TreeMap<>();
    for (Table table : Tables.ALL) {
      String path = "s3a://%s/lake/%s".formatted(bucket.name(), table.name());
      if (bucket.exists("lake/" + table.name() + "/_delta_log")) {
        files.put(
            table.name(),
            spark
                .sql("DESCRIBE DETAIL delta.`%s`".formatted(path))
                .select("numFiles")
                .first()
                .getLong(0));
      }
    }
    return files;
  }
}
