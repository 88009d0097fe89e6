package io.lodestone.records;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which bin of the exchange a record goes to: one of its slice (source and year) that holds whole
 * products, so that no product of a year crosses a file of {@code flow}.
 *
 * @param sources names of sources by number
 * @param years from {@link PackedRecord#FIRST_YEAR} on
 * @param parts bins of a slice
 */
record FlowBins(List<String> sources, int years, int parts) implements Serializable {
  /** Records that a task sorts in memory and a file holds: about 150 MB there, 40 MB here. */
  static final long MOST_RECORDS = 2_000_000;

  /** Bytes of a record in a plain file; few are shorter. */
  private static final long SHORTEST_RECORD = 24;

  /** What compression makes of it at the most. */
  private static final long STRONGEST_COMPRESSION = 12;

  private static final int MIXER = 0x9E3779B9;

  /** Bins for files of which all may speak of one year. */
  static FlowBins of(List<String> sources, int latestYear, List<SourceFile> files) {
    long records =
        files.stream()
                .mapToLong(
                    file ->
                        file.path().matches(".*\\.(gz|zst)")
                            ? file.size() * STRONGEST_COMPRESSION
                            : file.size())
                .sum()
            / SHORTEST_RECORD;
    long parts = Math.min(256, 1 + records / MOST_RECORDS);
    return new FlowBins(sources, latestYear - PackedRecord.FIRST_YEAR + 1, (int) parts);
  }

  /** Bins of records for {@code flow}; those of totals of years follow behind them. */
  int flow() {
    return sources.size() * years * parts;
  }

  /** All bins. */
  int all() {
    return flow() + sources.size() * years;
  }

  int source(String name) {
    return sources.indexOf(name);
  }

  /** The bin of a product of a slice. */
  int bin(int source, int year, int product) {
    int part = parts == 1 ? 0 : (product * MIXER >>> 1) % parts;
    return (source * years + year - PackedRecord.FIRST_YEAR) * parts + part;
  }

  /** The bin of the published totals of a year. */
  int totals(int source, int year) {
    return flow() + source * years + year - PackedRecord.FIRST_YEAR;
  }

  /** All bins of totals. */
  int[] totals() {
    return IntStream.range(flow(), all()).toArray();
  }
}
