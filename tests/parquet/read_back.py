#!/usr/bin/env python3
"""Compares a Parquet export with the CSV export of the same data, as DuckDB, Polars and PyArrow read it.

    read_back.py PARQUET_FOLDER CSV_FOLDER

Each program reads the files of a table in the order of the courses, and every cell must have the value and the type that the
CSV file means; then it reads the table's whole folder as people do, by its partitions. Exit code 0: all three read the same.
"""

import csv
import datetime
import pathlib
import sys

import duckdb
import polars
import pyarrow
import pyarrow.dataset
import pyarrow.parquet

TEXT, WHOLE, REAL, DATE, TRUTH = "text", "whole", "real", "date", "truth"

# What is not text, by table. Written down here once more, so that a changed type is noticed.
TYPES = {
    "sessions_overview": {
        "Order": WHOLE,
        "Duration": REAL,
        "UniqueViewers": WHOLE,
        "CompletedViewerCount(75%Coverage)": WHOLE,
    },
    "chunked_data": {
        "Date": DATE,
        "ChunkIndex": WHOLE,
        "ChunkStart": REAL,
        "ChunkEnd": REAL,
        "ChunkPercentCovered": REAL,
        "TotalTimeSpent": REAL,
        "Completed(75%)": TRUTH,
    },
    "timeline_steps": {"StepStart": REAL, "StepEnd": REAL, "StepViewers": WHOLE, "StepPlays": WHOLE},
    "video_moments": {"MomentNumber": WHOLE, "MomentStart": REAL, "MomentEnd": REAL, "MomentPeople": WHOLE},
    "course_dates": {"DateNumber": WHOLE, "DateStart": DATE, "DateEnd": DATE},
}

MEANING = {
    TEXT: lambda cell: cell,
    WHOLE: int,
    REAL: lambda cell: float(cell) if cell else None,
    DATE: datetime.date.fromisoformat,
    TRUTH: {"True": True, "False": False}.__getitem__,
}

DUCKDB = {TEXT: "VARCHAR", WHOLE: "BIGINT", REAL: "DOUBLE", DATE: "DATE", TRUTH: "BOOLEAN"}
POLARS = {
    TEXT: polars.String,
    WHOLE: polars.Int64,
    REAL: polars.Float64,
    DATE: polars.Date,
    TRUTH: polars.Boolean,
}
PYARROW = {
    TEXT: pyarrow.string(),
    WHOLE: pyarrow.int64(),
    REAL: pyarrow.float64(),
    DATE: pyarrow.date32(),
    TRUTH: pyarrow.bool_(),
}


def by_duckdb(files, _folder):
    table = duckdb.read_parquet([str(file) for file in files], hive_partitioning=False)
    types = dict(zip(table.columns, map(str, table.types)))
    return types, table.fetchall(), DUCKDB


def by_polars(files, _folder):
    table = polars.concat([polars.read_parquet(file, hive_partitioning=False) for file in files])
    return dict(table.schema), table.rows(), POLARS


def by_pyarrow(files, _folder):
    table = pyarrow.concat_tables([pyarrow.parquet.ParquetFile(file).read() for file in files])
    types = {field.name: field.type for field in table.schema}
    return types, list(zip(*(column.to_pylist() for column in table.columns))), PYARROW


def counts_by_partition(folder):
    """Rows of each course, as each program reads the whole folder."""
    pattern = str(folder / "**" / "*.parquet")
    of_duckdb = duckdb.sql(f"SELECT CourseID, count(*) FROM read_parquet('{pattern}') GROUP BY 1").fetchall()
    of_polars = polars.scan_parquet(folder, hive_partitioning=True).group_by("CourseID").len().collect().rows()
    partitions = pyarrow.dataset.partitioning(pyarrow.schema([("CourseID", pyarrow.string())]), flavor="hive")
    table = pyarrow.dataset.dataset(folder, partitioning=partitions, format="parquet").to_table()
    of_pyarrow = [(found["values"], found["counts"]) for found in table["CourseID"].value_counts().to_pylist()]
    return [("DuckDB", of_duckdb), ("Polars", of_polars), ("PyArrow", of_pyarrow)]


def check_description(file, table, header):
    described = {key.decode(): value.decode() for key, value in pyarrow.parquet.read_metadata(file).metadata.items()}
    missing = [name for name in header if not described.get(f"definition.{name}")]
    assert not missing, f"{file}: no definition of {missing}"
    assert described["table"] == table, described
    pairs = duckdb.sql(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{file}')").fetchall()
    assert dict(pairs) == described, f"{file}: DuckDB reads another description than PyArrow"
    in_polars = polars.read_parquet_metadata(file)
    assert all(in_polars.get(key) == value for key, value in described.items()), f"{file}: Polars reads another description"


def check(table, parquet, plain, courses):
    with open(plain / f"{table}.csv", newline="", encoding="utf-8") as file:
        header, *cells = csv.reader(file)
    kinds = [TYPES[table].get(name, TEXT) for name in header]
    expected = [tuple(MEANING[kind](cell) for kind, cell in zip(kinds, row)) for row in cells]
    folder = parquet / table
    files = [folder / f"CourseID={course}" / f"{table}.parquet" for course in courses]
    for name, read in [("DuckDB", by_duckdb), ("Polars", by_polars), ("PyArrow", by_pyarrow)]:
        types, rows, words = read(files, folder)
        assert list(types) == header, f"{table}: {name} reads the columns {list(types)}"
        wrong = [column for column, kind in zip(header, kinds) if types[column] != words[kind]]
        assert not wrong, f"{table}: {name} reads other types: {[(column, types[column]) for column in wrong]}"
        assert len(rows) == len(expected), f"{table}: {name} reads {len(rows)} rows of {len(expected)}"
        for number, (found, meant) in enumerate(zip(rows, expected)):
            assert tuple(found) == meant, f"{table}, row {number}: {name} reads {found} for {meant}"
    in_file = {course: pyarrow.parquet.read_metadata(file).num_rows for course, file in zip(courses, files)}
    for name, counts in counts_by_partition(folder):
        assert dict(counts) == {course: rows for course, rows in in_file.items() if rows}, f"{table}: {name}: {counts}"
    for file in files:
        check_description(file, table, header)
    return len(expected)


def main(parquet, plain):
    with open(plain / "sessions_overview.csv", newline="", encoding="utf-8") as file:
        # The courses in their order, which is the order of the files.
        courses = list(dict.fromkeys(row["RootFolderID"] for row in csv.DictReader(file)))
    for table in TYPES:
        print(f"{table}: DuckDB, Polars and PyArrow read the {check(table, parquet, plain, courses)} rows of the CSV file")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
