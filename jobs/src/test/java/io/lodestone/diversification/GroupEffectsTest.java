package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.ConfFiles;
import io.lodestone.records.Goods;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Effects of groups that training did not show, and of goods. */
final class GroupEffectsTest {

  @Test
  void givesUnseenGroupsAndGoodsTheMeanEffectByFlows() {
    List<Row> rows =
        List.of(
            RowFactory.create("importer", "JPN", 2.0, 3.0),
            RowFactory.create("importer", "DEU", 4.0, 1.0),
            RowFactory.create("supplier", "CHN", 1.0, 4.0),
            RowFactory.create("supplier", "AUS", PoissonEffects.NONE, 0.0),
            RowFactory.create("product", "280530", -1.0, 1.0),
            RowFactory.create("product", "284610", PoissonEffects.NONE, 0.0),
            RowFactory.create("product", "284690", -4.0, 2.0));
    GroupEffects effects =
        GroupEffects.of(rows).withGoods(Goods.load(ConfFiles.load(Optional.empty(), null)));

    assertThat(effects.of("JPN", "AUS", "280530")).as("Australia").isCloseTo(-19, within(1e-9));
    assertThat(effects.of("JPN", "CHN", "280530")).as("metal").isCloseTo(2, within(1e-9));
    assertThat(effects.of("JPN", "CHN", "850511")).as("magnets").isCloseTo(0, within(1e-9));
    assertThat(effects.of("JPN", "CHN", "rare-earths")).as("a good").isCloseTo(0, within(1e-9));
    assertThat(effects.of("JPN", "VNM", "280530")).as("Viet Nam").isCloseTo(2, within(1e-9));
    assertThat(effects.of("USA", "CHN", "280530")).as("the States").isCloseTo(2.5, within(1e-9));
  }
}
