package io.lodestone.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Japan's trade in the layout of Japan Customs: a file a year for exports (FOB, by destination) and
 * one for imports (CIF, by origin), a line a nine-digit code and country, months side by side.
 *
 * <p>Values are thousand yen, rounded down by month; a year is the sum of its printed months. The
 * last year is a part-year file, January to September. Weights stand in quantity 2 with unit KG;
 * goods by the shipload are counted in tonnes (MT), platinum metals in grams (GR), and some lines
 * carry pieces (NO) in quantity 1. The national suffixes, from 900 on, are invented.
 */
final class JapanCustomsFiles {
  /** Months in the part-year file of the last year. */
  private static final int MONTHS_OF_LAST_YEAR = 9;

  /** The header says Apl for April up to this year. */
  private static final int LAST_YEAR_OF_APL = 2013;

  /** Yen for a US dollar, averages of 2010 to 2025, rounded. */
  private static final double[] YEN = {
    88, 80, 80, 98, 106, 121, 109, 112, 110, 109, 107, 110, 131, 141, 151, 149
  };

  private JapanCustomsFiles() {}

  /** Which way the goods go, with the digit that the files print. */
  private enum Direction {
    EXPORT(1),
    IMPORT(2);

    final int digit;

    Direction(int digit) {
      this.digit = digit;
    }
  }

  /** Writes the files and returns their data lines. */
  static long write(World world, FileSystem files, Path folder) throws IOException {
    long lines = 0;
    for (int year = Product.FIRST_YEAR; year <= Product.LAST_YEAR; year++) {
      for (Direction direction : Direction.values()) {
        // Names as 2010_import; every third year packed, the first ones with DOS line ends.
        String name =
            "synthetic_japan_customs_"
                + year
                + (direction == Direction.IMPORT ? "_import.csv" : "_export.csv")
                + (year % 3 == 0 ? ".gz" : "");
        Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
        if (year <= 2011) {
          quirks.add(Quirk.CARRIAGE_RETURN);
        }
        Path path = new Path(folder, name);
        try (SampleFile file = SampleFile.create(files, path, quirks, header(year))) {
          for (String line : lines(world, year, direction).values()) {
            file.line(line);
          }
          // A country that is not on the list, and a line that breaks off.
          if (direction == Direction.IMPORT && year == 2014) {
            file.line(
                "2,2014,'280530900',999,  ,KG,0,10,1000" + ",0,10,1000" + ",0,0,0".repeat(11));
          }
          if (direction == Direction.IMPORT && year == 2018) {
            file.line("2,2018,'280530900',105,  ,KG,0");
          }
          lines += file.lines();
        }
      }
    }
    return lines;
  }

  private static int months(int year) {
    return year == Product.LAST_YEAR ? MONTHS_OF_LAST_YEAR : 12;
  }

  private static String header(int year) {
    StringBuilder header = new StringBuilder("Exp or Imp,Year,HS,Country,Unit1,Unit2");
    List<String> periods = new ArrayList<>(List.of("Year", "Jan", "Feb", "Mar"));
    periods.add(year <= LAST_YEAR_OF_APL ? "Apl" : "Apr");
    periods.addAll(List.of("May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"));
    for (String period : periods.subList(0, months(year) + 1)) {
      header.append(",Quantity1-").append(period);
      header.append(",Quantity2-").append(period);
      header.append(",Value-").append(period);
    }
    return header.toString();
  }

  /** Lines by code and country. */
  private static Map<String, String> lines(World world, int year, Direction direction) {
    Map<String, String> lines = new TreeMap<>();
    boolean imports = direction == Direction.IMPORT;
    List<Flow> flows =
        imports ? world.importsOf(Country.JAPAN, year) : world.exportsOf(Country.JAPAN, year);
    for (Flow flow : flows) {
      Country partner = imports ? flow.exporter() : flow.importer();
      List<PrintedCode> codes = PrintedCode.of(flow.product(), PrintedCode.editionIn(year));
      long[][] kilograms = PrintedCode.divided(codes, flow.kilograms());
      long[][] values = PrintedCode.divided(codes, imports ? flow.cif() : flow.fob());
      for (int at = 0; at < codes.size(); at++) {
        nationalLines(flow, partner, direction, codes.get(at).code(), kilograms[at], values[at])
            .forEach((key, line) -> lines.put(key, line));
      }
    }
    return lines;
  }

  /** One line, or two where the tariff tells the controlled good from the rest of its code. */
  private static Map<String, String> nationalLines(
      Flow flow,
      Country partner,
      Direction direction,
      String code,
      long[] kilograms,
      long[] values) {
    Map<String, String> lines = new TreeMap<>();
    if (!code.equals("811292") && !code.equals("850511")) {
      put(lines, flow, partner, direction, code + "900", kilograms, values);
      return lines;
    }
    long[] namedKilograms = new long[kilograms.length];
    long[] namedValues = new long[values.length];
    for (int month = 0; month < kilograms.length; month++) {
      double part = named(code, flow, month + 1);
      namedKilograms[month] = (long) (kilograms[month] * part);
      namedValues[month] = namedKilograms[month] == 0 ? 0 : (long) (values[month] * part);
    }
    put(lines, flow, partner, direction, code + "910", namedKilograms, namedValues);
    put(
        lines,
        flow,
        partner,
        direction,
        code + "990",
        difference(kilograms, namedKilograms),
        difference(values, namedValues));
    return lines;
  }

  /**
   * The part of a month under the first national line: gallium and germanium of 811292, rare-earth
   * magnets of 850511. No gallium and no germanium left China in August and September 2023.
   */
  private static double named(String code, Flow flow, int month) {
    if (code.equals("850511")) {
      return 0.85;
    }
    boolean held = flow.exporter() == Country.CHINA && flow.year() == 2023 && month >= 8;
    return held ? (month <= 9 ? 0 : 0.15) : 0.35;
  }

  private static long[] difference(long[] whole, long[] part) {
    long[] rest = new long[whole.length];
    Arrays.setAll(rest, month -> whole[month] - part[month]);
    return rest;
  }

  private static void put(
      Map<String, String> lines,
      Flow flow,
      Country partner,
      Direction direction,
      String code,
      long[] kilograms,
      long[] mills) {
    int months = months(flow.year());
    double yen = YEN[flow.year() - Product.FIRST_YEAR];
    long[] pieces = new long[months];
    long[] quantity = new long[months];
    long[] value = new long[months];
    String unit = unit(flow.product());
    boolean counted = flow.product().code().equals("850519");
    for (int month = 0; month < months; month++) {
      // Thousandths of a dollar to thousand yen.
      value[month] = (long) (mills[month] * yen / 1e6);
      quantity[month] =
          switch (unit) {
            case "MT" -> kilograms[month] / 1000;
            case "GR" -> kilograms[month] * 1000;
            default -> kilograms[month];
          };
      pieces[month] = counted ? kilograms[month] * 40 : 0;
    }
    if (PrintedCode.sum(value) == 0) {
      return;
    }
    StringBuilder line = new StringBuilder();
    line.append(direction.digit).append(',').append(flow.year());
    line.append(",'").append(code).append("',").append(partner.customsCode());
    line.append(counted ? ",NO," : ",  ,").append(unit);
    cells(line, PrintedCode.sum(pieces), PrintedCode.sum(quantity), PrintedCode.sum(value));
    for (int month = 0; month < months; month++) {
      cells(line, pieces[month], quantity[month], value[month]);
    }
    lines.put(code + partner.customsCode(), line.toString());
  }

  private static void cells(StringBuilder line, long pieces, long quantity, long value) {
    line.append(',').append(pieces).append(',').append(quantity).append(',').append(value);
  }

  private static String unit(Product product) {
    if (product.isBulk() && product.stage().equals("ore") && !product.code().startsWith("2504")) {
      return "MT";
    }
    return product.code().startsWith("7110") ? "GR" : "KG";
  }
}
