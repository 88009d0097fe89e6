package io.lodestone;

import static io.lodestone.Workplace.failure;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

  @Test
  void hasDefaults() {
    Settings settings = Settings.parse(Map.of("spark.master", "local[2]"));
    assertThat(settings.records()).isEqualTo(new Path("./records"));
    assertThat(settings.recordsGiven()).isFalse();
    assertThat(settings.lake()).isEqualTo(new Path("./lake"));
    assertThat(settings.conf()).isEmpty();
    assertThat(settings.hsBase()).isEqualTo("HS2012");
    assertThat(settings.rejectsMax()).isEqualTo(0.01);
    assertThat(settings.filesRejectedMax()).isEqualTo(0.1);
    assertThat(settings.withdrawnMax()).isEqualTo(0.1);
  }

  @Test
  void checksTheImportersOfTheBriefThatTheLauncherWrites() {
    Settings.parse(Map.of("spark.lodestone.brief", "JPN,TWN"));
    assertThat(failure(() -> Settings.parse(Map.of("spark.lodestone.brief", "Japan"))))
        .hasMessage(
            "Cannot read spark.lodestone.brief: 'Japan' is no list of importers; write alpha-3 codes such as JPN,TWN.");
  }

  @Test
  void takesOneOrSeveralPartsOfExportsThatCouldBeRedirected() {
    assertThat(Settings.parse(Map.of("spark.lodestone.models.theta", "0.1, 0.3")).models().theta())
        .containsExactly(0.1, 0.3);
    assertThat(failure(() -> Settings.parse(Map.of("spark.lodestone.models.theta", "0.2,0.2"))))
        .hasMessage(
            "Cannot read spark.lodestone.models.theta: '0.2,0.2' holds 0 or a part twice; write parts such as 0.1,0.2,0.3.");
    assertThat(failure(() -> Settings.parse(Map.of("spark.lodestone.models.theta", "1.2"))))
        .hasMessage(
            "Cannot read spark.lodestone.models.theta: '1.2' is no share; write a number between 0 and 1.");
  }

  @Test
  void takesWhatIsGiven() {
    Settings settings =
        Settings.parse(
            Map.of(
                "spark.lodestone.records", " s3a://bucket/records ",
                "spark.lodestone.hs.base", "reported",
                "spark.lodestone.rejects.max", "0"));
    assertThat(settings.records()).isEqualTo(new Path("s3a://bucket/records"));
    assertThat(settings.recordsGiven()).isTrue();
    assertThat(settings.hsBase()).isEqualTo("reported");
    assertThat(settings.rejectsMax()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "spark.lodestone.record, spark.lodestone.records",
    "spark.lodestone.hsbase, spark.lodestone.hs.base",
    "spark.lodestone.reject.max, spark.lodestone.rejects.max",
    "spark.lodestone.Lake, spark.lodestone.lake"
  })
  void namesTheNearestOfAnUnknownSetting(String unknown, String nearest) {
    assertThat(failure(() -> Settings.parse(Map.of(unknown, "x"))))
        .hasMessage(
            "Cannot use the setting %s: there is none of that name; the nearest is %s (see `./lodestone help`)."
                .formatted(unknown, nearest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.1", "1.5", "NaN", "10%", ""})
  void needsSharesBetweenZeroAndOne(String share) {
    assertThat(failure(() -> Settings.parse(Map.of("spark.lodestone.rejects.max", share))))
        .hasMessageStartingWith("Cannot read spark.lodestone.rejects.max: '" + share + "' is no")
        .hasMessageEndingWith("between 0 and 1.");
  }

  @Test
  void needsARevisionThatExists() {
    assertThat(failure(() -> Settings.parse(Map.of("spark.lodestone.hs.base", "HS2013"))))
        .hasMessage(
            "Cannot read spark.lodestone.hs.base: 'HS2013' is no HS revision; write one of HS1992, HS1996, HS2002, HS2007, HS2012, HS2017, HS2022, HS2028 or reported.");
  }

  @Test
  void refusesAnEmptyPath() {
    assertThat(failure(() -> Settings.parse(Map.of("spark.lodestone.lake", ""))))
        .hasMessage(
            "Cannot read spark.lodestone.lake: '' is empty; write a folder or a URI such as s3a://bucket/folder.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark.lodestone.records", "spark.lodestone.lake", "spark.lodestone.conf"})
  void refusesCredentialsInAPathAndDoesNotRepeatThem(String setting) {
    Failure failure =
        failure(() -> Settings.parse(Map.of(setting, "s3a://key:secret@bucket/folder")));
    assertThat(failure)
        .hasMessage(
            "Cannot read %s: 's3a://***@bucket/folder' carries credentials; take them out and give them by environment or credential store."
                .formatted(setting));
    assertThat(failure.exitCode()).isEqualTo(2);
    assertThat(failure(() -> Settings.parse(Map.of(setting, "s3a://key:sec/ret@bucket/folder"))))
        .as("a secret may hold a slash")
        .hasMessageContaining("'s3a://***@bucket/folder' carries credentials");
    assertThat(Settings.path("hdfs://namenode:8020/folder/of@them"))
        .as("a port is no secret")
        .hasToString("hdfs://namenode:8020/folder/of@them");
  }
}
