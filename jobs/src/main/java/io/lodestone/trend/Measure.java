package io.lodestone.trend;

import java.util.ArrayList;
import java.util.List;

/** What is followed through the years. */
public final class Measure {
  public static final String HHI = "hhi";
  public static final String EFFECTIVE_SUPPLIERS = "effective_suppliers";

  /** The share of who was the top supplier of the first year. */
  public static final String FIRST_TOP = "share:first_top";

  /** What stands before a supplier of interest. */
  public static final String SHARE = "share:";

  /** Those that a setting may name; the suppliers of interest have a setting of their own. */
  public static final List<String> ALL = List.of(HHI, EFFECTIVE_SUPPLIERS, FIRST_TOP);

  private Measure() {}

  /** The measures of a run: those that the setting names, then a share a supplier of interest. */
  static List<String> of(List<String> named, List<String> suppliers) {
    List<String> measures = new ArrayList<>(named);
    suppliers.forEach(supplier -> measures.add(SHARE + supplier));
    return measures;
  }

  /** Whether its values lie in [0, 1], near whose ends least squares go through the logit. */
  static boolean isShare(String measure) {
    return !measure.equals(EFFECTIVE_SUPPLIERS);
  }
}
