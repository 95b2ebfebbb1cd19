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

from measuring import clear, machine, others_busy
from place import Place
from tables import Table, write

SECTIONS = ("chunk", "sync", "look", "window")
# If other programs use more of the processors than this before or after, the numbers must not be quoted.
QUIET = 0.1


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
        begun, busy = time.monotonic(), others_busy()
        try:
            table = importlib.import_module(name).measure(place)
        finally:
            clear(work_folder)
        took_secs = time.monotonic() - begun
        table.notes.append(conditions(max(busy, others_busy()), took_secs))
        write(page, table)
        print(f"\n{table.text()}", flush=True)


def conditions(others: float, took_secs: float) -> str:
    """The machine, the date, and whether the machine was quiet."""
    day = datetime.datetime.now(datetime.timezone.utc).date()
    busy = "" if others <= QUIET else (
        f" **Other programs used {others:.0%} of the processors: not to be quoted, measure again.**"
    )
    return f"{machine()}. {day}, {took_secs:.0f} s.{busy} Medians; in brackets the least and the most of all runs."


if __name__ == "__main__":
    main()
