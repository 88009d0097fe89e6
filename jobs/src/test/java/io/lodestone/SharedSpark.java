package io.lodestone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Spark session for all tests of a run, with the defaults of the program but for what only
 * costs time on toy tables, on two cores and the loopback. A test asks for it, or for a {@link
 * Workplace} of its own, by a parameter.
 */
public final class SharedSpark implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedSpark.class);

  /** What Spark is told for toy tables, in this process or another that a test starts. */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "spark.master",
          "local[2]",
          "spark.ui.enabled",
          "false",
          "spark.driver.host",
          "127.0.0.1",
          "spark.driver.bindAddress",
          "127.0.0.1",
          "spark.sql.shuffle.partitions",
          "2",
          // Every task of a toy query would compile its projections anew. Whole stages are
          // compiled: without them tables are not read in columns, as a run reads them.
          "spark.sql.codegen.factoryMode",
          "NO_CODEGEN",
          // A process of tests makes more plans than the hundred whose classes Spark keeps.
          "spark.sql.codegen.cache.maxEntries",
          "2000",
          "spark.databricks.delta.snapshotPartitions",
          "1");

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == SparkSession.class || type == Workplace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    SparkSession spark =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent("session", key -> new Session(start()), Session.class)
            .spark();
    if (parameter.getParameter().getType() == SparkSession.class) {
      return spark;
    }
    Folder folder = new Folder(newFolder(), spark);
    context.getStore(NAMESPACE).put(folder, folder);
    return new Workplace(spark, folder.path());
  }

  /** A session as the tests have it, for programs beside them. */
  public static SparkSession start() {
    SparkConf conf = new SparkConf(false);
    Main.SESSION_DEFAULTS.forEach(conf::set);
    SETTINGS.forEach(conf::set);
    conf.setAppName("lodestone tests");
    return SparkSession.builder().config(conf).getOrCreate();
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("lodestone-test-");
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private record Session(SparkSession spark) implements ExtensionContext.Store.CloseableResource {
    @Override
    public void close() {
      spark.stop();
    }
  }

  /** A folder for one test. */
  private record Folder(Path path, SparkSession spark)
      implements ExtensionContext.Store.CloseableResource {
    private static final long LONGEST_MILLIS = 60_000;

    /** Deletes it when no task writes any longer: a job that failed leaves the others to end. */
    @Override
    public void close() throws IOException, InterruptedException {
      long giveUp = System.currentTimeMillis() + LONGEST_MILLIS;
      while (tasks() && System.currentTimeMillis() < giveUp) {
        Thread.sleep(10);
      }
      List<Path> deepestFirst;
      try (Stream<Path> all = Files.walk(path)) {
        deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path found : deepestFirst) {
        Files.delete(found);
      }
    }

    private boolean tasks() {
      return Arrays.stream(spark.sparkContext().statusTracker().getExecutorInfos())
          .anyMatch(executor -> executor.numRunningTasks() > 0);
    }
  }
}
