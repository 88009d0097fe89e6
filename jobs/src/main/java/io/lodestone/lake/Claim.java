package io.lodestone.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What stands in a lease.
 *
 * @param token counts the leases of the lake; the greatest one holds
 * @param run id of the run
 * @param job its name
 * @param machine where it runs: boot and process namespace; empty where the system does not say
 * @param process id there
 * @param processStarted when that process started: in clock ticks since the boot of the machine
 *     where /proc says it, else in milliseconds of wall-clock time; 0 if unknown
 * @param started when the run started
 * @param beat counts up while the run is alive
 * @param beaten when it last did
 * @param released whether the run has ended
 */
public record Claim(
    long token,
    String run,
    String job,
    String machine,
    long process,
    long processStarted,
    Instant started,
    long beat,
    Instant beaten,
    boolean released) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A claim of this process. */
  static Claim of(long token, String run, String job, Instant now) {
    ProcessHandle self = ProcessHandle.current();
    return new Claim(token, run, job, thisMachine(), self.pid(), started(self), now, 0, now, false);
  }

  Claim beaten(Instant now) {
    return new Claim(
        token, run, job, machine, process, processStarted, started, beat + 1, now, released);
  }

  Claim released(Instant now) {
    return new Claim(
        token, run, job, machine, process, processStarted, started, beat + 1, now, true);
  }

  /** Whether its process is known to have ended: it ran on this machine and is not there. */
  boolean isDead() {
    return !machine.isEmpty()
        && machine.equals(thisMachine())
        && ProcessHandle.of(process)
            .filter(ProcessHandle::isAlive)
            .filter(alive -> processStarted == 0 || started(alive) == processStarted)
            .isEmpty();
  }

  /**
   * What Java says of it is, on Linux, the wall clock's boot time and these ticks, and so moves
   * when the clock is set.
   */
  private static long started(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/%d/stat".formatted(process.pid())));
      // The second field, the program's name in brackets, may hold blanks and brackets.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(fields[START_TIME - 3]);
    } catch (IOException elsewhere) {
      return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
  }

  /** Its field in /proc/PID/stat, counted from 1. */
  private static final int START_TIME = 22;

  /** A host name does not do: two containers may share it and number their processes apart. */
  private static String thisMachine() {
    Path boot = Path.of("/proc/sys/kernel/random/boot_id");
    Path processes = Path.of("/proc/self/ns/pid");
    try {
      return Files.isReadable(boot)
          ? Files.readString(boot).strip() + " " + Files.readSymbolicLink(processes)
          : "";
    } catch (IOException unknown) {
      return "";
    }
  }

  String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("token", token)
        .put("run", run)
        .put("job", job)
        .put("machine", machine)
        .put("process", process)
        .put("process_start", processStarted)
        .put("started", started.toString())
        .put("beat", beat)
        .put("beaten", beaten.toString())
        .put("released", released);
    return json.toPrettyString();
  }

  static Claim of(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return new Claim(
          json.path("token").asLong(),
          json.path("run").asText(),
          json.path("job").asText(),
          json.path("machine").asText(),
          json.path("process").asLong(),
          json.path("process_start").asLong(),
          Instant.parse(json.path("started").asText()),
          json.path("beat").asLong(),
          Instant.parse(json.path("beaten").asText()),
          json.path("released").asBoolean());
    } catch (JsonProcessingException invalid) {
      throw new IllegalStateException("Cannot read the lease: " + text, invalid);
    }
  }
}
