#!/usr/bin/env python3
"""Loads an export into Hyper, Tableau's own engine, with the types that the workbook gives, and checks it.

    hyper_check.py EXPORT_FOLDER

A development check: needs `pip install tableauhyperapi`, which brings the engine. Nothing is sent anywhere. Checked are keys,
orphans, bounds, and that Hyper's counts and sums are those of a computation in plain Python over the same files. Prints figures of each
course as JSON; exit status 0 when all holds, 1 when not, 2 when it could not run.
"""
from __future__ import annotations

import csv
import json
import math
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

os.environ.setdefault("DO_NOT_SEND_USAGE_DATA_TO_TABLEAU", "1")

try:
    from tableauhyperapi import (
        Connection, CreateMode, HyperProcess, Nullability, SqlType, TableDefinition, Telemetry, escape_string_literal,
    )
except ImportError:
    print("tableauhyperapi is not installed: pip install tableauhyperapi", file=sys.stderr)
    sys.exit(2)

TEXT, WHOLE, REAL, DATE, TRUTH = SqlType.text, SqlType.big_int, SqlType.double, SqlType.date, SqlType.bool
NO, NULL = Nullability.NOT_NULLABLE, Nullability.NULLABLE
SESSIONS = [
    ("Order", WHOLE, NO), ("SessionId", TEXT, NO), ("SessionName", TEXT, NULL), ("Description", TEXT, NULL),
    ("Duration", REAL, NULL), ("RootFolderID", TEXT, NO), ("RootFolderName", TEXT, NULL),
    ("ContainingFolderID", TEXT, NULL), ("ContainingFolderName", TEXT, NULL), ("UniqueViewers", WHOLE, NO),
    ("CompletedViewerCount(75%Coverage)", WHOLE, NO),
]
CHUNKED = [
    ("SessionId", TEXT, NO), ("UserId", TEXT, NO), ("Date", DATE, NO), ("ChunkIndex", WHOLE, NO),
    ("ChunkStart", REAL, NO), ("ChunkEnd", REAL, NO), ("ChunkPercentCovered", REAL, NO), ("TotalTimeSpent", REAL, NO),
    ("Completed(75%)", TRUTH, NO),
]
# The tables that an export can have beside the two.
MORE = {
    "steps": ("timeline_steps.csv", [
        ("SessionId", TEXT, NO), ("StepStart", REAL, NO), ("StepEnd", REAL, NO), ("StepViewers", WHOLE, NO),
        ("StepPlays", WHOLE, NO),
    ]),
    "moments": ("video_moments.csv", [
        ("SessionId", TEXT, NO), ("MomentNumber", WHOLE, NO), ("MomentKind", TEXT, NO), ("MomentStart", REAL, NO),
        ("MomentEnd", REAL, NO), ("MomentPeople", WHOLE, NO), ("MomentSentence", TEXT, NO), ("MomentWords", TEXT, NULL),
    ]),
    "dates": ("course_dates.csv", [
        ("SessionId", TEXT, NO), ("DateNumber", WHOLE, NO), ("DateKind", TEXT, NO), ("DateName", TEXT, NO),
        ("DateStart", DATE, NO), ("DateEnd", DATE, NO), ("DateTime", TEXT, NULL),
    ]),
}
CHUNKS = 20
# Each rule counts the rows that break it.
RULES = {
    "videos that stand twice": 'SELECT COUNT(*) - COUNT(DISTINCT "SessionId") FROM s',
    "chunk rows that stand twice":
        'SELECT COUNT(*) FROM (SELECT 1 FROM c GROUP BY "SessionId", "UserId", "Date", "ChunkIndex" HAVING COUNT(*) > 1) x',
    "chunk rows of no video": 'SELECT COUNT(*) FROM c WHERE "SessionId" NOT IN (SELECT "SessionId" FROM s)',
    "chunk rows of a video without length":
        'SELECT COUNT(*) FROM c JOIN s USING ("SessionId") WHERE "Duration" IS NULL OR "Duration" <= 0',
    "chunks beyond the twentieth": f'SELECT COUNT(*) FROM c WHERE "ChunkIndex" NOT BETWEEN 0 AND {CHUNKS - 1}',
    "chunks that end before they start": 'SELECT COUNT(*) FROM c WHERE "ChunkStart" >= "ChunkEnd"',
    "chunks with other borders than a twentieth": f"""
        SELECT COUNT(*) FROM c JOIN s USING ("SessionId")
        WHERE ABS("ChunkStart" - "ChunkIndex" * "Duration" / {CHUNKS}) > 1e-6
           OR ABS("ChunkEnd" - ("ChunkIndex" + 1) * "Duration" / {CHUNKS}) > 1e-6""",
    "rows that cover nothing, or more than all":
        'SELECT COUNT(*) FROM c WHERE "ChunkPercentCovered" <= 0 OR "ChunkPercentCovered" > 100.0000001',
    "rows with less time spent than covered": """
        SELECT COUNT(*) FROM c
        WHERE "TotalTimeSpent" < ("ChunkEnd" - "ChunkStart") * "ChunkPercentCovered" / 100 - 1e-6""",
    "rows whose completion is not that of their percentage": """
        SELECT COUNT(*) FROM c
        WHERE "Completed(75%)" <> ("ChunkPercentCovered" >= 75) AND ABS("ChunkPercentCovered" - 75) > 1e-9""",
    "videos with more completed viewers than viewers":
        'SELECT COUNT(*) FROM s WHERE "CompletedViewerCount(75%Coverage)" > "UniqueViewers"',
    "videos with fewer viewers than their chunks have": """
        SELECT COUNT(*) FROM s JOIN (SELECT "SessionId", COUNT(DISTINCT "UserId") AS n FROM c GROUP BY "SessionId") v
        USING ("SessionId") WHERE n > "UniqueViewers" """,
    "courses whose order is not 1, 2, 3 …": """
        SELECT COUNT(*) FROM (SELECT 1 FROM s GROUP BY "RootFolderID"
        HAVING MIN("Order") < 1 OR COUNT(*) <> COUNT(DISTINCT "Order")) x""",
}

MORE_RULES = {
    "rows of a further table that belong to no video": """
        SELECT COUNT(*) FROM (SELECT "SessionId" FROM steps UNION ALL SELECT "SessionId" FROM moments
        UNION ALL SELECT "SessionId" FROM dates) x WHERE "SessionId" NOT IN (SELECT "SessionId" FROM s)""",
    "steps that do not lie end to end from 0 to the end of their video": """
        SELECT COUNT(*) FROM (SELECT "StepStart", "StepEnd", "Duration",
            LAG("StepEnd") OVER (PARTITION BY "SessionId" ORDER BY "StepStart") AS before,
            LEAD("StepStart") OVER (PARTITION BY "SessionId" ORDER BY "StepStart") AS after
        FROM steps JOIN s USING ("SessionId")) x
        WHERE "StepStart" >= "StepEnd" OR "StepStart" <> COALESCE(before, 0)
           OR (after IS NULL AND ABS("StepEnd" - "Duration") > 1e-9)""",
    "steps with fewer plays than viewers, or more viewers than their video": """
        SELECT COUNT(*) FROM steps JOIN s USING ("SessionId")
        WHERE "StepPlays" < "StepViewers" OR "StepViewers" > "UniqueViewers" """,
    "videos whose plays are not the time spent in their chunks": """
        SELECT COUNT(*) FROM (SELECT "SessionId", SUM("TotalTimeSpent") AS spent FROM c GROUP BY "SessionId") a
        JOIN (SELECT "SessionId", SUM(("StepEnd" - "StepStart") * "StepPlays") AS played FROM steps GROUP BY "SessionId") b
        USING ("SessionId") WHERE ABS(spent - played) > 1e-6 * spent""",
    "moments of fewer than 5 people, outside their video, or numbered otherwise than 1, 2, 3 …": """
        SELECT COUNT(*) FROM moments JOIN s USING ("SessionId")
        WHERE "MomentPeople" < 5 OR "MomentStart" < 0 OR "MomentEnd" > "Duration" OR "MomentStart" > "MomentEnd"
           OR "MomentNumber" NOT BETWEEN 1 AND 5""",
    "dates that end before they begin, or stand twice for a video": """
        SELECT COUNT(*) FROM (SELECT MIN("DateStart") AS a, MIN("DateEnd") AS b, COUNT(*) AS n FROM dates
        GROUP BY "SessionId", "DateNumber") x WHERE a > b OR n > 1""",
}


def load(connection: Connection, name: str, columns, path: Path) -> None:
    table = TableDefinition(name, [TableDefinition.Column(column, kind(), null) for column, kind, null in columns])
    connection.catalog.create_table(table)
    connection.execute_command(
        f"COPY {table.table_name} FROM {escape_string_literal(str(path))} "
        "WITH (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULL '', ENCODING 'utf-8')"
    )


def in_python(folder: Path):
    """Computes the same figures without Hyper."""
    with (folder / "sessions_overview.csv").open(encoding="utf-8", newline="") as file:
        sessions = list(csv.DictReader(file))
    course_of = {row["SessionId"]: row["RootFolderID"] for row in sessions}
    figures = defaultdict(lambda: {"videos": 0, "viewers": set(), "days": set(), "rows": 0, "completed": 0, "spent": []})
    for row in sessions:
        figures[row["RootFolderID"]]["videos"] += 1
    with (folder / "chunked_data.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            of_course = figures[course_of[row["SessionId"]]]
            of_course["rows"] += 1
            of_course["viewers"].add(row["UserId"])
            of_course["days"].add(row["Date"])
            of_course["completed"] += row["Completed(75%)"] == "True"
            of_course["spent"].append(float(row["TotalTimeSpent"]))
    return {
        course: {
            "videos": found["videos"], "rows": found["rows"], "viewers": len(found["viewers"]),
            "days": len(found["days"]), "completed_rows": found["completed"], "seconds": math.fsum(found["spent"]),
        }
        for course, found in figures.items()
    }


FIGURES = """
    SELECT s."RootFolderID", COUNT(DISTINCT s."SessionId"), COUNT(c."SessionId"), COUNT(DISTINCT c."UserId"),
           COUNT(DISTINCT c."Date"), COALESCE(SUM(CASE WHEN c."Completed(75%)" THEN 1 ELSE 0 END), 0),
           COALESCE(SUM(c."TotalTimeSpent"), 0)
    FROM s LEFT JOIN c ON s."SessionId" = c."SessionId" GROUP BY s."RootFolderID" ORDER BY 1"""


def check(folder: Path, connection: Connection) -> tuple[list[str], dict]:
    load(connection, "s", SESSIONS, folder / "sessions_overview.csv")
    load(connection, "c", CHUNKED, folder / "chunked_data.csv")
    rules = dict(RULES)
    if (folder / MORE["steps"][0]).exists():
        for name, (file, columns) in MORE.items():
            load(connection, name, columns, folder / file)
        rules |= MORE_RULES
    problems = []
    for name, query in rules.items():
        count = connection.execute_scalar_query(query)
        if count:
            problems.append(f"{count} {name}")
    figures = {}
    for course, videos, rows, viewers, days, completed, seconds in connection.execute_list_query(FIGURES):
        figures[course] = {
            "videos": videos, "rows": rows, "viewers": viewers, "days": days, "completed_rows": completed,
            "seconds": seconds,
        }
    expected = in_python(folder)
    if figures.keys() != expected.keys():
        problems.append(f"courses {sorted(figures)}, in Python {sorted(expected)}")
    for course in figures.keys() & expected.keys():
        for figure, value in expected[course].items():
            if not math.isclose(figures[course][figure], value, rel_tol=1e-9):
                problems.append(f"course {course}: {figure} is {figures[course][figure]}, in Python {value}")
    return problems, figures


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        settings = {"log_dir": scratch}
        with HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters=settings) as hyper:
            database = Path(scratch) / "export.hyper"
            with Connection(hyper.endpoint, database, CreateMode.CREATE_AND_REPLACE) as connection:
                problems, figures = check(folder, connection)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(json.dumps({"accepted": not problems, "courses": figures}, indent=2))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
