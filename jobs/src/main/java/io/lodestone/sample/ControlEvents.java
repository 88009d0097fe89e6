package io.lodestone.sample;

import java.util.List;
import java.util.Set;

/**
 * China's export controls, as they show in monthly records.
 *
 * <p>Published numbers (shared/methods.md section 5) are met exactly where they name a month, and
 * on average where they name a level: natural graphite around 1 December 2023 to Japan and to the
 * world; the gallium and germanium basket in July and August 2023, which dips and does not vanish,
 * since the code holds other metals too; magnets from April 2025; the EU's antimony from September
 * 2024 and bismuth from February 2025. The rare earths' autumn of 2010 moves months within a year
 * whose total is published. What China does not sell is bought elsewhere in the part that {@link
 * #replaced} says.
 */
final class ControlEvents {
  private ControlEvents() {}

  /** Importers that a published number is about. */
  enum Market {
    JAPAN,
    EUROPEAN_UNION,
    WORLD_WITHOUT_JAPAN,
    WORLD;

    boolean includes(Country importer) {
      return switch (this) {
        case JAPAN -> importer == Country.JAPAN;
        case EUROPEAN_UNION -> importer.european();
        case WORLD_WITHOUT_JAPAN -> importer != Country.JAPAN;
        case WORLD -> true;
      };
    }
  }

  /**
   * China's level before the event: demand of the market is scaled in all years so that it holds in
   * one.
   *
   * @param tonnesPerMonth China's sales to the market, on average of the year
   */
  record Anchor(String product, Market market, int year, double tonnesPerMonth) {}

  /**
   * A published month.
   *
   * @param market whose purchases are scaled to meet it
   * @param tonnes China's sales to the market
   */
  record Month(String product, Market market, int year, int month, double tonnes) {}

  /** Natural graphite, the Ga and Ge basket, magnets, antimony, bismuth. */
  static final Set<String> CONTROLLED = Set.of("250410", "811292", "850511", "811010", "810600");

  /** The first year for which China's sales of them are kept by month. */
  static final int FIRST_MONTHLY_YEAR = 2022;

  /** May 2025 was 74 percent below May 2024. */
  private static final double MAGNETS_MAY_2024 = 1238 / (1 - 0.74);

  static final List<Anchor> ANCHORS =
      List.of(
          new Anchor("250410", Market.JAPAN, 2022, 2206),
          new Anchor("250410", Market.WORLD_WITHOUT_JAPAN, 2022, 12198 - 2206),
          new Anchor("811292", Market.WORLD, 2022, 103),
          new Anchor("850511", Market.WORLD, 2024, MAGNETS_MAY_2024),
          new Anchor("811010", Market.EUROPEAN_UNION, 2024, 190.3),
          new Anchor("810600", Market.EUROPEAN_UNION, 2024, 131.5));

  static final List<Month> MONTHS =
      List.of(
          new Month("250410", Market.JAPAN, 2023, 9, 2206),
          new Month("250410", Market.JAPAN, 2023, 10, 2576),
          new Month("250410", Market.JAPAN, 2023, 11, 8517),
          new Month("250410", Market.JAPAN, 2023, 12, 20),
          new Month("250410", Market.JAPAN, 2024, 1, 839),
          new Month("250410", Market.JAPAN, 2024, 2, 1666),
          new Month("250410", Market.JAPAN, 2024, 3, 2296),
          new Month("250410", Market.WORLD_WITHOUT_JAPAN, 2023, 9, 12198 - 2206),
          new Month("250410", Market.WORLD_WITHOUT_JAPAN, 2023, 10, 11780 - 2576),
          new Month("250410", Market.WORLD_WITHOUT_JAPAN, 2023, 11, 40518 - 8517),
          new Month("250410", Market.WORLD_WITHOUT_JAPAN, 2023, 12, 2726 - 20),
          new Month("250410", Market.WORLD_WITHOUT_JAPAN, 2024, 1, 4177 - 839),
          new Month("250410", Market.WORLD_WITHOUT_JAPAN, 2024, 2, 5063 - 1666),
          new Month("250410", Market.WORLD_WITHOUT_JAPAN, 2024, 3, 10296 - 2296),
          new Month("811292", Market.WORLD, 2023, 7, 103),
          new Month("811292", Market.WORLD, 2023, 8, 84),
          new Month("850511", Market.WORLD, 2024, 5, MAGNETS_MAY_2024),
          new Month("850511", Market.WORLD, 2025, 5, 1238),
          new Month("850511", Market.WORLD, 2025, 7, 5577),
          new Month("850511", Market.WORLD, 2025, 8, 6146),
          new Month("850511", Market.WORLD, 2025, 9, 5774),
          new Month("850511", Market.WORLD, 2025, 10, 5473));

  /** What China sells in a month, as a fraction of what was planned without a control. */
  static double volume(Product product, int year, int month) {
    int date = year * 100 + month;
    return switch (product.code()) {
      case "250410" -> date < 202312 ? 1 : date < 202404 ? 0.5 : 0.85;
      case "811292" -> date < 202308 ? 1 : date < 202310 ? 0.8 : 0.9;
      case "811010" -> date < 202409 ? 1 : 8.4 / 190.3;
      case "810600" -> date < 202502 ? 1 : 56.9 / 131.5;
      case "850511" ->
          switch (date) {
            case 202504 -> 0.27;
            case 202505 -> 0.26;
            case 202506 -> 0.6;
            default -> date < 202504 ? 1 : 1.15;
          };
      default -> 1;
    };
  }

  /** The factor on the unit value that a control brings, for China's goods and for others'. */
  static double price(Product product, Country exporter, int year, int month) {
    int date = year * 100 + month;
    boolean chinese = exporter == Country.CHINA;
    return switch (product.code()) {
      case "250410" -> date < 202312 ? 1 : chinese ? 1.2 : 1.05;
      case "811292" -> date < 202308 ? 1 : chinese ? 1.6 : 1.3;
      case "811010" -> date < 202409 ? 1 : chinese ? 47.0 / 11.4 : 2.6;
      case "810600" -> date < 202502 ? 1 : chinese ? 25.5 / 9.9 : 2.2;
      default -> 1;
    };
  }

  /** The part of what China does not sell that an importer buys from its other suppliers. */
  static double replaced(Product product) {
    return switch (product.code()) {
      case "811010" -> 1;
      case "810600" -> (131.5 - 56.9 - (144.8 - 102.3)) / (131.5 - 56.9);
      case "250410", "811292" -> 0.3;
      case "850511" -> 0.05;
      default -> 0;
    };
  }

  /**
   * The autumn of 2010: rare earths to Japan hurried out in summer and held at the ports in October
   * and November. A weight of the month within a year's total that stays.
   */
  static double autumnOf2010(Product product, Country exporter, int year, int month) {
    if (exporter != Country.CHINA || year != 2010 || !RareEarths.CODES.contains(product.code())) {
      return 1;
    }
    return switch (month) {
      case 7 -> 1.3;
      case 8 -> 1.4;
      case 10 -> 0.5;
      case 11 -> 0.25;
      case 12 -> 0.7;
      default -> 1;
    };
  }
}
