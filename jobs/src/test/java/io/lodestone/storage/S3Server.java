package io.lodestone.storage;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** S3Proxy in a process of its own, on a free port of the loopback, with credentials. */
public final class S3Server implements AutoCloseable {
  public static final String USER = "lodestone";
  public static final String SECRET = "sesame-" + UUID.randomUUID();

  /** The first time, Maven fetches the server. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Process process;
  private final Path folder;
  private final int port;
  private final boolean kept;

  private S3Server(Process process, Path folder, int port, boolean kept) {
    this.process = process;
    this.folder = folder;
    this.port = port;
    this.kept = kept;
  }

  /** Starts a server on a folder of its own, which goes when it is closed. */
  public static S3Server start() throws IOException, InterruptedException {
    return start(Files.createTempDirectory("lodestone-s3-"), false);
  }

  /** Starts a server on the buckets of a folder, which stay. */
  static S3Server on(Path folder) throws IOException, InterruptedException {
    return start(folder, true);
  }

  private static S3Server start(Path folder, boolean kept)
      throws IOException, InterruptedException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of("jobs/src/test/s3proxy/serve").toAbsolutePath().toString(),
                String.valueOf(port),
                folder.resolve("buckets").toString())
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(folder.resolve("log").toFile());
    builder.environment().put("AWS_ACCESS_KEY_ID", USER);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", SECRET);
    Process process = builder.start();
    // A test run that is interrupted must leave no server behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    S3Server server = new S3Server(process, folder, port, kept);
    Instant end = Instant.now().plus(PATIENCE);
    while (!server.answers()) {
      if (!process.isAlive() || Instant.now().isAfter(end)) {
        throw new IOException("S3Proxy did not start: " + Files.readString(folder.resolve("log")));
      }
      Thread.sleep(100);
    }
    return server;
  }

  /** A port of the loopback on which nobody listens. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public int port() {
    return port;
  }

  /**
   * Makes a bucket, which Hadoop reaches through a port: the server's or that of a door before it.
   * Hadoop keeps one client a bucket, so that every test needs a bucket of its own.
   */
  public String bucket(Configuration configuration, int port) throws IOException {
    return bucket(configuration, "trade-" + UUID.randomUUID(), port);
  }

  /** As {@link #bucket(Configuration, int)}, under a name of the caller's. */
  String bucket(Configuration configuration, String bucket, int port) throws IOException {
    Files.createDirectories(folder(bucket));
    String prefix = "fs.s3a.bucket." + bucket + ".";
    configuration.set(prefix + "endpoint", "http://127.0.0.1:" + port);
    configuration.set(prefix + "endpoint.region", "us-east-1");
    configuration.set(prefix + "path.style.access", "true");
    configuration.set(prefix + "access.key", USER);
    configuration.set(prefix + "secret.key", SECRET);
    return bucket;
  }

  /** Where the objects of a bucket lie, as files. */
  public Path folder(String bucket) {
    return folder.resolve("buckets").resolve(bucket);
  }

  private boolean answers() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (ConnectException notYet) {
      return false;
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroy();
    process.waitFor();
    if (kept) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path found : deepestFirst) {
      Files.delete(found);
    }
  }
}
