package io.lodestone.lake;

/**
 * A commit of rows.
 *
 * @param table its name
 * @param step that wrote it
 * @param slice predicate of the rows that were replaced
 * @param rows that were written
 * @param version that the commit made
 */
public record Write(String table, String step, String slice, long rows, long version) {}
