package io.lodestone.records;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftleft;
import static org.apache.spark.sql.functions.shiftright;

import io.lodestone.Settings;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * A record on its way through the one shuffle of the ingest: six numbers in place of nineteen
 * columns.
 *
 * <p>{@code key} holds, from the highest bits down, slice (source and year), product, reporter,
 * flow, partner and month. Rows sorted by it alone lie in the order of the table {@code flow}, and
 * Spark sorts a single number by radix. {@code tags} holds what has few values.
 */
final class PackedRecord {
  static final int MONTH_BITS = 4;
  static final int COUNTRY_BITS = 10;
  static final int FLOW_BITS = 3;
  static final int PRODUCT_BITS = 20;

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

  // Value and quantity are thousandths, so that sums are exact; code has a 1 before its digits.
  static final String KEY = "key";
  static final String CODE = "code";
  static final String FILE = "file";
  static final String VALUE = "value";
  static final String QUANTITY = "quantity";
  static final String TAGS = "tags";

  private static final int MAPPING_SHIFT = 0;
  private static final int REVISION_SHIFT = 2;
  private static final int VALUATION_SHIFT = 6;
  private static final int CONCEPT_SHIFT = 8;
  private static final int ESTIMATED_SHIFT = 10;
  private static final int VARIANT_SHIFT = 12;
  private static final int VARIANT_MASK = 15;

  private PackedRecord() {}

  /** The slice that a source (by its number) and a year make. */
  static int slice(int source, int year) {
    return source * YEARS + year - FIRST_YEAR;
  }

  static Column key(
      Column slice, Column product, Column reporter, Column flow, Column partner, Column month) {
    Column key = append(slice.cast(DataTypes.LongType), PRODUCT_BITS, product);
    key = append(key, COUNTRY_BITS, reporter);
    key = append(key, FLOW_BITS, flow);
    key = append(key, COUNTRY_BITS, partner);
    return append(key, MONTH_BITS, month);
  }

  private static Column append(Column key, int bits, Column field) {
    return shiftleft(key, bits).bitwiseOR(field.cast(DataTypes.LongType));
  }

  /** Mapping and variant as numbers; the rest comes from {@link #attributes}. */
  static Column tags(Column attributes, Column mapping, Column variant) {
    return attributes
        .bitwiseOR(shiftleft(mapping, MAPPING_SHIFT))
        .bitwiseOR(shiftleft(variant, VARIANT_SHIFT));
  }

  /** The part of the tags that is often the same for a whole file; all are numbers. */
  static Column attributes(Column revision, Column valuation, Column concept, Column estimated) {
    return shiftleft(revision, REVISION_SHIFT)
        .bitwiseOR(shiftleft(valuation, VALUATION_SHIFT))
        .bitwiseOR(shiftleft(concept, CONCEPT_SHIFT))
        .bitwiseOR(shiftleft(estimated, ESTIMATED_SHIFT));
  }

  static int variant(int tags) {
    return tags >> VARIANT_SHIFT & VARIANT_MASK;
  }

  static Column month(Column key) {
    return bits(key, 0, MONTH_BITS);
  }

  static Column partner(Column key) {
    return bits(key, MONTH_BITS, COUNTRY_BITS);
  }

  static Column flow(Column key) {
    return bits(key, MONTH_BITS + COUNTRY_BITS, FLOW_BITS);
  }

  static Column reporter(Column key) {
    return bits(key, MONTH_BITS + COUNTRY_BITS + FLOW_BITS, COUNTRY_BITS);
  }

  static Column product(Column key) {
    return bits(key, MONTH_BITS + 2 * COUNTRY_BITS + FLOW_BITS, PRODUCT_BITS);
  }

  static Column slice(Column key) {
    return shiftright(key, MONTH_BITS + 2 * COUNTRY_BITS + FLOW_BITS + PRODUCT_BITS)
        .cast(DataTypes.IntegerType);
  }

  static Column mapping(Column tags) {
    return oneOf(Mappings.ALL, bits(tags, MAPPING_SHIFT, 2));
  }

  static Column revision(Column tags) {
    return oneOf(Settings.HS_REVISIONS, bits(tags, REVISION_SHIFT, 4));
  }

  static Column valuation(Column tags) {
    return oneOf(VALUATIONS, bits(tags, VALUATION_SHIFT, 2));
  }

  static Column concept(Column tags) {
    return oneOf(CONCEPTS, bits(tags, CONCEPT_SHIFT, 2));
  }

  /** 0 unknown, 1 measured, 2 estimated. */
  static Column estimated(Column tags) {
    return bits(tags, ESTIMATED_SHIFT, 2);
  }

  /** The text of a number; an empty text is null. */
  static Column oneOf(List<String> texts, Column number) {
    String[] nullable =
        texts.stream().map(text -> text.isEmpty() ? null : text).toArray(String[]::new);
    return lit(nullable).getItem(number);
  }

  private static Column bits(Column packed, int from, int width) {
    return shiftright(packed, from).bitwiseAND(lit((1 << width) - 1)).cast(DataTypes.IntegerType);
  }
}
