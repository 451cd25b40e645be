"""The verbs ``backup`` and ``restore``, on the embedded server: of one home, and into another."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipelines.warehouse.statements import statement
from tests.cli.conftest import Command, Serve
from tests.end_to_end.road import Road
from tests.end_to_end.test_backup import RELEASED


def test_a_backup_of_one_home_is_restored_into_another(command: Command, tmp_path: Path):
    (tmp_path / "2024-01.jsonl").write_text(json.dumps({"id": "1", "title": "Tides"}) + "\n")
    assert command("--home", "one", "ingest", "2024-01.jsonl", "--source", "city").code == 0
    made = command("--home", "one", "backup", "kept.dump")
    assert (made.code, made.out) == (0, "")
    assert made.told == f"kept.dump: {(tmp_path / 'kept.dump').stat().st_size:,} bytes\n"
    restored = command("--home", "two", "restore", "kept.dump")
    assert restored.code == 0
    assert "records\t1\n" in restored.out
    assert command("--home", "two", "query", "SELECT title FROM reporting.records").out == "title\nTides\n"
    again = command("--home", "two", "restore", "kept.dump")
    assert (again.code, again.out) == (1, "")
    assert again.told.startswith("error: there is something in the warehouse (records, dumps); restore into a new home")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["restore", "gone.dump"], 2, "error: gone.dump: there is no such file\n"),
        (["backup", "nowhere/a.dump"], 1, "error: nowhere/a.dump: No such file or directory; no backup was written\n"),
    ],
)
def test_files_that_are_not_there_are_named(
    command: Command, warehouse: Road, arguments: list[str], code: int, told: str
):
    answer = command(*arguments)
    assert (answer.code, answer.told) == (code, told)


def test_where_there_is_no_warehouse_nothing_is_backed_up(command: Command, tmp_path: Path):
    answer = command("--home", "mistyped", "backup", "a.dump")
    assert answer.code == 1
    assert "there is no warehouse in" in answer.told
    assert list(tmp_path.iterdir()) == []


def test_a_warehouse_of_an_earlier_version_is_backed_up_as_it_is(command: Command, warehouse: Road, tmp_path: Path):
    warehouse.execute("DROP SCHEMA catalog, ops, reporting CASCADE")
    warehouse.execute(statement("roles/make").string)
    warehouse.execute(gzip.decompress((RELEASED / "5.sql.gz").read_bytes()).decode())
    assert command("query", "SELECT 1").code == 1
    assert command("backup", str(tmp_path / "a.dump")).code == 0
    assert warehouse.values("SELECT schema_version FROM ops.warehouse_version") == [5]


def test_of_a_server_without_a_warehouse_nothing_is_backed_up(
    command: Command, empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WAREHOUSE_URL", empty_database_url)
    answer = command("backup", str(tmp_path / "a.dump"))
    assert (answer.code, list(tmp_path.glob("*.dump*"))) == (1, [])
    assert answer.told == "error: there is no warehouse in this database yet; no backup was written\n"


def test_the_password_of_a_server_of_ones_own_is_no_argument(command: Command, serve: Serve, tmp_path: Path):
    with serve(lambda _: None):
        assert command("backup", str(tmp_path / "a.dump")).code == 0
