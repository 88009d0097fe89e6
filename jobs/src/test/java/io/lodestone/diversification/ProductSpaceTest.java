package io.lodestone.diversification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lodestone.SharedData;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Comparative advantage, proximity and density by hand, and as others have published them. */
final class ProductSpaceTest {

  @Test
  void placesThreeCountriesAndTwoProductsAsByHand() {
    double[][] exports = {{80, 20}, {20, 80}, {50, 50}};

    double[][] rca = ProductSpace.rca(exports);

    assertThat(rca[0][0]).isEqualTo(80 / 100.0 / (150 / 300.0), within(1e-12));
    assertThat(rca[2][1]).isEqualTo(1, within(1e-12));
    long[][] present = ProductSpace.presence(rca, 2);
    double[] proximity = ProductSpace.proximity(present[0], present);
    assertThat(proximity).containsExactly(1, 0.5);
    assertThat(ProductSpace.density(proximity, ProductSpace.products(present, 3)))
        .containsExactly(1 / 1.5, 0.5 / 1.5, 1);
  }

  @Test
  void giveNothingWhereNobodyExports() {
    double[][] rca = ProductSpace.rca(new double[][] {{1, 0}, {1, 0}});
    long[][] present = ProductSpace.presence(rca, 2);
    assertThat(rca[0]).containsExactly(1, 0);
    assertThat(ProductSpace.proximity(present[1], present)).containsExactly(0, 0);
    assertThat(ProductSpace.density(new double[] {0, 0}, ProductSpace.products(present, 2)))
        .containsExactly(0, 0);
  }

  @Test
  void agreesWithPublishedAdvantagesAndProximitiesCellByCell() {
    Path folder = SharedData.folder("economic-complexity");
    Map<String, Map<String, Double>> trade = new TreeMap<>();
    TreeSet<String> names = new TreeSet<>();
    for (Map<String, String> line :
        SharedData.csv(folder.resolve("world_trade_avg_1998_to_2000.csv.gz"))) {
      trade
          .computeIfAbsent(line.get("country"), country -> new TreeMap<>())
          .merge(line.get("product"), Double.parseDouble(line.get("value")), Double::sum);
      names.add(line.get("product"));
    }
    List<String> countries = List.copyOf(trade.keySet());
    List<String> products = List.copyOf(names);
    double[][] exports = new double[countries.size()][products.size()];
    for (int country = 0; country < countries.size(); country++) {
      for (int product = 0; product < products.size(); product++) {
        exports[country][product] =
            trade.get(countries.get(country)).getOrDefault(products.get(product), 0.0);
      }
    }

    double[][] rca = ProductSpace.rca(exports);

    List<Map<String, String>> expected =
        SharedData.csv(folder.resolve("expected_balassa_index_binary.csv.gz"));
    int cells = 0;
    for (Map<String, String> line : expected) {
      int country = countries.indexOf(line.get("country"));
      for (int product = 0; product < products.size(); product++) {
        String published = line.get(products.get(product));
        if (published != null) {
          assertThat(rca[country][product] >= 1)
              .as("%s %s", line.get("country"), products.get(product))
              .isEqualTo(published.equals("1"));
          cells++;
        }
      }
    }
    assertThat(cells).isEqualTo(226 * 785);

    // The published proximities are those of countries: the same formula on the turned matrix.
    double[][] turned = new double[products.size()][countries.size()];
    for (int country = 0; country < countries.size(); country++) {
      for (int product = 0; product < products.size(); product++) {
        turned[product][country] = rca[country][product];
      }
    }
    long[][] present = ProductSpace.presence(turned, countries.size());
    int proximities = 0;
    for (Map<String, String> line :
        SharedData.csv(folder.resolve("expected_proximity_country.csv.gz"))) {
      double[] proximity =
          ProductSpace.proximity(present[countries.indexOf(line.get("id"))], present);
      for (int other = 0; other < countries.size(); other++) {
        String published = line.get(countries.get(other));
        if (published != null && !countries.get(other).equals(line.get("id"))) {
          assertThat(proximity[other])
              .as("%s %s", line.get("id"), countries.get(other))
              .isEqualTo(Double.parseDouble(published), within(1e-9));
          proximities++;
        }
      }
    }
    assertThat(proximities).isEqualTo(226 * 225);
  }
}
