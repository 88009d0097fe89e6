package io.lodestone.lake;

/**
 * One column of a table.
 *
 * @param name as scripts use it
 * @param type Spark SQL type
 * @param comment one sentence with unit and meaning of null; notebooks show it
 */
public record Column(String name, String type, String comment) {}
