package io.lodestone.sample;

/** A way in which one file of a source is printed differently from the next. */
enum Quirk {
  /** UTF-8 byte order mark before the header. */
  BYTE_ORDER_MARK,
  /** Text in quotes, header too, and {@code true} for {@code True}. */
  QUOTED_TEXT,
  /** Whole numbers with a fraction: {@code 24632409.0}. */
  FRACTIONS,
  /** The weight's column is called {@code netWeight} and not {@code netWgt}. */
  NET_WEIGHT,
  /** The value column that does not apply holds 0 instead of nothing. */
  ZERO_VALUES,
  /** Lines end with CR LF. */
  CARRIAGE_RETURN
}
