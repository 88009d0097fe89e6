package io.lodestone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is typed wrongly ends before Spark starts: one sentence, exit code 2. */
final class MainTest {

  private record Ended(int code, String error) {}

  private static Ended run(String... words) {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      return new Ended(Main.run(words), printed.toString(StandardCharsets.UTF_8).strip());
    } finally {
      System.setErr(before);
    }
  }

  @Test
  void refusesAnUnknownSetting() {
    assertThat(run("run", "--conf", "spark.lodestone.laek=x"))
        .isEqualTo(
            new Ended(
                2,
                "Cannot use the setting spark.lodestone.laek: there is none of that name; the nearest is spark.lodestone.lake (see `./lodestone help`)."));
  }

  @Test
  void refusesCredentialsInSettingsAndDoesNotRepeatThem() {
    for (String setting :
        new String[] {
          "spark.hadoop.fs.s3a.secret.key",
          "spark.hadoop.fs.s3a.bucket.trade.access.key",
          "spark.hadoop.fs.s3a.session.token",
          "spark.executorEnv.AWS_SECRET_ACCESS_KEY",
          "spark.kubernetes.driverEnv.AWS_SESSION_TOKEN"
        }) {
      assertThat(run("run", "--conf", setting + "=sesame"))
          .isEqualTo(
              new Ended(
                  2,
                  "Cannot use the setting %s: settings end in logs and histories; give credentials by the environment, a role or a credential store (see conf/s3.properties)."
                      .formatted(setting)));
    }
  }

  @Test
  void shipsPropertiesFilesThatHoldOnlySettingsThatThereAre() {
    for (String name : List.of("local", "s3", "s3-compatible", "kubernetes")) {
      Main.CommandLine line =
          Main.CommandLine.parse(
              new String[] {"run", "--properties-file", "conf/%s.properties".formatted(name)});
      line.requireNoCredential();
      Map<String, String> properties = line.properties();
      assertThat(properties.keySet()).as(name).isNotEmpty();
      assertThat(Settings.parse(properties).lake().toString())
          .as(name)
          .isEqualTo(name.startsWith("s3") ? "s3a://my-bucket/lake" : "lake");
    }
  }

  @Test
  void refusesAnUnknownJob() {
    assertThat(run("ingset"))
        .isEqualTo(
            new Ended(2, "Cannot run 'ingset': there is no such job; see `./lodestone help`."));
  }

  @Test
  void refusesWhatItDoesNotUnderstand(@TempDir Path folder) throws IOException {
    assertThat(run("run", "fast").error())
        .isEqualTo(
            "Cannot run run with 'fast': it takes no arguments but --conf and --properties-file.");
    assertThat(run("run", "--conf", "lake").error())
        .isEqualTo("Cannot read --conf 'lake': write key=value.");
    assertThat(run("run", "--conf").error())
        .isEqualTo("Cannot read --conf: key=value must follow.");
    assertThat(run("run", "--properties-file", folder.resolve("absent").toString()).error())
        .isEqualTo(
            "Cannot read --properties-file %s: there is no such readable file."
                .formatted(folder.resolve("absent")));
    Path malformed = Files.writeString(folder.resolve("malformed"), "spark.x=C:\\users\n");
    assertThat(run("run", "--properties-file", malformed.toString()))
        .isEqualTo(
            new Ended(
                2,
                "Cannot read --properties-file %s: Malformed \\uxxxx encoding."
                    .formatted(malformed)));
    assertThat(run("show", "flows").error())
        .startsWith("Cannot show 'flows': there is no such table; the tables are flow,");
  }

  @Test
  void refusesYearsThatItCannotRead() {
    assertThat(run("backfill"))
        .isEqualTo(new Ended(2, "Cannot run backfill with '': write --years and its value."));
    assertThat(run("backfill", "--years", "2020-2015"))
        .isEqualTo(
            new Ended(
                2,
                "Cannot read --years '2020-2015': it ends before it starts; write it as 2015-2020."));
    assertThat(run("backfill", "--years", "15").error())
        .isEqualTo(
            "Cannot read --years '15': write a year such as 2015, or two such as 2015-2020.");
    assertThat(run("explain", "dependency").error())
        .isEqualTo(
            "Cannot explain: write `explain TABLE KEY`, KEY being one quoted SQL predicate that holds for one row.");
  }

  @Test
  void saysHowItEndedWhereASummaryIsAskedFor(@TempDir Path folder) throws IOException {
    Path summary = folder.resolve("summary.json");
    assertThat(
            run(
                    "nightly",
                    "now",
                    "--conf",
                    "spark.lodestone.summary=" + summary,
                    "--conf",
                    "spark.lodestone.history.days=3")
                .code())
        .isEqualTo(2);
    assertThat(summary)
        .content()
        .contains("\"job\" : \"nightly\"", "\"exit_code\" : 2", "Cannot run nightly with 'now'");
    String credential = "spark.hadoop.fs.s3a.secret.key=sesame";
    assertThat(
            run("nightly", "--conf", "spark.lodestone.summary=" + summary, "--conf", credential)
                .code())
        .isEqualTo(2);
    assertThat(summary)
        .content()
        .contains("\"exit_code\" : 2", "Cannot use the setting spark.hadoop.fs.s3a.secret.key")
        .doesNotContain("sesame");
    String absent = folder.resolve("absent").toString();
    assertThat(
            run(
                    "nightly",
                    "--properties-file",
                    absent,
                    "--conf",
                    "spark.lodestone.summary=" + summary,
                    "--conf")
                .code())
        .isEqualTo(2);
    assertThat(summary)
        .content()
        .contains("\"exit_code\" : 2", "Cannot read --properties-file " + absent);
    assertThat(run("nightly", "--conf", "spark.lodestone.history.days=3").error())
        .isEqualTo(
            "Cannot read spark.lodestone.history.days: '3' is too few; write at least 7 days.");
  }

  @Test
  void leavesTheSummaryOfTheNightWhereAJobOnlyReads(@TempDir Path folder) throws IOException {
    Path summary = Files.writeString(folder.resolve("summary.json"), "of the night");
    String setting = "spark.lodestone.summary=" + summary;
    assertThat(run("show", "flows", "--conf", setting).code()).isEqualTo(2);
    assertThat(run("history", "now", "--conf", setting).code()).isEqualTo(2);
    assertThat(run("explain", "flow", "--conf", setting).code()).isEqualTo(2);
    assertThat(run("nightly", "--dry-run", "now", "--conf", setting).code()).isEqualTo(2);
    assertThat(summary).hasContent("of the night");
    assertThat(run("fit", "now", "--conf", setting).code()).isEqualTo(2);
    assertThat(summary).content().contains("Cannot run fit with 'now'");
  }

  @Test
  void letsTheCommandLineWinOverThePropertiesFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("own.conf");
    Files.writeString(
        file, "spark.lodestone.hs.base HS2013\nspark.lodestone.lake " + folder + "\nother x\n");
    Main.CommandLine fromFile =
        Main.CommandLine.parse(new String[] {"run", "--properties-file", file.toString()});
    assertThat(fromFile.properties())
        .containsEntry("spark.lodestone.hs.base", "HS2013")
        .doesNotContainKey("other");
    Main.CommandLine both =
        Main.CommandLine.parse(
            new String[] {
              "run",
              "--conf",
              "spark.lodestone.hs.base=HS2017",
              "--properties-file",
              file.toString()
            });
    assertThat(both.properties()).containsEntry("spark.lodestone.hs.base", "HS2017");
    assertThat(both.job()).isEqualTo("run");
  }

  @Test
  void refusesAConfFolderThatDoesNotExist(@TempDir Path folder) {
    assertThat(run("run", "--conf", "spark.lodestone.conf=" + folder.resolve("absent")))
        .isEqualTo(
            new Ended(
                2,
                "Cannot read spark.lodestone.conf: %s does not exist; name the folder that holds sources/, hs/, goods.csv and countries.csv."
                    .formatted(folder.resolve("absent"))));
  }

  @Test
  void writesNoSampleBesideRealRecords(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("comtrade"));
    assertThat(run("sample", "--conf", "spark.lodestone.records=" + folder))
        .isEqualTo(
            new Ended(
                2,
                "Cannot write a sample into %s: it holds comtrade, and real and synthetic records never stand side by side; name another spark.lodestone.records."
                    .formatted(folder)));
    assertThat(folder.resolve("synthetic-comtrade")).doesNotExist();
  }
}
