package io.lodestone.diversification.frontier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.convex.ConvexSolver;
import org.ojalgo.type.context.NumberContext;

/**
 * The efficient frontier between concentration and cost: the least sum of squared shares that a
 * given mean unit cost allows, sum s = 1, 0 &lt;= s &lt;= limit, c's &lt;= budget.
 *
 * <p>The cheapest mix fills suppliers in the order of their unit cost, each to its limit. The least
 * concentrated one has no budget. Between the costs of the two lie the budgets of the points,
 * evenly spaced; concentration falls, or stays, as the budget rises. Beyond the cost of the least
 * concentrated mix nothing is to be gained. Where both coincide there is one point.
 *
 * <p>Unit costs are divided by their mean before the solver sees them, so that neither a currency
 * nor a unit of weight moves its tolerances.
 */
public final class Frontier {
  /** How far a solution may miss a constraint: a millionth of the importer's demand. */
  static final double TOLERANCE = 1e-6;

  /** The first budget is the cheapest cost and a ten-thousandth of the mean unit cost. */
  private static final double SLACK = 1e-4;

  /** Digits of the solver's inner steps, three more than its constraints are held to. */
  private static final int DIGITS = 9;

  private Frontier() {}

  /**
   * A mix.
   *
   * @param shares by supplier, summing to 1
   * @param hhi sum of their squares
   * @param unitCost their mean unit cost
   */
  public record Point(double[] shares, double hhi, double unitCost) {
    static Point of(double[] shares, double[] unitCosts) {
      double hhi = 0;
      double cost = 0;
      for (int supplier = 0; supplier < shares.length; supplier++) {
        hhi += shares[supplier] * shares[supplier];
        cost += shares[supplier] * unitCosts[supplier];
      }
      return new Point(shares, hhi, cost);
    }
  }

  /**
   * A frontier, or why there is none.
   *
   * @param points from the cheapest to the least concentrated; none if the caps are infeasible
   * @param note why there is none, or empty
   */
  public record Result(List<Point> points, String note) {}

  /**
   * The frontier.
   *
   * @param unitCosts by supplier, above 0
   * @param limits largest share of each supplier
   * @param points how many, at least 2
   */
  public static Result of(double[] unitCosts, double[] limits, int points) {
    double reachable = Arrays.stream(limits).sum();
    if (reachable < 1 - TOLERANCE) {
      return new Result(
          List.of(),
          "infeasible: all suppliers together can deliver %.3f of the imports"
              .formatted(reachable));
    }
    double mean = Arrays.stream(unitCosts).average().orElseThrow();
    double[] costs = Arrays.stream(unitCosts).map(cost -> cost / mean).toArray();
    Point cheapest = Point.of(cheapest(costs, limits), costs);
    try {
      return between(cheapest, unitCosts, costs, limits, points);
    } catch (Unsolved ending) {
      return new Result(List.of(), ending.getMessage());
    }
  }

  /** Cannot happen for a feasible programme in exact arithmetic; then the rows say so. */
  private static final class Unsolved extends RuntimeException {
    Unsolved(Optimisation.State state) {
      super("the solver ended with %s".formatted(state));
    }
  }

  private static Result between(
      Point cheapest, double[] unitCosts, double[] costs, double[] limits, int points) {
    Point flattest =
        Point.of(solve(costs, limits, Double.POSITIVE_INFINITY, cheapest.shares()), costs);
    List<Point> found = new ArrayList<>();
    // Several mixes may be cheapest; the least concentrated of them is on the frontier.
    if (flattest.unitCost() - cheapest.unitCost() > SLACK) {
      double[] last = cheapest.shares();
      for (int point = 0; point < points - 1; point++) {
        double part = (double) point / (points - 1);
        double budget = cheapest.unitCost() + part * (flattest.unitCost() - cheapest.unitCost());
        // The cheapest cost itself would leave the solver no interior.
        last = solve(costs, limits, Math.max(budget, cheapest.unitCost() + SLACK), last);
        found.add(Point.of(last, unitCosts));
      }
    }
    found.add(Point.of(flattest.shares(), unitCosts));
    return new Result(List.copyOf(found), "");
  }

  private static double[] cheapest(double[] costs, double[] limits) {
    Integer[] order = new Integer[costs.length];
    Arrays.setAll(order, place -> place);
    Arrays.sort(order, (left, right) -> Double.compare(costs[left], costs[right]));
    double[] shares = new double[costs.length];
    double left = 1;
    for (int supplier : order) {
      shares[supplier] = Math.min(limits[supplier], left);
      left -= shares[supplier];
    }
    return shares;
  }

  /**
   * The least concentrated mix within a budget.
   *
   * @param start a mix within it, at which the solver begins: from the mix of a smaller budget few
   *     suppliers come and go
   */
  private static double[] solve(double[] costs, double[] limits, double budget, double[] start) {
    int suppliers = costs.length;
    boolean bounded = Double.isFinite(budget);
    R064Store twice = R064Store.FACTORY.makeEye(suppliers, suppliers);
    twice.modifyAll(org.ojalgo.function.constant.PrimitiveMath.MULTIPLY.second(2.0));
    R064Store all = R064Store.FACTORY.make(1, suppliers);
    int rows = 2 * suppliers + (bounded ? 1 : 0);
    R064Store inequalities = R064Store.FACTORY.make(rows, suppliers);
    R064Store bounds = R064Store.FACTORY.make(rows, 1);
    for (int supplier = 0; supplier < suppliers; supplier++) {
      all.set(0, supplier, 1);
      inequalities.set(supplier, supplier, 1);
      bounds.set(supplier, 0, limits[supplier]);
      inequalities.set(suppliers + supplier, supplier, -1);
      if (bounded) {
        inequalities.set(rows - 1, supplier, costs[supplier]);
      }
    }
    if (bounded) {
      bounds.set(rows - 1, 0, budget);
    }
    R064Store one = R064Store.FACTORY.make(1, 1);
    one.set(0, 0, 1);
    Optimisation.Options options = new Optimisation.Options();
    // Of an inner step that misses more digits the solver takes none, but solves all equations
    // anew, ten times slower.
    options.convex().iterative(NumberContext.of(DIGITS));
    Optimisation.Result result =
        ConvexSolver.newBuilder()
            .objective(twice, R064Store.FACTORY.make(suppliers, 1))
            .equalities(all, one)
            .inequalities(inequalities, bounds)
            .build(options)
            .solve(Optimisation.Result.of(Optimisation.State.FEASIBLE, start));
    if (!result.getState().isOptimal()) {
      throw new Unsolved(result.getState());
    }
    double[] shares = new double[suppliers];
    for (int supplier = 0; supplier < suppliers; supplier++) {
      shares[supplier] = Math.max(0, Math.min(limits[supplier], result.doubleValue(supplier)));
    }
    return shares;
  }
}
