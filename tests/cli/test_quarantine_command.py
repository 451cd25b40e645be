"""The verbs ``quarantine …``: what could not be read is listed, shown and exported, byte by byte."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Serve
from tests.end_to_end.road import Road

GOOD = json.dumps({"id": "1", "title": "Tides"}).encode()
BROKEN = [b'{"id": "2", "title": "cut o', b"\xff\xfe no JSON \x1b[31m"]


@pytest.fixture
def broken(command: Command, serve: Serve) -> Iterator[Road]:
    """A warehouse with two dumps more of which a line each could not be read."""

    def two_broken_dumps(_: Road) -> None:
        for city, line in zip(("bergen", "oslo"), BROKEN, strict=True):
            path = Path(f"dumps/{city}/2024.jsonl")
            path.parent.mkdir(parents=True)
            path.write_bytes(b"\n".join([GOOD, line, GOOD.replace(b"1", b"3")]) + b"\n")
            assert command("ingest", str(path)).code == 0

    with serve(two_broken_dumps, by_command=True) as road:
        yield road


def test_it_is_listed_with_its_place_and_the_reason(command: Command, broken: Road):
    answer = command("quarantine", "list", "--dump", "2024", "--format", "json")
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert [(row["source"], row["dump"], row["byte_offset"], row["byte_length"], row["line"]) for row in rows] == [
        ("bergen", "2024", len(GOOD) + 1, len(BROKEN[0]), 2),
        ("oslo", "2024", len(GOOD) + 1, len(BROKEN[1]), 2),
    ]
    assert all(row["reason"] for row in rows)


@pytest.mark.parametrize(
    ("options", "sources"),
    [
        (["--source", "oslo"], ["oslo"]),
        (["--dump", "2024"], ["bergen", "oslo"]),
        (["--dump", "oslo/2024"], ["oslo"]),
        (["--source", "oslo", "--dump", "2023"], []),
        (["--source", "'; DROP TABLE ops.quarantine; --"], []),
    ],
)
def test_it_is_listed_by_source_and_dump(command: Command, broken: Road, options: list[str], sources: list[str]):
    answer = command("quarantine", "list", "--format", "json", *options)
    assert [json.loads(line)["source"] for line in answer.out.splitlines()] == sources


def test_its_bytes_are_shown_as_they_are(command: Command, broken: Road):
    answer = command("quarantine", "show", str(ids(broken)[0]))
    assert answer.code == 0
    assert answer.out == BROKEN[0].decode()
    assert f"bergen/2024: 2024.jsonl at byte {len(GOOD) + 1}, line 2" in answer.told


def test_an_id_that_is_not_there_is_an_error(command: Command, broken: Road):
    answer = command("quarantine", "show", "-1")
    assert answer.code == 1
    assert "quarantine list" in answer.told


def test_an_export_is_a_file_a_row_and_a_table(command: Command, broken: Road):
    assert command("quarantine", "export", "out", "--dump", "2024").code == 0
    with Path("out/quarantine.csv").open(newline="") as index:
        rows = list(csv.DictReader(index))
    assert [int(row["quarantine_id"]) for row in rows] == ids(broken)
    assert [Path("out", row["raw"]).read_bytes() for row in rows] == BROKEN
    again = command("quarantine", "export", "out")
    assert again.code == 2
    assert "new or empty" in again.told


def test_a_row_leaves_when_its_file_is_mended(command: Command, broken: Road):
    Path("dumps/oslo/2024.jsonl").write_bytes(GOOD + b"\n")
    assert command("ingest", "dumps/oslo/2024.jsonl").code == 0
    answer = command("quarantine", "list", "--dump", "2024", "--format", "json")
    assert [json.loads(line)["source"] for line in answer.out.splitlines()] == ["bergen"]


def test_a_replay_says_what_is_still_there_and_ends_with_1(command: Command, broken: Road):
    answer = command("quarantine", "replay", "--dump", "2024", "--format", "json")
    assert answer.code == 1
    told = [json.loads(line) for line in answer.out.splitlines()]
    assert [(row["dump"], row["rows"], row["read"], row["still in quarantine"]) for row in told] == [
        ("bergen/2024", 1, 0, 1),
        ("oslo/2024", 1, 0, 1),
    ]
    assert "2 still in quarantine" in answer.told


def test_a_replay_loads_what_can_be_read_now_and_ends_with_0(command: Command, broken: Road):
    broken.execute(
        "UPDATE ops.quarantine SET raw = %s, byte_length = %s", mended := GOOD.replace(b"1", b"9"), len(mended)
    )
    answer = command("quarantine", "replay", "--source", "oslo", "--format", "json")
    assert answer.code == 0
    [row] = [json.loads(line) for line in answer.out.splitlines()]
    assert (row["dump"], row["read"], row["new"], row["still in quarantine"]) == ("oslo/2024", 1, 1, 0)
    assert broken.values("SELECT count(*) FROM catalog.records WHERE source = 'oslo'") == [3]
    assert broken.values("SELECT count(*) FROM ops.quarantine") == [2]


def test_a_replay_of_an_empty_quarantine_is_no_error(command: Command, broken: Road):
    answer = command("quarantine", "replay", "--source", "nobody")
    assert answer.code == 0
    assert "nothing is in quarantine of what was asked for" in answer.told


@pytest.mark.parametrize("arguments", [["--dump", "nosuch"], ["--source", "oslo", "--dump", "1999"]])
def test_a_replay_of_a_dump_that_is_not_there_says_so(command: Command, broken: Road, arguments: list[str]):
    answer = command("quarantine", "replay", *arguments)
    assert answer.code == 1
    assert "there is no such dump in the warehouse" in answer.told


def ids(road: Road) -> list[int]:
    return road.values(
        "SELECT quarantine_id FROM ops.quarantine INNER JOIN ops.dumps USING (dump_id)"
        " WHERE dumps.name = '2024' ORDER BY dumps.source"
    )
