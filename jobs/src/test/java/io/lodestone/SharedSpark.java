package io.lodestone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Spark session for all tests of a run, with the defaults of the program, on two cores and the
 * loopback. A test asks for it, or for a {@link Workplace} of its own, by a parameter.
 */
public final class SharedSpark implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedSpark.class);

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
    Folder folder = new Folder(newFolder());
    context.getStore(NAMESPACE).put(folder, folder);
    return new Workplace(spark, folder.path());
  }

  /** A session as the tests have it, for programs beside them. */
  public static SparkSession start() {
    SparkConf conf = new SparkConf(false);
    Main.SESSION_DEFAULTS.forEach(conf::set);
    conf.setMaster("local[2]")
        .setAppName("lodestone tests")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.sql.shuffle.partitions", "2")
        .set("spark.databricks.delta.snapshotPartitions", "1");
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

  private record Folder(Path path) implements ExtensionContext.Store.CloseableResource {
    @Override
    public void close() throws IOException {
      List<Path> deepestFirst;
      try (Stream<Path> all = Files.walk(path)) {
        deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path found : deepestFirst) {
        Files.delete(found);
      }
    }
  }
}
