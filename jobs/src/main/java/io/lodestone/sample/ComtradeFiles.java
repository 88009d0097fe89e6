package io.lodestone.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The world in the layout of UN Comtrade's API. Below the folder:
 *
 * <ul>
 *   <li>{@code annual/YEAR}: one file of imports and one of exports, all annual reporters;
 *   <li>{@code annual/YEAR} for Canada in one year: a file of its own with nine lines a partner;
 *   <li>{@code groups}: the EU's imports from outside, some years;
 *   <li>{@code monthly/JPN}, {@code monthly/TWN}: a file a year, both directions;
 *   <li>{@code monthly/CHN}: exports of controlled goods, beside the annual ones.
 * </ul>
 */
final class ComtradeFiles {
  /** The reporter and year that are printed with nine lines a partner. */
  private static final Country NINE_FOLD = Country.of("CAN");

  private static final int YEAR_OF_NINE_FOLD = 2021;

  /** Years in which the EU stands as a reporter beside its members. */
  private static final Set<Integer> YEARS_OF_GROUP = Set.of(2019, 2020, 2022, 2023, 2024);

  /** Years in which the United States print lines above six digits. */
  private static final Set<Integer> YEARS_OF_AGGREGATES = Set.of(2020, 2021, 2022);

  private final FileSystem files;
  private final Path folder;
  private final ComtradeReports reports;
  private long lines;

  private ComtradeFiles(World world, FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
    this.reports = new ComtradeReports(world);
  }

  /** Writes the files and returns their data lines. */
  static long write(World world, FileSystem files, Path folder) throws IOException {
    ComtradeFiles comtrade = new ComtradeFiles(world, files, folder);
    for (int year = Product.FIRST_YEAR; year <= Product.LAST_YEAR; year++) {
      comtrade.annualImports(year);
      comtrade.annualExports(year);
      comtrade.monthly(Country.JAPAN, year);
      comtrade.monthly(Country.TAIWAN, year);
      if (YEARS_OF_GROUP.contains(year)) {
        comtrade.group(year);
      }
    }
    comtrade.nineFold();
    comtrade.controlledExports();
    return comtrade.lines;
  }

  private void annualImports(int year) throws IOException {
    List<ComtradeLine> all = new ArrayList<>();
    for (Country reporter : annualReporters(year)) {
      if (reporter == NINE_FOLD && year == YEAR_OF_NINE_FOLD) {
        continue;
      }
      List<ComtradeLine> imports = reports.imports(reporter, year);
      all.addAll(imports);
      if (reporter == Country.UNITED_STATES && YEARS_OF_AGGREGATES.contains(year)) {
        all.addAll(ComtradeReports.aggregates(imports));
      }
    }
    Set<Quirk> quirks =
        switch (year % 3) {
          case 0 -> EnumSet.of(Quirk.BYTE_ORDER_MARK, Quirk.FRACTIONS);
          case 1 -> EnumSet.of(Quirk.FRACTIONS, Quirk.ZERO_VALUES);
          default -> EnumSet.of(Quirk.BYTE_ORDER_MARK);
        };
    if (year == 2018) {
      quirks.add(Quirk.NET_WEIGHT);
    }
    String packing = year == 2011 || year == 2016 ? "" : ".gz";
    String name = "annual/" + year + "/synthetic_comtrade_A_" + year + "_imports.csv" + packing;
    try (SampleFile file = create(name, quirks)) {
      print(all, file, quirks);
      badImport(all, year, file, quirks);
      lines += file.lines();
    }
  }

  private void annualExports(int year) throws IOException {
    List<ComtradeLine> all = new ArrayList<>();
    for (Country reporter : annualReporters(year)) {
      all.addAll(reports.exports(reporter, year));
    }
    Set<Quirk> quirks =
        year >= 2011 && year <= 2014
            ? EnumSet.of(Quirk.QUOTED_TEXT)
            : EnumSet.of(Quirk.FRACTIONS, Quirk.BYTE_ORDER_MARK);
    String packing = year == 2012 ? "" : ".gz";
    String name = "annual/" + year + "/synthetic_comtrade_A_" + year + "_exports.csv" + packing;
    try (SampleFile file = create(name, quirks)) {
      print(all, file, quirks);
      badExport(all, year, file, quirks);
      lines += file.lines();
    }
  }

  private void monthly(Country reporter, int year) throws IOException {
    List<ComtradeLine> all = new ArrayList<>(reports.imports(reporter, year));
    all.addAll(reports.exports(reporter, year));
    boolean japanese = reporter == Country.JAPAN;
    Set<Quirk> quirks = japanese ? EnumSet.of(Quirk.FRACTIONS) : EnumSet.of(Quirk.QUOTED_TEXT);
    if (!japanese && year == 2015) {
      quirks.add(Quirk.NET_WEIGHT);
    }
    if (japanese && year % 2 == 0) {
      quirks.add(Quirk.BYTE_ORDER_MARK);
    }
    String packing = japanese && year == Product.LAST_YEAR ? "" : ".gz";
    String name =
        "monthly/"
            + reporter.iso()
            + "/synthetic_comtrade_M_"
            + reporter.code()
            + "_"
            + year
            + ".csv"
            + packing;
    try (SampleFile file = create(name, quirks)) {
      print(all, file, quirks);
      if (japanese && year == 2017) {
        file.line(
            all.get(1)
                .printedWith(Map.of("cifvalue", "-1250.5", "primaryValue", "-1250.5"), quirks));
      }
      lines += file.lines();
    }
  }

  private void group(int year) throws IOException {
    Set<Quirk> quirks = EnumSet.of(Quirk.BYTE_ORDER_MARK, Quirk.FRACTIONS);
    String name = "groups/synthetic_comtrade_A_97_" + year + "_imports.csv.gz";
    try (SampleFile file = create(name, quirks)) {
      print(reports.europeanImports(year), file, quirks);
      lines += file.lines();
    }
  }

  private void nineFold() throws IOException {
    Set<Quirk> quirks = EnumSet.of(Quirk.QUOTED_TEXT, Quirk.BYTE_ORDER_MARK);
    String name =
        "annual/"
            + YEAR_OF_NINE_FOLD
            + "/synthetic_comtrade_A_"
            + YEAR_OF_NINE_FOLD
            + "_"
            + NINE_FOLD.code()
            + "_imports_nine_lines.csv";
    try (SampleFile file = create(name, quirks)) {
      List<ComtradeLine> imports = reports.imports(NINE_FOLD, YEAR_OF_NINE_FOLD);
      print(ComtradeReports.nineFold(imports), file, quirks);
      lines += file.lines();
    }
  }

  private void controlledExports() throws IOException {
    Set<Quirk> quirks = EnumSet.of(Quirk.FRACTIONS);
    String name = "monthly/CHN/synthetic_comtrade_M_156_controlled_exports.csv.zst";
    try (SampleFile file = create(name, quirks)) {
      for (int year = ControlEvents.FIRST_MONTHLY_YEAR; year <= Product.LAST_YEAR; year++) {
        print(reports.controlledExports(year), file, quirks);
      }
      lines += file.lines();
    }
  }

  private static List<Country> annualReporters(int year) {
    return Country.all().stream()
        .filter(country -> country.reportsIn(year) && !country.isMonthly())
        .toList();
  }

  private SampleFile create(String name, Set<Quirk> quirks) throws IOException {
    return SampleFile.create(files, new Path(folder, name), quirks, ComtradeLine.header(quirks));
  }

  private static void print(List<ComtradeLine> all, SampleFile file, Set<Quirk> quirks)
      throws IOException {
    for (ComtradeLine line : all) {
      file.line(line.printed(quirks));
    }
  }

  /** Lines beside the good ones that no reader can use; World lines do not count them. */
  private static void badImport(
      List<ComtradeLine> all, int year, SampleFile file, Set<Quirk> quirks) throws IOException {
    ComtradeLine line = all.get(1);
    switch (year) {
      case 2013 ->
          file.line(line.printedWith(Map.of("cifvalue", "n/a", "primaryValue", "n/a"), quirks));
      case 2016 -> file.line(line.printedShort(20, quirks));
      case 2021 -> file.line(line.printedWith(Map.of("cmdCode", "28469"), quirks));
      default -> {}
    }
  }

  private static void badExport(
      List<ComtradeLine> all, int year, SampleFile file, Set<Quirk> quirks) throws IOException {
    ComtradeLine line = all.get(1);
    switch (year) {
      case 2019 -> file.line(line.printedWith(Map.of("partnerCode", "9999"), quirks));
      case 2022 -> {
        file.line(line.printedWith(Map.of("refYear", "2202", "period", "2202"), quirks));
        file.line(line.printedWith(Map.of("reporterCode", "9998"), quirks));
      }
      default -> {}
    }
  }
}
