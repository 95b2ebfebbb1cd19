"""Where the benchmarks find programs, and where they may write."""
from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Folders and programs of one run."""

    # The root of the repository.
    root: Path
    # Built programs: target/dist.
    built: Path
    # For generated data; removed at the end.
    work: Path
    # A Python that has DuckDB; `None` if there is none.
    duckdb: Path | None
    # Why there is no DuckDB.
    no_duckdb: str

    @property
    def benches(self) -> Path:
        return self.root / "benches"

    @property
    def cli(self) -> Path:
        return self.built / "panopto-analytics"

    def example(self, name: str) -> Path:
        return self.built / "examples" / name

    def folder(self, name: str) -> Path:
        return self.work / name

    def environment(self, **variables: str) -> dict[str, str]:
        """These variables, without the user's settings, keychain or proxies."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.work / "home"),
            "PANOPTO_ANALYTICS_CONFIG_DIR": str(self.work / "config"),
            **variables,
        }
