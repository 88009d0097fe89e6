package io.lodestone.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.lodestone.SharedSpark;
import io.lodestone.Tables;
import io.lodestone.Workplace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One records folder with everything that can be wrong in it: nothing is lost without a row. */
@ExtendWith(SharedSpark.class)
final class BadRecordsTest {
  private static final String GOOD = "C,A,2020,52,392,M,156,H4,280530,70,700";

  private static Workplace workplace;

  @BeforeAll
  static void load(Workplace given) throws IOException {
    workplace = given.set("rejects.max", "1").set("files.rejected.max", "1");
    workplace
        .comtrade(
            "comtrade/rows.csv",
            GOOD,
            "C,A,2020,52,392,M,842,H4,280530",
            "C,A,2020,52,392,M,704,H4,280530,20,200,1",
            "C,A,2020,52,392,M,704,H4,280530,20,-200",
            "C,A,2020,52,392,M,704,H4,280530,-20,200",
            "C,A,2020,52,392,M,704,H4,280530,20,n/a",
            "C,A,2020,52,392,M,704,H4,280530,many,200",
            "C,A,2020,52,392,M,704,H4,280530,20,99999999999999999999",
            "C,A,2020,52,987,M,704,H4,280530,20,200",
            "C,A,2020,52,392,M,987,H4,280530,20,200",
            "C,A,2020,52,392,M,704,H4,28053,20,200",
            "C,A,2020,52,392,M,704,H4,771010,20,200",
            "C,A,2020,52,392,M,704,H4,28O530,20,200",
            "C,A,1066,52,392,M,704,H4,280530,20,200",
            "C,A,2999,52,392,M,704,H4,280530,20,200",
            "C,A,MMXX,52,392,M,704,H4,280530,20,200",
            "C,M,2020,13,392,M,704,H4,280530,20,200",
            "C,M,2020,,392,M,704,H4,280530,20,200",
            "C,A,2020,52,392,Z,704,H4,280530,20,200",
            "C,A,2020,52,392,M,704,S3,280530,20,200",
            "C,A,2020,52,392,M,704,H4,280530,,",
            "",
            "C,Q,2020,52,392,M,704,H4,280530,20,200",
            "C,A,2020,52,392,M,704,H4,2805,20,200",
            "C,A,2020,52,392,M,0,H4,TOTAL,20,200",
            "C,A,2020,52,97,M,704,H4,280530,20,200",
            "C,A,2020,52,392,M,0,H4,280530,90,900",
            "C,A,2020,52,392,M,704,H4,280530,0,200")
        .file(
            "baci/BACI_HS12_Y2020_V202601.csv",
            "t,i,j,k,v,q",
            "2020,156,392,10121,1.5,NA",
            "2020,156,392,010121,1.5,NA",
            "2020,490,392,010121,   2.25,   0.5",
            "2020,156,392,010129,abc,1")
        .file(
            "japan-customs/2020.csv",
            "Exp or Imp,Year,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year,Quantity1-Jan,Quantity2-Jan,Value-Jan",
            "2,2020,'280530000',105,  ,KG,0,30,200,0,30,200",
            "2,2020,'28053000',105,  ,KG,0,30,200,0,30,200",
            "2,2020,'280530000',999,  ,KG,0,30,200,0,30,200")
        .bytes("comtrade/empty.csv", new byte[0])
        .bytes("comtrade/blank lines.csv", "\n \r\n\n".getBytes(StandardCharsets.UTF_8))
        .comtrade("comtrade/header only.csv")
        .bytes(
            "comtrade/wrong encoding.csv",
            (Workplace.COMTRADE + ",reporterDesc\n" + GOOD + ",Côte d'Ivoire\n")
                .getBytes(Charset.forName("windows-1252")))
        .file(
            "comtrade/shifted header.csv",
            Workplace.COMTRADE.replace("typeCode,", "") + ",extra",
            GOOD)
        .file("comtrade/header twice.csv", Workplace.COMTRADE + ",primaryValue", GOOD + ",700")
        .comtrade(
            "comtrade/shifted data.csv",
            GOOD.substring(2) + ",",
            GOOD.substring(2).replace("700", "800") + ",",
            GOOD)
        .file("comtrade/package.zip", "PK")
        .bytes("comtrade/truncated.csv.gz", new byte[0])
        .bytes("comtrade/no gzip.csv.gz", new byte[0])
        .comtrade("comtrade/2022 *?\\.csv", GOOD.replace("2020", "2022"))
        .comtrade("comtrade/00:00.csv", GOOD)
        .file("comtrade/.hidden.csv", "nothing")
        .file("comtrade/_SUCCESS", "")
        .bytes(
            "comtrade/2021 [re-issue] 100%{a}+#.csv",
            ("\uFEFF"
                    + Workplace.COMTRADE.replace(",", "\",\"").replaceAll("^|$", "\"")
                    + "\r\n\"C\",\"A\",2021,52,392,\"M\",156,\"H4\",\"280530\",70.000,700.5\r\n"
                    + "\"C\",\"A\",2021,52,392,\"M\",704,\"H4\",\"280530\",x,700.5\r\n")
                .getBytes(StandardCharsets.UTF_8));
    Files.write(workplace.records().resolve("comtrade/truncated.csv.gz"), truncated());
    Files.writeString(workplace.records().resolve("comtrade/no gzip.csv.gz"), Workplace.COMTRADE);
    assertThat(workplace.run("ingest")).isTrue();
  }

  private static byte[] truncated() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write((Workplace.COMTRADE + "\n").getBytes(StandardCharsets.UTF_8));
      for (int year = 1990; year < 2020; year++) {
        out.write(
            (GOOD.replace("2020", String.valueOf(year)) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
  }

  private static List<String> reasons(String file) {
    return workplace
        .table(Tables.REJECT)
        .where("file = '%s'".formatted(file))
        .orderBy("line")
        .select("line", "reason")
        .collectAsList()
        .stream()
        .map(row -> row.get(0) + ": " + row.getString(1))
        .toList();
  }

  @Test
  void saysOfEveryRowWhyItCannotBeRead() {
    int thisYear = java.time.Year.now(java.time.ZoneOffset.UTC).getValue();
    assertThat(reasons("comtrade/rows.csv"))
        .containsExactly(
            "3: the row does not have the fields of the header",
            "4: the row does not have the fields of the header",
            "5: the value '-200' is negative",
            "6: the quantity '-20' is negative",
            "7: the value 'n/a' is no number of at most 15 digits before the point",
            "8: the quantity 'many' is no number of at most 15 digits before the point",
            "9: the value '99999999999999999999' is no number of at most 15 digits before the point",
            "10: the reporter '987' is no country that conf/countries.csv or ISO knows",
            "11: the partner '987' is no country or area that conf/countries.csv or ISO knows",
            "12: the code '28053' has an odd number of digits: a leading zero is lost",
            "13: the code '771010' lies in no chapter of the Harmonized System",
            "14: the code '28O530' is no commodity code of up to 12 digits",
            "15: the year '1066' is not between 1988 and " + thisYear,
            "16: the year '2999' is not between 1988 and " + thisYear,
            "17: the year 'MMXX' is no number",
            "18: the month '13' is not between 1 and 12",
            "19: the month 'none' is not between 1 and 12",
            "20: the flow 'Z' is none of import, export, re_import, re_export, foreign_import, domestic_export, processing",
            "21: the revision 'S3' is none of HS1992, HS1996, HS2002, HS2007, HS2012, HS2017, HS2022, HS2028",
            "22: the row has neither value nor quantity",
            "24: the row does not fulfil what the source expects: typeCode IN ('C', 'S') AND freqCode IN ('A', 'M')");
  }

  @Test
  void keepsTheRejectedLineAsItStands() {
    assertThat(
            workplace.rows(
                Tables.REJECT, "line IN (3, 5) AND file = 'comtrade/rows.csv'", "source", "raw"))
        .containsExactly(
            "comtrade C,A,2020,52,392,M,704,H4,280530,20,-200",
            "comtrade C,A,2020,52,392,M,842,H4,280530");
  }

  @Test
  void findsLostZerosInSourcesWithAndWithoutAFixedNumberOfDigits() {
    assertThat(reasons("baci/BACI_HS12_Y2020_V202601.csv"))
        .containsExactly(
            "2: the code '10121' has an odd number of digits: a leading zero is lost",
            "5: the value 'abc' is no number of at most 15 digits before the point");
    assertThat(reasons("japan-customs/2020.csv"))
        .as("the year and its month are records of one line")
        .containsExactly(
            "3: the code '28053000' has not the 9 digits of this source: a leading zero may be lost",
            "3: the code '28053000' has not the 9 digits of this source: a leading zero may be lost",
            "4: the partner '999' is no country or area that conf/countries.csv or ISO knows",
            "4: the partner '999' is no country or area that conf/countries.csv or ISO knows");
  }

  @Test
  void rejectsWholeFilesWithAReason() {
    assertThat(workplace.rows(Tables.REJECT, "line IS NULL", "file", "raw", "reason"))
        .containsExactly(
            "comtrade/00:00.csv null its name holds a colon, which Hadoop cannot open in a local folder; rename the file",
            "comtrade/blank lines.csv null the file is empty",
            "comtrade/empty.csv null the file is empty",
            "comtrade/header only.csv null the file holds a header and no data",
            "comtrade/header twice.csv null the header does not fit the source comtrade: it repeats primaryValue",
            "comtrade/no gzip.csv.gz null the file cannot be read to its end: Not in GZIP format",
            "comtrade/package.zip null it is an archive or a table of another kind; unpack it to CSV, plain, gzip (.gz) or zstd (.zst)",
            "comtrade/shifted data.csv null 2 of its 3 rows are not what the source comtrade expects or have other fields than the header; the data seem to be shifted against the header",
            "comtrade/shifted header.csv null the header does not fit the source comtrade: it lacks typeCode",
            "comtrade/truncated.csv.gz null the file cannot be read to its end: Unexpected end of ZLIB input stream",
            "comtrade/wrong encoding.csv null the text is not UTF-8 at byte 169; convert the file or set the encoding of its source");
  }

  @Test
  void usesTheRestOfAFile() {
    assertThat(
            workplace.rows(
                Tables.FLOW,
                "source = 'comtrade' AND year = 2020",
                "reporter",
                "partner",
                "partner_kind",
                "code",
                "value",
                "quantity_kg",
                "file"))
        .containsExactly(
            "JPN CHN country 280530 700.000 70.000 comtrade/rows.csv",
            "JPN VNM country 280530 200.000 null comtrade/rows.csv",
            "JPN x-0 world 280530 900.000 90.000 comtrade/rows.csv");
    assertThat(
            workplace.rows(
                Tables.FLOW, "source = 'baci'", "partner", "code", "value", "quantity_kg"))
        .containsExactly("CHN 010121 1500.000 null", "TWN 010121 2250.000 500.000");
  }

  @Test
  void readsFilesWhateverTheirNamesAre() {
    assertThat(
            workplace.rows(Tables.FLOW, "year > 2020", "partner", "value", "quantity_kg", "file"))
        .containsExactly(
            "CHN 700.000 70.000 comtrade/2022 *?\\.csv",
            "CHN 700.500 70.000 comtrade/2021 [re-issue] 100%{a}+#.csv");
    assertThat(reasons("comtrade/2021 [re-issue] 100%{a}+#.csv"))
        .containsExactly("3: the quantity 'x' is no number of at most 15 digits before the point");
  }

  @Test
  void accountsForEveryRowOfEveryFile() {
    assertThat(
            workplace.rows(
                Tables.SOURCE_FILE,
                "true",
                "path",
                "status",
                "lines",
                "read",
                "used",
                "rejected",
                "aggregate",
                "duplicate",
                "superseded",
                "first_period",
                "last_period"))
        .containsExactly(
            "baci/BACI_HS12_Y2020_V202601.csv loaded 4 4 2 2 0 0 0 2020 2020",
            "comtrade/00:00.csv rejected 0 0 0 0 0 0 0 null null",
            "comtrade/2021 [re-issue] 100%{a}+#.csv loaded 2 2 1 1 0 0 0 2021 2021",
            "comtrade/2022 *?\\.csv loaded 1 1 1 0 0 0 0 2022 2022",
            "comtrade/blank lines.csv rejected 0 0 0 0 0 0 0 null null",
            "comtrade/empty.csv rejected 0 0 0 0 0 0 0 null null",
            "comtrade/header only.csv rejected 0 0 0 0 0 0 0 null null",
            "comtrade/header twice.csv rejected 1 1 0 1 0 0 0 null null",
            "comtrade/no gzip.csv.gz rejected 0 0 0 0 0 0 0 null null",
            "comtrade/package.zip rejected 0 0 0 0 0 0 0 null null",
            "comtrade/rows.csv loaded 27 27 2 21 4 0 0 2020 2020",
            "comtrade/shifted data.csv rejected 3 3 0 3 0 0 0 null null",
            "comtrade/shifted header.csv rejected 1 1 0 1 0 0 0 null null",
            "comtrade/truncated.csv.gz rejected 0 0 0 0 0 0 0 null null",
            "comtrade/wrong encoding.csv rejected 0 0 0 0 0 0 0 null null",
            "japan-customs/2020.csv loaded 3 6 1 4 1 0 0 2020 2020-01");
    Row rows =
        workplace
            .table(Tables.SOURCE_FILE)
            .where("path = 'comtrade/rows.csv'")
            .selectExpr("to_json(aggregate_reasons)", "length(checksum)", "size > 0", "header")
            .collectAsList()
            .get(0);
    assertThat(rows.getString(0))
        .contains("\"group reporter\":1")
        .contains("\"heading\":1")
        .contains("\"total of all commodities\":1")
        .contains("\"world\":1");
    assertThat(rows.getInt(1)).isEqualTo(64);
    assertThat(rows.getBoolean(2)).isTrue();
    assertThat(rows.getString(3)).isEqualTo(Workplace.COMTRADE);
  }

  @Test
  void comparesThePublishedTotalWithWhatIsLeft() {
    assertThat(
            workplace.rows(
                Tables.RECONCILIATION,
                "source = 'comtrade'",
                "kind",
                "reporter",
                "flow",
                "code",
                "year",
                "month",
                "published",
                "ours",
                "gap"))
        .containsExactly("world JPN import 280530 2020 null 900.000 900.000 0.0");
  }

  /** Neither the first nor the last period of the file tells that it holds years and months. */
  @Test
  void comparesAYearWithItsMonthsInOneFile(Workplace workplace) {
    workplace
        .comtrade(
            "comtrade/between-years.csv",
            "C,A,2018,52,392,M,156,H4,280530,,5",
            "C,A,2019,52,392,M,156,H4,280530,,70",
            "C,M,2019,1,392,M,156,H4,280530,,40",
            "C,M,2019,2,392,M,156,H4,280530,,23",
            "C,A,2020,52,392,M,156,H4,280530,,5")
        .run("ingest");
    String[] compared = {"kind", "reporter", "year", "published", "ours"};
    assertThat(workplace.rows(Tables.RECONCILIATION, "true", compared))
        .containsExactly("year JPN 2019 70.000 63.000");
    workplace
        .comtrade(
            "comtrade/between-months.csv",
            "C,M,2013,1,276,M,156,H4,280530,,5",
            "C,A,2014,52,276,M,156,H4,280530,,70",
            "C,M,2014,2,276,M,156,H4,280530,,7")
        .run("ingest");
    assertThat(workplace.rows(Tables.RECONCILIATION, "reporter = 'DEU'", compared))
        .containsExactly("year DEU 2014 70.000 7.000");
  }
}
