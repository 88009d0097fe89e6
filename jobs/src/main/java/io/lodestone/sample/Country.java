package io.lodestone.sample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A country of the synthetic world, with the codes by which the three sources call it.
 *
 * @param iso ISO 3166 alpha-3
 * @param code UN Comtrade's and BACI's code, which is not M49 everywhere (India 699, United States
 *     842, Switzerland 757, France 251, Norway 579, Taiwan 490)
 * @param customsCode Japan Customs' three-digit code; 0 for Japan itself
 * @param region neighbours trade more: a letter for Asia, Europe, America, Africa, Oceania, or the
 *     former Soviet Union with the Middle East (C)
 * @param reporting how it stands in the synthetic Comtrade files
 * @param european whether it is one of the 27 members of the EU
 * @param size weight of its demand, the largest about 100; 0 for one that only exports
 * @param name English name, as Comtrade writes it
 */
record Country(
    String iso,
    int code,
    int customsCode,
    char region,
    Reporting reporting,
    boolean european,
    double size,
    String name) {

  /** How a country reports to the synthetic Comtrade. */
  enum Reporting {
    /** Rows by year. */
    ANNUAL,
    /** Rows by month, and none by year. */
    MONTHLY,
    /** No rows of its own: it is seen as a partner, and in BACI. */
    SILENT
  }

  /** The last year for which Russia's records are published. */
  private static final int LAST_YEAR_OF_RUSSIA = 2021;

  /**
   * Columns: ISO, Comtrade, Japan Customs, region, reporting (+ marks a member of the EU), size.
   */
  private static final String TABLE =
      """
      ARE 784 147 C annual 3 United Arab Emirates
      ARG 32 413 M annual 3 Argentina
      AUS 36 601 O annual 8 Australia
      AUT 40 225 E annual+ 12 Austria
      BEL 56 208 E annual+ 14 Belgium
      BGR 100 232 E annual+ 2 Bulgaria
      BRA 76 410 M annual 14 Brazil
      CAN 124 302 M annual 14 Canada
      CHE 757 215 E annual 7 Switzerland
      CHL 152 409 M annual 3 Chile
      CHN 156 105 A annual 100 China
      COL 170 401 M annual 2 Colombia
      CYP 196 233 E annual+ 0.5 Cyprus
      CZE 203 245 E annual+ 8 Czechia
      DEU 276 213 E annual+ 60 Germany
      DNK 208 204 E annual+ 4 Denmark
      EGY 818 506 F annual 2 Egypt
      ESP 724 218 E annual+ 14 Spain
      EST 233 235 E annual+ 4 Estonia
      FIN 246 222 E annual+ 6 Finland
      FRA 251 210 E annual+ 28 France
      GBR 826 205 E annual 25 United Kingdom
      GRC 300 230 E annual+ 2 Greece
      HKG 344 108 A annual 6 China, Hong Kong SAR
      HRV 191 241 E annual+ 1 Croatia
      HUN 348 227 E annual+ 6 Hungary
      IDN 360 118 A annual 7 Indonesia
      IND 699 123 A annual 35 India
      IRL 372 206 E annual+ 4 Ireland
      ISR 376 143 C annual 4 Israel
      ITA 380 220 E annual+ 25 Italy
      JPN 392 0 A monthly 70 Japan
      KAZ 398 153 C annual 2 Kazakhstan
      KOR 410 103 A annual 55 Rep. of Korea
      LTU 440 237 E annual+ 1 Lithuania
      LUX 442 209 E annual+ 1 Luxembourg
      LVA 428 236 E annual+ 1 Latvia
      MAR 504 501 F annual 2 Morocco
      MEX 484 305 M annual 14 Mexico
      MLT 470 221 E annual+ 0.5 Malta
      MYS 458 113 A annual 9 Malaysia
      NLD 528 207 E annual+ 22 Netherlands
      NOR 579 202 E annual 6 Norway
      NZL 554 606 O annual 2 New Zealand
      PAK 586 124 A annual 2 Pakistan
      PER 604 407 M annual 2 Peru
      PHL 608 117 A annual 3 Philippines
      POL 616 223 E annual+ 12 Poland
      PRT 620 217 E annual+ 4 Portugal
      ROU 642 231 E annual+ 4 Romania
      RUS 643 224 C annual 10 Russian Federation
      SAU 682 137 C annual 3 Saudi Arabia
      SGP 702 112 A annual 8 Singapore
      SVK 703 246 E annual+ 5 Slovakia
      SVN 705 242 E annual+ 4 Slovenia
      SWE 752 203 E annual+ 8 Sweden
      THA 764 111 A annual 12 Thailand
      TUR 792 234 C annual 10 Türkiye
      TWN 490 106 A monthly 25 Other Asia, nes
      UKR 804 238 C annual 3 Ukraine
      USA 842 304 M annual 90 USA
      VNM 704 110 A annual 12 Viet Nam
      ZAF 710 551 F annual 5 South Africa
      BGD 50 127 A silent 2 Bangladesh
      DZA 12 503 F silent 1 Algeria
      ECU 218 406 M silent 1 Ecuador
      IRN 364 133 C silent 3 Iran
      KEN 404 541 F silent 1 Kenya
      NGA 566 524 F silent 1 Nigeria
      SRB 688 228 E silent 1 Serbia
      UZB 860 152 C silent 1 Uzbekistan
      ZMB 894 554 F silent 0.5 Zambia
      BDI 108 534 F silent 0 Burundi
      BOL 68 408 M silent 0 Bolivia (Plurinational State of)
      CIV 384 516 F silent 0 Côte d'Ivoire
      COD 180 533 F silent 0 Dem. Rep. of the Congo
      CUB 192 321 M silent 0 Cuba
      GAB 266 531 F silent 0 Gabon
      GHA 288 517 F silent 0 Ghana
      KGZ 417 154 C silent 0 Kyrgyzstan
      LAO 418 121 A silent 0 Lao People's Dem. Rep.
      LKA 144 125 A silent 0 Sri Lanka
      MDG 450 546 F silent 0 Madagascar
      MMR 104 122 A silent 0 Myanmar
      MNG 496 107 A silent 0 Mongolia
      MOZ 508 545 F silent 0 Mozambique
      NAM 516 550 F silent 0 Namibia
      PRK 408 104 A silent 0 Dem. People's Rep. of Korea
      RWA 646 526 F silent 0 Rwanda
      TJK 762 155 C silent 0 Tajikistan
      TZA 834 543 F silent 0 United Rep. of Tanzania
      ZWE 716 549 F silent 0 Zimbabwe
      """;

  private static final Map<String, Country> BY_ISO = parsed();

  static final Country CHINA = of("CHN");
  static final Country JAPAN = of("JPN");
  static final Country TAIWAN = of("TWN");
  static final Country UNITED_STATES = of("USA");

  /** The country of an ISO 3166 alpha-3 code. */
  static Country of(String iso) {
    Country country = BY_ISO.get(iso);
    if (country == null) {
      throw new IllegalArgumentException("Cannot find the country " + iso + " in the sample");
    }
    return country;
  }

  /** All countries, in the order of the table. */
  static List<Country> all() {
    return List.copyOf(BY_ISO.values());
  }

  /** Whether the country's own records of a year stand in the synthetic Comtrade. */
  boolean reportsIn(int year) {
    return reporting != Reporting.SILENT && (!iso.equals("RUS") || year <= LAST_YEAR_OF_RUSSIA);
  }

  /** Whether its own records are monthly. */
  boolean isMonthly() {
    return reporting == Reporting.MONTHLY;
  }

  /** The code that Comtrade prints beside the number: {@code S19} for Taiwan, else ISO. */
  String comtradeIso() {
    return iso.equals("TWN") ? "S19" : iso;
  }

  private static Map<String, Country> parsed() {
    Map<String, Country> countries = new LinkedHashMap<>();
    for (String line : TABLE.split("\n")) {
      String[] cells = line.split(" ", 7);
      boolean european = cells[4].endsWith("+");
      String reporting = european ? cells[4].substring(0, cells[4].length() - 1) : cells[4];
      countries.put(
          cells[0],
          new Country(
              cells[0],
              Integer.parseInt(cells[1]),
              Integer.parseInt(cells[2]),
              cells[3].charAt(0),
              switch (reporting) {
                case "annual" -> Reporting.ANNUAL;
                case "monthly" -> Reporting.MONTHLY;
                default -> Reporting.SILENT;
              },
              european,
              Double.parseDouble(cells[5]),
              cells[6]));
    }
    return countries;
  }
}
