#!/usr/bin/env python3
"""Chunking on Apache Spark: from the data folders of many computers to the two tables of one dataset.

    spark-submit chunk.py --timezone America/Vancouver OUTPUT DATA_FOLDER [DATA_FOLDER ...]

A data folder is one of Panopto Video Analytics, on any storage that Spark reads (a local path, s3a://, abfss://, hdfs://):
courses.csv, database/*/sessions_overview.csv, database/*/viewing_activity.csv and, if there are any, the decisions in people.csv.
With `--records parquet` the files in `database` are sessions_overview.parquet and viewing_activity.parquet instead, with the same
columns; numbers and moments may be typed.

OUTPUT gets sessions_overview and chunked_data as Parquet, a folder for each course, like `panopto-analytics export --format
parquet`, or with `--format csv` as CSV files with the same columns. A table that is there is replaced.

Every value is the one that `panopto-analytics` computes, to the last digit: the arithmetic below is that of
`src-tauri/model/src/chunk.rs`, step by step, and numbers are read as docs/decisions/0002-number-parsing.md says. A course that is
in several data folders is taken from the first, and a video that is in several courses belongs to the first of them.

Deliberately absent: fetching, when to run, and everything that one computer does as well. A row that cannot be read ends the job;
nothing is left out silently.
"""

import argparse
import sys
import zoneinfo

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.window import Window

CHUNKS = 20
COMPLETED_SHARE = 0.75
NOBODY = "00000000-0000-0000-0000-000000000000"
# The ID in the last brackets of a course's folder; storage may write brackets as %5B and %5D.
COURSE_OF_PATH = r"(?:\[|%5B)([0-9a-fA-F-]{36})(?:\]|%5D)/[^/]*$"

VIDEO_COLUMNS = [
    "RootFolderID",
    "RootFolderName",
    "ContainingFolderId",
    "ContainingFolderName",
    "SessionId",
    "SessionName",
    "Description",
    "Duration",
]
RECORD_COLUMNS = [
    "SessionId",
    "UserId",
    "Date",
    "DateTime",
    "PlaybackSpeed",
    "StartPosition",
    "StartReason",
    "StopPosition",
    "StopReason",
    "SecondsViewed",
]
COURSE_COLUMNS = ["PanoptoFolderName", "PanoptoFolderID"]
# Later versions of the program may add columns to people.csv. Only these are needed, and they are found by name.
PEOPLE_COLUMNS = ["UserId", "LeftOut", "PersonUserId"]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", help="folder for the two tables")
    parser.add_argument("folders", nargs="+", metavar="DATA_FOLDER", help="data folders, the first ones first")
    parser.add_argument("--timezone", required=True, help="reporting time zone, an IANA name")
    parser.add_argument("--records", choices=["csv", "parquet"], default="csv", help="form of the stored files")
    parser.add_argument("--format", choices=["parquet", "csv"], default="parquet", help="form of the tables")
    chosen = parser.parse_args(arguments)

    if chosen.timezone not in zoneinfo.available_timezones():
        sys.exit(f"`{chosen.timezone}` is not a time zone; give an IANA name such as Europe/Zurich")

    spark = SparkSession.builder.appName("Panopto Video Analytics: chunks").getOrCreate()
    # Moments are UTC, whatever the cluster's own time zone.
    spark.conf.set("spark.sql.session.timeZone", "UTC")

    videos = own_videos(all_folders(spark, chosen, listed_videos)).cache()
    runs = records_of(all_folders(spark, chosen, viewing_records), videos, chosen.timezone).cache()
    write(overview(videos, runs), f"{chosen.output}/sessions_overview", chosen.format)
    write(chunks(runs), f"{chosen.output}/chunked_data", chosen.format)
    spark.stop()


def write(table: DataFrame, path: str, form: str) -> None:
    writer = table.write.mode("overwrite").partitionBy("CourseID")
    if form == "csv":
        writer.option("header", True).option("escape", '"').csv(path)
    else:
        writer.parquet(path)


# Reading


def all_folders(spark: SparkSession, chosen: argparse.Namespace, read) -> DataFrame:
    """What `read` finds in each folder, one below the other, with the folder's number."""
    tables = [
        read(spark, folder, chosen.records).withColumn("folder", F.lit(number))
        for number, folder in enumerate(chosen.folders)
    ]
    whole = tables[0]
    for table in tables[1:]:
        whole = whole.unionByName(table)
    return whole


def stored(
    spark: SparkSession, folder: str, name: str, columns: list[str], records: str, several_lines: bool
) -> DataFrame:
    """The files of all courses of a folder. `place` orders the rows of a file as they are in it."""
    pattern = f"{folder}/database/*/{name}.{records}"
    if records == "parquet":
        table = spark.read.parquet(pattern)
        place = F.struct(F.col("_metadata.file_path"), F.col("_metadata.row_index"))
    else:
        table = with_header(spark, pattern, columns, several_lines)
        # Rows of one piece of a file stay in order within the piece that reads them.
        place = F.struct(
            F.col("_metadata.file_path"), F.col("_metadata.file_block_start"), F.monotonically_increasing_id()
        )
    missing = [column for column in columns if column not in table.columns]
    if missing:
        sys.exit(f"{pattern} has no column {', '.join(missing)}")
    course = F.lower(F.regexp_extract(F.col("_metadata.file_path"), COURSE_OF_PATH, 1))
    return table.select(*columns, course.alias("CourseID"), place.alias("place"))


def with_header(spark: SparkSession, path: str, columns: list[str], several_lines: bool = True) -> DataFrame:
    """CSV files with exactly these columns. One with others is refused, not read by position."""
    schema = T.StructType([T.StructField(column, T.StringType()) for column in columns])
    reader = spark.read.schema(schema).option("header", True).option("enforceSchema", False)
    reader = reader.option("mode", "FAILFAST").option("quote", '"').option("escape", '"')
    return reader.option("multiLine", several_lines).csv(path)


def named_columns(spark: SparkSession, path: str, columns: list[str]) -> DataFrame:
    """These columns of a CSV file, by their names; what else the file has is not read. Without one of them it is refused."""
    reader = spark.read.option("header", True).option("mode", "FAILFAST").option("quote", '"').option("escape", '"')
    table = reader.option("multiLine", True).csv(path)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        sys.exit(f"{path} has no column {', '.join(missing)}")
    return table.select(*columns)


def listed_videos(spark: SparkSession, folder: str, records: str) -> DataFrame:
    """The videos of the listed courses, with the place of the course on the list."""
    courses = with_header(spark, f"{folder}/courses.csv", COURSE_COLUMNS).withColumn("listed", F.monotonically_increasing_id())
    courses = courses.groupBy(identity("PanoptoFolderID").alias("CourseID")).agg(F.min("listed").alias("listed"))
    videos = stored(spark, folder, "sessions_overview", VIDEO_COLUMNS, records, several_lines=True)
    # A list of courses is small.
    return videos.join(F.broadcast(courses), "CourseID").withColumns(
        {
            "SessionId": identity("SessionId"),
            "RootFolderID": identity("RootFolderID"),
            "ContainingFolderId": F.coalesce(identity("ContainingFolderId"), F.lit("")),
            "Duration": number(videos, "Duration"),
        }
    )


def viewing_records(spark: SparkSession, folder: str, records: str) -> DataFrame:
    """The records of all courses, with the decisions about people in this folder."""
    table = stored(spark, folder, "viewing_activity", RECORD_COLUMNS, records, several_lines=False)
    moment = table["DateTime"]
    if isinstance(table.schema["DateTime"].dataType, T.StringType):
        moment = required(F.try_to_timestamp(moment), moment, "DateTime", "a date and time")
    table = table.withColumns(
        {
            "SessionId": identity("SessionId"),
            "UserId": F.coalesce(identity("UserId"), F.lit(NOBODY)),
            "moment": moment,
            "start": required(number(table, "StartPosition"), table["StartPosition"], "StartPosition", "a number"),
            "stop": required(number(table, "StopPosition"), table["StopPosition"], "StopPosition", "a number"),
        }
    )
    return by_person(spark, folder, table)


def by_person(spark: SparkSession, folder: str, table: DataFrame) -> DataFrame:
    """Without those who are left out, and with the accounts of one person under the account that stands for it."""
    try:
        people = named_columns(spark, f"{folder}/people.csv", PEOPLE_COLUMNS)
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            return table
        raise
    accounts = people.select(identity("UserId").alias("UserId"), identity("PersonUserId").alias("person"))
    left_out = people.filter(F.lower(F.trim("LeftOut")) == "yes").select(identity("UserId").alias("UserId"))
    table = table.join(F.broadcast(accounts), "UserId", "left")
    table = table.withColumn("UserId", F.coalesce("person", "UserId")).drop("person")
    return table.join(F.broadcast(left_out), "UserId", "left_anti")


def identity(column: str) -> Column:
    """An ID in its usual spelling; null where there is none."""
    text = F.lower(F.regexp_replace(F.trim(column), "[{}]", ""))
    return F.when(text == "", None).otherwise(text)


def required(value: Column, text: Column, column: str, expected: str) -> Column:
    told = F.concat(F.lit(f"In the column {column}, `"), F.coalesce(text.cast("string"), F.lit("")), F.lit(f"` is not {expected}"))
    return F.when(value.isNull(), F.raise_error(told)).otherwise(value)


def number(table: DataFrame, column: str) -> Column:
    """A number; null where there is none. Text is read with at most 17 digits, of which each step after the fifteenth rounds."""
    if not isinstance(table.schema[column].dataType, T.StringType):
        return table[column].cast("double")
    text = F.trim(table[column])
    form = r"^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$"
    names = ["sign", "whole", "fraction", "power"]
    parts = F.struct(*(F.regexp_extract(text, form, group).alias(name) for group, name in enumerate(names, start=1)))

    def digits_of(part: Column) -> Column:
        digits = F.substring(F.concat(part["whole"], part["fraction"]), 1, 17)
        cut_off = F.greatest(F.length(part["whole"]) - 17, F.lit(0))
        decimals = F.length(digits) - F.least(F.length(part["whole"]), F.lit(17))
        explicit = F.coalesce(part["power"].try_cast("int"), F.lit(0))
        return F.struct(part["sign"].alias("sign"), digits.alias("digits"), (cut_off - decimals + explicit).alias("exponent"))

    def value_of(part: Column) -> Column:
        value = F.substring(part["digits"], 1, 15).try_cast("bigint").cast("double")
        for at in (16, 17):
            digit = F.substring(part["digits"], at, 1).try_cast("double")
            value = F.when(F.length(part["digits"]) >= at, value * 10.0 + digit).otherwise(value)
        # Each power of ten as the nearest number, which a parser gives and a logarithm does not.
        ten_to = F.concat(F.lit("1e"), F.abs(part["exponent"]).cast("string")).cast("double")
        value = F.when(part["exponent"] > 0, value * ten_to).otherwise(value / ten_to)
        return F.when(part["sign"] == "-", -value).otherwise(value)

    value = naming(naming(parts, digits_of), value_of)
    told = F.concat(F.lit(f"In the column {column}, `"), text, F.lit("` is not a number"))
    is_number = text.rlike(form) & text.rlike(r"\d")
    return F.when(text == "", None).otherwise(F.when(is_number, value).otherwise(F.raise_error(told)))


def naming(value: Column, use) -> Column:
    """What `use` makes of a value that is computed once, however often it occurs in it."""
    return F.element_at(F.transform(F.array(value), use), 1)


# Videos and their records


def own_videos(videos: DataFrame) -> DataFrame:
    """Each video once, in the first course that has it, with its place there and the borders of its chunks."""
    in_course = Window.partitionBy("folder", "CourseID").orderBy("place")
    first = Window.partitionBy("SessionId").orderBy("folder", "listed", "Order")
    videos = videos.withColumn("Order", F.row_number().over(in_course).cast("bigint"))
    videos = videos.withColumn("turn", F.row_number().over(first)).filter("turn = 1")
    # Each border is the one before plus a twentieth, cut to the video; adding them up rounds as the original tool does.
    length = F.when(F.col("Duration") > 0, F.col("Duration"))
    step = length / F.lit(float(CHUNKS))
    borders = F.aggregate(
        F.sequence(F.lit(1), F.lit(CHUNKS)),
        F.array(F.lit(0.0)),
        lambda borders, _: F.concat(borders, F.array(F.least(F.element_at(borders, -1) + step, length))),
    )
    return videos.withColumn("borders", F.when(length.isNotNull(), borders))


def records_of(records: DataFrame, videos: DataFrame, zone: str) -> DataFrame:
    """The records of each viewer and video, in the order in which they are stored; only those of the course that has the video."""
    own = videos.select("folder", "CourseID", "SessionId", "Duration", "borders")
    day = F.to_date(F.from_utc_timestamp("moment", zone))
    of_viewer = records.join(own, ["folder", "CourseID", "SessionId"]).groupBy("CourseID", "SessionId", "UserId")
    return of_viewer.agg(
        F.first("Duration").alias("Duration"),
        F.first("borders").alias("borders"),
        F.array_sort(F.collect_list(F.struct("place", day.alias("day"), "start", "stop"))).alias("runs"),
    )


# The arithmetic of chunks


def coverage(runs: Column, length: Column) -> Column:
    """The union of runs after cutting each to the video: sorted, neither overlapping nor touching."""
    cut = F.transform(runs, lambda run: F.struct(F.greatest(run["start"], F.lit(0.0)).alias("a"), F.least(run["stop"], length).alias("b")))
    cut = F.array_sort(F.filter(cut, lambda run: run["a"] < run["b"]))

    def joined(union: Column, run: Column) -> Column:
        last = F.element_at(union, -1)
        is_apart = (F.size(union) == 0) | (run["a"] > last["b"])
        longer = F.struct(last["a"].alias("a"), F.greatest(last["b"], run["b"]).alias("b"))
        return F.when(is_apart, F.concat(union, F.array(run))).otherwise(
            F.concat(F.slice(union, 1, F.size(union) - 1), F.array(longer))
        )

    return F.aggregate(cut, F.array().cast("array<struct<a:double,b:double>>"), joined)


def sum_of(items: Column, value) -> Column:
    """A sum in the order of the items: another order gives another last digit."""
    return F.aggregate(items, F.lit(0.0), lambda total, item: total + value(item))


def overlap(from_a: Column, to_a: Column, from_b: Column, to_b: Column) -> Column:
    return F.least(to_a, to_b) - F.greatest(from_a, from_b)


def chunks(runs: DataFrame) -> DataFrame:
    """A row for each chunk of which a viewer covered anything on a day."""
    days = runs.filter("borders IS NOT NULL").withColumn("Date", F.explode(F.array_distinct(F.transform("runs", lambda run: run["day"]))))
    days = days.withColumn("runs", F.filter("runs", lambda run: run["day"] == F.col("Date")))
    days = days.withColumn("union", coverage(F.col("runs"), F.col("Duration")))

    def chunk(index: Column) -> Column:
        start, end = F.get("borders", index), F.get("borders", index + 1)
        covered = sum_of(F.col("union"), lambda run: F.greatest(overlap(run["a"], run["b"], start, end), F.lit(0.0)))

        def spent(run: Column) -> Column:
            is_within = (run["start"] < end) & (run["stop"] > start) & (run["start"] < run["stop"])
            return F.when(is_within, overlap(run["start"], run["stop"], start, end)).otherwise(0.0)

        return F.struct(
            index.cast("bigint").alias("ChunkIndex"),
            start.alias("ChunkStart"),
            end.alias("ChunkEnd"),
            (covered / (end - start) * 100.0).alias("ChunkPercentCovered"),
            sum_of(F.col("runs"), spent).alias("TotalTimeSpent"),
            (covered >= (end - start) * COMPLETED_SHARE).alias("Completed(75%)"),
            covered.alias("covered"),
        )

    found = F.explode(F.transform(F.sequence(F.lit(0), F.lit(CHUNKS - 1)), chunk)).alias("chunk")
    rows = days.select("CourseID", "SessionId", "UserId", "Date", found).filter("chunk.covered > 0")
    columns = ["ChunkIndex", "ChunkStart", "ChunkEnd", "ChunkPercentCovered", "TotalTimeSpent", "Completed(75%)"]
    return rows.select("SessionId", "UserId", "Date", *(f"chunk.`{column}`" for column in columns), "CourseID")


def overview(videos: DataFrame, runs: DataFrame) -> DataFrame:
    """A row for each video, with how many viewed it and how many covered 75 % of it over all days."""
    covered = sum_of(coverage(F.col("runs"), F.col("Duration")), lambda run: run["b"] - run["a"])
    is_completed = F.col("borders").isNotNull() & (covered >= F.col("Duration") * COMPLETED_SHARE)
    viewers = runs.groupBy("CourseID", "SessionId").agg(
        F.count(F.lit(1)).alias("viewers"), F.count(F.when(is_completed, 1)).alias("completed")
    )
    counted = videos.join(viewers, ["CourseID", "SessionId"], "left")
    text = {name: F.coalesce(name, F.lit("")) for name in ["SessionName", "Description", "RootFolderName", "ContainingFolderName"]}
    return counted.select(
        "Order",
        "SessionId",
        text["SessionName"].alias("SessionName"),
        text["Description"].alias("Description"),
        "Duration",
        "RootFolderID",
        text["RootFolderName"].alias("RootFolderName"),
        F.col("ContainingFolderId").alias("ContainingFolderID"),
        text["ContainingFolderName"].alias("ContainingFolderName"),
        F.coalesce("viewers", F.lit(0)).cast("bigint").alias("UniqueViewers"),
        F.coalesce("completed", F.lit(0)).cast("bigint").alias("CompletedViewerCount(75%Coverage)"),
        "CourseID",
    )


if __name__ == "__main__":
    main()
