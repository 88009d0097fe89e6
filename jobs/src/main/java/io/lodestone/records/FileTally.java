package io.lodestone.records;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/** What the records of one file are, counted while they are read. */
final class FileTally implements Serializable {
  private long read;
  private long rejected;
  private long misfits;
  private int first = Integer.MAX_VALUE;
  private int last;
  private final Map<String, Long> aggregates = new TreeMap<>();
  private final Map<String, Long> rejects = new TreeMap<>();
  private final TreeMap<Integer, Long> years = new TreeMap<>();
  private final Map<Integer, Long> bins = new TreeMap<>();
  private int lastYear;
  private long inLastYear;

  /** Counts the record that a judge has just judged. */
  void add(Reason verdict, Judge judge) {
    read++;
    if (verdict == null) {
      if (judge.year() != lastYear) {
        settle();
        lastYear = judge.year();
      }
      inLastYear++;
    } else if (!verdict.isAggregate()) {
      rejected++;
      misfits += verdict == Reason.MISFIT || verdict == Reason.FIELDS ? 1 : 0;
      rejects.merge(verdict.text(), 1L, Long::sum);
      return;
    } else {
      aggregates.merge(verdict == Reason.STATED ? judge.stated() : verdict.text(), 1L, Long::sum);
      if (verdict == Reason.WORLD || verdict == Reason.YEAR) {
        years.merge(judge.year(), 0L, Long::sum);
      }
    }
    int period = judge.period(verdict);
    if (period > 0) {
      first = Math.min(first, period);
      last = Math.max(last, period);
    }
  }

  /** Counts a record that goes to a bin of the exchange. */
  void sent(int bin, long records) {
    bins.merge(bin, records, Long::sum);
  }

  /** Ends the count. */
  void settle() {
    if (inLastYear > 0) {
      years.merge(lastYear, inLastYear, Long::sum);
      inLastYear = 0;
    }
  }

  long read() {
    return read;
  }

  long rejected() {
    return rejected;
  }

  /** Records that are not what the source expects, or have not the fields of the header. */
  long misfits() {
    return misfits;
  }

  /** Earliest period as YYYYMM, the month 0 for a year; null where there is none. */
  Integer first() {
    return last == 0 ? null : first;
  }

  /** Latest period. */
  Integer last() {
    return last == 0 ? null : last;
  }

  /** Totals and parts of others by reason. */
  Map<String, Long> aggregates() {
    return aggregates;
  }

  /** Rejects by reason. */
  Map<String, Long> rejects() {
    return rejects;
  }

  /** Records to use by year; years of which the file has totals only count 0. */
  Map<Integer, Long> years() {
    return years;
  }

  /** Records by bin of the exchange. */
  Map<Integer, Long> bins() {
    return bins;
  }
}
