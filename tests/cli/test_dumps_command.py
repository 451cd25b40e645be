"""The verbs ``dumps …``: which dumps are in, whether their files still lie there, and taking one out again."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Serve
from tests.end_to_end.road import Road, json_lines

RIVERS, LAKES = {"id": "1", "title": "A study of rivers"}, {"id": "2", "title": "A study of lakes"}


def two_versions(road: Road) -> None:
    road.ingest("oslo", "2020", [RIVERS])
    road.ingest("oslo", "2021", [{**RIVERS, "edition": "2nd"}, LAKES])


@pytest.fixture
def warehouse(serve: Serve) -> Iterator[Road]:
    """Two dumps of a catalogue: the newer has another version of a record of the older, and a record of its own."""
    with serve(two_versions) as road:
        yield road


@pytest.fixture
def dumps(command: Command, warehouse: Road) -> dict[str, Path]:
    """Where the two lie; their frames are those of the command's home."""
    shutil.copytree(warehouse.folder / "frames", "var/frames")
    return {name: path for (source, name), path in warehouse.dumps.items() if source == "oslo"}


def rows(command: Command, *arguments: str) -> list[dict[str, object]]:
    answer = command("dumps", *arguments, "--format", "json")
    assert answer.code == 0, answer.told
    return [json.loads(line) for line in answer.out.splitlines()]


def states(command: Command, *options: str) -> list[object]:
    return [row["file"] for row in rows(command, "list", "--source", "oslo", *options)]


def test_dumps_are_listed_with_counts_and_the_state_of_their_files(command: Command, dumps: dict[str, Path]):
    found = rows(command, "list", "--source", "oslo")
    assert [(row["dump"], row["kind"], row["read"], row["new"], row["changed"]) for row in found] == [
        ("2020", "delta", 1, 1, 0), ("2021", "delta", 2, 1, 1)
    ]  # fmt: skip
    assert states(command) == ["same size", "same size"]
    assert states(command, "--check") == ["unchanged", "unchanged"]
    dumps["2020"].write_bytes(dumps["2020"].read_bytes().replace(b"rivers", b"RIVERS"))
    dumps["2021"].write_bytes(b"{}\n")
    assert states(command) == ["same size", "changed"]
    assert states(command, "--check") == ["changed", "changed"]
    dumps["2020"].unlink()
    assert states(command) == ["gone", "changed"]


def test_a_dump_is_taken_out_and_its_frames_with_it(
    command: Command, dumps: dict[str, Path], warehouse: Road, monkeypatch: pytest.MonkeyPatch
):
    trial = rows(command, "remove", "oslo/2021", "--dry-run")
    assert [(row["what"], row["record"]) for row in trial] == [("changed", "1"), ("gone", "2")]
    assert len(rows(command, "remove", "oslo/2021", "--dry-run", "--at-most", "1")) == 1
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", sys.stderr)
        told = command("dumps", "remove", "oslo/2021", "--dry-run").told
    assert told.index("in all: 1 gone, 1 changed, 0 unchanged") < told.index("\nchanged\t") < told.index("nothing was")
    assert len(rows(command, "list", "--source", "oslo")) == 2
    [told] = rows(command, "remove", "oslo/2021")
    assert (told["dump"], told["gone"], told["changed"]) == ("oslo/2021", 1, 1)
    assert [row["dump"] for row in rows(command, "list", "--source", "oslo")] == ["2020"]
    assert warehouse.rows("SELECT source_record_id, edition FROM catalog.records WHERE source = 'oslo'") == [
        ("1", None)
    ]
    assert not Path("var/frames/raw/oslo/2021").exists()
    assert Path("var/frames/raw/oslo/2020").exists()
    again = command("dumps", "remove", "oslo/2021")
    assert again.code == 1
    assert "there is no such dump in the warehouse" in again.told


def test_frames_that_cannot_be_kept_are_told(command: Command, dumps: dict[str, Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VUFIND_WAREHOUSE_FRAMES", "/proc/x")
    answer = command("dumps", "remove", "oslo/2021")
    assert answer.code == 1
    assert "error: the frames cannot be kept in /proc/x/remove/oslo" in answer.told


def test_what_is_missing_is_named(command: Command, dumps: dict[str, Path]):
    dumps["2020"].write_bytes(json_lines([LAKES]))
    for frames in Path("var/frames/raw/oslo").glob("2020/manifest.json"):
        frames.unlink()
    answer = command("dumps", "remove", "oslo/2021")
    assert answer.code == 1
    assert "nothing was changed" in answer.told
    assert "oslo/2020 is needed" in answer.told


def test_a_dump_that_is_named_as_its_file_is_told_how_it_is_called(command: Command, warehouse: Road):
    answer = command("dumps", "remove", "oslo/a%b")
    assert answer.code == 2
    assert "the dump would be oslo/a-b" in " ".join(answer.told.split())


def test_a_dry_run_names_some_records_and_says_how_to_see_all(command: Command, warehouse: Road):
    warehouse.ingest("oslo", "2020", [{"id": f"{number:02}", "title": "Rivers"} for number in range(23)])
    trial = command("dumps", "remove", "oslo/2020", "--dry-run")
    assert trial.out.count("\ngone\t") == 20
    assert "in all: 23 gone" in trial.told
    assert "3 more records are not listed; see all: --at-most 23 --format csv" in trial.told
    all_of_them = command("dumps", "remove", "oslo/2020", "--dry-run", "--at-most", "23", "--format", "csv")
    assert all_of_them.out.count("\ngone,") == 23
    assert "not listed" not in all_of_them.told


@pytest.mark.parametrize("name", ["oslo", "oslo/", "/2020", "oslo/2020/x"])
def test_a_dump_is_named_as_source_and_dump(command: Command, warehouse: Road, name: str):
    answer = command("dumps", "remove", name)
    assert answer.code == 2
    assert "SOURCE/DUMP" in answer.told
