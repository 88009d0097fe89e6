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
 * @param recipe fingerprint of program, settings and configuration that all tables were made with;
 *     empty where some may have been made with others
 * @param versions by table
 */
public record Publication(
    String run,
    long token,
    Instant published,
    Instant maintained,
    String recipe,
    Map<String, Long> versions) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The same, maintained at another instant. */
  public Publication maintainedAt(Instant instant) {
    return new Publication(run, token, published, instant, recipe, versions);
  }

  /** The same, of tables that another recipe would make likewise. */
  public Publication madeBy(String other) {
    return new Publication(run, token, published, maintained, other, versions);
  }

  String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("run", run)
        .put("token", token)
        .put("published", published.toString())
        .put("maintained", maintained.toString())
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
          json.path("recipe").asText(),
          versions);
    } catch (JsonProcessingException invalid) {
      throw new IllegalStateException("Cannot read _published.json: " + text, invalid);
    }
  }
}
