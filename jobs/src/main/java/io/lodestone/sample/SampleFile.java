package io.lodestone.sample;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One raw file while it is written: UTF-8, compressed as its name says ({@code .gz}, {@code .zst},
 * else plain). It replaces a file that stands there.
 *
 * <p>The JDK's gzip header holds neither a time nor a name, so the same lines are the same bytes.
 */
final class SampleFile implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Writer writer;
  private final String lineEnd;
  private long lines;

  private SampleFile(Writer writer, String lineEnd) {
    this.writer = writer;
    this.lineEnd = lineEnd;
  }

  /** Opens the file and writes its header. */
  static SampleFile create(FileSystem files, Path path, Set<Quirk> quirks, String header)
      throws IOException {
    OutputStream raw = files.create(path, true);
    OutputStream packed;
    if (path.getName().endsWith(".gz")) {
      packed = new GZIPOutputStream(raw, BUFFER);
    } else if (path.getName().endsWith(".zst")) {
      packed = new ZstdOutputStream(raw);
    } else {
      packed = raw;
    }
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8), BUFFER);
    String lineEnd = quirks.contains(Quirk.CARRIAGE_RETURN) ? "\r\n" : "\n";
    if (quirks.contains(Quirk.BYTE_ORDER_MARK)) {
      writer.write('\uFEFF');
    }
    writer.write(header);
    writer.write(lineEnd);
    return new SampleFile(writer, lineEnd);
  }

  /** Writes one data line. */
  void line(CharSequence text) throws IOException {
    writer.append(text);
    writer.write(lineEnd);
    lines++;
  }

  /** Data lines written so far, without the header. */
  long lines() {
    return lines;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
