package io.lodestone.trend;

import java.util.Locale;
import org.apache.spark.sql.Row;

/** A verdict with its numbers, in a sentence that claims no more than its row of {@code trend}. */
public final class VerdictSentence {
  private final Row row;

  private VerdictSentence(Row row) {
    this.row = row;
  }

  /**
   * The sentence.
   *
   * @param row of trend, all columns
   * @param product its name for people
   */
  public static String of(Row row, String product) {
    return new VerdictSentence(row).sentence(product);
  }

  private String sentence(String product) {
    String subject =
        "%s, imports of %s by %s, %s:"
            .formatted(product, text("importer"), text("basis"), measure());
    Verdict verdict = Verdict.valueOf(text("verdict").toUpperCase(Locale.ROOT));
    return "%s %s".formatted(subject, claim(verdict));
  }

  private String measure() {
    return switch (text("measure")) {
      case Measure.HHI -> "concentration of suppliers (HHI)";
      case Measure.EFFECTIVE_SUPPLIERS -> "effective number of suppliers";
      default ->
          "share of %s".formatted(isNull("supplier") ? "the first top supplier" : text("supplier"));
    };
  }

  private String claim(Verdict verdict) {
    return switch (verdict) {
      case TOO_SHORT ->
          "no verdict, since %d whole years with data are fewer than the %d that one needs."
              .formatted(years(), Verdict.FEWEST_YEARS);
      case LOW_COVERAGE ->
          "no verdict, since too little is known: %d of %d years, in which %.0f %% of the trade on average and %.0f %% in the poorest year."
              .formatted(
                  years(),
                  row.<Integer>getAs("to_year") - row.<Integer>getAs("from_year") + 1,
                  100 * number("coverage"),
                  100 * number("coverage_least"));
      case RELAPSING, REBOUNDING ->
          "%s. It went from %s (mean of the first three years from %d) to %s and was back at %s (mean of the last three to %d). This describes the path; no test stands behind it."
              .formatted(
                  verdict.text(),
                  number3("first_mean"),
                  year("first_year"),
                  number3(turningPoint(verdict)),
                  number3("last_mean"),
                  year("last_year"));
      case DIVERSIFYING, CONCENTRATING ->
          "%s. The trend from %d to %d amounts to %+.3f (%s to %s). Chance is an unlikely reason: of the importer's trends that are at least as clear about %.1f %% would be chance if years were no more alike than the test assumes (q = %.3f)."
              .formatted(
                  verdict.text(),
                  year("first_year"),
                  year("last_year"),
                  number("sen_change"),
                  number3("first_value"),
                  number3("last_value"),
                  100 * number("q_value"),
                  number("q_value"));
      case STABLE ->
          "stable. The trend from %d to %d amounts to %+.3f, with 90 %% confidence between %+.3f and %+.3f if years are independent; less than %.2f either way counts as no change."
              .formatted(
                  year("first_year"),
                  year("last_year"),
                  number("sen_change"),
                  number("sen_change_low"),
                  number("sen_change_high"),
                  Verdict.matters(text("measure")));
      case UNDETERMINED ->
          "undetermined. The trend from %d to %d amounts to %+.3f (%s to %s), but %s."
              .formatted(
                  year("first_year"),
                  year("last_year"),
                  number("sen_change"),
                  number3("first_value"),
                  number3("last_value"),
                  doubt());
    };
  }

  private String turningPoint(Verdict verdict) {
    boolean down = verdict == Verdict.RELAPSING;
    return down != text("measure").equals(Measure.EFFECTIVE_SUPPLIERS) ? "least" : "greatest";
  }

  private String doubt() {
    if (Boolean.TRUE.equals(row.getAs("persistent"))) {
      return "each year follows the one before so closely (rho = %.2f) that it cannot be told from chance"
          .formatted(number("rho"));
    }
    if (isNull("q_value")) {
      return "no test stands behind it";
    }
    if (number("q_value") >= Verdict.FALSE_DISCOVERIES) {
      return "that can be chance (q = %.2f), and so can stability".formatted(number("q_value"));
    }
    return "it is neither large enough to matter nor surely small";
  }

  private int years() {
    return row.<Integer>getAs("years");
  }

  private int year(String column) {
    return row.<Integer>getAs(column);
  }

  private double number(String column) {
    return isNull(column) ? Double.NaN : row.<Double>getAs(column);
  }

  private String number3(String column) {
    return "%.3f".formatted(number(column));
  }

  private String text(String column) {
    return row.getAs(column);
  }

  private boolean isNull(String column) {
    return row.isNullAt(row.fieldIndex(column));
  }
}
