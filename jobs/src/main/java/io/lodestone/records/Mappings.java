package io.lodestone.records;

import java.util.List;

/** How six reported digits became a product of the base revision. */
public final class Mappings {
  /** From the strongest to the weakest. */
  public static final List<String> ALL = List.of("same", "merged", "split", "unmapped");

  private Mappings() {}
}
