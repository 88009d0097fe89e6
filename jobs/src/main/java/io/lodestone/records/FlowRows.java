package io.lodestone.records;

import io.lodestone.Settings;
import io.lodestone.Tables;
import io.lodestone.exchange.Block;
import io.lodestone.exchange.Gathered;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/**
 * Rows of {@code flow} from the packed records of a task, in the table's order: by source, year,
 * product, reporter, flow, partner and month. One row object is given out again and again.
 */
final class FlowRows implements Iterator<InternalRow> {
  private static final StructType SCHEMA = Tables.FLOW.schema();
  private static final int SOURCE = SCHEMA.fieldIndex("source");
  private static final int YEAR = SCHEMA.fieldIndex("year");
  private static final int MONTH = SCHEMA.fieldIndex("month");
  private static final int REPORTER = SCHEMA.fieldIndex("reporter");
  private static final int PARTNER = SCHEMA.fieldIndex("partner");
  private static final int PARTNER_KIND = SCHEMA.fieldIndex("partner_kind");
  private static final int FLOW = SCHEMA.fieldIndex("flow");
  private static final int CODE = SCHEMA.fieldIndex("code");
  private static final int HS6 = SCHEMA.fieldIndex("hs6");
  private static final int REVISION = SCHEMA.fieldIndex("hs_revision");
  private static final int PRODUCT = SCHEMA.fieldIndex("product");
  private static final int MAPPING = SCHEMA.fieldIndex("mapping");
  private static final int VALUE = SCHEMA.fieldIndex("value");
  private static final int CURRENCY = SCHEMA.fieldIndex("currency");
  private static final int VALUATION = SCHEMA.fieldIndex("valuation");
  private static final int QUANTITY = SCHEMA.fieldIndex("quantity_kg");
  private static final int ESTIMATED = SCHEMA.fieldIndex("quantity_estimated");
  private static final int CONCEPT = SCHEMA.fieldIndex("partner_concept");
  private static final int FILE = SCHEMA.fieldIndex("file");
  private static final int VALUE_DIGITS =
      ((DecimalType) SCHEMA.apply(VALUE).dataType()).precision();
  private static final int QUANTITY_DIGITS =
      ((DecimalType) SCHEMA.apply(QUANTITY).dataType()).precision();
  private static final int DECIMALS = 3;
  private static final int HS6_DIGITS = 6;

  /**
   * What the numbers of packed records stand for.
   *
   * @param currencies by number of the source
   * @param files paths by number
   * @param rejected numbers of files that are not loaded after all, ascending
   */
  record Names(
      List<String> sources,
      List<String> currencies,
      List<String> countries,
      List<PartnerKind> kinds,
      List<String> files,
      int[] rejected)
      implements Serializable {}

  private final Names names;
  private final Block records;
  private final Fates fates;
  private final Uniqueness unique;
  private final Gathered<Fates> gathered;
  private final UTF8String[] sources;
  private final UTF8String[] currencies;
  private final UTF8String[] countries;
  private final UTF8String[] kinds;
  private final UTF8String[] files;
  private final UTF8String[] flows = texts(PackedRecord.FLOWS);
  private final UTF8String[] mappings = texts(Mappings.ALL);
  private final UTF8String[] revisions = texts(Settings.HS_REVISIONS);
  private final UTF8String[] valuations = texts(PackedRecord.VALUATIONS);
  private final UTF8String[] concepts = texts(PackedRecord.CONCEPTS);
  private final UTF8String self = UTF8String.fromString(PartnerKind.SELF.text());
  private final GenericInternalRow row = new GenericInternalRow(SCHEMA.size());
  private long lastCode = -1;
  private int lastProduct = -1;
  private int place;

  /**
   * Takes all blocks of a task.
   *
   * @param gathered receives the fates of the records, under the task's number
   */
  FlowRows(Iterator<Tuple2<Integer, byte[]>> blocks, Names names, Gathered<Fates> gathered) {
    this.names = names;
    this.gathered = gathered;
    this.sources = texts(names.sources());
    this.currencies = texts(names.currencies());
    this.countries = texts(names.countries());
    this.kinds = texts(names.kinds().stream().map(PartnerKind::text).toList());
    this.files = texts(names.files());
    this.records = loaded(blocks, names);
    this.fates = new Fates(names.kinds());
    this.unique = new Uniqueness(records, fates);
    this.place = unique.next();
  }

  /** All records of a task but those of files that are not loaded after all. */
  static Block loaded(Iterator<Tuple2<Integer, byte[]>> blocks, Names names) {
    Block all = new Block(PackedRecord.WIDTH);
    while (blocks.hasNext()) {
      all.append(blocks.next()._2());
    }
    if (names.rejected().length > 0) {
      all.keep(
          place -> {
            int file = PackedRecord.file(all.words()[place + PackedRecord.FILE_AND_TAGS]);
            return Arrays.binarySearch(names.rejected(), file) < 0;
          });
    }
    return all;
  }

  private static UTF8String[] texts(List<String> words) {
    return words.stream()
        .map(word -> word.isEmpty() ? null : UTF8String.fromString(word))
        .toArray(UTF8String[]::new);
  }

  @Override
  public boolean hasNext() {
    if (place < 0) {
      gathered.add(TaskContext.getPartitionId(), fates);
    }
    return place >= 0;
  }

  @Override
  public InternalRow next() {
    if (place < 0) {
      throw new NoSuchElementException();
    }
    fill();
    place = unique.next();
    return row;
  }

  private void fill() {
    long[] words = records.words();
    long key = words[place + PackedRecord.KEY];
    long fileAndTags = words[place + PackedRecord.FILE_AND_TAGS];
    int tags = PackedRecord.tags(fileAndTags);
    int source = PackedRecord.source(key);
    int month = PackedRecord.month(key);
    int reporter = PackedRecord.reporter(key);
    int partner = PackedRecord.partner(key);
    row.update(SOURCE, sources[source]);
    row.setInt(YEAR, PackedRecord.year(key));
    row.update(MONTH, month == 0 ? null : month);
    row.update(REPORTER, countries[reporter]);
    row.update(PARTNER, countries[partner]);
    row.update(PARTNER_KIND, reporter == partner ? self : kinds[partner]);
    row.update(FLOW, flows[PackedRecord.flow(key)]);
    code(words[place + PackedRecord.CODE]);
    product(PackedRecord.product(key));
    row.update(REVISION, revisions[PackedRecord.revision(tags)]);
    row.update(MAPPING, mappings[PackedRecord.mapping(tags)]);
    row.update(VALUE, decimal(words[place + PackedRecord.VALUE], VALUE_DIGITS));
    row.update(CURRENCY, currencies[source]);
    row.update(VALUATION, valuations[PackedRecord.valuation(tags)]);
    row.update(QUANTITY, decimal(words[place + PackedRecord.QUANTITY], QUANTITY_DIGITS));
    int estimated = PackedRecord.estimated(tags);
    row.update(ESTIMATED, estimated == 0 ? null : estimated == 2);
    row.update(CONCEPT, concepts[PackedRecord.concept(tags)]);
    row.update(FILE, files[PackedRecord.file(fileAndTags)]);
  }

  private void code(long code) {
    if (code != lastCode) {
      lastCode = code;
      byte[] digits = Long.toString(code).getBytes(StandardCharsets.US_ASCII);
      // The first digit is the 1 that keeps leading zeros.
      row.update(CODE, UTF8String.fromBytes(digits, 1, digits.length - 1));
      row.update(HS6, UTF8String.fromBytes(digits, 1, HS6_DIGITS));
    }
  }

  private void product(int product) {
    if (product != lastProduct) {
      lastProduct = product;
      row.update(PRODUCT, UTF8String.fromString("%06d".formatted(product)));
    }
  }

  private static Decimal decimal(long thousandths, int digits) {
    return thousandths == Judge.NONE ? null : Decimal.createUnsafe(thousandths, digits, DECIMALS);
  }
}
