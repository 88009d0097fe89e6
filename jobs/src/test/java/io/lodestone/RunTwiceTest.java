package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.lake.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is done stays done, and what has changed is done again. */
@ExtendWith(SharedSpark.class)
final class RunTwiceTest {

  private static Workplace records(Workplace workplace) {
    return workplace
        .comtrade(
            "comtrade/2020.csv",
            "C,A,2020,52,392,M,0,H4,280530,100,1000",
            "C,A,2020,52,392,M,156,H4,280530,70,700",
            "C,A,2020,52,392,M,704,H4,280530,20,200",
            "C,A,2020,52,392,M,842,H4,280530,10,100")
        .file("baci/BACI_HS12_Y2020_V202601.csv", "t,i,j,k,v,q", "2020,156,392,280530,0.7,0.07");
  }

  private static Map<String, List<String>> contents(Workplace workplace) {
    Map<String, List<String>> contents = new TreeMap<>();
    for (Table table : Tables.ALL) {
      contents.put(table.name(), workplace.rows(table));
    }
    return contents;
  }

  @Test
  void changesNoRowAndNoVersionWhenNothingHasChanged(Workplace workplace) {
    records(workplace);
    assertThat(workplace.run()).isTrue();
    Map<String, List<String>> before = contents(workplace);
    Map<String, Long> versions = workplace.versions();
    workplace.printed();

    assertThat(workplace.run()).isFalse();

    assertThat(workplace.printed())
        .contains("ingest: nothing to do, all 2 files are loaded and unchanged")
        .contains("dependency: nothing to do, its inputs and settings have not changed");
    assertThat(workplace.versions()).isEqualTo(versions);
    assertThat(contents(workplace)).isEqualTo(before);
  }
}
