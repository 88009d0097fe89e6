package io.lodestone.records;

import com.github.luben.zstd.ZstdIOException;
import io.lodestone.exchange.Gathered;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The lines of files of one source as rows: {@link #FILE}, {@link #LINE}, {@link #RAW}, {@link
 * #BROKEN}, {@link #PATH} and the columns that the source names.
 *
 * <p>One row object is given out again and again; its texts lie in the file's buffer.
 */
final class RawLines implements Iterator<InternalRow> {
  static final String FILE = "_file_number";

  /** Line number and text are given only where rejects are looked up. */
  static final String LINE = "_line";

  static final String RAW = "_raw";

  /** Whether the line has not the fields of the header. */
  static final String BROKEN = "_broken";

  /** Path of the file, which a SELECT may use. */
  static final String PATH = "_file";

  private static final int OWN_COLUMNS = 5;

  /** A file with its number; later files, by modification time and path, have greater ones. */
  record Numbered(int number, SourceFile file) implements Serializable {}

  /** What a row says of where it stands. */
  enum Detail {
    /** Its file only. */
    FILE,
    /** Line number and text too. */
    LINE
  }

  private final Iterator<Numbered> files;
  private final Source source;
  private final Detail detail;
  private final Configuration configuration;
  private final Gathered<SourceFile.Inspection> inspections;
  private final Fields fields;
  private final GenericInternalRow row;
  private Numbered file;
  private FileLines lines;
  private List<String> header = List.of();
  private boolean ready;

  RawLines(
      Iterator<Numbered> files,
      Source source,
      Detail detail,
      Configuration configuration,
      Gathered<SourceFile.Inspection> inspections) {
    this.files = files;
    this.source = source;
    this.detail = detail;
    this.configuration = configuration;
    this.inspections = inspections;
    this.fields = new Fields(source);
    this.row = new GenericInternalRow(OWN_COLUMNS + fields.columns());
  }

  static StructType schema(Source source) {
    StructType schema =
        new StructType()
            .add(FILE, DataTypes.IntegerType, false)
            .add(LINE, DataTypes.LongType)
            .add(RAW, DataTypes.StringType)
            .add(BROKEN, DataTypes.BooleanType, false)
            .add(PATH, DataTypes.StringType, false);
    for (Source.HeaderColumn column : source.header()) {
      schema = schema.add(column.canonical(), DataTypes.StringType);
    }
    return schema;
  }

  @Override
  public boolean hasNext() {
    while (!ready && (file != null || files.hasNext())) {
      try {
        if (file == null) {
          open(files.next());
        } else {
          advance();
        }
      } catch (IOException unreadable) {
        String reason = reason(unreadable);
        inspections.add(
            file.number(),
            new SourceFile.Inspection(file.file().path(), null, List.of(), 0, reason));
        close();
      }
    }
    return ready;
  }

  /**
   * What is wrong with the file.
   *
   * @throws UncheckedIOException if it is the storage that failed, which says nothing of the file
   */
  private String reason(IOException unreadable) {
    if (unreadable instanceof FileLines.Unreadable) {
      return unreadable.getMessage();
    }
    if (unreadable instanceof EOFException
        || unreadable instanceof ZipException
        || unreadable instanceof ZstdIOException) {
      return "the file cannot be read to its end: " + unreadable.getMessage();
    }
    if (unreadable instanceof FileNotFoundException
        || unreadable instanceof AccessDeniedException) {
      return SourceFile.Inspection.NO_ACCESS + unreadable.getMessage();
    }
    throw new UncheckedIOException("Cannot read " + file.file().uri(), unreadable);
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ready = false;
    return row;
  }

  private void open(Numbered next) throws IOException {
    file = next;
    header = List.of();
    lines = FileLines.open(next.file(), source.encoding(), configuration);
    boolean found = lines.next();
    while (found && fields.isComment(lines)) {
      found = lines.next();
    }
    if (!found) {
      finish("the file is empty");
      return;
    }
    header = fields.header(lines.line());
    String misfit = Fields.misfit(source, header);
    if (!misfit.isEmpty()) {
      while (lines.next()) {
        continue;
      }
      finish(misfit);
      return;
    }
    fields.startFile(header);
    row.setInt(0, next.number());
    row.update(4, UTF8String.fromString(next.file().path()));
  }

  private void advance() throws IOException {
    do {
      if (!lines.next()) {
        finish(lines.lines() < 2 ? "the file holds a header and no data" : null);
        return;
      }
    } while (fields.isComment(lines));
    row.setBoolean(3, !fields.split(lines));
    if (detail == Detail.LINE) {
      row.setLong(1, lines.number());
      row.update(2, UTF8String.fromString(lines.line()));
    }
    for (int column = 0; column < fields.columns(); column++) {
      row.update(OWN_COLUMNS + column, fields.column(column));
    }
    ready = true;
  }

  private void finish(String error) {
    inspections.add(
        file.number(),
        new SourceFile.Inspection(
            file.file().path(),
            lines.checksum(),
            new ArrayList<>(header),
            Math.max(0, lines.lines() - 1),
            error));
    close();
  }

  private void close() {
    try {
      if (lines != null) {
        lines.close();
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot close " + file.file().path(), unreadable);
    } finally {
      lines = null;
      file = null;
    }
  }
}
