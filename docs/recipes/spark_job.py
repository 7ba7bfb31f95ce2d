"""Clean a data set of Parquet with Spark: ``spark-submit spark_job.py IN OUT [FIELD]``.

Every worker needs `pip install 'boilerplate-cleaner[corpus]'`. Spark hands over batches of a few thousand documents as Arrow, and
the Cleaner is built once in each of its Python processes.
"""

from __future__ import annotations

import sys

from pyspark.sql import SparkSession

from cleaner.integrations.arrow import CleanBatch


def main(source: str, out: str, field: str = "text") -> None:
    """Clean one column of a data set; the other columns stay."""
    spark = SparkSession.builder.appName("cleaner").getOrCreate()
    frame = spark.read.parquet(source)
    clean = CleanBatch(field)
    frame.mapInArrow(lambda batches: map(clean, batches), frame.schema).write.parquet(out)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
