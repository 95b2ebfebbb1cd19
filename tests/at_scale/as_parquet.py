#!/usr/bin/env python3
"""Copies a data folder with its CSV files turned into Parquet, numbers and moments typed: records as an institution may keep them.

    as_parquet.py DATA_FOLDER COPY
"""

import pathlib
import shutil
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def one_file(table, path: pathlib.Path) -> None:
    """Spark writes folders; the rows keep their order in a single part."""
    parts = path.with_suffix(".parts")
    table.coalesce(1).write.parquet(str(parts))
    next(parts.glob("*.parquet")).rename(path)
    shutil.rmtree(parts)


def main(folder: pathlib.Path, copy: pathlib.Path) -> None:
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", False).getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    for course in sorted((folder / "database").iterdir()):
        to = copy / "database" / course.name
        to.mkdir(parents=True)
        for name in ["sessions_overview", "viewing_activity"]:
            # A pattern would take the brackets of the folder's name for its own.
            shutil.copy(course / f"{name}.csv", copy / f"{name}.csv")
            reader = spark.read.option("header", True).option("multiLine", True).option("escape", '"')
            table = reader.csv(str(copy / f"{name}.csv"))
            if name == "viewing_activity":
                # Text for positions: a typed number would be the nearest one, and the tables are computed from the digits.
                table = table.withColumn("DateTime", F.to_timestamp("DateTime"))
            one_file(table, to / f"{name}.parquet")
            (copy / f"{name}.csv").unlink()
    shutil.copy(folder / "courses.csv", copy / "courses.csv")
    spark.stop()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
