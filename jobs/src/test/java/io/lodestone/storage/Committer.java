package io.lodestone.storage;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * One of the drivers that meet on a table: commits rows (driver, number) one by one and notes in a
 * file what it was told had been committed. Settings come as system properties.
 */
final class Committer {
  private Committer() {}

  /** {@code TABLE DRIVER COMMITS NOTES}. */
  public static void main(String[] words) throws IOException {
    String table = words[0];
    int driver = Integer.parseInt(words[1]);
    int commits = Integer.parseInt(words[2]);
    Path notes = Path.of(words[3]);
    SparkSession spark = SparkSession.builder().getOrCreate();
    // What an earlier process of this driver committed and had no time to note.
    Set<Integer> done = new TreeSet<>();
    if (Files.exists(notes)) {
      Files.readAllLines(notes).forEach(line -> done.add(Integer.parseInt(line)));
    }
    for (Row row :
        spark.read().format("delta").load(table).where("driver = " + driver).collectAsList()) {
      done.add(row.getInt(1));
    }
    try (OutputStream noted = new FileOutputStream(notes.toFile(), true)) {
      for (int number = 0; number < commits; number++) {
        if (done.contains(number)) {
          continue;
        }
        spark
            .range(1)
            .select(functions.lit(driver).as("driver"), functions.lit(number).as("number"))
            .write()
            .format("delta")
            .mode("append")
            .save(table);
        noted.write((number + "\n").getBytes(StandardCharsets.UTF_8));
        noted.flush();
      }
    } finally {
      spark.stop();
    }
  }
}
