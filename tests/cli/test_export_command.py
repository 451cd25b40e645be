"""The verb ``export``: the tables of the catalogue as files, exact and whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg2.extras import RealDictCursor

from pipelines.warehouse.connection import libpq_url
from pipelines.warehouse.export import EXPORTED, arrow_schema
from tests.cli.conftest import Command, Serve
from tests.end_to_end.road import Road

AWKWARD = {
    "id": "3",
    "title": 'Quotes " and \\ backslashes, \\N, commas;\ttabs\u2028lines \x1b[31m',
    "author": ["O'Brien, Flann", 'Ω, "Σ"'],
    "format": ["Book", "a,b;{c}\\"],
    "local_str": "kept {as} \\. it is",
}


def awkward_record(road: Road) -> None:
    road.ingest("library", "2022", [AWKWARD])


@pytest.fixture
def filled(serve: Serve) -> Iterator[Road]:
    """A warehouse with a record whose every text is hard to write."""
    with serve(awkward_record) as road:
        yield road


def _held(road: Road, table: str) -> list[dict[str, object]]:
    with psycopg2.connect(libpq_url(road.url)) as connection, connection.cursor(cursor_factory=RealDictCursor) as rows:
        rows.execute(f"SELECT * FROM catalog.{table}")
        return [dict(row) for row in rows]


def _by_key(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))


def test_all_tables_come_as_parquet_with_types_and_comments(command: Command, filled: Road):
    answer = command("export", "out")
    assert answer.code == 0
    assert {path.name for path in Path("out").iterdir()} == {f"{name}.parquet" for name in EXPORTED}
    for name, table in EXPORTED.items():
        read = pq.read_table(Path("out") / f"{name}.parquet")
        assert read.schema.equals(arrow_schema(table))
        held = _held(filled, name)
        as_text = ("extra", "field_sources", "override_id")
        rows = [
            {
                column: json.loads(value) if column in as_text[:2] and value is not None else value
                for column, value in row.items()
            }
            for row in read.to_pylist()
        ]
        assert _by_key(rows) == _by_key(held), name
    records = pq.read_schema("out/records.parquet")
    assert records.metadata[b"comment"] == b"One catalogue record a row, in its newest version"
    assert records.field("doi").metadata[b"comment"] == b"First valid DOI, lower case"
    assert records.field("author_names").type == pa.list_(pa.string())


def test_json_lines_hold_what_the_table_holds(command: Command, filled: Road):
    assert command("export", "out", "--format", "jsonl", "--what", "records").code == 0
    rows = [json.loads(line) for line in Path("out/records.jsonl").read_text(encoding="utf-8").split("\n") if line]
    for row in rows:
        row["changed_at"] = datetime.fromisoformat(row["changed_at"])
    assert _by_key(rows) == _by_key(_held(filled, "records"))


def test_csv_has_a_header_and_lists_as_json(command: Command, filled: Road):
    assert command("export", "out", "--format", "csv", "--what", "records").code == 0
    with Path("out/records.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    held = {str(row["record_id"]): row for row in _held(filled, "records")}
    assert {row["record_id"] for row in rows} == set(held)
    for row in rows:
        assert row["title"] == held[row["record_id"]]["title"]
        assert json.loads(row["format"] or "null") == held[row["record_id"]]["format"]
        assert json.loads(row["extra"] or "null") == held[row["record_id"]]["extra"]


def test_csv_writes_values_as_json_lines_do(command: Command, filled: Road):
    """Postgres's own ``t`` and ``+00`` are texts to spreadsheets, pandas and R."""
    assert command("export", "lines", "--format", "jsonl").code == 0
    assert command("export", "cells", "--format", "csv").code == 0
    for name in EXPORTED:
        lines = (Path("lines") / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
        told = [{key: _cell(value) for key, value in json.loads(line).items()} for line in lines if line]
        with (Path("cells") / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            rows = [{key: _cell(_parsed(value)) for key, value in row.items()} for row in csv.DictReader(file)]
        assert _by_key(rows) == _by_key(told), name


def _parsed(cell: str) -> object:
    return json.loads(cell) if cell[:1] in ("[", "{") else cell


def _cell(value: object) -> str:
    """A value as CSV writes it; of JSON the order of keys does not matter."""
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_only_what_is_asked_for_is_written_and_told(command: Command, filled: Road):
    answer = command("export", "out", "--what", "works", "--what", "authors", "--what", "works")
    assert answer.code == 0
    assert {path.name for path in Path("out").iterdir()} == {"works.parquet", "authors.parquet"}
    assert "works.parquet: 3 rows" in answer.told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["export", "out", "--what", "ops.dumps"], "there is works, publications, records"),
        (["export", "out", "--what", "works; DROP TABLE catalog.works"], "there is works"),
        (["export", "full"], "full: give a folder that is new or empty"),
        (["export", "out", "--format", "xlsx"], "parquet"),
    ],
)
def test_what_cannot_be_meant_is_refused(command: Command, filled: Road, arguments: list[str], told: str):
    Path("full").mkdir()
    Path("full/a").touch()
    answer = command(*arguments)
    assert answer.code == 2
    assert told in answer.told
    assert not Path("out").exists()


@pytest.mark.parametrize("folder", ["out", "."])
def test_an_empty_folder_is_filled_and_stays_itself(
    command: Command, filled: Road, monkeypatch: pytest.MonkeyPatch, folder: str
):
    Path("out").mkdir()
    monkeypatch.chdir("out" if folder == "." else ".")
    before = Path(folder).stat().st_ino
    assert command("export", folder, "--what", "works").code == 0
    assert [path.name for path in Path(folder).iterdir()] == ["works.parquet"]
    assert Path(folder).stat().st_ino == before


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_of_an_export_that_fails_nothing_is_left(command: Command, filled: Road, form: str):
    with psycopg2.connect(libpq_url(filled.url)) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE catalog.work_redirects")
    for folder in ("out", "there"):
        Path("there").mkdir(exist_ok=True)
        answer = command("export", folder, "--format", form)
        assert answer.code == 1
        assert 'relation "catalog.work_redirects" does not exist' in answer.told
        assert [path.name for path in Path().iterdir() if "out" in path.name] == []
        assert list(Path("there").iterdir()) == []
