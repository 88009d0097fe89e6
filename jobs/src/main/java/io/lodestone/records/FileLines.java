package io.lodestone.records;

import com.github.luben.zstd.ZstdInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The lines of one file, read once from its first byte to its last: unpacked, its checksum taken,
 * its text checked and turned to UTF-8.
 *
 * <p>A line is a range of {@link #bytes} until {@link #next} is called again. Lines end with a line
 * feed, a carriage return or both; lines of nothing but blanks are left out, but counted in line
 * numbers. A byte order mark is left out.
 */
final class FileLines implements Closeable {
  private static final int CHUNK = 1 << 16;
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int LONGEST_LINE = 1 << 24;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /**
   * Hadoop looks for a checksum file beside a local file, under a name that it takes for a scheme.
   */
  private static final Pattern COLON = Pattern.compile("file:/.*:[^/]*");

  private static final Pattern OTHER_KINDS =
      Pattern.compile(".*\\.(zip|7z|rar|tar|tgz|xz|bz2|xlsx?|parquet)");

  /** A file that cannot be used; the message says why. */
  static final class Unreadable extends IOException {
    Unreadable(String reason) {
      super(reason);
    }
  }

  private final Digesting packed;
  private final InputStream text;
  private final Charset charset;
  private final CharsetDecoder decoder;
  private final byte[] chunk = new byte[CHUNK];
  private final ByteBuffer rest = ByteBuffer.allocate(CHUNK + 16);
  private final CharBuffer decoded = CharBuffer.allocate(CHUNK + 16);
  private long offset;
  private byte[] bytes = new byte[2 * CHUNK];
  private int filled;
  private int from;
  private int start;
  private int end;
  private long number;
  private long lines;
  private boolean ended;
  private boolean afterReturn;

  private FileLines(Digesting packed, InputStream text, Charset charset) {
    this.packed = packed;
    this.text = text;
    this.charset = charset;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /**
   * Opens a file.
   *
   * @throws Unreadable if it is no text that can be read
   */
  static FileLines open(SourceFile file, String encoding, Configuration configuration)
      throws IOException {
    if (COLON.matcher(file.uri()).matches()) {
      throw new Unreadable(
          "its name holds a colon, which Hadoop cannot open in a local folder; rename the file");
    }
    Path path = new Path(java.net.URI.create(file.uri()));
    Digesting packed = new Digesting(path.getFileSystem(configuration).open(path));
    try {
      return new FileLines(packed, unpack(file.path(), packed), Charset.forName(encoding));
    } catch (IOException unreadable) {
      packed.close();
      throw unreadable;
    }
  }

  private static InputStream unpack(String path, InputStream packed) throws IOException {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(packed, CHUNK);
    }
    if (name.endsWith(".zst")) {
      return new ZstdInputStream(packed);
    }
    if (OTHER_KINDS.matcher(name).matches()) {
      throw new Unreadable(
          "it is an archive or a table of another kind; unpack it to CSV, plain, gzip (.gz) or zstd (.zst)");
    }
    return packed;
  }

  /** Goes to the next line; returns whether there is one. */
  boolean next() throws IOException {
    while (true) {
      int index = from;
      boolean blank = true;
      while (true) {
        if (index == filled) {
          int read = index - from;
          if (ended || !fill()) {
            if (read == 0) {
              return false;
            }
            index = filled;
            break;
          }
          // What was read of the line has moved to the front.
          index = from + read;
          continue;
        }
        byte character = bytes[index];
        if (character == '\n' || character == '\r') {
          break;
        }
        blank &= character <= ' ' && character >= 0;
        index++;
      }
      boolean emptyBetween = afterReturn && index == from && index < filled && bytes[index] == '\n';
      afterReturn = index < filled && bytes[index] == '\r';
      start = from;
      end = index;
      from = Math.min(index + 1, filled);
      if (emptyBetween) {
        // The second half of a line end.
        continue;
      }
      number++;
      if (!blank) {
        lines++;
        return true;
      }
    }
  }

  /** Reads on; returns whether there was more. The unread bytes move to the front. */
  private boolean fill() throws IOException {
    int unread = filled - from;
    System.arraycopy(bytes, from, bytes, 0, unread);
    from = 0;
    filled = unread;
    if (unread > (lines == 0 ? LONGEST_HEADER : LONGEST_LINE)) {
      throw new Unreadable(
          lines == 0
              ? "the first line is longer than %d bytes; it is no header".formatted(LONGEST_HEADER)
              : "line %d is longer than %d bytes".formatted(number + 1, LONGEST_LINE));
    }
    int read = text.read(chunk);
    while (read == 0) {
      read = text.read(chunk);
    }
    if (read < 0) {
      finish();
      return false;
    }
    boolean first = offset == 0 && rest.position() == 0;
    add(read);
    if (first && filled >= BYTE_ORDER_MARK.length && startsWithMark()) {
      from = BYTE_ORDER_MARK.length;
    }
    return true;
  }

  private boolean startsWithMark() {
    return Arrays.equals(
        bytes, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  private void add(int length) throws IOException {
    boolean plain = charset.equals(StandardCharsets.UTF_8);
    if (plain) {
      append(chunk, length);
      if (rest.position() == 0 && isAscii(length)) {
        offset += length;
        return;
      }
    }
    rest.put(chunk, 0, length).flip();
    decode(false);
    if (!plain) {
      append(decoded);
    }
    rest.compact();
  }

  private boolean isAscii(int length) {
    byte any = 0;
    for (int index = 0; index < length; index++) {
      any |= chunk[index];
    }
    return any >= 0;
  }

  private void decode(boolean last) throws IOException {
    decoded.clear();
    CoderResult result = decoder.decode(rest, decoded, last);
    if (result.isError()) {
      throw new Unreadable(
          "the text is not %s at byte %d; convert the file or set the encoding of its source"
              .formatted(charset, offset + rest.position()));
    }
    offset += rest.position();
    decoded.flip();
  }

  private void append(CharBuffer characters) {
    byte[] encoded = characters.toString().getBytes(StandardCharsets.UTF_8);
    append(encoded, encoded.length);
  }

  private void append(byte[] more, int length) {
    if (filled + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(filled + length, 2 * bytes.length));
    }
    System.arraycopy(more, 0, bytes, filled, length);
    filled += length;
  }

  private void finish() throws IOException {
    ended = true;
    rest.flip();
    decode(true);
    if (!charset.equals(StandardCharsets.UTF_8)) {
      append(decoded);
    }
    // What a decompressor left behind its last block is part of the checksum.
    while (packed.read(chunk) >= 0) {
      continue;
    }
  }

  /** Where the line lies. */
  byte[] bytes() {
    return bytes;
  }

  /** Of the line's first byte. */
  int start() {
    return start;
  }

  /** Behind the line's last byte. */
  int end() {
    return end;
  }

  /** The line as text. */
  String line() {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /** Number of the line in the file, the first being 1. */
  long number() {
    return number;
  }

  /** Lines so far that are not blank. */
  long lines() {
    return lines;
  }

  /** SHA-256 of the bytes as they lie there, in hexadecimal; once there is no next line. */
  String checksum() {
    return packed.checksum();
  }

  @Override
  public void close() throws IOException {
    text.close();
  }

  /** Takes the checksum of the bytes as they pass. */
  private static final class Digesting extends FilterInputStream {
    private final MessageDigest digest;

    Digesting(InputStream in) {
      super(in);
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        digest.update((byte) value);
      }
      return value;
    }

    @Override
    public int read(byte[] target, int begin, int length) throws IOException {
      int read = super.read(target, begin, length);
      if (read > 0) {
        digest.update(target, begin, read);
      }
      return read;
    }

    String checksum() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
