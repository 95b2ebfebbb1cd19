"""Chunking: compared with the same job in DuckDB and with mere reading and writing; ten times as much; no changes."""
from __future__ import annotations

import json
import shutil
from pathlib import Path

from measuring import Run, Spread, clear, folder_bytes, in_turn, ratios, run
from place import Place
from tables import Table

ZONE = "America/Los_Angeles"
RUNS = 5
RUNS_TEN_TIMES = 3
# Free space for ten times the records, in bytes: 1.9 GB read, 5.8 GB written, twice.
TEN_TIMES_BYTES = 15 * 10**9


def measure(place: Place) -> Table:
    table = Table("chunk", ("what", "time", "peak memory", "beside"))
    data = generated(place, courses=4)
    output = data / "output[CHUNKED]"

    def ours(*, anew: bool = True, folder: Path = data) -> Run:
        if anew:
            clear(folder / "output[CHUNKED]")
        return run([place.cli, "--json", "--data", folder, "chunk", "--timezone", ZONE], environment=place.environment())

    first = json.loads(ours().output)["result"]
    records = sum(course["records"] for course in first["courses"])
    rows = sum(course["rows"] for course in first["courses"])
    read, written = folder_bytes(data / "database"), folder_bytes(output)
    size = f"{records:,} records ({read / 1e6:.0f} MB), {rows:,} chunk rows and the union ({written / 1e6:.0f} MB)"

    copy = place.folder("copy")

    def bytes_alone() -> Run:
        clear(copy)
        return run([place.example("read_and_write"), data, copy])

    # Each turn begins with our own run, because its output shows how many bytes the other one must write.
    commands = [ours, bytes_alone]
    peer_output = place.folder("duckdb")
    if place.duckdb:

        def duckdb() -> Run:
            clear(peer_output)
            return run([place.duckdb, place.benches / "duckdb_chunk.py", data, peer_output,
                        "--threads", "2", "--timezone", ZONE])

        commands.append(duckdb)
    mine, alone, *peer = in_turn(RUNS, *commands)
    wall, peak = Spread.of(r.wall_secs for r in mine), max(r.peak_mib for r in mine)
    cpu = Spread.of(r.cpu_secs for r in mine)
    table.row("`panopto-analytics chunk`", wall.text("s"), f"{peak:.0f} MiB", f"{cpu.text('s')} of processor")
    if peer:
        times, ratio = Spread.of(r.wall_secs for r in peer[0]), ratios(mine, peer[0])
        peer_peak = max(r.peak_mib for r in peer[0])
        table.row("the same in DuckDB, 2 threads", times.text("s"), f"{peer_peak:.0f} MiB",
                  f"**{ratio.text(digits=1)} times ours**; memory {peer_peak / peak:.1f} times")
        table.notes.append(same_result(place, output / "tableau", peer_output / "tableau"))
    else:
        table.row("the same in DuckDB", "not measured", "", place.no_duckdb)
    # Uses the time that the program itself reports, which excludes the start of the process.
    bare = Spread.of(json.loads(r.output)["seconds"] for r in alone)
    table.row("reading and writing alone, 2 threads", bare.text("s"), "", f"{bare.median / wall.median:.2f} times ours")
    clear(copy)
    clear(peer_output)

    ours()
    unchanged = in_turn(RUNS, lambda: ours(anew=False))[0]
    statuses = [course["status"] for course in json.loads(unchanged[-1].output)["result"]["courses"]]
    assert statuses == ["unchanged"] * 4, statuses
    again = Spread.of(r.wall_secs for r in unchanged)
    table.row("nothing has changed", again.text("s", 3), f"{max(r.peak_mib for r in unchanged):.0f} MiB",
              "no course chunked again")

    def one_changed() -> Run:
        # Reads only the end, because memory held here would count as the measured program's.
        with next((data / "database").glob("*/viewing_activity.csv")).open("r+b") as file:
            file.seek(-4096, 2)
            last = file.read().rstrip(b"\n").rsplit(b"\n", 1)[1]
            file.write(last + b"\n")
        return ours(anew=False)

    changed = in_turn(RUNS, one_changed)[0]
    statuses = sorted(course["status"] for course in json.loads(changed[-1].output)["result"]["courses"])
    assert statuses == ["chunked"] + ["unchanged"] * 3, statuses
    one = Spread.of(r.wall_secs for r in changed)
    table.row("one of the four courses has changed", one.text("s"), f"{max(r.peak_mib for r in changed):.0f} MiB",
              "that course and the union are written anew")
    table.notes.insert(0, f"Generated: {size}.")
    clear(data)

    if shutil.disk_usage(place.work).free < TEN_TIMES_BYTES:
        table.row("ten times the courses", "not measured", "", f"needs {TEN_TIMES_BYTES / 1e9:.0f} GB of free space")
        return table
    # The sizes take turns, so that both run under the same conditions.
    small, large = generated(place, courses=4), generated(place, courses=40)

    def alone(folder: Path) -> Run:
        clear(copy)
        return run([place.example("read_and_write"), folder, copy])

    once, tenfold, alone_once, alone_tenfold = in_turn(
        RUNS_TEN_TIMES, lambda: ours(folder=small), lambda: ours(folder=large), lambda: alone(small), lambda: alone(large)
    )
    clear(copy)
    scale = Spread.of(b.wall_secs / a.wall_secs for a, b in zip(once, tenfold))
    computing = Spread.of(b.user_secs / a.user_secs for a, b in zip(once, tenfold))
    table.row("ten times the courses", Spread.of(r.wall_secs for r in tenfold).text("s"),
              f"{max(r.peak_mib for r in tenfold):.0f} MiB",
              f"**{scale.text(digits=1)} times** as long; computing {computing.text(digits=1)} times")
    scale_alone = Spread.of(b.wall_secs / a.wall_secs for a, b in zip(alone_once, alone_tenfold))
    table.row("reading and writing ten times as much, alone", Spread.of(r.wall_secs for r in alone_tenfold).text("s"), "",
              f"{scale_alone.text(digits=1)} times as long: {folder_bytes(large) / 1e9:.1f} GB, more than the system caches freely")
    clear(small)
    clear(large)
    return table


def generated(place: Place, *, courses: int) -> Path:
    """A data folder that is always the same for the same number of courses."""
    data = place.folder(f"data-{courses}")
    clear(data)
    run([place.example("generate_database"), data, "--courses", courses])
    return data


# Reads both with DuckDB: the rows must be as many and the totals equal, except for the last digits of sums.
COMPARE = """
import duckdb, json, sys
con = duckdb.connect()
con.execute("SET enable_progress_bar = false")
def totals(path):
    return con.execute(f'''SELECT count(*), count(DISTINCT SessionId), count(DISTINCT UserId), sum(TotalTimeSpent),
        sum(ChunkPercentCovered), sum(CASE WHEN "Completed(75%)" THEN 1 ELSE 0 END)
        FROM read_csv('{path}/chunked_data.csv', header = true)''').fetchone()
print(json.dumps([[float(x) for x in totals(path)] for path in sys.argv[1:]]))
"""


# How many rows may be in only one of the results.
BORDER_CASES = 20


def same_result(place: Place, ours: Path, theirs: Path) -> str:
    mine, other = json.loads(run([place.duckdb, "-c", COMPARE, ours, theirs]).output)
    # The last digit of a sum decides whether a run that ends on a border reaches the next chunk, and likewise for 75 %.
    counts, sums = (0, 1, 2, 5), (3, 4)
    if any(abs(mine[at] - other[at]) > BORDER_CASES for at in counts) or any(
        abs(mine[at] - other[at]) > 1e-9 * abs(mine[at]) for at in sums
    ):
        raise SystemExit(f"DuckDB's result is not ours: {other} instead of {mine}")
    hours = mine[3] / 3600
    return (f"Ours writes {mine[0]:,.0f} rows into the union, of {mine[1]:.0f} videos and {mine[2]:,.0f} viewers, "
            f"{hours:,.0f} hours spent, {mine[5]:,.0f} chunks completed: compared in this run, "
            f"{abs(mine[0] - other[0]):.0f} rows apart for the last digit of a sum.")
