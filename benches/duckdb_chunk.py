#!/usr/bin/env python3
"""The same job as `panopto-analytics chunk`, in DuckDB: the peer that the benchmark measures against.

    duckdb_chunk.py DATA_FOLDER OUTPUT_FOLDER [--threads N] [--timezone IANA]

Reads the database of every course, works out chunks with window functions, and writes chunked_data.csv and
sessions_overview.csv for each course and once more for all of them together. Prints seconds, peak memory and rows as
JSON. Values equal ours except for the last digit or two (SQL adds in another order and reads numbers to the nearest).
The order of rows differs, because SQL need not sort them.
"""
from __future__ import annotations

import argparse
import json
import re
import resource
import time
from pathlib import Path

import duckdb

ACTIVITY = {
    "SessionId": "VARCHAR", "UserId": "VARCHAR", "Date": "VARCHAR", "DateTime": "TIMESTAMPTZ",
    "PlaybackSpeed": "DOUBLE", "StartPosition": "DOUBLE", "StartReason": "VARCHAR", "StopPosition": "DOUBLE",
    "StopReason": "VARCHAR", "SecondsViewed": "DOUBLE",
}
OVERVIEW = {
    "RootFolderID": "VARCHAR", "RootFolderName": "VARCHAR", "ContainingFolderId": "VARCHAR",
    "ContainingFolderName": "VARCHAR", "SessionId": "VARCHAR", "SessionName": "VARCHAR", "Description": "VARCHAR",
    "Duration": "DOUBLE",
}


def columns(types: dict[str, str]) -> str:
    return "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in types.items()) + "}"


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def course(con: duckdb.DuckDBPyConnection, number: int, database: Path, output: Path, zone: str) -> None:
    output.mkdir(parents=True, exist_ok=True)
    con.execute(f"""
        CREATE TEMP TABLE videos AS
        SELECT row_number() OVER () AS "Order", * FROM read_csv({quoted(database / 'sessions_overview.csv')},
            header = true, auto_detect = false, quote = '"', escape = '"', columns = {columns(OVERVIEW)});
        CREATE TEMP TABLE runs AS
        SELECT v."Order" AS n, a.SessionId AS s, a.UserId AS u,
               CAST(a.DateTime AT TIME ZONE '{zone}' AS DATE) AS d,
               greatest(a.StartPosition, 0) AS lo, least(a.StopPosition, v.Duration) AS hi, v.Duration AS len
        FROM read_csv({quoted(database / 'viewing_activity.csv')}, header = true, auto_detect = false, quote = '"',
            escape = '"', columns = {columns(ACTIVITY)}) a
        JOIN videos v USING (SessionId);
    """)
    # Islands: a run begins a new one if it starts after all earlier runs have stopped.
    con.execute("""
        CREATE TEMP TABLE islands AS
        SELECT n, s, u, d, len, min(lo) AS lo, max(hi) AS hi FROM (
            SELECT *, sum(is_new) OVER (PARTITION BY n, u, d ORDER BY lo, hi ROWS UNBOUNDED PRECEDING) AS island FROM (
                SELECT *, CASE WHEN lo > max(hi) OVER (PARTITION BY n, u, d ORDER BY lo, hi
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 1 ELSE 0 END AS is_new
                FROM runs WHERE hi > lo))
        GROUP BY n, s, u, d, len, island;
        CREATE TEMP TABLE chunks AS
        WITH cover AS (
            SELECT n, s, u, d, len, c, sum(least(hi, (c + 1) * len / 20) - greatest(lo, c * len / 20)) AS covered
            FROM islands, LATERAL (SELECT unnest(range(CAST(floor(lo / len * 20) AS BIGINT),
                least(CAST(floor(hi / len * 20) AS BIGINT), 19) + 1)) AS c)
            GROUP BY ALL),
        spent AS (
            SELECT n, u, d, c, sum(least(hi, (c + 1) * len / 20) - greatest(lo, c * len / 20)) AS spent
            FROM runs, LATERAL (SELECT unnest(range(CAST(floor(lo / len * 20) AS BIGINT),
                least(CAST(floor(hi / len * 20) AS BIGINT), 19) + 1)) AS c)
            WHERE hi > lo GROUP BY ALL)
        SELECT s AS SessionId, u AS UserId, d AS "Date", c AS ChunkIndex, c * len / 20 AS ChunkStart,
               least((c + 1) * len / 20, len) AS ChunkEnd, covered / (len / 20) * 100 AS ChunkPercentCovered,
               spent AS TotalTimeSpent,
               CASE WHEN covered >= len / 20 * 0.75 THEN 'True' ELSE 'False' END AS "Completed(75%)"
        FROM cover JOIN spent USING (n, u, d, c) WHERE covered > 0;
    """)
    con.execute("""
        CREATE TEMP TABLE overview AS
        WITH viewers AS (SELECT n, count(DISTINCT u) AS unique_viewers FROM runs GROUP BY n),
        whole AS (
            SELECT n, u, len, max(hi) - min(lo) AS covered FROM (
                SELECT *, sum(is_new) OVER (PARTITION BY n, u ORDER BY lo, hi ROWS UNBOUNDED PRECEDING) AS island FROM (
                    SELECT *, CASE WHEN lo > max(hi) OVER (PARTITION BY n, u ORDER BY lo, hi
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 1 ELSE 0 END AS is_new
                    FROM islands))
            GROUP BY n, u, len, island),
        completed AS (
            SELECT n, count(*) AS completed FROM (
                SELECT n, u, len, sum(covered) AS covered FROM whole GROUP BY n, u, len)
            WHERE covered >= len * 0.75 GROUP BY n)
        SELECT v."Order", v.SessionId, v.SessionName, v.Description, v.Duration, v.RootFolderID, v.RootFolderName,
               v.ContainingFolderId AS ContainingFolderID, v.ContainingFolderName,
               coalesce(unique_viewers, 0) AS UniqueViewers,
               coalesce(completed, 0) AS "CompletedViewerCount(75%Coverage)"
        FROM videos v LEFT JOIN viewers ON viewers.n = v."Order" LEFT JOIN completed ON completed.n = v."Order"
        ORDER BY v."Order";
    """)
    con.execute(f"COPY chunks TO {quoted(output / 'chunked_data.csv')} (HEADER)")
    con.execute(f"COPY overview TO {quoted(output / 'sessions_overview.csv')} (HEADER)")
    verb = "CREATE TEMP TABLE {0}_all AS SELECT * FROM {0}" if number == 0 else "INSERT INTO {0}_all SELECT * FROM {0}"
    for table in ("chunks", "overview"):
        con.execute(verb.format(table))
    for table in ("videos", "runs", "islands", "chunks", "overview"):
        con.execute(f"DROP TABLE {table}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("data", type=Path)
    arguments.add_argument("output", type=Path)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--timezone", default="America/Los_Angeles")
    chosen = arguments.parse_args()
    begun = time.perf_counter()
    con = duckdb.connect()
    con.execute(f"SET threads = {chosen.threads}; SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
    found = sorted(path for path in (chosen.data / "database").iterdir() if re.search(r"\[[0-9a-f-]{36}\]$", path.name))
    for number, database in enumerate(found):
        course(con, number, database, chosen.output / database.name, chosen.timezone)
    union = chosen.output / "tableau"
    union.mkdir(parents=True, exist_ok=True)
    con.execute(f"COPY chunks_all TO {quoted(union / 'chunked_data.csv')} (HEADER)")
    con.execute(f"COPY overview_all TO {quoted(union / 'sessions_overview.csv')} (HEADER)")
    rows = con.execute("SELECT count(*) FROM chunks_all").fetchone()[0]
    con.close()
    print(json.dumps({
        "seconds": round(time.perf_counter() - begun, 4),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "rows": rows,
    }))


if __name__ == "__main__":
    main()
