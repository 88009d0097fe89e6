package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.ConfFiles;
import io.lodestone.Failure;
import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import io.lodestone.lake.Table;
import io.lodestone.records.Gaps;
import io.lodestone.records.Goods;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked wrongly ends with one sentence and exit code 2. */
@ExtendWith(SharedSpark.class)
final class ExplainTest {
  /** What is printed about a row of flow. */
  static String explained(Workplace workplace, String key) {
    return explained(workplace, Gaps.none(), Tables.FLOW, key);
  }

  private static String explained(Workplace workplace, Gaps gaps, Table table, String key) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Explain.print(
        workplace.lake(),
        Goods.load(ConfFiles.load(Optional.empty(), null)),
        gaps,
        table,
        key,
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static Failure refused(Workplace workplace, String key) {
    return Workplace.failure(() -> explained(workplace, key));
  }

  @Test
  void saysWhichGapTheRowLiesIn(Workplace workplace) {
    workplace
        .comtrade(
            "comtrade/2020.csv",
            "C,A,2019,52,392,M,156,H4,280530,70,700",
            "C,A,2020,52,392,M,156,H4,280530,70,700")
        .conf(
            "gaps.csv",
            "source,reporter,flow,code,from_year,to_year,reason",
            "comtrade,JPN,import,28,2020,2020,the file of the chapter was empty")
        .run("ingest");
    workplace.run("dependency");
    ConfFiles conf =
        ConfFiles.load(
            workplace.settings().conf(), workplace.spark().sparkContext().hadoopConfiguration());
    Gaps gaps = Gaps.load(conf, Goods.load(conf), "HS2012", Set.of("comtrade"));
    String key = "product = '280530' AND basis = 'value' AND year = ";
    assertThat(explained(workplace, gaps, Tables.DEPENDENCY, key + 2020))
        .containsPattern("in a known gap +the file of the chapter was empty");
    assertThat(explained(workplace, gaps, Tables.DEPENDENCY, key + 2019))
        .doesNotContain("in a known gap");
  }

  @Test
  void refusesWhatIsNoPredicate(Workplace workplace) {
    workplace.comtrade("comtrade/2020.csv", "C,A,2020,52,392,M,156,H4,280530,70,700").run("ingest");
    Failure unknown = refused(workplace, "yeer = 2020");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.getMessage())
        .startsWith("Cannot explain flow where yeer = 2020: [UNRESOLVED_COLUMN");
    Failure unreadable = refused(workplace, "year = = 2020");
    assertThat(unreadable.exitCode()).isEqualTo(2);
    assertThat(unreadable.getMessage())
        .startsWith("Cannot explain flow where year = = 2020: [PARSE_SYNTAX_ERROR]");
    assertThat(refused(workplace, "year = 2019"))
        .hasMessageStartingWith("Cannot explain flow where year = 2019: there is no such row;");
  }
}
