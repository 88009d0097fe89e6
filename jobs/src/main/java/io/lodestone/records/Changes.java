package io.lodestone.records;

import java.util.List;

/**
 * How the records folder differs from what is loaded.
 *
 * @param added paths of new files
 * @param changed paths of files that are other than they were, or would be read otherwise
 * @param gone paths of files that were loaded and are not there
 * @param slices source and year that changed and gone files touch, as far as was known
 */
public record Changes(
    List<String> added, List<String> changed, List<String> gone, List<String> slices) {
  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return added.isEmpty() && changed.isEmpty() && gone.isEmpty();
  }
}
