package io.lodestone.sample;

import java.util.Arrays;

/**
 * A true flow of the synthetic world: goods of one product from the country of origin to one
 * importer in one year. The formats print it, each in its own way.
 *
 * @param exporter country of origin
 * @param kilograms net weight, one number a year or twelve (0 in a month without trade)
 * @param fob value at the exporter's border, thousandths of a US dollar, as many numbers
 * @param cif value at the importer's border with freight and insurance, likewise
 */
record Flow(
    Country exporter,
    Country importer,
    Product product,
    int year,
    long[] kilograms,
    long[] fob,
    long[] cif) {

  /** Weight of the year, kilograms. */
  long kilogramsOfYear() {
    return Arrays.stream(kilograms).sum();
  }

  /** Value FOB of the year, thousandths of a US dollar. */
  long fobOfYear() {
    return Arrays.stream(fob).sum();
  }
}
