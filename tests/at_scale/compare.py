#!/usr/bin/env python3
"""Compares the tables of two Parquet datasets, row by row and value by value, without tolerance.

    compare.py OURS THEIRS

Columns must have the same names and types; rows may be in any order. Exit code 0: the datasets are the same.
"""

import sys

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

MOST_SHOWN = 5


def read(spark: SparkSession, path: str) -> DataFrame:
    # The course is text, also where all IDs look like something else.
    spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", False)
    table = spark.read.parquet(path)
    return table.select(sorted(table.columns))


def types(table: DataFrame) -> list[tuple[str, T.DataType]]:
    return [(field.name, field.dataType) for field in table.schema]


def main(ours: str, theirs: str) -> None:
    builder = SparkSession.builder.master("local[*]").config("spark.ui.enabled", False)
    spark = builder.config("spark.sql.shuffle.partitions", 8).config("spark.driver.memory", "2g").getOrCreate()
    for name in ["sessions_overview", "chunked_data"]:
        one, other = read(spark, f"{ours}/{name}"), read(spark, f"{theirs}/{name}")
        assert types(one) == types(other), f"{name}: {types(one)} and {types(other)}"
        for what, extra in [("only in ours", one.exceptAll(other)), ("only in theirs", other.exceptAll(one))]:
            rows = extra.take(MOST_SHOWN)
            assert not rows, f"{name}, {what}: {rows}"
        count = one.count()
        assert count > 0, f"{name} has no rows to compare"
        print(f"{name}: {count} rows, all the same")
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
