"""Tables, for the terminal and between their markers in docs/benchmarks.md."""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Table:
    """One section's result."""

    name: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    # Sentences below the table.
    notes: list[str] = field(default_factory=list)

    def row(self, *cells: str) -> None:
        assert len(cells) == len(self.header), cells
        self.rows.append(cells)

    def text(self) -> str:
        """The table as Markdown, with aligned columns so that people can also read it on a terminal."""
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]

        def line(cells: tuple[str, ...]) -> str:
            return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"

        rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        notes = "".join(f"\n{note}\n" for note in self.notes)
        return "\n".join([line(self.header), rule, *map(line, self.rows)]) + "\n" + notes


def write(page: Path, table: Table) -> None:
    """Replaces the previous table. If the markers are missing, somebody has removed them by mistake."""
    begin, end = f"<!-- bench: {table.name} -->", f"<!-- end of bench: {table.name} -->"
    text = page.read_text(encoding="utf-8")
    if text.count(begin) != 1 or text.count(end) != 1:
        raise SystemExit(f"{page} must have the lines `{begin}` and `{end}` once each")
    before, rest = text.split(begin)
    _, after = rest.split(end)
    page.write_text(f"{before}{begin}\n{table.text()}{end}{after}", encoding="utf-8")
