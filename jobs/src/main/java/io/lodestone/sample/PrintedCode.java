package io.lodestone.sample;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A product as a record prints it in one revision of the Harmonized System, with the part of the
 * flow that stands under that code.
 *
 * <p>HS2007 to HS2017 print the watch list under the same codes. HS2022 parts bismuth (810600) by
 * purity and takes hafnium and rhenium out of the basket of 8112.
 *
 * @param code six digits of the revision
 * @param description text of the code
 * @param part fraction of the flow; the last code of a product takes what is left
 */
record PrintedCode(String code, String description, double part) {
  private static final Map<String, List<PrintedCode>> PARTED_IN_2022 =
      Map.of(
          "810600",
              List.of(
                  new PrintedCode("810610", "Bismuth; more than 99.99 percent, by weight", 0.3),
                  new PrintedCode("810690", "Bismuth; other than of heading item 810610", 0.7)),
          "811292",
              List.of(
                  new PrintedCode("811231", "Hafnium; unwrought, powders, waste and scrap", 0.02),
                  new PrintedCode("811241", "Rhenium; unwrought, powders, waste and scrap", 0.03),
                  new PrintedCode(
                      "811292",
                      "Gallium, germanium, indium, niobium or vanadium; unwrought",
                      0.95)),
          "811299",
              List.of(
                  new PrintedCode("811239", "Hafnium; articles thereof", 0.02),
                  new PrintedCode("811249", "Rhenium; articles thereof", 0.03),
                  new PrintedCode(
                      "811299",
                      "Gallium, germanium, indium, niobium or vanadium; articles",
                      0.95)));

  /**
   * The codes of a product.
   *
   * @param edition year of the revision: 2007, 2012, 2017 or 2022
   */
  static List<PrintedCode> of(Product product, int edition) {
    List<PrintedCode> parted = edition >= 2022 ? PARTED_IN_2022.get(product.code()) : null;
    return parted != null
        ? parted
        : List.of(new PrintedCode(product.code(), product.description(), 1));
  }

  /** The edition in force in a year. */
  static int editionIn(int year) {
    return year >= 2022 ? 2022 : year >= 2017 ? 2017 : year >= 2012 ? 2012 : 2007;
  }

  /** Divides months among the codes, rounding down; the last code takes the rest. */
  static long[][] divided(List<PrintedCode> codes, long[] months) {
    long[][] parts = new long[codes.size()][months.length];
    for (int month = 0; month < months.length; month++) {
      long rest = months[month];
      for (int code = 0; code < codes.size() - 1; code++) {
        parts[code][month] = (long) (months[month] * codes.get(code).part());
        rest -= parts[code][month];
      }
      parts[codes.size() - 1][month] = rest;
    }
    return parts;
  }

  /** The year: the sum of its months, or its only number. */
  static long sum(long[] months) {
    return Arrays.stream(months).sum();
  }
}
