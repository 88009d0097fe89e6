package io.lodestone.storage;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands on the loopback before an S3 server: notes every request and decides what becomes of it.
 * Requests pass byte by byte, so that their signatures hold.
 */
public final class Door implements AutoCloseable {

  /** What becomes of a request. */
  public enum Treatment {
    PASS,
    /** Answered with "Slow Down", not passed on. */
    BUSY,
    /** Answered with "Conditional Request Conflict", not passed on. */
    CONFLICT,
    /** Answered with "Expired Token", not passed on. */
    EXPIRED,
    /** Answered with "Permanent Redirect", as for a bucket of another region; not passed on. */
    ELSEWHERE,
    /** The connection is reset, the request not passed on. */
    RESET,
    /** Passed on, and the connection is reset in place of the answer. */
    LOSE_ANSWER,
    /** Answered as done, whatever its conditions, not passed on. */
    PRETEND
  }

  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d+)");

  /** What a server says before it takes the body: not yet the answer. */
  private static final String GO_ON = "HTTP/1.1 100";

  private static final Map<Treatment, byte[]> OWN_ANSWERS =
      Map.of(
          Treatment.BUSY, answer("503 Service Unavailable", error("SlowDown")),
          Treatment.CONFLICT, answer("409 Conflict", error("ConditionalRequestConflict")),
          Treatment.EXPIRED, answer("400 Bad Request", error("ExpiredToken")),
          Treatment.ELSEWHERE, answer("301 Moved Permanently", error("PermanentRedirect")),
          Treatment.PRETEND, answer("200 OK", ""));

  private final ServerSocket listener;
  private final int behind;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Function<String, Treatment> treatment = request -> Treatment.PASS;

  public Door(S3Server server) throws IOException {
    this.behind = server.port();
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /**
   * Decides over requests from now on, by their head: {@code PUT /bucket/key HTTP/1.1} and headers.
   */
  public void treat(Function<String, Treatment> treatment) {
    this.treatment = treatment;
  }

  /** First lines of the requests since the last call. */
  public List<String> requests() {
    List<String> seen = List.copyOf(requests);
    requests.clear();
    return seen;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        start(() -> serve(client));
      }
    } catch (SocketException closed) {
      // The end of the test.
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      boolean[] mute = {false};
      start(() -> answers(server, client, mute));
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        requests.add(head.lines().findFirst().orElseThrow());
        Treatment decided = treatment.apply(head);
        Matcher length = LENGTH.matcher(head);
        long body = length.find() ? Long.parseLong(length.group(1)) : 0;
        if (decided == Treatment.RESET) {
          reset(client);
          return;
        }
        byte[] own = OWN_ANSWERS.get(decided);
        if (own != null) {
          if (!head.toLowerCase().contains("expect: 100-continue")) {
            in.readNBytes((int) body);
          }
          client.getOutputStream().write(own);
          client.shutdownOutput();
          return;
        }
        mute[0] = decided == Treatment.LOSE_ANSWER;
        OutputStream out = server.getOutputStream();
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        byte[] buffer = new byte[1 << 16];
        while (body > 0) {
          int read = in.read(buffer, 0, (int) Math.min(buffer.length, body));
          if (read < 0) {
            return;
          }
          out.write(buffer, 0, read);
          body -= read;
        }
        out.flush();
      }
    } catch (IOException gone) {
      // One of the two hung up, as they may at any time.
    }
  }

  /** A head with its empty line, or nothing at the end of the connection. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    for (int read = in.read(); read >= 0; read = in.read()) {
      head.write(read);
      last = (last << 8) | read;
      if (last == 0x0d0a0d0a) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private static void answers(Socket server, Socket client, boolean[] mute) {
    try (server;
        client) {
      byte[] buffer = new byte[1 << 16];
      InputStream in = server.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        boolean goOn = new String(buffer, 0, read, StandardCharsets.ISO_8859_1).startsWith(GO_ON);
        if (mute[0] && !goOn) {
          reset(client);
          return;
        }
        client.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException gone) {
      // One of the two hung up, as they may at any time.
    }
  }

  private static void reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }

  private static String error(String code) {
    return "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
        .formatted(code, code);
  }

  private static byte[] answer(String status, String body) {
    return "HTTP/1.1 %s\r\nContent-Type: application/xml\r\nETag: \"0\"\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, body.length(), body)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "door");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
