package io.lodestone.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlockTest {
  private static final int WIDTH = 3;

  private static void add(Block block, long... record) {
    int place = block.append();
    System.arraycopy(record, 0, block.words(), place, WIDTH);
  }

  private static List<Long> firstWords(Block block) {
    List<Long> first = new ArrayList<>();
    for (int record = 0; record < block.records(); record++) {
      first.add(block.words()[record * WIDTH]);
    }
    return first;
  }

  @Test
  void keepsRecordsThroughBytesOfAnyNumber() {
    for (int records = 0; records < 300; records++) {
      Block sent = new Block(WIDTH);
      for (int record = 0; record < records; record++) {
        add(sent, record, -record, Long.MAX_VALUE - record);
      }
      Block received = new Block(WIDTH);
      received.append(sent.toBytes());
      received.append(sent.toBytes());
      add(received, -1, -2, -3);
      add(received, -4, -5, -6);
      assertThat(received.records()).isEqualTo(2 * records + 2);
      assertThat(firstWords(received).subList(0, records)).isEqualTo(firstWords(sent));
      assertThat(firstWords(received)).endsWith(-1L, -4L);
    }
  }

  @Test
  void growsByOneRecordAtATimeAfterBlocksOfOddSizes() {
    Block sent = new Block(WIDTH);
    for (int record = 0; record < 67; record++) {
      add(sent, record, 0, 0);
    }
    Block grown = new Block(WIDTH);
    grown.append(sent.toBytes());
    for (int record = 67; record < 5_000; record++) {
      add(grown, record, 0, 0);
    }
    assertThat(firstWords(grown)).hasSize(5_000).isSorted();
  }

  @Test
  void sortsByOneWordAndKeepsTheOrderOfEquals() {
    Random random = new Random(7);
    Block block = new Block(WIDTH);
    for (int record = 0; record < 10_000; record++) {
      add(block, random.nextInt(50) - 25L << random.nextInt(40), record, 0);
    }
    int[] order = block.sortedBy(0);
    assertThat(order).hasSize(10_000);
    for (int place = 1; place < order.length; place++) {
      long before = block.words()[order[place - 1]];
      long here = block.words()[order[place]];
      assertThat(before).isLessThanOrEqualTo(here);
      if (before == here) {
        assertThat(order[place - 1]).isLessThan(order[place]);
      }
    }
  }

  @Test
  void dropsWhatIsNotAccepted() {
    Block block = new Block(WIDTH);
    for (int record = 0; record < 10; record++) {
      add(block, record, 0, 0);
    }
    block.keep(place -> block.words()[place] % 2 == 0);
    assertThat(firstWords(block)).containsExactly(0L, 2L, 4L, 6L, 8L);
  }
}
