#!/usr/bin/env python3
"""Tests of check_workbook.py: `python3 -m unittest discover tests/tableau`. Only the standard library."""
from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from check_workbook import check_file, check_videos

COLUMNS = {"SessionName": "string", "Duration": "real"}


def problems_of(raw: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sessions_overview.csv"
        path.write_bytes(raw)
        problems: list[str] = []
        check_file(path, COLUMNS, problems)
        return problems


class LineEnds(unittest.TestCase):
    def test_names_may_hold_any_within_quotes(self):
        for name in (b'"two\r\nlines"', b'"one\rreturn"', b'"a\nb"', b'"\r"', b'"say ""yes""\r"', b'"\r"""', b'"a\n\n"'):
            self.assertEqual(problems_of(b"SessionName,Duration\n" + name + b",1.5\nlast,2\n"), [], name)

    def test_records_end_with_lf_and_the_file_with_one(self):
        for raw in (
            b"SessionName,Duration\r\nCosts,1.5\r\n",
            b'SessionName,Duration\n"a\r\nb",1.5\r\n',
            b"SessionName,Duration\nCo\rsts,1.5\n",
            b"SessionName,Duration\nCosts,1.5",
            b"SessionName,Duration\nCosts,1.5\n\n",
            b"\xef\xbb\xbfSessionName,Duration\nCosts,1.5\n",
        ):
            self.assertIn("CR outside quotes", " ".join(problems_of(raw)), raw)

    def test_a_cell_of_another_type_is_told(self):
        self.assertIn("record 1: Duration", " ".join(problems_of(b"SessionName,Duration\nCosts,long\n")))


class Videos(unittest.TestCase):
    def test_a_row_of_no_video_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "sessions_overview.csv").write_text("Order,SessionId\n1,a\n2,b\n")
            for rows, expected in (("a\nb\n", 0), ("", 0), ("a\nc\n", 1)):
                (folder / "timeline_steps.csv").write_text("SessionId\n" + rows)
                problems: list[str] = []
                check_videos(folder, {"sessions_overview.csv": {}, "timeline_steps.csv": {}}, problems)
                self.assertEqual(len(problems), expected, problems)


if __name__ == "__main__":
    unittest.main()
