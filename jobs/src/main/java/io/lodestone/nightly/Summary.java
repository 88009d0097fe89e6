package io.lodestone.nightly;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How a program ended, for whoever started it: where a cluster runs the driver, its exit code is
 * not the program's. Until it has ended there stands that it runs, so that nobody takes the end of
 * an earlier one for its own.
 *
 * @param job that was asked for
 * @param exitCode 0 done, 2 usage or settings, 3 bad data, 4 fault, 5 another run holds the lease;
 *     null until it has ended
 * @param run id; null where none began
 * @param outcome as in the table {@code run}, or {@code running}; null where no run began
 * @param warnings of the gate
 * @param message why it failed; null where it did not
 */
public record Summary(
    String job,
    Integer exitCode,
    String run,
    String outcome,
    List<String> warnings,
    String message) {

  /** Of a program that has just begun. */
  public static Summary running(String job) {
    return new Summary(job, null, null, "running", List.of(), null);
  }

  /** Writes it as a JSON object. */
  public void write(Path path, Configuration configuration) throws IOException {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("job", job)
        .put("exit_code", exitCode)
        .put("run", run)
        .put("outcome", outcome)
        .put("message", message);
    warnings.forEach(json.putArray("warnings")::add);
    try (OutputStream out = path.getFileSystem(configuration).create(path, true)) {
      out.write(json.toPrettyString().getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }
  }
}
