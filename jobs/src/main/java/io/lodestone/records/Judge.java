package io.lodestone.records;

import io.lodestone.Settings;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Gives every record its verdict and its texts their meaning: {@link #judge}, then the numbers of
 * the record just judged.
 *
 * <p>Takes what a source's SELECT returns, as text: whether the row is {@link RawLines#BROKEN},
 * whether it is what the source expects, and the columns {@link #COLUMNS}. Most texts are the same
 * as in the record before, or among few: they are looked up, not read.
 */
final class Judge {
  static final List<String> REQUIRED =
      List.of("reporter", "partner", "flow", "year", "code", "value");
  static final List<String> OPTIONAL =
      List.of(
          "month",
          "quantity_kg",
          "quantity_estimated",
          "revision",
          "valuation",
          "partner_concept",
          "aggregate");

  /** Columns of a SELECT, in the order in which a judge takes them. */
  static final List<String> COLUMNS = Stream.concat(REQUIRED.stream(), OPTIONAL.stream()).toList();

  /** No flow of a year is larger, and sums of such amounts still fit. */
  private static final long LARGEST_AMOUNT = 100_000_000_000_000L;

  private static final int LONGEST_CODE = 12;
  private static final int HS6_DIGITS = 6;
  private static final int ALL_HS6 = 1_000_000;
  private static final long THOUSAND = 1000;

  /** Digits of a number that surely fits a long. */
  private static final int SAFE_DIGITS = 15;

  private static final int AMOUNT_DIGITS = 18;
  private static final int DECIMALS = 3;
  private static final int UNKNOWN = -1;

  /** An amount that the record does not have. */
  static final long NONE = Long.MIN_VALUE;

  private static final int REPORTER = 0;
  private static final int PARTNER = 1;
  private static final int FLOW = 2;
  private static final int YEAR = 3;
  private static final int CODE = 4;
  private static final int VALUE = 5;
  private static final int MONTH = 6;
  private static final int QUANTITY = 7;
  private static final int ESTIMATED = 8;
  private static final int REVISION = 9;
  private static final int VALUATION = 10;
  private static final int CONCEPT = 11;
  private static final int AGGREGATE = 12;

  /** What a source's records mean, for all tasks. */
  record Meaning(
      Source source,
      Map<String, Countries.Meaning> countries,
      Map<Integer, Map<String, Conversions.Target>> conversions,
      String base,
      int latestYear,
      Map<Integer, Map<String, String>> fileAttributes)
      implements Serializable {}

  private final Meaning meaning;
  private final int firstColumn;
  private final UTF8String[] texts = new UTF8String[COLUMNS.size()];
  private final Words reporters;
  private final Words partners;
  private final Words flows;
  private final Words years;
  private final Words months;
  private final Words revisions = new Words(numbers(Settings.HS_REVISIONS));
  private final Words valuations = new Words(numbers(PackedRecord.VALUATIONS));
  private final Words concepts = new Words(numbers(PackedRecord.CONCEPTS));
  private final Words estimates = new Words(Map.of("", 0, "false", 1, "true", 2));
  private final int[][] products = new int[Settings.HS_REVISIONS.size()][];
  private int attributesOf = UNKNOWN;
  private Map<String, UTF8String> attributes = Map.of();

  private int reporter;
  private int partner;
  private int flow;
  private int year;
  private int month;
  private long code;
  private int hs6;
  private int revision;
  private int attributeTags;
  private long value;
  private long quantity;

  /**
   * A judge for one task.
   *
   * @param firstColumn place of the first of {@link #COLUMNS} in the rows; what the source expects
   *     stands before it
   */
  Judge(Meaning meaning, int firstColumn) {
    this.meaning = meaning;
    this.firstColumn = firstColumn;
    Map<String, Integer> countries = new HashMap<>();
    meaning
        .countries()
        .forEach(
            (text, country) ->
                countries.put(
                    text,
                    (country.part() << PackedRecord.COUNTRY_BITS | country.number()) << KIND_BITS
                        | country.kind().ordinal()));
    this.reporters = new Words(countries);
    this.partners = new Words(countries);
    this.flows = new Words(flows());
    Map<String, Integer> known = new HashMap<>();
    for (int number = PackedRecord.FIRST_YEAR; number <= meaning.latestYear(); number++) {
      known.put(String.valueOf(number), number);
    }
    this.years = new Words(known);
    known = new HashMap<>();
    for (int number = 1; number <= 12; number++) {
      known.put(String.valueOf(number), number);
      known.put("0%d".formatted(number), number);
    }
    this.months = new Words(known);
  }

  private static final int KIND_BITS = 3;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;
  private static final int COUNTRY_MASK = (1 << PackedRecord.COUNTRY_BITS) - 1;

  private static Map<String, Integer> numbers(List<String> words) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int number = 0; number < words.size(); number++) {
      numbers.put(words.get(number), number);
    }
    return numbers;
  }

  /** Flows with their variants, as the SELECT may write them. */
  private static Map<String, Integer> flows() {
    Map<String, Integer> flows = new HashMap<>();
    for (int flow = 0; flow < PackedRecord.FLOWS.size(); flow++) {
      for (int variant = 0; variant < PackedRecord.VARIANTS.size(); variant++) {
        String suffix = variant == 0 ? "" : ":" + PackedRecord.VARIANTS.get(variant);
        flows.put(PackedRecord.FLOWS.get(flow) + suffix, flow << VARIANT_BITS | variant);
      }
    }
    return flows;
  }

  private static final int VARIANT_BITS = 4;
  private static final int VARIANT_MASK = (1 << VARIANT_BITS) - 1;

  /** The verdict on a record of a file; null for one to use. */
  Reason judge(InternalRow row, int file) {
    read(row, file);
    if (row.getBoolean(firstColumn - 2)) {
      return Reason.FIELDS;
    }
    if (row.isNullAt(firstColumn - 1) || !row.getBoolean(firstColumn - 1)) {
      return Reason.MISFIT;
    }
    boolean isYear = YEAR_TOTAL.equals(texts[AGGREGATE]);
    if (texts[AGGREGATE] != null && !isYear) {
      return Reason.STATED;
    }
    Reason fault = when();
    fault = fault == null ? what() : fault;
    fault = fault == null ? who() : fault;
    fault = fault == null ? how() : fault;
    fault = fault == null ? howMuch() : fault;
    if (fault != null) {
      return fault;
    }
    if (isYear) {
      return Reason.YEAR;
    }
    return (partner & KIND_MASK) == PartnerKind.WORLD.ordinal() ? Reason.WORLD : null;
  }

  private static final UTF8String YEAR_TOTAL = UTF8String.fromString(Reason.YEAR.text());

  private void read(InternalRow row, int file) {
    if (file != attributesOf) {
      attributesOf = file;
      attributes = new HashMap<>();
      meaning
          .fileAttributes()
          .getOrDefault(file, Map.of())
          .forEach((name, text) -> attributes.put(name, UTF8String.fromString(text)));
    }
    for (int column = 0; column < texts.length; column++) {
      UTF8String text =
          row.isNullAt(firstColumn + column) ? null : row.getUTF8String(firstColumn + column);
      if (text != null) {
        text = text.trim();
        text = text.numBytes() == 0 ? null : text;
      }
      texts[column] = text;
    }
    if (!attributes.isEmpty()) {
      for (int column = REVISION; column <= CONCEPT; column++) {
        UTF8String ofFile = attributes.get(COLUMNS.get(column));
        texts[column] = ofFile == null ? texts[column] : ofFile;
      }
    }
  }

  private Reason when() {
    flow = flows.number(texts[FLOW]);
    if (flow == UNKNOWN) {
      return Reason.FLOW;
    }
    year = years.number(texts[YEAR]);
    if (year == UNKNOWN) {
      Integer number = wholeNumber(texts[YEAR]);
      if (number == null) {
        return Reason.NO_YEAR;
      }
      year = number;
      if (year < PackedRecord.FIRST_YEAR || year > meaning.latestYear()) {
        return Reason.YEAR_OUT_OF_RANGE;
      }
    }
    month = 0;
    if (texts[MONTH] != null) {
      month = months.number(texts[MONTH]);
      if (month == UNKNOWN) {
        Integer number = wholeNumber(texts[MONTH]);
        if (number == null || number < 1 || number > 12) {
          return Reason.MONTH;
        }
        month = number;
      }
    }
    return null;
  }

  private Reason what() {
    UTF8String text = texts[CODE];
    int digits = text == null ? 0 : text.numBytes();
    if (digits == 0 || digits > LONGEST_CODE) {
      return Reason.NO_CODE;
    }
    code = 1;
    hs6 = 0;
    for (int place = 0; place < digits; place++) {
      int digit = text.getByte(place) - '0';
      if (digit < 0 || digit > 9) {
        return Reason.NO_CODE;
      }
      code = 10 * code + digit;
      hs6 = place < HS6_DIGITS ? 10 * hs6 + digit : hs6;
    }
    int fixed = meaning.source().digits();
    if (fixed > 0 && digits != fixed) {
      return Reason.LOST_DIGITS;
    }
    if (fixed == 0 && digits % 2 == 1) {
      return Reason.ODD_CODE;
    }
    if (digits < HS6_DIGITS) {
      return Reason.HEADING;
    }
    int chapter = hs6 / 10_000;
    return chapter == 0 || chapter == 77 ? Reason.CHAPTER : null;
  }

  private Reason who() {
    reporter = reporters.number(texts[REPORTER]);
    int kind = reporter & KIND_MASK;
    if (reporter == UNKNOWN
        || kind == PartnerKind.UNSPECIFIED.ordinal()
        || kind == PartnerKind.WORLD.ordinal()) {
      return Reason.REPORTER;
    }
    if (kind == PartnerKind.GROUP.ordinal()) {
      return Reason.GROUP;
    }
    partner = partners.number(texts[PARTNER]);
    return partner == UNKNOWN ? Reason.PARTNER : null;
  }

  private Reason how() {
    revision = texts[REVISION] == null ? UNKNOWN : revisions.number(texts[REVISION]);
    if (revision == UNKNOWN) {
      return Reason.REVISION;
    }
    int valuation = valuations.numberOrNone(texts[VALUATION]);
    if (valuation == UNKNOWN) {
      return Reason.VALUATION;
    }
    int concept = concepts.numberOrNone(texts[CONCEPT]);
    if (concept == UNKNOWN) {
      return Reason.CONCEPT;
    }
    int estimated = estimates.numberOrNone(texts[ESTIMATED]);
    if (estimated == UNKNOWN) {
      return Reason.ESTIMATED;
    }
    attributeTags = PackedRecord.attributes(revision, valuation, concept, estimated);
    return null;
  }

  private Reason howMuch() {
    value = amount(texts[VALUE]);
    if (texts[VALUE] != null && value == NONE) {
      return Reason.NO_VALUE;
    }
    if (value != NONE && value < 0) {
      return Reason.NEGATIVE_VALUE;
    }
    if (value > LARGEST_AMOUNT / meaning.source().valueScale() * THOUSAND) {
      return Reason.LARGE_VALUE;
    }
    quantity = amount(texts[QUANTITY]);
    if (texts[QUANTITY] != null && quantity == NONE) {
      return Reason.NO_QUANTITY;
    }
    if (quantity != NONE && quantity < 0) {
      return Reason.NEGATIVE_QUANTITY;
    }
    if (quantity > LARGEST_AMOUNT / meaning.source().quantityScale() * THOUSAND) {
      return Reason.LARGE_QUANTITY;
    }
    return value == NONE && quantity == NONE ? Reason.EMPTY : null;
  }

  /** As SQL casts text to INT; null where it is no number. */
  private static Integer wholeNumber(UTF8String text) {
    try {
      return text == null ? null : Integer.valueOf(text.toIntExact());
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** Thousandths, as SQL casts text to DECIMAL(18,3). */
  static long amount(UTF8String text) {
    if (text == null) {
      return NONE;
    }
    int length = text.numBytes();
    long digits = 0;
    int decimals = UNKNOWN;
    if (length > SAFE_DIGITS) {
      return exactAmount(text);
    }
    for (int place = 0; place < length; place++) {
      byte character = text.getByte(place);
      if (character >= '0' && character <= '9') {
        digits = 10 * digits + character - '0';
        decimals += decimals >= 0 ? 1 : 0;
      } else if (character == '.' && decimals < 0 && length > 1) {
        decimals = 0;
      } else {
        return exactAmount(text);
      }
    }
    return switch (decimals) {
      case UNKNOWN, 0 -> digits * THOUSAND;
      case 1 -> digits * 100;
      case 2 -> digits * 10;
      case DECIMALS -> digits;
      default -> exactAmount(text);
    };
  }

  private static long exactAmount(UTF8String text) {
    Decimal decimal = Decimal.fromString(text);
    return decimal != null && decimal.changePrecision(AMOUNT_DIGITS, DECIMALS)
        ? decimal.toUnscaledLong()
        : NONE;
  }

  /** Year and month of the record as YYYYMM, MM being 0 for a year; 0 where there is none. */
  int period(Reason verdict) {
    if (verdict == Reason.STATED) {
      // Not judged so far.
      Integer number = wholeNumber(texts[YEAR]);
      Integer part = wholeNumber(texts[MONTH]);
      return number == null ? 0 : number * 100 + (part == null ? 0 : part);
    }
    return year * 100 + month;
  }

  int year() {
    return year;
  }

  /** Why the SELECT calls the record an aggregate. */
  String stated() {
    return texts[AGGREGATE].toString();
  }

  /** Puts the record, packed, into a block: only for those that are used or totals. */
  void pack(io.lodestone.exchange.Block block, int slice, int file) {
    int[] targets = products(revision);
    int target = targets == null ? hs6 << PackedRecord.MAPPING_BITS : targets[hs6];
    int place = block.append();
    long[] words = block.words();
    words[place + PackedRecord.KEY] =
        PackedRecord.key(
            slice,
            target >> PackedRecord.MAPPING_BITS,
            reporter >> KIND_BITS & COUNTRY_MASK,
            flow >> VARIANT_BITS,
            partner >> KIND_BITS & COUNTRY_MASK,
            month);
    words[place + PackedRecord.CODE] = code;
    words[place + PackedRecord.VALUE] = scaled(value, meaning.source().valueScale());
    words[place + PackedRecord.QUANTITY] =
        quantity == 0 && value > 0 ? NONE : scaled(quantity, meaning.source().quantityScale());
    words[place + PackedRecord.FILE_AND_TAGS] =
        (long) file << Integer.SIZE
            | PackedRecord.tags(
                attributeTags,
                target & PackedRecord.MAPPING_MASK,
                PackedRecord.variant(flow & VARIANT_MASK, part(reporter), part(partner)));
  }

  /** Which part of its country an area is; 0 for a whole one. */
  private static int part(int area) {
    return area >> KIND_BITS + PackedRecord.COUNTRY_BITS;
  }

  /** Product of the record just judged. */
  int product() {
    int[] targets = products(revision);
    return targets == null ? hs6 : targets[hs6] >> PackedRecord.MAPPING_BITS;
  }

  private static long scaled(long amount, int scale) {
    return amount == NONE ? NONE : amount * scale;
  }

  /** Product and mapping by six digits; null where a code is its own product. */
  private int[] products(int from) {
    if (meaning.base().equals(Settings.AS_REPORTED)
        || from == Settings.HS_REVISIONS.indexOf(meaning.base())) {
      return null;
    }
    if (products[from] == null) {
      int[] targets = new int[ALL_HS6];
      int unmapped = Mappings.ALL.indexOf("unmapped");
      for (int code = 0; code < targets.length; code++) {
        targets[code] = code << PackedRecord.MAPPING_BITS | unmapped;
      }
      meaning
          .conversions()
          .getOrDefault(from, Map.of())
          .forEach(
              (code, target) ->
                  targets[Integer.parseInt(code)] =
                      Integer.parseInt(target.product()) << PackedRecord.MAPPING_BITS
                          | target.mapping());
      products[from] = targets;
    }
    return products[from];
  }

  /** The verdict in words, with the values of the record just judged. */
  String message(Reason verdict) {
    return switch (verdict) {
      case FIELDS -> verdict.text();
      case MISFIT ->
          "the row does not fulfil what the source expects: " + meaning.source().expect();
      case FLOW ->
          "the flow '%s' is none of %s"
              .formatted(text(FLOW), String.join(", ", PackedRecord.FLOWS));
      case NO_YEAR -> "the year '%s' is no number".formatted(text(YEAR));
      case YEAR_OUT_OF_RANGE ->
          "the year '%s' is not between %d and %d"
              .formatted(text(YEAR), PackedRecord.FIRST_YEAR, meaning.latestYear());
      case MONTH -> "the month '%s' is not between 1 and 12".formatted(text(MONTH));
      case NO_CODE ->
          "the code '%s' is no commodity code of up to %d digits"
              .formatted(text(CODE), LONGEST_CODE);
      case LOST_DIGITS ->
          "the code '%s' has not the %d digits of this source: a leading zero may be lost"
              .formatted(text(CODE), meaning.source().digits());
      case ODD_CODE ->
          "the code '%s' has an odd number of digits: a leading zero is lost".formatted(text(CODE));
      case CHAPTER ->
          "the code '%s' lies in no chapter of the Harmonized System".formatted(text(CODE));
      case REPORTER ->
          "the reporter '%s' is no country that conf/countries.csv or ISO knows"
              .formatted(text(REPORTER));
      case PARTNER ->
          "the partner '%s' is no country or area that conf/countries.csv or ISO knows"
              .formatted(text(PARTNER));
      case REVISION ->
          "the revision '%s' is none of %s"
              .formatted(text(REVISION), String.join(", ", Settings.HS_REVISIONS));
      case VALUATION -> "the valuation '%s' is neither CIF nor FOB".formatted(text(VALUATION));
      case CONCEPT ->
          "the partner concept '%s' is none of origin, consignment, destination"
              .formatted(text(CONCEPT));
      case ESTIMATED ->
          "quantity_estimated '%s' is neither true nor false".formatted(text(ESTIMATED));
      case NO_VALUE ->
          "the value '%s' is no number of at most 15 digits before the point"
              .formatted(text(VALUE));
      case NEGATIVE_VALUE -> "the value '%s' is negative".formatted(text(VALUE));
      case LARGE_VALUE -> "the value '%s' is too large to be one".formatted(text(VALUE));
      case NO_QUANTITY ->
          "the quantity '%s' is no number of at most 15 digits before the point"
              .formatted(text(QUANTITY));
      case NEGATIVE_QUANTITY -> "the quantity '%s' is negative".formatted(text(QUANTITY));
      case LARGE_QUANTITY -> "the quantity '%s' is too large to be one".formatted(text(QUANTITY));
      case EMPTY -> "the row has neither value nor quantity";
      case STATED -> stated();
      case HEADING, GROUP, YEAR, WORLD -> verdict.text();
    };
  }

  private String text(int column) {
    return texts[column] == null ? "nothing" : texts[column].toString();
  }

  /** Numbers of known words; the last word asked for is answered without a look-up. */
  private static final class Words {
    private final Map<UTF8String, Integer> numbers = new HashMap<>();
    private UTF8String last;
    private int lastNumber;

    Words(Map<String, Integer> words) {
      words.forEach((word, number) -> numbers.put(UTF8String.fromString(word), number));
    }

    int number(UTF8String word) {
      if (word == null) {
        return UNKNOWN;
      }
      if (!word.equals(last)) {
        Integer found = numbers.get(word);
        lastNumber = found == null ? UNKNOWN : found;
        // The word itself lies in a buffer that is used again.
        last = word.clone();
      }
      return lastNumber;
    }

    /** As {@link #number}, 0 for no word. */
    int numberOrNone(UTF8String word) {
      return word == null ? 0 : number(word);
    }
  }
}
