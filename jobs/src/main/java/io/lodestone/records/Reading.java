package io.lodestone.records;

import io.lodestone.exchange.Exchange;
import io.lodestone.exchange.Gathered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Files that have been read: what each is, and its records, sent to the bins of an exchange.
 *
 * @param inspections by number of the file
 * @param tallies by number of the file; none for a file without records
 * @param sent the records; empty where no file was read
 */
record Reading(
    Map<Integer, SourceFile.Inspection> inspections,
    Map<Integer, FileTally> tallies,
    Optional<Exchange> sent) {

  /**
   * Files of one source, of which the records of some years are wanted; of all if none is named.
   */
  record Wanted(SourceReading source, List<RawLines.Numbered> files, Set<Integer> years) {}

  /** Reads files. */
  static Reading of(SparkContext context, List<Wanted> wanted, FlowBins bins) {
    Gathered<SourceFile.Inspection> inspections = Gathered.in(context);
    Gathered<FileTally> tallies = Gathered.in(context);
    List<JavaRDD<Tuple2<Integer, byte[]>>> blocks = new ArrayList<>();
    for (Wanted next : wanted) {
      blocks.add(next.source().packed(next.files(), next.years(), bins, inspections, tallies));
    }
    Optional<Exchange> sent =
        blocks.stream().reduce(JavaRDD::union).map(all -> Exchange.of(all, bins.all()));
    sent.ifPresent(Exchange::send);
    return new Reading(new TreeMap<>(inspections.value()), new TreeMap<>(tallies.value()), sent);
  }

  /** Both readings, of different files. */
  Reading and(Reading other) {
    Map<Integer, SourceFile.Inspection> allInspections = new TreeMap<>(inspections);
    allInspections.putAll(other.inspections);
    Map<Integer, FileTally> allTallies = new TreeMap<>(tallies);
    allTallies.putAll(other.tallies);
    Optional<Exchange> both =
        sent.isPresent() && other.sent.isPresent()
            ? Optional.of(sent.get().and(other.sent.get()))
            : sent.or(() -> other.sent);
    return new Reading(allInspections, allTallies, both);
  }
}
