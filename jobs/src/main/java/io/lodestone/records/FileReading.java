package io.lodestone.records;

import com.github.luben.zstd.ZstdInputStream;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads whole files outside of Spark's CSV reader: once for what belongs to a file (checksum,
 * header, whether it can be read at all), and once more, only where records were rejected, for line
 * numbers.
 */
final class FileReading {
  private static final int CHUNK = 1 << 16;
  private static final int LONGEST_HEADER = 1 << 16;

  /**
   * Hadoop looks for a checksum file beside a local file, under a name that it takes for a scheme.
   */
  private static final Pattern COLON = Pattern.compile("file:/.*:[^/]*");

  private FileReading() {}

  /**
   * What the bytes of a source's files are.
   *
   * @param encoding character set
   * @param delimiter between fields
   */
  record Text(String encoding, String delimiter) implements Serializable {}

  /** Reads a file to its end and says what it holds; never throws for what the file holds. */
  static SourceFile.Inspection inspect(SourceFile file, Text kind, Configuration configuration) {
    if (COLON.matcher(file.uri()).matches()) {
      return broken(
          file,
          "its name holds a colon, which Hadoop cannot open in a local folder; rename the file");
    }
    try (Digesting bytes = new Digesting(open(file, configuration));
        InputStream text = decompress(file.path(), bytes)) {
      Lines lines = new Lines(Charset.forName(kind.encoding()));
      byte[] chunk = new byte[CHUNK];
      for (int read = text.read(chunk); read >= 0; read = text.read(chunk)) {
        String error = lines.add(chunk, read);
        if (error != null) {
          return broken(file, error);
        }
      }
      bytes.drain();
      String error = lines.end();
      if (error == null && lines.header().isEmpty()) {
        error = "the file is empty";
      } else if (error == null && lines.below() == 0) {
        error = "the file holds a header and no data";
      }
      return new SourceFile.Inspection(
          file.path(),
          bytes.checksum(),
          fields(lines.header(), kind.delimiter()),
          lines.below(),
          error);
    } catch (IOException unreadable) {
      return broken(file, "the file cannot be read to its end: " + unreadable.getMessage());
    }
  }

  /** The lines of a file with their numbers, the first being 1; the caller reads to the end. */
  static Iterator<NumberedLine> lines(
      SourceFile file, String encoding, Configuration configuration) {
    try {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  decompress(file.path(), open(file, configuration)), Charset.forName(encoding)));
      return new NumberedLines(reader);
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException("Cannot read " + file.path(), unreadable);
    }
  }

  /** A line and its number. */
  record NumberedLine(long number, String text) {}

  private static final class NumberedLines implements Iterator<NumberedLine> {
    private final BufferedReader reader;
    private long number;
    private String next;

    NumberedLines(BufferedReader reader) throws IOException {
      this.reader = reader;
      this.next = read();
    }

    private String read() throws IOException {
      String line = reader.readLine();
      number++;
      if (line == null) {
        reader.close();
      }
      return line;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public NumberedLine next() {
      NumberedLine line = new NumberedLine(number, next);
      try {
        next = read();
      } catch (IOException unreadable) {
        throw new java.io.UncheckedIOException(unreadable);
      }
      return line;
    }
  }

  private static SourceFile.Inspection broken(SourceFile file, String error) {
    return new SourceFile.Inspection(file.path(), null, List.of(), 0, error);
  }

  private static InputStream open(SourceFile file, Configuration configuration) throws IOException {
    Path path = new Path(java.net.URI.create(file.uri()));
    return path.getFileSystem(configuration).open(path);
  }

  private static InputStream decompress(String path, InputStream bytes) throws IOException {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(bytes, CHUNK);
    }
    if (name.endsWith(".zst")) {
      return new ZstdInputStream(bytes);
    }
    if (name.matches(".*\\.(zip|7z|rar|tar|tgz|xz|bz2|xlsx?|parquet)")) {
      throw new IOException(
          "it is an archive or a table of another kind; unpack it to CSV, plain, gzip (.gz) or zstd (.zst)");
    }
    return bytes;
  }

  private static List<String> fields(String header, String delimiter) {
    if (header.isEmpty()) {
      return List.of();
    }
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(delimiter);
    settings.setMaxCharsPerColumn(LONGEST_HEADER);
    settings.setMaxColumns(LONGEST_HEADER / 2);
    String[] fields = new CsvParser(settings).parseLine(header);
    return fields == null
        ? List.of()
        : Arrays.stream(fields).map(field -> field == null ? "" : field.strip()).toList();
  }

  /** Counts lines, keeps the first, and checks that the bytes are text of a character set. */
  private static final class Lines {
    private final Charset charset;
    private final CharsetDecoder decoder;
    private final ByteBuffer rest = ByteBuffer.allocate(CHUNK + 16);
    private final CharBuffer decoded = CharBuffer.allocate(CHUNK + 16);
    private final java.io.ByteArrayOutputStream first = new java.io.ByteArrayOutputStream();
    private boolean inFirst = true;
    private boolean blank = true;
    private long lines;
    private long offset;

    Lines(Charset charset) {
      this.charset = charset;
      this.decoder =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    String add(byte[] chunk, int length) {
      for (int index = 0; index < length; index++) {
        byte character = chunk[index];
        if (character == '\n') {
          endLine();
        } else if (character > ' ' || character < 0) {
          blank = false;
        }
        if (inFirst && character != '\n' && character != '\r') {
          if (first.size() >= LONGEST_HEADER) {
            return "the first line is longer than %d bytes; it is no header"
                .formatted(LONGEST_HEADER);
          }
          first.write(character);
        }
      }
      rest.put(chunk, 0, length).flip();
      decoded.clear();
      CoderResult result = decoder.decode(rest, decoded, false);
      if (result.isError()) {
        return wrongEncoding(offset + rest.position());
      }
      offset += rest.position();
      rest.compact();
      return null;
    }

    String end() {
      endLine();
      rest.flip();
      decoded.clear();
      return decoder.decode(rest, decoded, true).isError() ? wrongEncoding(offset) : null;
    }

    private String wrongEncoding(long at) {
      return "the text is not %s at byte %d; convert the file or set the encoding of its source"
          .formatted(charset, at);
    }

    private void endLine() {
      if (!blank) {
        lines++;
        inFirst = false;
      } else if (inFirst) {
        first.reset();
      }
      blank = true;
    }

    String header() {
      String text = first.toString(charset);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    long below() {
      return Math.max(0, lines - 1);
    }
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
    public int read(byte[] target, int from, int length) throws IOException {
      int read = super.read(target, from, length);
      if (read > 0) {
        digest.update(target, from, read);
      }
      return read;
    }

    /** Reads what a decompressor left behind its last block. */
    void drain() throws IOException {
      byte[] chunk = new byte[CHUNK];
      while (read(chunk) >= 0) {
        continue;
      }
    }

    String checksum() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
