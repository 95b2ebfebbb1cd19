"""Runs programs and measures how long they take: whole processes, several runs, medians with their spread."""
from __future__ import annotations

import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable

# Linux counts in KiB, macOS in bytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Run:
    """One process from start to end."""

    wall_secs: float
    cpu_secs: float
    # The part of it within the program itself; the rest is the system's, mostly for reading and writing.
    user_secs: float
    # The largest amount of memory that it held. Linux also counts what this program held when it started the process,
    # so amounts below about 15 MiB cannot be measured.
    peak_mib: float
    output: str


def run(command: list[str | Path], *, environment: dict[str, str] | None = None, timeout_secs: float = 600) -> Run:
    """Runs a program to its end. If it fails or does not end, the benchmark stops and shows the program's messages."""
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment)
        alarm = threading.Timer(timeout_secs, os.kill, (process.pid, signal.SIGKILL))
        alarm.daemon = True
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            late = f" after more than {timeout_secs:.0f} s" if wall > timeout_secs else ""
            raise SystemExit(f"{' '.join(words)} ended with {process.returncode}{late}:\n{errors.read()[-4000:]}")
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_utime, usage.ru_maxrss * RSS_UNIT / 2**20, output.read())


def in_turn(runs: int, *commands: Callable[[], Run]) -> list[list[Run]]:
    """Runs each command `runs` times, taking turns, so that drifts of the machine affect all of them equally."""
    results: list[list[Run]] = [[] for _ in commands]
    for _ in range(runs):
        for result, command in zip(results, commands):
            result.append(command())
    return results


@dataclass(frozen=True)
class Spread:
    """Median and extremes."""

    median: float
    least: float
    most: float
    count: int

    @staticmethod
    def of(values: Iterable[float]) -> Spread:
        values = sorted(values)
        return Spread(statistics.median(values), values[0], values[-1], len(values))

    def text(self, unit: str = "", digits: int = 2) -> str:
        """`1.23 s (1.20–1.31)`"""
        unit = f" {unit}" if unit else ""
        return f"{self.median:.{digits}f}{unit} ({self.least:.{digits}f}–{self.most:.{digits}f})"


def percentile(values: list[float], part: float) -> float:
    """The smallest value that at least this share (0 to 1) of all values does not exceed."""
    values = sorted(values)
    return values[min(len(values) - 1, max(0, -(-len(values) * part // 1).__trunc__() - 1))]


def ratios(one: list[Run], other: list[Run]) -> Spread:
    """How many times as long `other` took, pair by pair."""
    return Spread.of(b.wall_secs / a.wall_secs for a, b in zip(one, other))


def others_busy() -> float:
    """The share of the processors, 0 to 1, that other programs use while this one sleeps for a moment."""

    def spent() -> tuple[int, int]:
        numbers = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]

    try:
        before = spent()
        time.sleep(2)
        after = spent()
    except OSError:
        # Not Linux: uses the load of the last minute, which also includes the previous measurement.
        return min(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    return 1 - (after[1] - before[1]) / max(1, after[0] - before[0])


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def machine() -> str:
    """Processor, memory and system, in one line."""
    memory = ""
    try:
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (ValueError, OSError):
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{processor()}, {cores} cores{memory}, {platform.system()} {platform.release().split('-')[0]}"


def clear(path: Path) -> None:
    """Removes a folder, if it is there."""
    shutil.rmtree(path, ignore_errors=True)


def folder_bytes(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
