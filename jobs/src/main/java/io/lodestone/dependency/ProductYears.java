package io.lodestone.dependency;

import io.lodestone.Failure;
import io.lodestone.records.Mappings;
import io.lodestone.records.PartnerKind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Rows of {@code flow} in the order in which they lie, gathered by source, year and product: {@link
 * #next}, then the records of the group.
 *
 * <p>Where annual records stand beside months of the same source, year, product, reporter and flow,
 * the months are left out. Fails when a group comes back, since it would have been cut in two.
 */
final class ProductYears {
  /** What is read of flow. */
  static final List<String> COLUMNS =
      List.of(
          "source",
          "year",
          "product",
          "reporter",
          "flow",
          "partner",
          "partner_kind",
          "month",
          "value",
          "quantity_kg",
          "quantity_estimated",
          "mapping",
          "valuation",
          "hs6",
          "hs_revision",
          "code");

  private static final int SOURCE = 0;
  private static final int YEAR = 1;
  private static final int PRODUCT = 2;
  private static final int REPORTER = 3;
  private static final int FLOW = 4;
  private static final int PARTNER = 5;
  private static final int PARTNER_KIND = 6;
  private static final int MONTH = 7;
  private static final int VALUE = 8;
  private static final int QUANTITY = 9;
  private static final int ESTIMATED = 10;
  private static final int MAPPING = 11;
  private static final int VALUATION = 12;
  private static final int HS6 = 13;
  private static final int REVISION = 14;
  private static final int CODE = 15;

  private static final Map<String, Integer> FLOWS =
      Map.of(
          "import", FlowRecord.IMPORT,
          "export", FlowRecord.EXPORT,
          "re_export", FlowRecord.RE_EXPORT,
          "domestic_export", FlowRecord.DOMESTIC_EXPORT);

  private static final Map<String, Integer> KINDS =
      Map.of(
          PartnerKind.COUNTRY.text(), Cell.COUNTRY,
          PartnerKind.SELF.text(), Cell.SELF,
          PartnerKind.UNSPECIFIED.text(), Cell.UNSPECIFIED);

  /** By the number that a cell carries; 0 is unknown. */
  static final List<String> VALUATIONS = List.of("", "CIF", "FOB");

  private final Iterator<InternalRow> rows;
  private final int[] at;
  private final Map<String, Integer> sources;
  private final GoodMembers members;
  private final ReportingBits reporting;
  private final Words flows = new Words(FLOWS::getOrDefault, FlowRecord.OTHER);
  private final Words kinds = new Words(KINDS::getOrDefault, FlowRecord.NO_PART);
  private final Words mappings = new Words((word, none) -> Mappings.ALL.indexOf(word), 0);
  private final Words valuations =
      new Words((word, none) -> Math.max(0, VALUATIONS.indexOf(word)), 0);
  private final Words countries = new Words((word, none) -> Packed.country(word), 0);
  private final Words reporters = new Words((word, none) -> Packed.country(word), 0);

  private InternalRow ahead;
  private final List<FlowRecord> records = new ArrayList<>();
  private int used;
  private int source;
  private int year;
  private int product;
  private String productText;
  private UTF8String sourceUtf;
  private UTF8String productUtf;
  private boolean mayBeGood;

  /**
   * Starts with rows of a file of flow.
   *
   * @param at places of {@link #COLUMNS} in the rows
   * @param sources numbers of sources
   * @param reporting told what reporters report
   */
  ProductYears(
      Iterator<InternalRow> rows,
      int[] at,
      Map<String, Integer> sources,
      GoodMembers members,
      ReportingBits reporting) {
    this.rows = rows;
    this.at = at;
    this.sources = sources;
    this.members = members;
    this.reporting = reporting;
    this.ahead = rows.hasNext() ? rows.next() : null;
  }

  /** Gathers the next group; returns whether there is one. */
  boolean next() {
    if (ahead == null) {
      return false;
    }
    start();
    int lastReporter = -1;
    while (ahead != null && sameGroup()) {
      int from = used;
      int reporter = reporters.number(ahead.getUTF8String(at[REPORTER]));
      UTF8String flowText = ahead.getUTF8String(at[FLOW]).clone();
      if (reporter < lastReporter) {
        throw outOfOrder("reporter %s".formatted(Packed.countryName(reporter)));
      }
      lastReporter = reporter;
      int flow = flows.number(flowText);
      int periods = 0;
      do {
        FlowRecord record = record();
        record.reporter = reporter;
        record.flow = flow;
        read(record);
        // A published total alone says nothing of who supplied what.
        periods |= record.kind == FlowRecord.NO_PART ? 0 : 1 << record.month;
        ahead = rows.hasNext() ? rows.next() : null;
      } while (ahead != null
          && sameGroup()
          && flowText.equals(ahead.getUTF8String(at[FLOW]))
          && reporters.number(ahead.getUTF8String(at[REPORTER])) == reporter);
      if (periods != 0) {
        reporting.add(source, reporter, year, flow, periods);
      }
      if ((periods & 1) != 0 && periods > 1) {
        dropMonths(from);
      }
    }
    return true;
  }

  private void start() {
    used = 0;
    UTF8String nextSource = ahead.getUTF8String(at[SOURCE]);
    UTF8String nextProduct = ahead.getUTF8String(at[PRODUCT]);
    int nextYear = ahead.getInt(at[YEAR]);
    if (productUtf != null
        && nextYear == year
        && nextSource.equals(sourceUtf)
        && nextProduct.compareTo(productUtf) <= 0) {
      throw outOfOrder("product " + nextProduct);
    }
    sourceUtf = nextSource.clone();
    productUtf = nextProduct.clone();
    productText = productUtf.toString();
    source = number(sourceUtf.toString());
    year = nextYear;
    product = Integer.parseInt(productText);
    mayBeGood = members.know(productText);
  }

  private int number(String name) {
    Integer number = sources.get(name);
    if (number == null) {
      throw Failure.usage(
          "Cannot compute dependency: flow holds records of the source %s, of which spark.lodestone.conf has no sources/%s.sql any more; bring that file back, or take the records of %s away and run `ingest`."
              .formatted(name, name, name));
    }
    return number;
  }

  private IllegalStateException outOfOrder(String came) {
    return new IllegalStateException(
        "Cannot compute dependency: %s came back in %s %d after %s; the table flow is not in its order, load it again"
            .formatted(came, sourceUtf, year, productText));
  }

  private boolean sameGroup() {
    return ahead.getInt(at[YEAR]) == year
        && ahead.getUTF8String(at[PRODUCT]).equals(productUtf)
        && ahead.getUTF8String(at[SOURCE]).equals(sourceUtf);
  }

  private FlowRecord record() {
    if (used == records.size()) {
      records.add(new FlowRecord());
    }
    return records.get(used++);
  }

  private void read(FlowRecord record) {
    record.month = ahead.isNullAt(at[MONTH]) ? 0 : ahead.getInt(at[MONTH]);
    record.kind = kinds.number(ahead.getUTF8String(at[PARTNER_KIND]));
    record.partner =
        record.kind == Cell.COUNTRY ? countries.number(ahead.getUTF8String(at[PARTNER])) : 0;
    record.value = thousandths(at[VALUE]);
    record.quantity =
        ahead.isNullAt(at[QUANTITY])
            ? Cell.UNKNOWN
            : ahead.getDecimal(at[QUANTITY], 18, 3).toUnscaledLong();
    record.estimated = ahead.isNullAt(at[ESTIMATED]) ? 0 : ahead.getBoolean(at[ESTIMATED]) ? 2 : 1;
    record.mapping = mappings.number(ahead.getUTF8String(at[MAPPING]));
    record.valuation =
        ahead.isNullAt(at[VALUATION]) ? 0 : valuations.number(ahead.getUTF8String(at[VALUATION]));
    UTF8String hs6 = ahead.getUTF8String(at[HS6]);
    boolean sameCode = hs6.equals(productUtf);
    record.goods =
        mayBeGood || !sameCode && members.know(hs6.toString())
            ? members.of(
                productText,
                hs6.toString(),
                ahead.getUTF8String(at[REVISION]).toString(),
                Packed.countryName(record.reporter),
                ahead.getUTF8String(at[CODE]).toString())
            : null;
  }

  /** More than 18 digits are held as the bytes of a whole number; sums of ours fit a long. */
  private long thousandths(int column) {
    if (ahead.isNullAt(column)) {
      return Cell.UNKNOWN;
    }
    byte[] bytes = ahead.getBinary(column);
    long number = bytes[0];
    for (int place = 1; place < bytes.length; place++) {
      number = number << Byte.SIZE | bytes[place] & 0xFF;
    }
    return number;
  }

  /** Leaves the months of a reporter and flow out, from a place on. */
  private void dropMonths(int from) {
    int kept = from;
    for (int place = from; place < used; place++) {
      FlowRecord record = records.get(place);
      if (record.month == 0) {
        records.set(place, records.get(kept));
        records.set(kept, record);
        kept++;
      }
    }
    used = kept;
  }

  int source() {
    return source;
  }

  int year() {
    return year;
  }

  int product() {
    return product;
  }

  /** Records of the group. */
  int size() {
    return used;
  }

  /** A record of the group; overwritten by {@link #next}. */
  FlowRecord record(int place) {
    return records.get(place);
  }
}
