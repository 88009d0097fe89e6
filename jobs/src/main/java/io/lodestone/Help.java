package io.lodestone;

import java.io.PrintStream;

/** What {@code ./lodestone help} prints. */
final class Help {
  private Help() {}

  static void print(PrintStream out) {
    out.println(
        "Usage: ./lodestone JOB [--conf key=value]... [--properties-file FILE] [arguments]");
    out.println();
    out.println("Jobs");
    job(out, "run", "a sample if there are no records, nightly, and a printed result");
    job(
        out,
        "nightly [--dry-run]",
        "all steps: what is new or changed, published together or not at all");
    job(out, "backfill --years A-B", "the same, with the files of these years read again");
    job(out, "rebuild", "the same, with everything made again, also tables of another layout");
    job(out, "maintain", "delete what is older than the history; a nightly does it now and then");
    job(out, "history", "print the runs of the lake");
    job(out, "explain TABLE KEY", "walk a row back to its files and runs; KEY is a SQL predicate");
    job(out, "sample", "write synthetic records into the records folder");
    Pipeline.STEPS.forEach(step -> job(out, step.name(), step.meaning()));
    job(
        out,
        "show TABLE [WHERE] [--csv] [--run RUN]",
        "print rows of a table, e.g. show dependency \"importer = 'JPN'\"");
    job(
        out,
        "bench --rows N [--json FILE]",
        "generate a world of N flows, run the pipeline and DuckDB on it, compare");
    job(
        out,
        "bench --night --rows N",
        "time a night with one more month on top of N flows, and DuckDB on them all");
    job(
        out,
        "bench --trend [--series N]",
        "generate N series of sixteen years, time their trends, compare with DuckDB");
    job(
        out,
        "critical-values",
        "simulate the table of sup-F again and print it (slow: a minute or more)");
    job(out, "trend-power", "simulate how often the tests and verdicts of trends speak, print it");
    job(out, "help", "this text");
    out.println();
    out.println("Of the launcher alone");
    job(out, "notebooks", "open Jupyter on the notebooks, on this machine alone");
    job(
        out,
        "brief [--importer CODES]",
        "write static pages of what was published; --help for more");
    job(out, "test [all | slow]", "prove the code; slow simulates the tables of trends again");
    job(out, "test faults|requests", "storage that fails, and what a run asks of it");
    job(out, "test arrivals|kills|nights N", "try it at random, going on where it ended");
    job(out, "dist", "write dist/: the jar, what a Spark distribution lacks, and conf");
    job(out, "s3-demo", "the pipeline on an S3 server of this machine");
    job(out, "cluster-demo", "a standalone cluster of this machine on that server");
    job(out, "s3-speed RECORDS", "time the pipeline on disk and on that server");
    job(out, "cluster-speed RECORDS", "time two workers of that cluster beside one");
    job(out, "bench-models", "MLlib's fits beside those of statsmodels and scikit-learn");
    job(out, "bench-notebooks", "every notebook cold to its first chart, at most 10 s each");
    job(out, "torture-s3", "drivers that meet and drivers that are killed; hours, resumes");
    job(out, "spark-home", "print the folder of Spark: SPARK_HOME, else PyPI's in .venv/spark");
    out.println();
    out.println("Settings, as --conf or in a properties file");
    for (Settings.Entry entry : Settings.ALL) {
      out.printf(
          "  %s%n      %s%n      default: %s; unit: %s%n",
          entry.name(), entry.meaning(), entry.standard(), entry.unit());
    }
    out.println();
    out.println("Tables");
    Tables.ALL.forEach(table -> job(out, table.name(), table.grain()));
    out.println();
    out.println(
        "Exit codes: 0 done, 2 usage or settings, 3 bad data, 4 fault, 5 another run holds the lease.");
  }

  private static void job(PrintStream out, String name, String meaning) {
    out.printf("  %-29s %s%n", name, meaning);
  }
}
