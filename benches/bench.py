#!/usr/bin/env python3
"""Measures speed and memory, prints the tables and writes them into docs/benchmarks.md.

    bench.py BUILT_FOLDER WORK_FOLDER DUCKDB_PYTHON SECTION...

Called by `.ci/bench`, which builds what is measured.
"""
from __future__ import annotations

import datetime
import importlib
import sys
import time
from pathlib import Path

from measuring import clear, load, machine
from place import Place
from tables import Table, write

SECTIONS = ("chunk", "sync", "look", "window")
# Above this many programs that want to run, the numbers are not to be quoted.
QUIET_LOAD = 1.0


def main() -> None:
    built, work, duckdb, *sections = sys.argv[1:]
    root = Path(__file__).resolve().parent.parent
    work_folder = Path(work) / "bench-work"
    has_duckdb = Path(duckdb).exists()
    place = Place(
        root, Path(built), work_folder, Path(duckdb) if has_duckdb else None,
        "" if has_duckdb else "DuckDB could not be installed: Python 3 with `venv`, and PyPI, are needed",
    )
    page = root / "docs" / "benchmarks.md"
    for name in sections or SECTIONS:
        print(f"Measuring: {name}", flush=True)
        clear(work_folder)
        work_folder.mkdir(parents=True)
        begun, load_before = time.monotonic(), load()
        try:
            table = importlib.import_module(name).measure(place)
        finally:
            clear(work_folder)
        table.notes.append(conditions(load_before, time.monotonic() - begun))
        write(page, table)
        print(f"\n{table.text()}", flush=True)


def conditions(load_before: float, took_secs: float) -> str:
    """On what, when, and whether the machine was quiet."""
    day = datetime.datetime.now(datetime.timezone.utc).date()
    busy = "" if load_before <= QUIET_LOAD else (
        f" **The machine was busy with other work (load {load_before:.1f} at the start): not to be quoted, measure again.**"
    )
    return f"{machine()}. {day}, {took_secs:.0f} s.{busy} Medians; in brackets the least and the most of all runs."


if __name__ == "__main__":
    main()
