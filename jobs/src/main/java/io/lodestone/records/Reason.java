package io.lodestone.records;

import java.util.Locale;

/**
 * What can be wrong with a record, or makes it a total or a part of others. In the order in which
 * they are asked: the first that applies is the verdict.
 */
enum Reason {
  FIELDS("the row does not have the fields of the header"),
  /** It is not what the source expects: a file of many such rows is shifted as a whole. */
  MISFIT("the row does not look like one of this source"),
  /** The source's SELECT says so and why, in the column aggregate. */
  STATED(""),
  FLOW("unknown flow"),
  NO_YEAR("the year is no year"),
  YEAR_OUT_OF_RANGE("the year is out of range"),
  MONTH("the month is no month"),
  NO_CODE("the code is no commodity code"),
  LOST_DIGITS("the code has lost digits"),
  ODD_CODE("the code has an odd number of digits"),
  HEADING("heading"),
  CHAPTER("unknown code"),
  REPORTER("unknown reporter"),
  GROUP("group reporter"),
  PARTNER("unknown partner"),
  REVISION("unknown HS revision"),
  VALUATION("unknown valuation"),
  CONCEPT("unknown partner concept"),
  ESTIMATED("unknown estimation flag"),
  NO_VALUE("the value is no number"),
  NEGATIVE_VALUE("the value is negative"),
  LARGE_VALUE("the value is too large"),
  NO_QUANTITY("the quantity is no number"),
  NEGATIVE_QUANTITY("the quantity is negative"),
  LARGE_QUANTITY("the quantity is too large"),
  EMPTY("neither value nor quantity"),
  /** The published total of a year whose months stand beside it. */
  YEAR("year"),
  /** The published total of all partners: stands in flow, is never counted as used. */
  WORLD("world");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  /** In general, for counts. */
  String text() {
    return text;
  }

  /** Whether the record is a total or a part of others, not a fault. */
  boolean isAggregate() {
    return switch (this) {
      case STATED, HEADING, GROUP, YEAR, WORLD -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
