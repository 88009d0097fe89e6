package io.lodestone.sample;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A traded product of the synthetic world: a six-digit code of HS2012.
 *
 * <p>The numbers are invented in the order of magnitude of the trade that they stand for. What is
 * meant is their direction: at the ore stage the leading supplier loses ground from 2010 to 2025,
 * while separation, metal and magnets stay where they are.
 *
 * @param code six digits of HS2012
 * @param stage ore, compound, metal, magnet, or mixed
 * @param tonnes world imports in 2010 and 2025, tonnes a year
 * @param price unit value FOB in 2010 and 2025, US dollars a kilogram
 * @param description text of the code, in our own words
 * @param supply world supply by exporter in 2010 and 2025, percent, roughly; the rest of 100 is
 *     left to the hubs
 */
record Product(
    String code,
    String stage,
    Span tonnes,
    Span price,
    String description,
    Map<Country, Span> supply) {

  /** First and last year of the window. */
  static final int FIRST_YEAR = 2010;

  static final int LAST_YEAR = 2025;

  /** A quantity that goes from one level in 2010 to another in 2025. */
  record Span(double first, double last) {
    /** The level of a year on the straight line. */
    double at(int year) {
      return first + (last - first) * (year - FIRST_YEAR) / (LAST_YEAR - FIRST_YEAR);
    }

    private static Span of(String text) {
      String[] ends = text.split(">");
      return new Span(Double.parseDouble(ends[0]), Double.parseDouble(ends[1]));
    }
  }

  /** Countries whose traders export a little of everything, each about half a percent. */
  private static final List<Country> HUBS =
      List.of(
          Country.of("DEU"),
          Country.of("NLD"),
          Country.of("USA"),
          Country.of("GBR"),
          Country.of("BEL"),
          Country.of("FRA"),
          Country.of("KOR"),
          Country.of("JPN"),
          Country.of("SGP"),
          Country.of("HKG"),
          Country.of("ITA"),
          Country.of("TWN"));

  private static final Span HUB_SHARE = new Span(0.5, 0.6);

  /** Columns: code, stage, tonnes, price, description, suppliers with their percent. */
  private static final String TABLE =
"""
250410|ore|160000>260000|1.1>1.3|Graphite; natural, in powder or in flakes|CHN 72>48 BRA 8>8 IND 4>3 CAN 4>3 MDG 2>12 MOZ 0>14 TZA 0>4 UKR 3>1 NOR 2>3 DEU 3>2 ZWE 2>1
250490|ore|90000>80000|0.7>0.9|Graphite; natural, in other forms|CHN 60>40 MEX 12>12 PRK 8>1 IND 4>8 BRA 4>10 AUT 4>5 LKA 2>4 TUR 1>6 KOR 1>2
250510|ore|9000000>14000000|0.04>0.06|Sands; natural, silica and quartz, whether or not coloured|AUS 30>20 BEL 14>12 DEU 12>11 NLD 10>9 USA 10>9 EGY 5>7 MYS 4>9 IDN 2>7 VNM 4>6 FRA 4>4
250590|ore|12000000>15000000|0.02>0.03|Sands; natural, other than silica, quartz or metal-bearing|DEU 26>20 NLD 16>14 BEL 10>10 CHN 14>8 MYS 8>14 PHL 4>9 IDN 4>7 CAN 4>5 DNK 4>5
252921|ore|250000>300000|0.2>0.3|Fluorspar; containing 97 percent or less of calcium fluoride|CHN 36>12 MNG 20>28 MEX 14>18 VNM 6>9 THA 4>6 ESP 4>6 MAR 4>6 DEU 3>4 KEN 4>3
252922|ore|700000>800000|0.3>0.45|Fluorspar; containing more than 97 percent of calcium fluoride|MEX 34>32 CHN 30>10 ZAF 14>14 VNM 4>12 ESP 5>8 KEN 5>3 MNG 3>8 GBR 1>3 NAM 2>3
253090|ore|2500000>4500000|0.25>0.5|Mineral substances; n.e.c. in chapter 25|CHN 52>22 AUS 6>22 USA 9>9 TUR 6>8 BRA 2>9 ZWE 0>7 ZAF 4>5 DEU 5>4 IND 3>4 CAN 2>3
260200|ore|18000000>34000000|0.22>0.2|Manganese ores and concentrates, including ferruginous ones|ZAF 44>38 AUS 26>15 GAB 15>20 GHA 3>11 BRA 8>6 CIV 0>5 MYS 1>3 KAZ 2>1 TUR 1>1
260500|ore|240000>90000|2.4>4.5|Cobalt ores and concentrates|COD 84>42 ZMB 6>8 AUS 2>12 IDN 0>12 MAR 2>8 PHL 1>7 CUB 2>4 FIN 1>3 ZAF 1>2
261100|ore|18000>20000|14>19|Tungsten ores and concentrates|RUS 34>14 CAN 16>3 BOL 12>12 RWA 8>14 PRT 8>8 ESP 4>11 AUS 1>12 MMR 4>9 VNM 1>5 CHN 6>3 BDI 1>3 THA 4>3
261220|ore|20000>60000|1.4>2.1|Thorium ores and concentrates|IND 44>14 BRA 20>12 MDG 6>24 THA 8>12 NGA 4>12 VNM 8>9 MYS 6>6 USA 2>6
261710|ore|60000>65000|2.5>6|Antimony ores and concentrates|RUS 34>16 TJK 22>22 AUS 10>15 BOL 9>12 MMR 8>9 CHN 8>3 ZAF 4>2 TUR 2>8 KGZ 1>5 MEX 1>4
280461|compound|140000>260000|52>18|Silicon; containing by weight not less than 99.99 percent|DEU 30>26 USA 28>15 KOR 16>8 CHN 6>26 JPN 8>6 MYS 0>12 NOR 4>3
280469|metal|1100000>1300000|2.4>2.6|Silicon; containing by weight less than 99.99 percent|CHN 46>40 NOR 15>15 BRA 12>14 FRA 5>6 AUS 3>3 USA 2>2 ZAF 3>2 MYS 0>4 CAN 2>2
280530|metal|14000>17000|48>72|Rare-earth metals, scandium and yttrium; intermixed or not|CHN 91>90 VNM 2>4 THA 1>1 EST 0.5>1 USA 0.5>0.8
282200|compound|26000>42000|26>24|Cobalt oxides and hydroxides; commercial cobalt oxides|CHN 44>46 FIN 22>16 COD 10>16 BEL 10>8 GBR 5>4 KOR 1>2 ZAF 1>1
282520|compound|22000>140000|6.2>12|Lithium oxide and hydroxide|CHN 48>60 CHL 20>16 USA 18>7 RUS 5>3 AUS 0>8 KOR 0>3 NLD 2>1
282560|compound|9000>9500|90>160|Germanium oxides and zirconium dioxide|CHN 44>43 FRA 14>13 JPN 9>9 USA 8>7 AUS 6>6 ZAF 5>5 GBR 4>4 CAN 3>5
282580|compound|75000>70000|7>16|Antimony oxides|CHN 56>48 BEL 14>18 FRA 7>9 BOL 4>5 USA 4>4 THA 3>5 MEX 3>3 TJK 0>2
283691|compound|90000>330000|5>11|Carbonates; lithium carbonate|CHL 70>50 ARG 14>20 CHN 6>10 AUS 0>4 BRA 0>4 USA 3>2 DEU 2>1 BEL 1>1
284180|compound|14000>13000|28>36|Salts of oxometallic or peroxometallic acids; tungstates (wolframates)|CHN 76>70 VNM 2>12 USA 6>5 RUS 3>2 DEU 3>3 KOR 2>2
284610|compound|24000>26000|9>6.5|Cerium compounds|CHN 74>60 FRA 9>5 MYS 0>11 RUS 4>8 EST 3>3 IND 2>4 USA 4>3 AUT 1>1
284690|compound|42000>64000|30>33|Compounds of rare-earth metals, yttrium or scandium, other than cerium|CHN 84>89 MYS 0>4 MMR 1>2 RUS 4>2 EST 2>1 FRA 3>1.5 VNM 1.5>1.5 USA 1.5>1 KAZ 1>0.5
284990|compound|30000>34000|24>30|Carbides; other than of calcium, silicon or boron, whether or not chemically defined|CHN 30>30 DEU 20>19 AUT 13>13 USA 9>8 KOR 4>5 CZE 4>4 ISR 3>3 LUX 3>3 IND 2>4
360690|mixed|9000>8500|6>8|Ferro-cerium and other pyrophoric alloys; articles of combustible materials|CHN 34>36 FRA 16>14 AUT 12>11 USA 8>8 BRA 6>6 ESP 5>5 THA 3>5 DEU 4>4
380110|mixed|420000>900000|2.6>2.9|Graphite; artificial|CHN 46>62 USA 9>5 JPN 12>7 DEU 6>4 FRA 5>3 IND 4>4 KOR 2>3 POL 3>2
711011|metal|230>240|50000>34000|Platinum; unwrought or in powder form|ZAF 52>46 GBR 14>14 DEU 9>9 USA 6>6 CHE 5>5 RUS 5>3 BEL 2>4 JPN 2>3
711019|metal|60>64|48000>35000|Platinum; in semi-manufactured forms|GBR 28>26 DEU 22>22 USA 14>13 JPN 9>9 CHE 8>8 BEL 5>6 ZAF 4>5 KOR 1>2
711021|metal|290>270|17000>36000|Palladium; unwrought or in powder form|RUS 40>26 ZAF 24>28 GBR 9>10 USA 8>9 DEU 6>7 CHE 4>5 BEL 3>4 NOR 0>2 CAN 2>3
711029|metal|30>34|17000>35000|Palladium; in semi-manufactured forms|USA 26>25 GBR 20>20 DEU 17>17 JPN 10>9 CHE 7>7 RUS 6>4 ITA 4>5 BEL 2>3
711031|metal|26>28|75000>160000|Rhodium; unwrought or in powder form|ZAF 64>58 GBR 12>13 DEU 6>7 USA 5>5 RUS 4>3 BEL 2>4 CHE 2>2
711039|metal|3>3|74000>150000|Rhodium; in semi-manufactured forms|GBR 34>32 DEU 22>22 USA 12>13 JPN 8>8 ZAF 6>7 CHE 4>4 BEL 3>4
711041|metal|40>46|12000>26000|Iridium, osmium and ruthenium; unwrought or in powder form|ZAF 60>55 GBR 13>13 DEU 8>9 USA 6>6 RUS 2>2 BEL 2>4 JPN 2>3
711049|metal|4>5|14000>30000|Iridium, osmium and ruthenium; in semi-manufactured forms|GBR 36>33 DEU 21>22 USA 12>12 JPN 9>9 CHE 5>5 ZAF 4>5
720299|mixed|300000>330000|3>4.2|Ferro-alloys; n.e.c. in heading no. 7202|CHN 38>37 NOR 8>8 FRA 7>7 BRA 7>7 IND 5>7 DEU 5>5 ZAF 4>4 UKR 4>2 RUS 5>4 CAN 3>3
810110|metal|14000>15000|38>46|Tungsten; powders|CHN 38>38 DEU 19>18 AUT 12>12 USA 8>8 KOR 4>5 CAN 4>2 VNM 0>3 CZE 2>3
810411|metal|380000>410000|2.9>3.3|Magnesium; unwrought, containing at least 99.8 percent|CHN 85>84 ISR 4>3 RUS 3>2 TUR 0>2 KAZ 1>1 BRA 1>1
810419|metal|130000>140000|3.1>3.4|Magnesium; unwrought, containing less than 99.8 percent|CHN 82>82 DEU 4>4 AUT 2>2 CZE 2>2 CAN 2>2 HUN 1>1 GBR 1>1
810520|metal|70000>160000|32>24|Cobalt; mattes and other intermediate products, unwrought cobalt, powders|COD 40>55 FIN 10>7 CAN 8>5 NOR 7>4 AUS 6>4 BEL 6>4 CHN 5>4 ZMB 5>2 MDG 1>4 MAR 2>2 RUS 3>2
810600|metal|14000>13000|19>14|Bismuth; unwrought, articles thereof, waste and scrap|CHN 62>60 BEL 10>8 KOR 3>8 MEX 7>4 DEU 5>5 LAO 0>5 PER 4>2 VNM 1>3 GBR 3>2
810820|metal|90000>130000|9.5>10|Titanium; unwrought, powders|JPN 32>28 KAZ 18>16 RUS 18>10 UKR 9>2 CHN 8>16 USA 6>5 SAU 0>15 GBR 3>3
811010|metal|48000>47000|8>14.5|Antimony; unwrought, powders|CHN 74>56 VNM 4>12 TJK 1>9 IND 1>4 KGZ 4>3 MMR 1>3 LAO 1>3 BEL 3>3 THA 3>3 BOL 2>2
811100|metal|420000>430000|3>2.2|Manganese; articles thereof, waste and scrap|CHN 90>89 ZAF 5>5 USA 1>1
811292|metal|2400>3000|270>340|Gallium, germanium, hafnium, indium, niobium, rhenium or vanadium; unwrought, powders, waste|CHN 48>45 DEU 8>8 USA 8>8 KOR 7>8 JPN 6>6 CAN 6>6 BEL 4>4 CHL 4>4 RUS 3>3 KAZ 2>2
811299|metal|900>1000|210>240|Gallium, germanium, hafnium, indium, niobium, rhenium or vanadium; articles thereof|USA 26>25 DEU 19>19 CHN 16>18 AUT 8>8 GBR 6>6 JPN 6>5 FRA 5>5 EST 3>3
850511|magnet|52000>74000|34>42|Magnets; permanent magnets and articles intended to become permanent magnets, of metal|CHN 78>82 JPN 7>3 DEU 4>3 PHL 2>2.5 VNM 0.5>2.5 USA 2>1 MYS 1>1 SVN 1>0.7 THA 0.7>0.7
850519|magnet|170000>190000|5.2>6|Magnets; permanent magnets, other than of metal|CHN 74>75 JPN 6>4 IDN 3>3 KOR 3>3 DEU 3>3 VNM 1>3 MEX 2>2 TUR 1>1
""";

  private static final Map<String, Product> BY_CODE = parsed();

  /** The product of a code of HS2012. */
  static Product of(String code) {
    return BY_CODE.get(code);
  }

  /** The watch list, by code. */
  static List<Product> all() {
    return List.copyOf(BY_CODE.values());
  }

  /** The code as a number, for {@link Chance}. */
  int number() {
    return Integer.parseInt(code);
  }

  /** Whether it is sold by the shipload: dearer to ship, counted in tonnes. */
  boolean isBulk() {
    return price.first() < 1;
  }

  /** Unit value FOB of a year, US dollars a kilogram, with the price peaks that everyone knows. */
  double priceIn(int year) {
    double peak =
        switch (code) {
          case "280530", "284610", "284690" ->
              switch (year) {
                case 2011 -> 4.5;
                case 2012 -> 2.4;
                case 2013 -> 1.3;
                default -> 1;
              };
          case "283691", "282520" ->
              switch (year) {
                case 2018 -> 1.6;
                case 2022 -> 4.2;
                case 2023 -> 3;
                default -> 1;
              };
          case "260500", "282200", "810520" ->
              switch (year) {
                case 2018 -> 2.1;
                case 2022 -> 1.7;
                default -> 1;
              };
          default -> 1;
        };
    return price.at(year) * peak;
  }

  private static Map<String, Product> parsed() {
    Map<String, Product> products = new LinkedHashMap<>();
    for (String line : TABLE.split("\n")) {
      String[] cells = line.split("\\|");
      products.put(
          cells[0],
          new Product(
              cells[0],
              cells[1],
              Span.of(cells[2]),
              Span.of(cells[3]),
              cells[4],
              supply(cells[5])));
    }
    return products;
  }

  private static Map<Country, Span> supply(String text) {
    Map<Country, Span> supply = new LinkedHashMap<>();
    List<String> words = new ArrayList<>(List.of(text.split(" ")));
    for (int at = 0; at < words.size(); at += 2) {
      supply.put(Country.of(words.get(at)), Span.of(words.get(at + 1)));
    }
    HUBS.forEach(hub -> supply.putIfAbsent(hub, HUB_SHARE));
    return supply;
  }
}
