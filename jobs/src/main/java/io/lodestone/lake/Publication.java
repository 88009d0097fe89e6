package io.lodestone.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What readers of a lake are to see, {@code LAKE/_published.json}: one version of every table, all
 * of the same run. It is replaced as a whole, in one put.
 *
 * @param run whose tables these are; empty for those that stood there before the first run that
 *     published
 * @param token of that run's lease
 * @param published when
 * @param maintained when tables were last maintained
 * @param readableSince runs that started before can no longer be read, whatever the history is to
 *     be: what only they show has been deleted
 * @param recipe fingerprint of program, settings and configuration that all tables were made with;
 *     empty where some may have been made with others
 * @param versions by table
 */
public record Publication(
    String run,
    long token,
    Instant published,
    Instant maintained,
    Instant readableSince,
    String recipe,
    Map<String, Long> versions) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The same, maintained at an instant.
   *
   * @param since when the history began that was kept; a longer one brings nothing back
   */
  public Publication maintainedAt(Instant instant, Instant since) {
    // One that lies ahead is of a clock that was wrong, and left nothing of before.
    Instant readable =
        readableSince.isAfter(instant)
            ? instant
            : readableSince.isBefore(since) ? since : readableSince;
    return new Publication(run, token, published, instant, readable, recipe, versions);
  }

  /** The same, as the run of another lease puts it. */
  Publication under(long other) {
    return new Publication(run, other, published, maintained, readableSince, recipe, versions);
  }

  /** The same, of tables that another recipe would make likewise. */
  public Publication madeBy(String other) {
    return new Publication(run, token, published, maintained, readableSince, other, versions);
  }

  String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("run", run)
        .put("token", token)
        .put("published", published.toString())
        .put("maintained", maintained.toString())
        .put("readable_since", readableSince.toString())
        .put("recipe", recipe);
    ObjectNode tables = json.putObject("tables");
    new TreeMap<>(versions).forEach(tables::put);
    return json.toPrettyString();
  }

  static Publication of(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      Map<String, Long> versions = new TreeMap<>();
      json.path("tables")
          .fields()
          .forEachRemaining(table -> versions.put(table.getKey(), table.getValue().asLong()));
      return new Publication(
          json.path("run").asText(),
          json.path("token").asLong(),
          Instant.parse(json.path("published").asText()),
          Instant.parse(json.path("maintained").asText()),
          Instant.parse(json.path("readable_since").asText(Instant.EPOCH.toString())),
          json.path("recipe").asText(),
          versions);
    } catch (JsonProcessingException invalid) {
      throw new IllegalStateException("Cannot read _published.json: " + text, invalid);
    }
  }
}
