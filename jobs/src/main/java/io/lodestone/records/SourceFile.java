package io.lodestone.records;

import java.io.Serializable;
import java.util.List;

/**
 * A file as it lies in the records folder.
 *
 * @param source folder below records
 * @param path relative to records, starting with the source
 * @param uri what Hadoop opens
 * @param size bytes
 * @param modified milliseconds since 1970
 */
record SourceFile(String source, String path, String uri, long size, long modified)
    implements Serializable {

  /**
   * What a full reading of the bytes says.
   *
   * @param path as in {@link SourceFile}
   * @param checksum SHA-256 in hexadecimal; null where the file could not be read to its end
   * @param header fields of the first line; empty for an empty file
   * @param lines lines below the header that are not blank
   * @param error why the file cannot be used, or null
   */
  record Inspection(String path, String checksum, List<String> header, long lines, String error)
      implements Serializable {
    /** What the error of a file begins with that may be readable tomorrow as it is. */
    static final String NO_ACCESS = "the file cannot be opened: ";

    /** Whether there is no reason to look at the file again before it changes. */
    boolean isFinal() {
      return error == null || !error.startsWith(NO_ACCESS);
    }
  }
}
