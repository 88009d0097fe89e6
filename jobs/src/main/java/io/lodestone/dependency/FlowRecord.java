package io.lodestone.dependency;

/**
 * A record of {@code flow} in numbers. One object is used for many records.
 *
 * <p>Amounts are thousandths, or {@link Cell#UNKNOWN}.
 */
final class FlowRecord {
  /** Kinds of flow that matter here. */
  static final int IMPORT = 0;

  static final int EXPORT = 1;
  static final int RE_EXPORT = 2;
  static final int DOMESTIC_EXPORT = 3;
  static final int OTHER = 4;

  /** A partner that is no country, this country or an unspecified area. */
  static final int NO_PART = 3;

  // Of tags, from the lowest bits up: flow and partner stand highest, so that records sorted by
  // tags have suppliers together.
  private static final int ESTIMATED_SHIFT = 2;
  private static final int MAPPING_SHIFT = ESTIMATED_SHIFT + 2;
  private static final int VALUATION_SHIFT = MAPPING_SHIFT + 2;
  private static final int MONTHLY_SHIFT = VALUATION_SHIFT + 2;
  private static final int PARTNER_SHIFT = MONTHLY_SHIFT + 1;
  private static final int FLOW_SHIFT = PARTNER_SHIFT + Packed.COUNTRY_BITS;

  int reporter;

  /** The partner; 0 where it is no country. */
  int partner;

  int flow;
  int kind;
  int month;
  long value;
  long quantity;

  /** 0 where the source does not say, 1 measured, 2 estimated. */
  int estimated;

  int mapping;
  int valuation;

  /** Numbers of the goods that the record belongs to; null for none. */
  int[] goods;

  /**
   * Whether it is a part of imports: from a country, the reporter itself or an unspecified area.
   */
  boolean isImport() {
    return flow == IMPORT && kind != NO_PART;
  }

  /** Whether it is a total of imports, or a part of it from several countries. */
  boolean isTotalOfImports() {
    return flow == IMPORT && kind == NO_PART;
  }

  /** Whether it is a part of exports. */
  boolean isExport() {
    return (flow == EXPORT || flow == RE_EXPORT || flow == DOMESTIC_EXPORT)
        && (kind == Cell.COUNTRY || kind == Cell.UNSPECIFIED);
  }

  /** All but reporter and amounts as one number, in the order of flow and partner. */
  long tags() {
    return (long) flow << FLOW_SHIFT
        | (long) partner << PARTNER_SHIFT
        | (month == 0 ? 0L : 1L) << MONTHLY_SHIFT
        | (long) valuation << VALUATION_SHIFT
        | (long) mapping << MAPPING_SHIFT
        | (long) estimated << ESTIMATED_SHIFT
        | kind;
  }

  /** Takes what {@link #tags} gave; a monthly record has month 1. */
  void untag(long tags) {
    flow = bits(tags, FLOW_SHIFT, 3);
    partner = bits(tags, PARTNER_SHIFT, Packed.COUNTRY_BITS);
    month = bits(tags, MONTHLY_SHIFT, 1);
    valuation = bits(tags, VALUATION_SHIFT, 2);
    mapping = bits(tags, MAPPING_SHIFT, 2);
    estimated = bits(tags, ESTIMATED_SHIFT, 2);
    kind = bits(tags, 0, 2);
  }

  private static int bits(long tags, int from, int width) {
    return (int) (tags >>> from) & (1 << width) - 1;
  }
}
