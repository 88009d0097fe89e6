package io.lodestone.sample;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Synthetic customs records, so that the pipeline can be tried before any real ones are downloaded:
 * the watch list from 2010 to 2025 in the layouts of UN Comtrade, BACI and Japan Customs.
 *
 * <p>No row is real. One invented world is printed three times; it meets the published shares of
 * rare earths by weight within a point, its ores diversify while separation, metal and magnets stay
 * concentrated, and export controls show in the months. It says that the code works and nothing
 * about trade. Folder and file names say synthetic.
 */
public final class Sample {
  /** Stands in the folder while a sample is written: what is there is not whole. */
  private static final String UNFINISHED = "_sample_unfinished";

  private Sample() {}

  /** Whether the folder holds nothing, or a sample whose writing was interrupted. */
  public static boolean isWanting(Configuration configuration, Path records) throws IOException {
    FileSystem files = records.getFileSystem(configuration);
    return !files.exists(records)
        || files.listStatus(records).length == 0
        || files.exists(new Path(records, UNFINISHED));
  }

  /**
   * Writes {@code synthetic-comtrade}, {@code synthetic-baci} and {@code synthetic-japan-customs}
   * below the folder. Files that stand there under the same names are replaced by the same bytes.
   *
   * @param records folder of raw records, on any file system that Hadoop knows
   * @return data lines written, headers not counted
   */
  public static long write(Configuration configuration, Path records) throws IOException {
    // An instance of its own: without checksum files beside the records, also where older files
    // have them, so that a user may edit what was written.
    try (FileSystem files = FileSystem.newInstance(records.toUri(), configuration)) {
      files.setWriteChecksum(false);
      Path unfinished = new Path(records, UNFINISHED);
      files.create(unfinished, true).close();
      World world = World.build();
      long lines =
          ComtradeFiles.write(world, files, new Path(records, "synthetic-comtrade"))
              + BaciFiles.write(world, files, new Path(records, "synthetic-baci"))
              + JapanCustomsFiles.write(world, files, new Path(records, "synthetic-japan-customs"));
      files.delete(unfinished, false);
      return lines;
    }
  }
}
