package io.lodestone.nightly;

import io.lodestone.Workplace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Customs files that arrive, are revised and are withdrawn at random, two sources and few years.
 */
final class Arrivals {
  private static final String[] SUPPLIERS = {"156", "704", "842", "36", "458"};
  private static final String[] REPORTERS = {"392", "251", "699"};
  private static final String[] PRODUCTS = {"280530", "284690", "850511"};
  private static final int FIRST_YEAR = 2015;
  private static final int YEARS = 6;

  private final Random random;
  private final Workplace workplace;
  private final SortedSet<String> present = new TreeSet<>();

  Arrivals(long seed, Workplace workplace) {
    this.random = new Random(seed);
    this.workplace = workplace;
  }

  /** The files that a history begins with. */
  void begin(int files) {
    for (int file = 0; file < files; file++) {
      arrive();
    }
  }

  /** One change of the folder; says which. */
  String change() {
    int kind = present.size() < 2 ? 0 : random.nextInt(4);
    return switch (kind) {
      case 0, 1 -> "arrival of " + arrive();
      case 2 -> "revision of " + write(any());
      default -> {
        String path = any();
        present.remove(path);
        workplace.delete(path);
        yield "withdrawal of " + path;
      }
    };
  }

  /** Gives a file that is there other values. */
  void revise() {
    write(any());
  }

  private String any() {
    return new ArrayList<>(present).get(random.nextInt(present.size()));
  }

  private String arrive() {
    int year = FIRST_YEAR + random.nextInt(YEARS);
    String reporter = REPORTERS[random.nextInt(REPORTERS.length)];
    boolean monthly = random.nextBoolean();
    return write(
        monthly
            ? "comtrade/%d-%02d-%s.csv".formatted(year, 1 + random.nextInt(12), reporter)
            : random.nextInt(3) == 0
                ? "baci/BACI_HS12_Y%d_V202601.csv".formatted(year)
                : "comtrade/%d-%s.csv".formatted(year, reporter));
  }

  private String write(String path) {
    present.add(path);
    List<String> lines = new ArrayList<>();
    String name = path.substring(path.indexOf('/') + 1);
    if (path.startsWith("baci")) {
      String year = name.substring(11, 15);
      lines.add("t,i,j,k,v,q");
      for (String importer : REPORTERS) {
        for (String product : PRODUCTS) {
          for (String supplier : SUPPLIERS) {
            if (random.nextInt(3) > 0) {
              lines.add(
                  "%s,%s,%s,%s,%d.5,%d"
                      .formatted(
                          year,
                          supplier,
                          importer,
                          product,
                          random.nextInt(900),
                          random.nextInt(90)));
            }
          }
        }
      }
      workplace.file(path, lines.toArray(String[]::new));
      return path;
    }
    String year = name.substring(0, 4);
    boolean monthly = name.matches("\\d{4}-\\d{2}-.*");
    String month = monthly ? name.substring(5, 7) : "52";
    String reporter = name.substring(monthly ? 8 : 5, name.indexOf('.'));
    for (String product : PRODUCTS) {
      for (String supplier : SUPPLIERS) {
        if (random.nextInt(3) > 0) {
          lines.add(
              "C,%s,%s,%s,%s,M,%s,H4,%s,%d,%d"
                  .formatted(
                      monthly ? "M" : "A",
                      year,
                      Integer.parseInt(month),
                      reporter,
                      supplier,
                      product,
                      random.nextInt(900),
                      random.nextInt(9000)));
        }
      }
      lines.add(
          "C,%s,%s,%s,%s,X,%s,H4,%s,%d,%d"
              .formatted(
                  monthly ? "M" : "A",
                  year,
                  Integer.parseInt(month),
                  reporter,
                  SUPPLIERS[random.nextInt(SUPPLIERS.length)],
                  product,
                  random.nextInt(90),
                  random.nextInt(900)));
    }
    workplace.comtrade(path, lines.toArray(String[]::new));
    return path;
  }
}
