package io.lodestone.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

final class UniquenessTest {
  private static final int VARIANT_SHIFT = 12;

  private static Row record(long key, long code, int file, Long value, Long quantity, int variant) {
    return RowFactory.create(key, code, file, value, quantity, variant << VARIANT_SHIFT);
  }

  private static Row record(long key, int file, long value) {
    return record(key, 1_280530L, file, value, null, 0);
  }

  /** Key, code, file, value and quantity of what stands; or key, file and fate of what does not. */
  private static List<String> texts(Iterator<Row> rows, int... fields) {
    List<String> texts = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      List<String> text = new ArrayList<>();
      for (int field : fields) {
        text.add(String.valueOf(row.get(field)));
      }
      texts.add(String.join(" ", text));
    }
    return texts;
  }

  private static List<String> standing(Row... records) {
    return texts(Uniqueness.standing(List.of(records).iterator()), 0, 1, 2, 3, 4);
  }

  private static List<String> fallen(Row... records) {
    return texts(Uniqueness.fallen(List.of(records).iterator()), 0, 1, 2);
  }

  @Test
  void leavesRecordsWithKeysOfTheirOwnAlone() {
    Row[] records = {record(1, 0, 500), record(2, 0, 500)};
    assertThat(standing(records))
        .containsExactly("1 1280530 0 0.500 null", "2 1280530 0 0.500 null");
    assertThat(fallen(records)).isEmpty();
  }

  @Test
  void countsARecordThatStandsIdenticallyInTwoFilesOnce() {
    Row[] records = {record(1, 0, 500), record(1, 3, 500)};
    assertThat(standing(records)).containsExactly("1 1280530 3 0.500 null");
    assertThat(fallen(records)).containsExactly("1 0 duplicate");
  }

  @Test
  void letsTheLaterFileWinOverOtherValues() {
    Row[] records = {record(1, 3, 400), record(1, 0, 500), record(1, 2, 400)};
    assertThat(standing(records)).containsExactly("1 1280530 3 0.400 null");
    assertThat(fallen(records)).containsExactlyInAnyOrder("1 0 superseded", "1 2 duplicate");
  }

  @Test
  void takesTheGreaterOfTwoInOneFile() {
    Row[] records = {record(1, 0, 400), record(1, 0, 500)};
    assertThat(standing(records)).containsExactly("1 1280530 0 0.500 null");
    assertThat(fallen(records)).containsExactly("1 0 superseded");
  }

  @Test
  void keepsNationalCodesOfOneProductApart() {
    Row[] records = {
      record(1, 1_28053011L, 0, 500L, null, 0), record(1, 1_28053012L, 0, 300L, null, 0)
    };
    assertThat(standing(records))
        .containsExactly("1 128053011 0 0.500 null", "1 128053012 0 0.300 null");
    assertThat(fallen(records)).isEmpty();
  }

  @Test
  void addsKindsOfProcessingUp() {
    Row[] records = {
      record(1, 1_280530L, 0, 500L, 7L, 1),
      record(1, 1_280530L, 0, 300L, null, 2),
      record(1, 1_280530L, 0, 300L, null, 2)
    };
    assertThat(standing(records)).containsExactly("1 1280530 0 0.800 0.007");
    assertThat(fallen(records)).containsExactlyInAnyOrder("1 0 duplicate", "1 0 added_up");
  }

  @Test
  void failsWhenAKeyComesBack() {
    assertThatThrownBy(() -> standing(record(2, 0, 1), record(1, 0, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot load flow: the key 1 came after 2; the records are not sorted");
  }
}
