package io.lodestone.sample;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The world in BACI's layout: one file a year, {@code t,i,j,k,v,q} with exporter i, importer j, the
 * product k in HS2012, the value v FOB in thousand dollars with three decimals, the quantity q in
 * tonnes; numbers padded with blanks, {@code NA} for a missing quantity.
 */
final class BaciFiles {
  private static final double QUANTITY_MISSING = 0.02;
  private static final int VALUE_WIDTH = 14;
  private static final int QUANTITY_WIDTH = 13;

  private BaciFiles() {}

  /** Writes the files and returns their data lines. */
  static long write(World world, FileSystem files, Path folder) throws IOException {
    Set<Quirk> plain = EnumSet.noneOf(Quirk.class);
    long lines = 0;
    for (int year = Product.FIRST_YEAR; year <= Product.LAST_YEAR; year++) {
      Path path = new Path(folder, "synthetic_BACI_HS12_Y" + year + "_V202601.csv");
      try (SampleFile file = SampleFile.create(files, path, plain, "t,i,j,k,v,q")) {
        for (Flow flow : world.flows()) {
          if (flow.year() == year) {
            file.line(line(flow));
          }
        }
        // A value that is no number, and an exporter that nobody knows.
        if (year == 2015) {
          file.line("2015,156,392,284690,           abc,        1.000");
        }
        if (year == 2020) {
          file.line("2020,9999,392,284690,        12.500,        1.000");
        }
        lines += file.lines();
      }
    }
    return lines;
  }

  private static String line(Flow flow) {
    // Thousandths of a dollar in, thousandths of a thousand dollars out.
    long dollars = Math.max(1, (flow.fobOfYear() + 500) / 1000);
    String quantity = isQuantityMissing(flow) ? "NA" : thousandths(flow.kilogramsOfYear());
    return flow.year()
        + ","
        + flow.exporter().code()
        + ","
        + flow.importer().code()
        + ","
        + flow.product().code()
        + ","
        + padded(thousandths(dollars), VALUE_WIDTH)
        + ","
        + padded(quantity, QUANTITY_WIDTH);
  }

  private static boolean isQuantityMissing(Flow flow) {
    return !RareEarths.arePublished(flow.importer(), flow.product().code())
        && Chance.uniform(
                "no quantity",
                flow.exporter().code(),
                flow.importer().code(),
                flow.product().number(),
                flow.year())
            < QUANTITY_MISSING;
  }

  private static String thousandths(long number) {
    String decimals = Long.toString(1000 + number % 1000).substring(1);
    return number / 1000 + "." + decimals;
  }

  private static String padded(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }
}
