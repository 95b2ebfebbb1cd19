"""Syncing: its time compared with the least that latency, page sizes and limits allow; at night; and its memory."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import bound
from measuring import Run, Spread, clear, run
from place import Place
from tables import Table

RUNS = 5
RUNS_MEMORY = 3
VIDEOS = 500


class Server:
    """A simulated server in a separate process."""

    def __init__(self, process: subprocess.Popen, told: dict) -> None:
        self.process = process
        self.courses: list[str] = told["courses"]
        self.told = told

    def variables(self) -> dict[str, str]:
        told = self.told
        return {
            "PANOPTO_SERVER": told["url"], "PANOPTO_CLIENT_ID": told["client"], "PANOPTO_CLIENT_SECRET": told["secret"],
            "PANOPTO_USERNAME": told["user"], "PANOPTO_PASSWORD": told["password"],
        }

    def cpu_secs(self) -> float:
        """Processor time that it has used so far; 0 if the system does not report it."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def log(self) -> list[dict]:
        """The requests since the last time."""
        self.process.stdin.write("log\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def server(place: Place, **size: int) -> Iterator[Server]:
    """A new server each time, because it remembers calls for an hour to apply the published limits."""
    words = [str(word) for name, value in size.items() for word in ("--" + name.replace("_", "-"), value)]
    process = subprocess.Popen([place.example("bench_server"), *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
    try:
        yield Server(process, json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait()


def list_courses(place: Place, name: str, courses: list[str]) -> Path:
    """An empty data folder with these courses on its list."""
    data = place.folder(name)
    clear(data)
    data.mkdir(parents=True)
    lines = "".join(f",{course}\n" for course in courses)
    (data / "courses.csv").write_text("PanoptoFolderName,PanoptoFolderID\n" + lines, encoding="utf-8")
    return data


def sync(place: Place, data: Path, running: Server) -> Run:
    done = run([place.cli, "--json", "--no-keychain", "--data", data, "sync"],
               environment=place.environment(**running.variables()))
    assert json.loads(done.output)["status"] == "done", done.output
    return done


def measure(place: Place) -> Table:
    table = Table("sync", ("what", "time", "bound", "times the bound", "requests", "what bounds it", "processor"))
    size = {"courses": 10, "videos": VIDEOS // 10, "records": 200, "latency": 50}
    beside_bound(place, table, "first sync, 10 courses of 50 videos, 100,000 records, 50 ms", size)
    size = {"courses": 1, "videos": VIDEOS, "records": 200, "latency": 50}
    beside_bound(place, table, "first sync, one course of 500 videos, 100,000 records, 50 ms", size)
    size = {"courses": 1, "videos": 40, "records": 10_000, "latency": 50}
    beside_bound(place, table, "first sync, one course of 40 videos, 400,000 records, 50 ms", size, runs=3)
    size = {"courses": 10, "videos": VIDEOS // 10, "records": 20, "latency": 100}
    beside_bound(place, table, "at night, nothing new, 10 courses of 50 videos, 100 ms", size, nightly=True, runs=3)
    size = {"courses": 4, "weeks": 13, "videos": VIDEOS // 4, "records": 20, "latency": 100}
    beside_bound(place, table, "at night, nothing new, 4 courses of 125 videos in 13 subfolders each, 100 ms", size,
                 nightly=True, runs=1)
    beside_bound(place, table, "the same with *fewer calls*: many folders in one call", size, nightly=True, runs=3,
                 fewer_calls=True)
    memory(place, table)
    return table


def beside_bound(place: Place, table: Table, what: str, size: dict, *, nightly: bool = False, runs: int = RUNS,
                 fewer_calls: bool = False) -> None:
    times, bounds, counts, refused, computing = [], [], [], 0, []
    prepared = None
    choose_calls(place, fewer=fewer_calls)
    for _ in range(runs):
        with server(place, **size) as running:
            if nightly and prepared is None:
                prepared = yesterdays(place, size, running)
            if prepared is None:
                data = list_courses(place, "sync", running.courses)
            else:
                data = place.folder("sync")
                clear(data)
                shutil.copytree(prepared, data)
            before = running.cpu_secs()
            done = sync(place, data, running)
            computing.append((done.cpu_secs, running.cpu_secs() - before))
            requests = running.log()
        refused += sum(request["status"] != 200 for request in requests)
        times.append(done.wall_secs)
        # A call that was refused and repeated was not needed, so it counts in the time but not in the bound.
        needed = [request for request in requests if request["status"] == 200]
        bounds.append(bound.of(needed, size["latency"] / 1000))
        counts.append(len(requests))
    least = min(bounds, key=lambda each: each.secs)
    table.row(what, Spread.of(times).text("s"), f"{least.secs:.2f} s",
              Spread.of(time / each.secs for time, each in zip(times, bounds)).text(),
              f"{Spread.of(counts).median:.0f}" + (f" ({refused} refused in {runs} runs)" if refused else ""), least.because,
              f"{Spread.of(ours for ours, _ in computing).median:.1f} s, server {Spread.of(its for _, its in computing).median:.1f} s")
    clear(place.folder("sync"))
    clear(place.folder("yesterday"))
    choose_calls(place, fewer=False)


def choose_calls(place: Place, *, fewer: bool) -> None:
    """The setting is off for everything else."""
    run([place.cli, "--no-keychain", "settings", "set", "--fewer-calls", "on" if fewer else "off"],
        environment=place.environment())


def yesterdays(place: Place, size: dict, running: Server) -> Path:
    """A data folder as yesterday's sync left it, made with another server that has the same courses."""
    with server(place, **{**size, "latency": 0}) as quick:
        assert quick.courses == running.courses
        data = list_courses(place, "yesterday", quick.courses)
        told = quick.told
        run([place.example("earlier_sync"), data, "1", told["url"], told["client"], told["user"]],
            environment=place.environment(**quick.variables()))
    return data


def memory(place: Place, table: Table) -> None:
    """Peak memory at two sizes with equally full usage pages; the server is another process."""
    peaks = []
    for videos in (50, 500):
        runs = []
        for _ in range(RUNS_MEMORY):
            with server(place, courses=1, videos=videos, records=2000, latency=0) as running:
                runs.append(sync(place, list_courses(place, "sync", running.courses), running))
        peaks.append(Spread.of(each.peak_mib for each in runs))
    clear(place.folder("sync"))
    small, large = peaks
    table.notes.append(
        f"Peak memory of a first sync: {small.text('MiB', 0)} for 50 videos with 100,000 records, "
        f"{large.text('MiB', 0)} for 500 videos with 1,000,000: {large.median - small.median:+.0f} MiB for ten times as much."
    )
