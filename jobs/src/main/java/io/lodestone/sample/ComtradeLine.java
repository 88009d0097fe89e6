package io.lodestone.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One line of a file in the layout of UN Comtrade's current API: what a reporter recorded under a
 * flow and a code with one partner in a year or a month.
 *
 * @param flow Comtrade's flow code: M, X, RX, DX or FM
 * @param month 1 to 12, or 0 in annual records
 * @param revision Comtrade's classification code: H3, H4, H5 or H6
 * @param amounts weight and values
 * @param breakdown the second partner, transport and procedure, all totals in an ordinary line
 */
record ComtradeLine(
    Party reporter,
    String flow,
    Party partner,
    int year,
    int month,
    String revision,
    String code,
    String description,
    Amounts amounts,
    Breakdown breakdown) {

  /** A reporter or partner with code, ISO column and name. */
  record Party(int code, String iso, String name) {
    static final Party WORLD = new Party(0, "W00", "World");

    static Party of(Country country) {
      return new Party(country.code(), country.comtradeIso(), country.name());
    }
  }

  /** What the weight's columns and flags say. */
  enum Weight {
    REPORTED,
    ESTIMATED,
    ZERO,
    MISSING
  }

  /**
   * Weight and values of a line.
   *
   * @param weight how the weight is to be read
   * @param kilograms net weight; 0 where it is zero or missing
   * @param cif value in thousandths of a US dollar, or {@link #NOT_GIVEN}
   * @param fob likewise
   */
  record Amounts(Weight weight, long kilograms, long cif, long fob) {
    /** A value column that the reporter left empty. */
    static final long NOT_GIVEN = -1;

    /** The value that Comtrade compares by: CIF where it is given, else FOB. */
    long primary() {
      return cif == NOT_GIVEN ? fob : cif;
    }

    Amounts plus(Amounts other) {
      long sum = kilograms + other.kilograms;
      return new Amounts(
          weight == other.weight ? weight : sum > 0 ? Weight.REPORTED : Weight.ZERO,
          sum,
          cif == NOT_GIVEN ? cif : cif + other.cif,
          fob == NOT_GIVEN ? fob : fob + other.fob);
    }

    Amounts minus(Amounts other) {
      return new Amounts(
          weight,
          kilograms - other.kilograms,
          cif == NOT_GIVEN ? cif : cif - other.cif,
          fob == NOT_GIVEN ? fob : fob - other.fob);
    }

    /** A fraction of all amounts, rounded down. */
    Amounts part(double fraction) {
      return new Amounts(
          weight,
          (long) (kilograms * fraction),
          cif == NOT_GIVEN ? cif : (long) (cif * fraction),
          fob == NOT_GIVEN ? fob : (long) (fob * fraction));
    }
  }

  /** By what a line is broken down. */
  record Breakdown(Party secondPartner, String procedure, int transport, String transportName) {
    static final Breakdown TOTAL = new Breakdown(Party.WORLD, "C00", 0, "TOTAL MOT");
  }

  private static final List<String> COLUMNS =
      List.of(
          "typeCode",
          "freqCode",
          "refPeriodId",
          "refYear",
          "refMonth",
          "period",
          "reporterCode",
          "reporterISO",
          "reporterDesc",
          "flowCode",
          "flowDesc",
          "partnerCode",
          "partnerISO",
          "partnerDesc",
          "partner2Code",
          "partner2ISO",
          "partner2Desc",
          "classificationCode",
          "classificationSearchCode",
          "isOriginalClassification",
          "cmdCode",
          "cmdDesc",
          "aggrLevel",
          "isLeaf",
          "customsCode",
          "customsDesc",
          "mosCode",
          "motCode",
          "motDesc",
          "qtyUnitCode",
          "qtyUnitAbbr",
          "qty",
          "isQtyEstimated",
          "altQtyUnitCode",
          "altQtyUnitAbbr",
          "altQty",
          "isAltQtyEstimated",
          "netWgt",
          "isNetWgtEstimated",
          "grossWgt",
          "isGrossWgtEstimated",
          "cifvalue",
          "fobvalue",
          "primaryValue",
          "legacyEstimationFlag",
          "isReported",
          "isAggregate");

  /** Columns of codes that the quoted files quote although they look like numbers. */
  private static final Set<String> CODES_IN_QUOTES =
      Set.of("period", "cmdCode", "mosCode", "customsCode");

  /** The header of a file. */
  static String header(Set<Quirk> quirks) {
    List<String> names = new ArrayList<>(COLUMNS);
    if (quirks.contains(Quirk.NET_WEIGHT)) {
      names.set(names.indexOf("netWgt"), "netWeight");
    }
    if (quirks.contains(Quirk.QUOTED_TEXT)) {
      names.replaceAll(name -> '"' + name + '"');
    }
    return String.join(",", names);
  }

  boolean isWorld() {
    return partner.code() == 0;
  }

  /** The line as a file prints it. */
  String printed(Set<Quirk> quirks) {
    return joined(cells(quirks), quirks);
  }

  /** The line with cells overwritten, for the handful of lines that no reader can use. */
  String printedWith(Map<String, String> texts, Set<Quirk> quirks) {
    String[] cells = cells(quirks);
    texts.forEach((column, text) -> cells[COLUMNS.indexOf(column)] = text);
    return joined(cells, quirks);
  }

  /** The line broken off after some columns. */
  String printedShort(int columns, Set<Quirk> quirks) {
    return joined(Arrays.copyOf(cells(quirks), columns), quirks);
  }

  ComtradeLine with(Party other) {
    return new ComtradeLine(
        reporter, flow, other, year, month, revision, code, description, amounts, breakdown);
  }

  ComtradeLine with(Amounts other) {
    return new ComtradeLine(
        reporter, flow, partner, year, month, revision, code, description, other, breakdown);
  }

  ComtradeLine with(Breakdown other) {
    return new ComtradeLine(
        reporter, flow, partner, year, month, revision, code, description, amounts, other);
  }

  ComtradeLine withFlow(String other) {
    return new ComtradeLine(
        reporter, other, partner, year, month, revision, code, description, amounts, breakdown);
  }

  ComtradeLine withCode(String other, String otherDescription) {
    return new ComtradeLine(
        reporter,
        flow,
        partner,
        year,
        month,
        revision,
        other,
        otherDescription,
        amounts,
        breakdown);
  }

  private String[] cells(Set<Quirk> quirks) {
    boolean annual = month == 0;
    String period = annual ? "" + year : "" + (year * 100 + month);
    Weight weight = amounts.weight();
    boolean weighed = weight == Weight.REPORTED || weight == Weight.ESTIMATED;
    String kilos = weight == Weight.MISSING ? "" : number(amounts.kilograms() * 1000, quirks);
    String estimated = flag(weight == Weight.ESTIMATED, quirks);
    String no = flag(false, quirks);
    boolean digits = code.chars().allMatch(Character::isDigit);
    return new String[] {
      "C",
      annual ? "A" : "M",
      period + (annual ? "0101" : "01"),
      "" + year,
      annual ? "52" : "" + month,
      period,
      "" + reporter.code(),
      reporter.iso(),
      reporter.name(),
      flow,
      switch (flow) {
        case "M" -> "Import";
        case "X" -> "Export";
        case "RX" -> "Re-export";
        case "DX" -> "Domestic Export";
        default -> "Foreign Import";
      },
      "" + partner.code(),
      partner.iso(),
      partner.name(),
      "" + breakdown.secondPartner().code(),
      breakdown.secondPartner().iso(),
      breakdown.secondPartner().name(),
      revision,
      "HS",
      flag(true, quirks),
      code,
      description,
      digits ? "" + code.length() : "0",
      flag(code.length() == 6, quirks),
      breakdown.procedure(),
      breakdown.procedure().equals("C00") ? "TOTAL CPC" : "Procedure " + breakdown.procedure(),
      "0",
      "" + breakdown.transport(),
      breakdown.transportName(),
      weighed ? "8" : "-1",
      weighed ? "kg" : "N/A",
      kilos,
      estimated,
      "-1",
      "N/A",
      quirks.contains(Quirk.QUOTED_TEXT) ? "" : number(0, quirks),
      no,
      kilos,
      estimated,
      quirks.contains(Quirk.QUOTED_TEXT) ? "" : number(0, quirks),
      no,
      value(amounts.cif(), quirks),
      value(amounts.fob(), quirks),
      number(amounts.primary(), quirks),
      weight == Weight.ESTIMATED ? "6" : "0",
      flag(!isWorld(), quirks),
      flag(isWorld(), quirks)
    };
  }

  private static String joined(String[] cells, Set<Quirk> quirks) {
    StringBuilder line = new StringBuilder(360);
    for (int at = 0; at < cells.length; at++) {
      if (at > 0) {
        line.append(',');
      }
      boolean quoted =
          quirks.contains(Quirk.QUOTED_TEXT)
              ? CODES_IN_QUOTES.contains(COLUMNS.get(at)) || isText(cells[at])
              : cells[at].indexOf(',') >= 0;
      if (quoted) {
        line.append('"').append(cells[at]).append('"');
      } else {
        line.append(cells[at]);
      }
    }
    return line.toString();
  }

  private static boolean isText(String cell) {
    if (cell.isEmpty()) {
      return false;
    }
    char first = cell.charAt(0);
    return !(first >= '0' && first <= '9' || first == '-');
  }

  private static String flag(boolean state, Set<Quirk> quirks) {
    if (quirks.contains(Quirk.QUOTED_TEXT)) {
      return state ? "true" : "false";
    }
    return state ? "True" : "False";
  }

  private static String value(long thousandths, Set<Quirk> quirks) {
    if (thousandths == Amounts.NOT_GIVEN) {
      return quirks.contains(Quirk.ZERO_VALUES) ? number(0, quirks) : "";
    }
    return number(thousandths, quirks);
  }

  /** Thousandths as a decimal number without trailing zeros. */
  private static String number(long thousandths, Set<Quirk> quirks) {
    String whole = Long.toString(thousandths / 1000);
    long rest = thousandths % 1000;
    if (rest == 0) {
      return quirks.contains(Quirk.FRACTIONS) ? whole + ".0" : whole;
    }
    String decimals = Long.toString(1000 + rest).substring(1);
    while (decimals.endsWith("0")) {
      decimals = decimals.substring(0, decimals.length() - 1);
    }
    return whole + "." + decimals;
  }
}
