"""Lodestone every night at 02:30 UTC, for Airflow 3 with apache-airflow-providers-apache-spark.

Copy it into the folder of DAGs. LODESTONE_HOME is what `./lodestone dist` wrote, with a
lodestone.properties beside the jar. The connection `lodestone_spark` names the master, as JSON:
{"conn_type": "spark", "host": "local[*]"}; one that does not parse becomes YARN without a word.

A run with the parameter years, such as 2015-2020, reads the files of those years again.
"""

import os
from datetime import timedelta
from pathlib import Path

import pendulum
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, Param

HOME = Path(os.environ.get("LODESTONE_HOME", "/opt/lodestone/dist"))

with DAG(
    dag_id="lodestone_nightly",
    schedule="30 2 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    # A night brings the lake to the state of the records folder: nights that were missed need no run of their own.
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=15)},
    params={"years": Param("", type="string", pattern=r"^(\d{4}(-\d{4})?)?$", description="years to read again")},
    render_template_as_native_obj=True,
) as dag:
    SparkSubmitOperator(
        task_id="nightly",
        conn_id="lodestone_spark",
        name="lodestone nightly",
        application=str(HOME / "lodestone.jar"),
        java_class="io.lodestone.Main",
        jars=",".join(str(jar) for jar in sorted((HOME / "lib").glob("*.jar"))),
        properties_file=str(HOME / "lodestone.properties"),
        application_args="{{ ['backfill', '--years', params.years] if params.years else ['nightly'] }}",
    )
