"""Dumps whose names are no text, such as those of disks written in Latin-1: they go in, and are found again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.end_to_end.road import Road

#: A folder and a file named in Latin-1.
FOLDER, NAME = os.fsdecode(b"biblioth\xe8que"), os.fsdecode(b"caf\xe9-2020.jsonl")
PATH = "SELECT path FROM ops.dumps WHERE source = 'city'"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / FOLDER / NAME
    path.parent.mkdir()
    path.write_bytes(b'{"id": "1", "title": "Rivers"}\n')
    return path


def test_such_a_dump_goes_in_and_again_and_its_file_is_found(command: Command, warehouse: Road, dump: Path):
    first = command("ingest", FOLDER, "--source", "city")
    assert first.code == 0, first.out
    address = warehouse.values(PATH)[0]
    assert address == f"file://{dump.parents[1]}/biblioth%E8que/caf%E9-2020.jsonl"
    again = command("ingest", FOLDER, "--source", "city")
    assert again.code == 0
    assert "took the place" not in again.out
    assert warehouse.values("SELECT count(*) FROM ops.loads WHERE records_new = 1 AND records_read = 1") == [1]
    listed = command("dumps", "list", "--source", "city", "--check", "--format", "csv").out
    assert f"unchanged,{address}" in listed
    assert command("ingest", address, "--source", "city").code == 0, "the address can be given to the command"
    dump.unlink()
    assert f"gone,{address}" in command("dumps", "list", "--source", "city", "--check", "--format", "csv").out


def test_a_folder_of_such_pages_is_one_dump(command: Command, warehouse: Road, tmp_path: Path):
    pages = tmp_path / "city" / os.fsdecode(b"\xe9t\xe9")
    pages.mkdir(parents=True)
    for number in (b"\xe9", b"\xea"):
        answer = b'{"resultCount":1,"records":[{"id":"' + number.hex().encode() + b'","title":"T"}],"status":"OK"}'
        (pages / os.fsdecode(number + b".json")).write_bytes(answer)
    ingested = command("ingest", "city")
    assert ingested.code == 0, ingested.out
    assert warehouse.values("SELECT source_record_id FROM catalog.records WHERE source = 'city' ORDER BY 1") == [
        "e9",
        "ea",
    ]


def test_what_is_wrong_with_it_is_told(command: Command, warehouse: Road, dump: Path):
    dump.write_bytes(b'{"id" broken}\n' * 200)
    answer = command("ingest", str(dump), "--source", "city")
    assert answer.code == 1
    assert "200 of 200 records could not be read" in answer.out
    dump.write_bytes(b"")
    empty = command("ingest", str(dump), "--source", "city")
    assert empty.code == 1
    assert "the dump is empty" in empty.out
