package io.lodestone.nightly;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.Pipeline;
import io.lodestone.SharedSpark;
import io.lodestone.Workplace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A night that is killed at any moment leaves nothing that the next one does not make good. */
@Tag("trial")
@ExtendWith(SharedSpark.class)
final class KillsTest {
  private static final int LONGEST_MINUTES = 20;

  /** A night in a process of its own, as the launcher starts it. */
  private static Process night(Workplace workplace) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-X"))
        .forEach(command::add);
    command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
    SharedSpark.SETTINGS.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "io.lodestone.Main",
            "nightly"));
    workplace
        .given()
        .forEach((name, value) -> command.addAll(List.of("--conf", name + "=" + value)));
    Path log = workplace.folder().resolve("night.log");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static double undisturbed(Workplace workplace) throws IOException, InterruptedException {
    long started = System.nanoTime();
    Process process = night(workplace);
    assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as(Files.readString(workplace.folder().resolve("night.log")))
        .isZero();
    return (System.nanoTime() - started) / 1e9;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  @Test
  void aNightAfterAKillMakesWhatAnUndisturbedOneMakes(Workplace workplace)
      throws IOException, InterruptedException {
    Trials trials = Trials.of("kills", 1);
    Path folder = workplace.folder();
    workplace
        .set("lost.max", "1")
        .set("withdrawn.max", "1")
        .set("rejects.max", "1")
        .set("lake", folder.resolve("lake").toString());
    Arrivals arrivals = new Arrivals(2, workplace);
    arrivals.begin(5);
    workplace.nightly("first");
    copy(folder.resolve("lake"), folder.resolve("before"));
    List<String> changes = new ArrayList<>();
    for (int change = 0; change < 3; change++) {
      changes.add(arrivals.change());
    }
    assertThat(changes)
        .anyMatch(change -> change.startsWith("arrival"))
        .anyMatch(change -> change.startsWith("revision"))
        .anyMatch(change -> change.startsWith("withdrawal"));
    double seconds = undisturbed(workplace);
    Map<String, List<String>> wanted = ArrivalsTest.contents(workplace);
    Map<String, List<String>> old =
        ArrivalsTest.contents(workplace.set("lake", folder.resolve("before").toString()));
    assertThat(wanted).isNotEqualTo(old);

    for (long trial : trials.toMake().toArray()) {
      Path lake = folder.resolve("lake-" + trial);
      copy(folder.resolve("before"), lake);
      workplace.set("lake", lake.toString());
      Process killed = night(workplace);
      // Random's first number is nearly the same for small seeds.
      long moment = (long) (1000 * seconds * new SplittableRandom(trial + 1).nextDouble());
      boolean ended = killed.waitFor(moment, TimeUnit.MILLISECONDS);
      killed.destroyForcibly().waitFor();
      Map<String, List<String>> published =
          ArrivalsTest.contents(workplace, AsOf.published(workplace.lake()));
      assertThat(List.of(old, wanted))
          .as(
              "what is published after a kill at %d ms is the old or the new, never a mixture",
              moment)
          .contains(published);
      long started = System.nanoTime();
      workplace.nightly("healing-" + trial, Pipeline.STEPS, Clock.systemUTC());
      double healing = (System.nanoTime() - started) / 1e9;
      assertThat(ArrivalsTest.contents(workplace)).as("killed at %d ms", moment).isEqualTo(wanted);
      trials.made(
          "trial %d, %s after %.1f of %.1f s, next night %.1f s, equal"
              .formatted(trial, ended ? "had ended" : "killed", moment / 1e3, seconds, healing));
    }
  }
}
