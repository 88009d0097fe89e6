package io.lodestone.dependency;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * Keys as numbers, so that they are sorted and compared as one {@code long}.
 *
 * <p>A country is its three letters in 15 bits, in alphabetical order; a product its six digits, or
 * a million and the place of a good in the watch list, in 21; a year counts from 1900 in 8; a
 * source is its place among all sources in 8.
 */
final class Packed {
  /** Number of the first good; six digits are smaller. */
  static final int FIRST_GOOD = 1_000_000;

  static final int COUNTRY_BITS = 15;
  static final int PRODUCT_BITS = 21;
  private static final int YEAR_BITS = 8;
  private static final int FIRST_YEAR = 1900;
  private static final int LETTER_BITS = 5;

  private Packed() {}

  /** Three letters as a number. */
  static int country(String name) {
    int country = 0;
    for (int place = 0; place < 3; place++) {
      country = country << LETTER_BITS | name.charAt(place) - 'A';
    }
    return country;
  }

  private static final String[] NAMES = new String[1 << COUNTRY_BITS];
  private static final UTF8String[] TEXTS = new UTF8String[1 << COUNTRY_BITS];

  /** The letters of {@link #country(String)}; always the same object. */
  static String countryName(int country) {
    String name = NAMES[country];
    if (name == null) {
      name = letters(country).intern();
      NAMES[country] = name;
    }
    return name;
  }

  /** The letters as Spark holds them. */
  static UTF8String countryText(int country) {
    UTF8String text = TEXTS[country];
    if (text == null) {
      text = UTF8String.fromString(countryName(country));
      TEXTS[country] = text;
    }
    return text;
  }

  private static String letters(int country) {
    char[] letters = new char[3];
    for (int place = 2; place >= 0; place--) {
      letters[place] = (char) ('A' + (country & (1 << LETTER_BITS) - 1));
      country >>= LETTER_BITS;
    }
    return new String(letters);
  }

  /** Sorts by source, year, product and country. */
  static long bySlice(int source, int year, int product, int country) {
    return ((long) source << YEAR_BITS | year - FIRST_YEAR) << PRODUCT_BITS + COUNTRY_BITS
        | (long) product << COUNTRY_BITS
        | country;
  }

  /** Sorts by source, country, product and year. */
  static long bySeries(int source, int country, int product, int year) {
    return (((long) source << COUNTRY_BITS | country) << PRODUCT_BITS | product) << YEAR_BITS
        | year - FIRST_YEAR;
  }

  static int sourceOfSlice(long key) {
    return (int) (key >>> YEAR_BITS + PRODUCT_BITS + COUNTRY_BITS);
  }

  static int yearOfSlice(long key) {
    return FIRST_YEAR + bits(key, PRODUCT_BITS + COUNTRY_BITS, YEAR_BITS);
  }

  static int productOfSlice(long key) {
    return bits(key, COUNTRY_BITS, PRODUCT_BITS);
  }

  static int countryOfSlice(long key) {
    return bits(key, 0, COUNTRY_BITS);
  }

  static int sourceOfSeries(long key) {
    return (int) (key >>> COUNTRY_BITS + PRODUCT_BITS + YEAR_BITS);
  }

  static int countryOfSeries(long key) {
    return bits(key, PRODUCT_BITS + YEAR_BITS, COUNTRY_BITS);
  }

  static int productOfSeries(long key) {
    return bits(key, YEAR_BITS, PRODUCT_BITS);
  }

  static int yearOfSeries(long key) {
    return FIRST_YEAR + bits(key, 0, YEAR_BITS);
  }

  /** A key of {@link #bySeries} without its year: the same for all years of a series. */
  static long series(long key) {
    return key >>> YEAR_BITS;
  }

  /** A key of {@link #bySeries} of any year, of {@link #series}. */
  static long key(long series) {
    return series << YEAR_BITS;
  }

  /** Some bits of a number. */
  static int bits(long key, int from, int width) {
    return (int) (key >>> from) & (1 << width) - 1;
  }
}
