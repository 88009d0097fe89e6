package io.lodestone.records;

import java.util.List;

/**
 * A record on its way through the one shuffle of the ingest: five words in place of nineteen
 * columns.
 *
 * <p>The key holds, from the highest bits down, slice (source and year), product, reporter, flow,
 * partner and month: records sorted by it alone lie in the order of the table {@code flow}. The
 * tags hold what has few values. Value and quantity are thousandths, so that sums are exact, or
 * {@link Judge#NONE}; the code has a 1 before its digits.
 */
final class PackedRecord {
  static final int KEY = 0;
  static final int CODE = 1;
  static final int VALUE = 2;
  static final int QUANTITY = 3;

  /** Number of the file in the upper half, tags in the lower. */
  static final int FILE_AND_TAGS = 4;

  /** Words of a record. */
  static final int WIDTH = 5;

  static final int MONTH_BITS = 4;
  static final int COUNTRY_BITS = 10;
  static final int FLOW_BITS = 3;
  static final int PRODUCT_BITS = 20;
  static final int MAPPING_BITS = 2;
  static final int MAPPING_MASK = (1 << MAPPING_BITS) - 1;

  /** The first year that a record may have: the Harmonized System entered into force in 1988. */
  static final int FIRST_YEAR = 1988;

  /** Years that a slice number leaves room for. */
  static final int YEARS = 128;

  static final List<String> FLOWS =
      List.of(
          "import",
          "export",
          "re_import",
          "re_export",
          "foreign_import",
          "domestic_export",
          "processing");

  /** What a SELECT may write behind {@code processing:} to keep kinds of processing apart. */
  static final List<String> VARIANTS = List.of("", "MIP", "MOP", "MIF", "XIP", "XOP", "XIF");

  static final List<String> VALUATIONS = List.of("", "CIF", "FOB");
  static final List<String> CONCEPTS = List.of("", "origin", "consignment", "destination");

  private static final int PARTNER_SHIFT = MONTH_BITS;
  private static final int FLOW_SHIFT = PARTNER_SHIFT + COUNTRY_BITS;
  private static final int REPORTER_SHIFT = FLOW_SHIFT + FLOW_BITS;
  private static final int PRODUCT_SHIFT = REPORTER_SHIFT + COUNTRY_BITS;
  private static final int SLICE_SHIFT = PRODUCT_SHIFT + PRODUCT_BITS;

  private static final int REVISION_SHIFT = MAPPING_BITS;
  private static final int REVISION_BITS = 4;
  private static final int VALUATION_SHIFT = REVISION_SHIFT + REVISION_BITS;
  private static final int CONCEPT_SHIFT = VALUATION_SHIFT + 2;
  private static final int ESTIMATED_SHIFT = CONCEPT_SHIFT + 2;
  private static final int VARIANT_SHIFT = ESTIMATED_SHIFT + 2;
  private static final int VARIANT_BITS = 4;
  private static final int PART_BITS = 3;
  private static final int VARIANTS_BITS = VARIANT_BITS + 2 * PART_BITS;

  /** Parts of a country that may be told apart until they are added up. */
  static final int MOST_PARTS = (1 << PART_BITS) - 1;

  private PackedRecord() {}

  /** The slice that a source (by its number) and a year make. */
  static int slice(int source, int year) {
    return source * YEARS + year - FIRST_YEAR;
  }

  static long key(int slice, int product, int reporter, int flow, int partner, int month) {
    return (long) slice << SLICE_SHIFT
        | (long) product << PRODUCT_SHIFT
        | (long) reporter << REPORTER_SHIFT
        | (long) flow << FLOW_SHIFT
        | (long) partner << PARTNER_SHIFT
        | month;
  }

  /**
   * What tells records of one key apart until they are added up: kind of processing, and which part
   * of their countries reporter and partner are.
   */
  static int variant(int kind, int reporterPart, int partnerPart) {
    return kind | reporterPart << VARIANT_BITS | partnerPart << VARIANT_BITS + PART_BITS;
  }

  /** Mapping and variant as numbers; the rest comes from {@link #attributes}. */
  static int tags(int attributes, int mapping, int variant) {
    return attributes | mapping | variant << VARIANT_SHIFT;
  }

  /** The part of the tags that is often the same for a whole file; all are numbers. */
  static int attributes(int revision, int valuation, int concept, int estimated) {
    return revision << REVISION_SHIFT
        | valuation << VALUATION_SHIFT
        | concept << CONCEPT_SHIFT
        | estimated << ESTIMATED_SHIFT;
  }

  static int month(long key) {
    return bits(key, 0, MONTH_BITS);
  }

  static int partner(long key) {
    return bits(key, PARTNER_SHIFT, COUNTRY_BITS);
  }

  static int flow(long key) {
    return bits(key, FLOW_SHIFT, FLOW_BITS);
  }

  static int reporter(long key) {
    return bits(key, REPORTER_SHIFT, COUNTRY_BITS);
  }

  static int product(long key) {
    return bits(key, PRODUCT_SHIFT, PRODUCT_BITS);
  }

  static int slice(long key) {
    return (int) (key >>> SLICE_SHIFT);
  }

  static int source(long key) {
    return slice(key) / YEARS;
  }

  static int year(long key) {
    return slice(key) % YEARS + FIRST_YEAR;
  }

  static int file(long fileAndTags) {
    return (int) (fileAndTags >>> Integer.SIZE);
  }

  static int tags(long fileAndTags) {
    return (int) fileAndTags;
  }

  static int mapping(int tags) {
    return tags & MAPPING_MASK;
  }

  static int revision(int tags) {
    return bits(tags, REVISION_SHIFT, REVISION_BITS);
  }

  static int valuation(int tags) {
    return bits(tags, VALUATION_SHIFT, 2);
  }

  static int concept(int tags) {
    return bits(tags, CONCEPT_SHIFT, 2);
  }

  /** 0 unknown, 1 measured, 2 estimated. */
  static int estimated(int tags) {
    return bits(tags, ESTIMATED_SHIFT, 2);
  }

  static int variant(int tags) {
    return bits(tags, VARIANT_SHIFT, VARIANTS_BITS);
  }

  private static int bits(long packed, int from, int width) {
    return (int) (packed >>> from) & (1 << width) - 1;
  }
}
