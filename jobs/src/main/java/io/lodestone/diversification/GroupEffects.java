package io.lodestone.diversification;

import io.lodestone.records.Goods;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Fixed effects of importers, suppliers and products, as a fit of {@link PoissonEffects} leaves
 * them. A group that the fit never saw has the mean effect of its grouping, by the flows of
 * training: effects are not normalised, so that 0 is no average.
 */
final class GroupEffects implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The columns of a row that are grouped by, in the order of the effects. */
  static final List<String> GROUPINGS = List.of("importer", "supplier", "product");

  /** Of the rows of a fit; {@code flow} is what the group has in training, weighted. */
  static final StructType SCHEMA =
      new StructType()
          .add("grouping", "STRING")
          .add("name", "STRING")
          .add("effect", "DOUBLE")
          .add("flow", "DOUBLE");

  private static final int PRODUCT = GROUPINGS.indexOf("product");

  /** An effect and the flow that it rests on. */
  private record Effect(double effect, double flow) implements Serializable {}

  /** A mean by flows: a group without any flow has a sentinel, which counts nothing. */
  private static final class Mean {
    private double sum;
    private double flow;

    private void add(Effect effect) {
      sum += effect.effect() * effect.flow();
      flow += effect.flow();
    }
  }

  private final List<Map<String, Effect>> effects;
  private final double[] means;

  private GroupEffects(List<Map<String, Effect>> effects) {
    this.effects = effects;
    this.means = effects.stream().mapToDouble(GroupEffects::mean).toArray();
  }

  private static double mean(Map<String, Effect> effects) {
    Mean mean = new Mean();
    effects.values().forEach(mean::add);
    return mean.sum / mean.flow;
  }

  /** From rows of {@link #SCHEMA}. */
  static GroupEffects of(List<Row> rows) {
    List<Map<String, Effect>> effects =
        GROUPINGS.stream().<Map<String, Effect>>map(grouping -> new HashMap<>()).toList();
    for (Row row : rows) {
      effects
          .get(GROUPINGS.indexOf(row.getString(0)))
          .put(row.getString(1), new Effect(row.getDouble(2), row.getDouble(3)));
    }
    return new GroupEffects(effects);
  }

  /**
   * Adds goods, which have the mean effect of their members, and no flow: theirs is the members'.
   */
  GroupEffects withGoods(Goods goods) {
    Map<String, Mean> means = new HashMap<>();
    for (Goods.Member member : goods.members()) {
      Effect effect = effects.get(PRODUCT).get(member.code());
      if (!member.isNational() && effect != null && effect.flow() > 0) {
        means.computeIfAbsent(member.good(), good -> new Mean()).add(effect);
      }
    }
    Map<String, Effect> products = new HashMap<>(effects.get(PRODUCT));
    means.forEach((good, mean) -> products.put(good, new Effect(mean.sum / mean.flow, 0)));
    return new GroupEffects(List.of(effects.get(0), effects.get(1), products));
  }

  /** Sum of the effects of a row of {@link ExpectedFlow}. */
  double of(Row row) {
    return of(row.getString(0), row.getString(3), row.getString(1));
  }

  /** Sum of the effects of an importer, a supplier and a product. */
  double of(String... names) {
    double sum = 0;
    for (int grouping = 0; grouping < names.length; grouping++) {
      Effect effect = effects.get(grouping).get(names[grouping]);
      sum += effect == null ? means[grouping] : effect.effect();
    }
    return sum;
  }
}
