"""Looking: opening a large course and redrawing while a range is dragged. No window, only computing and drawing."""
from __future__ import annotations

import json

from measuring import Spread, clear, percentile, run
from place import Place
from tables import Table


def measure(place: Place) -> Table:
    table = Table("look", ("course", "open", "course page, each redraw", "video page, each redraw", "video page by second, each redraw", "moments", "moments again", "find words, each letter",
                           "what is new in four such courses", "people by videos, opened", "a person's page"))
    # A realistic course, and the worst case: all records in one video.
    for shape in ({"videos": 42, "viewers": 300, "runs": 24}, {"videos": 1, "viewers": 12_500, "runs": 24},
                  # Everybody by every video: a thousand people, two hundred videos.
                  {"videos": 200, "viewers": 1_000, "runs": 2}):
        data = place.folder("look")
        clear(data)
        words = [str(word) for name, value in shape.items() for word in (f"--{name}", value)]
        run([place.example("generate_database"), data, "--courses", "1", *words])
        told = json.loads(run([place.example("look"), data]).output)
        clear(data)
        plural = "" if told["videos"] == 1 else "s"
        table.row(
            f"{told['records']:,} records, {told['videos']} video{plural}, {told['viewers']:,} viewers",
            Spread.of(told["open_ms"]).text("ms", 0),
            in_words(told["course_figures_ms"]),
            in_words(told["video_page_ms"]),
            in_words(told["by_second_ms"]),
            Spread.of(told["moments_ms"]).text("ms", 0),
            Spread.of(told["moments_again_ms"]).text("ms", 2),
            in_words(told["find_words_ms"]),
            Spread.of(told["digest_of_four_ms"]).text("ms", 0),
            Spread.of(told["matrix_ms"]).text("ms", 0),
            in_words(told["person_ms"]),
        )
    return table


def in_words(times: list[float]) -> str:
    p95 = percentile(times, 0.95)
    return f"median {percentile(times, 0.5):.1f} ms, **95th percentile {p95:.1f} ms**, slowest of {len(times)} {max(times):.1f} ms"
