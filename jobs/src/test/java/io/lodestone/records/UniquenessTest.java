package io.lodestone.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.exchange.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UniquenessTest {
  private static final int FIRST_YEAR = PackedRecord.FIRST_YEAR;
  private static final List<PartnerKind> COUNTRIES = Collections.nCopies(8, PartnerKind.COUNTRY);

  private final Block records = new Block(PackedRecord.WIDTH);
  private final Fates fates = new Fates(COUNTRIES);

  private UniquenessTest record(
      long partner, long code, int file, long value, long quantity, int variant) {
    int place = records.append();
    long[] words = records.words();
    words[place + PackedRecord.KEY] = PackedRecord.key(0, 280530, 1, 0, (int) partner, 0);
    words[place + PackedRecord.CODE] = code;
    words[place + PackedRecord.VALUE] = value;
    words[place + PackedRecord.QUANTITY] = quantity;
    words[place + PackedRecord.FILE_AND_TAGS] =
        (long) file << Integer.SIZE | PackedRecord.tags(0, 0, variant);
    return this;
  }

  private UniquenessTest record(long partner, int file, long value) {
    return record(partner, 1_280530L, file, value, Judge.NONE, 0);
  }

  /** Partner, code, file, value and quantity of what stands. */
  private List<String> standing() {
    List<String> standing = new ArrayList<>();
    Uniqueness unique = new Uniqueness(records, fates);
    for (int place = unique.next(); place >= 0; place = unique.next()) {
      long[] words = records.words();
      long quantity = words[place + PackedRecord.QUANTITY];
      standing.add(
          "%d %d %d %d %s"
              .formatted(
                  PackedRecord.partner(words[place]),
                  words[place + PackedRecord.CODE],
                  PackedRecord.file(words[place + PackedRecord.FILE_AND_TAGS]),
                  words[place + PackedRecord.VALUE],
                  quantity == Judge.NONE ? "none" : quantity));
    }
    return standing;
  }

  /** Records of a file that stand, are duplicates, superseded, added up. */
  private List<Long> fates(int file) {
    return List.of(
        fates.of(file, FIRST_YEAR, Fates.STANDING),
        fates.of(file, FIRST_YEAR, Fates.DUPLICATE),
        fates.of(file, FIRST_YEAR, Fates.SUPERSEDED),
        fates.of(file, FIRST_YEAR, Fates.ADDED_UP));
  }

  @Test
  void leavesRecordsWithKeysOfTheirOwnAloneAndSortsThem() {
    record(2, 0, 500).record(1, 0, 500);
    assertThat(standing()).containsExactly("1 1280530 0 500 none", "2 1280530 0 500 none");
    assertThat(fates(0)).containsExactly(2L, 0L, 0L, 0L);
  }

  @Test
  void countsARecordThatStandsIdenticallyInTwoFilesOnce() {
    record(1, 0, 500).record(1, 3, 500);
    assertThat(standing()).containsExactly("1 1280530 3 500 none");
    assertThat(fates(0)).containsExactly(0L, 1L, 0L, 0L);
    assertThat(fates(3)).containsExactly(1L, 0L, 0L, 0L);
  }

  @Test
  void letsTheLaterFileWinOverOtherValues() {
    record(1, 3, 400).record(1, 0, 500).record(1, 2, 400);
    assertThat(standing()).containsExactly("1 1280530 3 400 none");
    assertThat(fates(0)).containsExactly(0L, 0L, 1L, 0L);
    assertThat(fates(2)).containsExactly(0L, 1L, 0L, 0L);
  }

  @Test
  void takesTheGreaterOfTwoInOneFile() {
    record(1, 0, 400).record(1, 0, 500);
    assertThat(standing()).containsExactly("1 1280530 0 500 none");
    assertThat(fates(0)).containsExactly(1L, 0L, 1L, 0L);
  }

  @Test
  void keepsNationalCodesOfOneProductApart() {
    record(1, 1_28053012L, 0, 300, Judge.NONE, 0).record(1, 1_28053011L, 0, 500, Judge.NONE, 0);
    assertThat(standing()).containsExactly("1 128053011 0 500 none", "1 128053012 0 300 none");
    assertThat(fates(0)).containsExactly(2L, 0L, 0L, 0L);
  }

  @Test
  void addsKindsOfProcessingUp() {
    record(1, 1_280530L, 0, 500, 7, 1)
        .record(1, 1_280530L, 0, 300, Judge.NONE, 2)
        .record(1, 1_280530L, 0, 300, Judge.NONE, 2);
    assertThat(standing()).containsExactly("1 1280530 0 800 7");
    assertThat(fates(0)).containsExactly(1L, 1L, 0L, 1L);
  }
}
