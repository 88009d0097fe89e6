package io.lodestone.records;

import io.lodestone.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What files that have been read hold, and whether so much of it is wrong that nothing may be
 * loaded.
 *
 * @param states by path; none is loaded yet
 * @param wholeFileReasons by path of files that are rejected as a whole
 * @param rejectReasons rejected records of the other files, by reason
 */
record Survey(
    Map<String, FileState> states,
    Map<String, String> wholeFileReasons,
    Map<String, Long> rejectReasons) {

  /** A file of which a larger share of rows does not look like its source is shifted as a whole. */
  private static final double SHIFTED_SHARE = 0.5;

  /**
   * Of files.
   *
   * @param number of a file in the reading
   * @param definition fingerprint of how a source is read
   */
  static Survey of(
      List<SourceFile> files,
      Reading reading,
      ToIntFunction<SourceFile> number,
      Function<String, String> definition) {
    Survey survey = new Survey(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    for (SourceFile file : files) {
      survey.add(
          file,
          reading.inspections().get(number.applyAsInt(file)),
          reading.tallies().getOrDefault(number.applyAsInt(file), new FileTally()),
          definition.apply(file.source()));
    }
    return survey;
  }

  private void add(
      SourceFile file, SourceFile.Inspection inspection, FileTally tally, String definition) {
    String error = inspection.error();
    if (error == null && tally.misfits() > SHIFTED_SHARE * tally.read()) {
      error =
          "%,d of its %,d rows are not what the source %s expects or have other fields than the header; the data seem to be shifted against the header"
              .formatted(tally.misfits(), tally.read(), file.source());
    }
    if (error != null) {
      wholeFileReasons.put(file.path(), error);
      states.put(file.path(), FileState.rejected(file, inspection, definition));
      return;
    }
    tally.rejects().forEach((reason, records) -> rejectReasons.merge(reason, records, Long::sum));
    List<FileState.YearCount> years = new ArrayList<>();
    tally
        .years()
        .forEach((year, records) -> years.add(new FileState.YearCount(year, records, 0, 0, 0)));
    states.put(
        file.path(),
        new FileState(
            file,
            inspection.checksum(),
            inspection.header(),
            FileState.PENDING,
            inspection.lines(),
            tally.read(),
            tally.rejected(),
            tally.aggregates(),
            tally.first() == null ? null : period(tally.first()),
            tally.last() == null ? null : period(tally.last()),
            years,
            definition));
  }

  private static String period(int yearAndMonth) {
    int month = yearAndMonth % 100;
    return month == 0
        ? "%04d".formatted(yearAndMonth / 100)
        : "%04d-%02d".formatted(yearAndMonth / 100, month);
  }

  /**
   * What goes beyond the limits, in words; empty if nothing does.
   *
   * @param before a file that was rejected then and is the same now has been judged with the others
   *     of its run, or none would ever be read beside it
   */
  List<String> excess(Settings settings, Map<String, FileState> before) {
    Map<String, String> reasonsOfFiles = new TreeMap<>(wholeFileReasons);
    reasonsOfFiles.keySet().removeIf(path -> states.get(path).isStillRejected(before.get(path)));
    int files = states.size() - (wholeFileReasons.size() - reasonsOfFiles.size());
    List<String> excess = new ArrayList<>();
    long read = 0;
    long rejected = 0;
    for (FileState state : states.values()) {
      if (!state.status().equals(FileState.REJECTED)) {
        read += state.read();
        rejected += state.rejected();
      }
    }
    if (rejected > settings.rejectsMax() * read) {
      excess.add(
          "%,d of %,d records are rejected, more than spark.lodestone.rejects.max = %s (%s)"
              .formatted(rejected, read, settings.rejectsMax(), byReason(rejectReasons)));
    }
    if (reasonsOfFiles.size() > settings.filesRejectedMax() * files) {
      Map<String, Long> reasons =
          reasonsOfFiles.values().stream()
              .collect(
                  Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
      excess.add(
          "%,d of %,d files are rejected, more than spark.lodestone.files.rejected.max = %s (%s)"
              .formatted(
                  reasonsOfFiles.size(), files, settings.filesRejectedMax(), byReason(reasons)));
    }
    return excess;
  }

  private static String byReason(Map<String, Long> reasons) {
    int most = 5;
    String first =
        reasons.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(most)
            .map(entry -> "%s: %,d".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    return reasons.size() > most ? first + ", and others" : first;
  }
}
