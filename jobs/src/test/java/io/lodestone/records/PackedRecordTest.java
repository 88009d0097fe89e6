package io.lodestone.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PackedRecordTest {
  private static final int LAST_COUNTRY = (1 << PackedRecord.COUNTRY_BITS) - 1;

  @Test
  void givesBackTheLargestKey() {
    int slice = PackedRecord.slice(63, PackedRecord.FIRST_YEAR + 127);
    long key = PackedRecord.key(slice, 999_999, LAST_COUNTRY, 6, LAST_COUNTRY, 12);
    assertThat(key).isPositive();
    assertThat(PackedRecord.source(key)).isEqualTo(63);
    assertThat(PackedRecord.year(key)).isEqualTo(2115);
    assertThat(PackedRecord.product(key)).isEqualTo(999_999);
    assertThat(PackedRecord.reporter(key)).isEqualTo(LAST_COUNTRY);
    assertThat(PackedRecord.flow(key)).isEqualTo(6);
    assertThat(PackedRecord.partner(key)).isEqualTo(LAST_COUNTRY);
    assertThat(PackedRecord.month(key)).isEqualTo(12);
  }

  @Test
  void givesBackTags() {
    int tags = PackedRecord.tags(PackedRecord.attributes(7, 2, 3, 1), 3, 6);
    assertThat(PackedRecord.revision(tags)).isEqualTo(7);
    assertThat(PackedRecord.valuation(tags)).isEqualTo(2);
    assertThat(PackedRecord.concept(tags)).isEqualTo(3);
    assertThat(PackedRecord.estimated(tags)).isEqualTo(1);
    assertThat(PackedRecord.mapping(tags)).isEqualTo(3);
    assertThat(PackedRecord.variant(tags)).isEqualTo(6);
    long fileAndTags = 70_000L << Integer.SIZE | tags;
    assertThat(PackedRecord.file(fileAndTags)).isEqualTo(70_000);
    assertThat(PackedRecord.tags(fileAndTags)).isEqualTo(tags);
  }

  @Test
  void sortsByTheKeyAsByItsFields() {
    List<Long> keys = new ArrayList<>();
    for (int slice : new int[] {1, 8_000}) {
      for (int product : new int[] {10_110, 999_999}) {
        for (int reporter : new int[] {2, 300}) {
          for (int partner : new int[] {1, 1_000}) {
            keys.add(PackedRecord.key(slice, product, reporter, 0, partner, 0));
          }
        }
      }
    }
    assertThat(keys).isSorted().doesNotHaveDuplicates().allMatch(key -> key >= 0);
  }
}
