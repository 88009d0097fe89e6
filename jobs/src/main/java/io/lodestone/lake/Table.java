package io.lodestone.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What a table promises: its grain, key, columns, layout and checks. Immutable; the fluent methods
 * return a copy.
 */
public final class Table {
  private final String name;
  private final String grain;
  private final List<String> key;
  private final List<String> partitions;
  private final List<Column> columns;
  private final Map<String, String> checks;

  private Table(
      String name,
      String grain,
      List<String> key,
      List<String> partitions,
      List<Column> columns,
      Map<String, String> checks) {
    this.name = name;
    this.grain = grain;
    this.key = key;
    this.partitions = partitions;
    this.columns = columns;
    this.checks = checks;
  }

  /** A table without columns yet. */
  public static Table named(String name, String grain) {
    return new Table(name, grain, List.of(), List.of(), List.of(), Map.of());
  }

  /** The columns that identify a row. */
  public Table key(String... names) {
    return new Table(name, grain, List.of(names), partitions, columns, checks);
  }

  /** The columns whose values are folders on disk: the slices that are replaced as a whole. */
  public Table partitionedBy(String... names) {
    return new Table(name, grain, key, List.of(names), columns, checks);
  }

  /** Adds a column. */
  public Table column(String column, String type, String comment) {
    List<Column> more = new ArrayList<>(columns);
    more.add(new Column(column, type, comment));
    return new Table(name, grain, key, partitions, List.copyOf(more), checks);
  }

  /** Adds a rule that every row keeps; Delta refuses a commit that breaks it. */
  public Table check(String rule, String predicate) {
    Map<String, String> more = new LinkedHashMap<>(checks);
    more.put(rule, predicate);
    return new Table(name, grain, key, partitions, columns, more);
  }

  public String name() {
    return name;
  }

  public String grain() {
    return grain;
  }

  public List<String> key() {
    return key;
  }

  public List<String> partitions() {
    return partitions;
  }

  /**
   * A predicate that holds in some partitions; a table without any is one.
   *
   * @param values of the partition columns, by name
   */
  public String partitionsAre(Collection<Map<String, String>> values) {
    if (values.isEmpty() || partitions.isEmpty()) {
      return String.valueOf(!values.isEmpty());
    }
    return values.stream()
        .map(
            some ->
                new TreeMap<>(some)
                    .entrySet().stream()
                        .map(
                            value ->
                                "%s = '%s'"
                                    .formatted(
                                        value.getKey(), value.getValue().replace("'", "\\'")))
                        .collect(Collectors.joining(" AND ", "(", ")")))
        .sorted()
        .collect(Collectors.joining(" OR "));
  }

  public List<Column> columns() {
    return columns;
  }

  public Map<String, String> checks() {
    return checks;
  }

  /** Names of all columns in their order. */
  public String[] columnNames() {
    return columns.stream().map(Column::name).toArray(String[]::new);
  }

  /** The schema with comments. */
  public StructType schema() {
    StructType schema = new StructType();
    for (Column column : columns) {
      schema = schema.add(column.name(), DataType.fromDDL(column.type()), true, column.comment());
    }
    return schema;
  }
}
