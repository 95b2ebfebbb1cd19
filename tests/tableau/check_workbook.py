#!/usr/bin/env python3
"""Checks that the parts of an exported workbook agree with each other and with the files beside it.

    check_workbook.py EXPORT_FOLDER

Only the standard library. Prints what is wrong, one line each; exit status 0 when nothing is.
"""
from __future__ import annotations

import csv
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

VIDEOS = "sessions_overview.csv"
FILES = (VIDEOS, "chunked_data.csv")
# Those that an export can have beside the two: all or none.
MORE_FILES = ("timeline_steps.csv", "video_moments.csv", "course_dates.csv")
FEATURE = re.compile(r"^_\.fcp\.(?P<feature>\w+)\.(?P<present>true|false)\.\.\.(?P<name>.+)$")
# A quote within a cell is doubled, so such a cell matches as two pieces side by side.
QUOTED = re.compile(rb'"[^"]*"')
CELL = {
    "string": re.compile(r"(?s).*"),
    "integer": re.compile(r"-?\d+"),
    "real": re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?"),
    "date": re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "boolean": re.compile(r"True|False"),
}
# The OLE DB numbers of the same types.
REMOTE_TYPE = {"string": 129, "integer": 20, "real": 5, "date": 133, "boolean": 11}
# Columns whose cells may be empty; Tableau reads those as null.
MAY_BE_EMPTY = {"Description", "Duration", "ContainingFolderID", "ContainingFolderName", "SessionName", "RootFolderName",
                "MomentWords", "DateTime"}


def as_read(element: ET.Element, declared: set[str], problems: list[str]) -> None:
    """Turns the features into what a Tableau version with all of them reads, and drops what it skips."""
    for child in list(element):
        match = FEATURE.match(child.tag)
        if match:
            if match["feature"] not in declared:
                problems.append(f"<{child.tag}> belongs to a feature that the manifest does not name")
            if match["present"] == "false":
                element.remove(child)
                continue
            child.tag = match["name"]
        as_read(child, declared, problems)
    for key in list(element.attrib):
        if match := FEATURE.match(key):
            value = element.attrib.pop(key)
            if match["present"] == "true":
                element.set(match["name"], value)


def bare(name: str) -> str:
    return name.removeprefix("[").removesuffix("]")


def check(folder: Path) -> list[str]:
    problems: list[str] = []
    text = (folder / "panopto_viewing.twb").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    manifest = root.find("document-format-change-manifest")
    declared = set()
    for element in manifest:
        match = FEATURE.match(element.tag)
        declared.add(match["name"] if match else element.tag)
    root.remove(manifest)
    check_copies(root, problems)
    as_read(root, declared, problems)
    for word in (str(folder.resolve()), "\\Users\\", "/home/", "C:\\"):
        if word in text:
            problems.append(f"the workbook holds the path {word}")

    sources = root.findall("datasources/datasource")
    if len(sources) != 1:
        return [*problems, f"{len(sources)} data sources"]
    source = sources[0]
    connection = source.find("connection")
    named = {entry.get("name"): entry.find("connection") for entry in connection.iter("named-connection")}
    for name, inner in named.items():
        if inner.get("class") != "textscan" or inner.get("directory") != "" or inner.get("server") != "":
            problems.append(f"connection {name} is not to the workbook's own folder: {inner.attrib}")

    columns = check_tables(folder, connection, named, problems)
    local = check_names(source, connection, columns, problems)
    check_relationship(source, local, problems)
    check_sheets(root, source, problems)
    return problems


def check_copies(root, problems) -> None:
    """A table is described for old versions, in the collection and in the object graph. All must be equal."""
    seen: dict[str, set] = {}
    for relation in root.iter():
        if relation.tag.split("...")[-1] == "relation" and relation.get("type") == "table":
            columns = tuple(tuple(sorted(column.attrib.items())) for column in relation.iter("column"))
            outer = tuple(sorted(relation.attrib.items())), tuple(sorted(relation.find("columns").attrib.items()))
            seen.setdefault(relation.get("name"), set()).add((outer, columns))
    for name, forms in seen.items():
        if len(forms) != 1:
            problems.append(f"{name} is described in {len(forms)} ways")


def check_tables(folder, connection, named, problems) -> dict[str, dict[str, str]]:
    """Compares the relations with the files; returns each file's columns with their types."""
    found: dict[str, dict[str, str]] = {}
    collection = connection.find("relation")
    if collection.get("type") != "collection":
        problems.append("the outer relation is not a collection")
    for relation in collection.findall("relation"):
        file = relation.get("name")
        if relation.get("connection") not in named:
            problems.append(f"{file}: unknown connection")
        if relation.get("table") != "[" + file.replace(".", "#") + "]":
            problems.append(f"{file}: table {relation.get('table')}")
        listed = relation.find("columns").findall("column")
        if [int(column.get("ordinal")) for column in listed] != list(range(len(listed))):
            problems.append(f"{file}: ordinals are not 0, 1, 2 …")
        found[file] = {column.get("name"): column.get("datatype") for column in listed}
        check_file(folder / file, found[file], problems)
    if sorted(found) not in (sorted(FILES), sorted(FILES + MORE_FILES)):
        problems.append(f"the tables are {sorted(found)}")
    check_videos(folder, found, problems)
    return found


def check_videos(folder, found, problems) -> None:
    """Every row of every other table belongs to a video."""
    videos = column_of(folder / VIDEOS, "SessionId")
    for file in sorted(set(found) - {VIDEOS}):
        if strange := set(column_of(folder / file, "SessionId")) - set(videos):
            problems.append(f"{file}: {len(strange)} videos that {VIDEOS} does not have")


def column_of(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row.get(name, "") for row in csv.DictReader(file)]


def check_file(path: Path, columns: dict[str, str], problems: list[str]) -> None:
    raw = path.read_bytes()
    # A name or description may contain any line end, within quotes; records end with LF.
    records = QUOTED.sub(b'""', raw)
    if raw.startswith(b"\xef\xbb\xbf") or b"\r" in records or not records.endswith(b"\n") or records.endswith(b"\n\n"):
        problems.append(f"{path.name}: a byte order mark, CR outside quotes, or not exactly one line end at the end")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        if header != list(columns):
            problems.append(f"{path.name}: headers {header} are not {list(columns)}")
            return
        for number, row in enumerate(rows, 1):
            if len(row) != len(header):
                problems.append(f"{path.name}: record {number} has {len(row)} cells")
                return
            for name, kind, cell in zip(header, columns.values(), row):
                allowed = CELL[kind].fullmatch(cell) if cell else name in MAY_BE_EMPTY
                if not allowed:
                    problems.append(f"{path.name}: record {number}: {name} is {cell!r}, not of type {kind}")
                    return


def check_names(source, connection, columns, problems) -> dict[str, tuple[str, str]]:
    """Compares local names with the tables; returns the file and column of each."""
    maps = {}
    for entry in connection.findall("cols/map"):
        file, column = re.fullmatch(r"\[(.+?)\]\.\[(.+)\]", entry.get("value")).groups()
        maps[bare(entry.get("key"))] = (file, column)
    if sorted(maps.values()) != sorted((file, name) for file, names in columns.items() for name in names):
        problems.append("the map of names does not cover every column once")
    records = [record for record in connection.iter("metadata-record") if record.get("class") == "column"]
    if [int(record.findtext("ordinal")) for record in records] != list(range(len(maps))):
        problems.append("the ordinals of the metadata are not 0, 1, 2 …")
    objects = {entry.get("id"): entry.get("caption") for entry in source.findall("object-graph/objects/object")}
    for record in records:
        local, file = bare(record.findtext("local-name")), bare(record.findtext("parent-name"))
        name, kind = record.findtext("remote-name"), record.findtext("local-type")
        if maps.get(local) != (file, name):
            problems.append(f"metadata of {local}: {file}, {name}")
        if columns.get(file, {}).get(name) != kind or int(record.findtext("remote-type")) != REMOTE_TYPE[kind]:
            problems.append(f"metadata of {local}: type {kind}, {record.findtext('remote-type')}")
        if objects.get(bare(record.findtext("object-id"))) != file:
            problems.append(f"metadata of {local}: object {record.findtext('object-id')}")
    fields = {}
    for column in source.findall("column"):
        name = column.get("name")
        if name in fields:
            problems.append(f"the column {name} stands twice")
        fields[name] = column
    for local, (file, name) in maps.items():
        field = fields.get(f"[{local}]")
        if field is None or field.get("datatype") != columns[file][name]:
            problems.append(f"the field {local} is missing or has another type than its column")
    for identifier in objects:
        if f"[__tableau_internal_object_id__].[{identifier}]" not in fields:
            problems.append(f"no table column for the object {identifier}")
    for name, field in fields.items():
        calculation = field.find("calculation")
        if calculation is not None:
            for used in re.findall(r"\[[^\]]+\]", calculation.get("formula")):
                if used not in fields:
                    problems.append(f"the calculation {name} uses {used}, which is not there")
    return maps


def check_relationship(source, local, problems) -> None:
    relationships = source.findall("object-graph/relationships/relationship")
    objects = {entry.get("id"): entry.get("caption") for entry in source.findall("object-graph/objects/object")}
    if sorted(objects.values()) != sorted({file for file, _ in local.values()}):
        problems.append(f"the objects are {sorted(objects.values())}")
    joined = []
    for relationship in relationships:
        names = [bare(part.get("op")) for part in relationship.findall("expression/expression")]
        ends = [objects.get(relationship.find(f"{which}-end-point").get("object-id")) for which in ("first", "second")]
        if [local.get(name) for name in names] != [(end, "SessionId") for end in ends] or ends[0] != VIDEOS:
            problems.append(f"the relationship joins {names} of {ends}")
        joined.append(ends[1])
    if sorted(joined) != sorted(set(objects.values()) - {VIDEOS}):
        problems.append(f"{VIDEOS} is related to {sorted(joined)}")


def check_sheets(root, source, problems) -> None:
    fields = {column.get("name") for column in source.findall("column")}
    sheets = [sheet.get("name") for sheet in root.findall("worksheets/worksheet")]
    windows = [window.get("name") for window in root.findall("windows/window")]
    if sheets != windows or len(set(sheets)) != len(sheets):
        problems.append(f"sheets {sheets}, windows {windows}")
    identifiers = [element.get("uuid") for element in root.iter("simple-id")]
    if len(set(identifiers)) != len(identifiers):
        problems.append("a sheet and another or its window have the same ID")
    for sheet in root.findall("worksheets/worksheet"):
        name = sheet.get("name")
        dependencies = sheet.find("table/view/datasource-dependencies")
        if dependencies.get("datasource") != source.get("name"):
            problems.append(f"{name}: depends on another data source")
        needed = {column.get("name") for column in dependencies.findall("column")}
        if not needed <= fields:
            problems.append(f"{name}: needs {needed - fields}")
        for calculation in dependencies.iter("calculation"):
            missing = set(re.findall(r"\[[^\]]+\]", calculation.get("formula"))) - needed
            if missing:
                problems.append(f"{name}: a calculation needs {missing}")
        pills = set()
        for instance in dependencies.findall("column-instance"):
            pills.add(f"[{source.get('name')}].{instance.get('name')}")
            if instance.get("column") not in needed:
                problems.append(f"{name}: {instance.get('name')} without its column")
        used = set()
        for shelf in ("rows", "cols"):
            used |= set(re.findall(r"\[[^\]]+\]\.\[[^\]]+\]", sheet.findtext(f"table/{shelf}")))
        if used != pills:
            problems.append(f"{name}: on the shelves and not declared, or the reverse: {used ^ pills}")


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    problems = check(Path(sys.argv[1]))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "the workbook agrees with itself and its files")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
