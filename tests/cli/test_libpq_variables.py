"""What the environment says to libpq: nothing to the embedded server, all to somebody's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.interface import environment_of
from tests.cli.conftest import Command
from tests.end_to_end.road import Road

ELSEWHERE = {
    "PGHOST": "nowhere.invalid",
    "PGHOSTADDR": "127.0.0.1",
    "PGPORT": "1",
    "PGUSER": "nobody",
    "PGDATABASE": "nothing",
    "PGSERVICE": "nowhere",
    "PGSERVICEFILE": "/nowhere/pg_service.conf",
    "PGOPTIONS": "-c nonsense=1",
    "PGSSLMODE": "verify-full",
    "PGTARGETSESSIONATTRS": "standby",
    "PGREQUIREAUTH": "gss",
    "PGCHANNELBINDING": "require",
    "PGREQUIRESSL": "1",
    "PGTZ": "Nowhere/Nowhere",
}


def lead_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ELSEWHERE.items():
        monkeypatch.setenv(name, value)


def test_the_embedded_server_is_found_by_every_verb_whatever_they_say(
    command: Command, monkeypatch: pytest.MonkeyPatch
):
    Path("2020.jsonl").write_text('{"id": "1", "title": "Rivers"}\n')
    for arguments in (
        ["ingest", "2020.jsonl", "--source", "city"],
        ["query", "SELECT title FROM reporting.records"],
        ["search", "rivers"],
        ["status"],
        ["psql", "--no-psqlrc", "--command", "SELECT FROM catalog.records"],
        ["backup", "kept.dump"],
        ["--home", "other", "restore", "kept.dump"],
    ):
        lead_elsewhere(monkeypatch)
        monkeypatch.setenv("PG_ARTIFACTS", "mine")
        answer = command(*arguments)
        assert (arguments, answer.code) == (arguments, 0), answer.told
        assert os.environ["PG_ARTIFACTS"] == "mine", "which is none of libpq's"


def test_the_processes_of_the_ui_are_told_nothing_of_it(
    command: Command, monkeypatch: pytest.MonkeyPatch, warehouse_home: Path
):
    monkeypatch.setenv("VUFIND_WAREHOUSE_HOME", str(warehouse_home))
    lead_elsewhere(monkeypatch)
    home = Home.here()
    with home.server():
        assert not ELSEWHERE.keys() & environment_of(home).keys()


def test_to_ones_own_server_they_say_what_libpq_knows_of_them(
    command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PGOPTIONS", "-c extra_float_digits=0 -c work_mem=4321kB")
    assert command("query", "SHOW work_mem").out == "work_mem\n4321kB\n"
