"""``ingest`` without ``--kind``: a dump keeps the kind that it was said to be when it went in last, and no other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Serve
from tests.cli.test_ingest_command import LIVING, put
from tests.end_to_end.road import Road

ALL = tuple("0123456789")
KIND = "SELECT kind, said_to_be FROM ops.dumps WHERE source = 'city' AND name = '2024-02'"


@pytest.fixture
def ten(command: Command, serve: Serve) -> Iterator[Road]:
    """A warehouse into which a full dump has brought ten records of city."""

    def ten_records(_: Road) -> None:
        put("2024-01", *ALL)
        assert command("ingest", "dumps/city/2024-01.jsonl", "--kind", "full").code == 0

    with serve(ten_records, by_command=True) as road:
        yield road


def ingest(command: Command, *options: str) -> int:
    return command("ingest", "dumps/city/2024-02.jsonl", *options).code


def break_lines(count: int) -> None:
    with Path("dumps/city/2024-02.jsonl").open("a") as dump:
        dump.write('{"id" broken}\n' * count)


def shrinks_too_much() -> None:
    put("2024-02", "1")


def holds_nothing() -> None:
    put("2024-02")


@pytest.mark.parametrize("spoil", [shrinks_too_much, holds_nothing])
def test_a_new_dump_that_was_refused_as_full_is_a_delta(command: Command, ten: Road, spoil: Callable[[], None]):
    spoil()
    assert ingest(command, "--kind", "full") == 1
    put("2024-02", *ALL[1:], "x")
    assert ingest(command) == 0
    assert ten.rows(KIND) == [("delta", "delta")]
    assert ten.values(LIVING) == [*ALL, "x"]


def test_a_dump_that_is_in_as_a_delta_stays_one_where_it_was_refused_as_full(command: Command, ten: Road):
    put("2024-02", *ALL)
    assert ingest(command) == 0
    put("2024-02", "1")
    assert ingest(command, "--kind", "full") == 1
    assert ingest(command) == 0
    assert ten.rows(KIND) == [("delta", "delta")]
    assert ten.values(LIVING) == list(ALL)


def test_a_dump_that_is_in_as_full_stays_full_where_it_was_refused_as_a_delta(command: Command, ten: Road):
    put("2024-02", *ALL[1:])
    assert ingest(command, "--kind", "full") == 0
    break_lines(200)
    assert ingest(command, "--kind", "delta") == 1
    put("2024-02", *ALL[1:], "x")
    assert ingest(command) == 0
    assert ten.rows(KIND) == [("full", "full")]
    assert ten.values(LIVING) == [*ALL[1:], "x"]


@pytest.mark.parametrize("frames", ["frames", "no frames"])
def test_a_full_dump_that_counted_as_a_delta_is_full_again_once_it_is_corrected(
    command: Command, ten: Road, frames: str
):
    put("2024-02", *ALL[1:])
    break_lines(1)
    assert ingest(command, "--kind", "full") == 0
    assert ten.rows(KIND) == [("delta", "full")]
    assert ten.values(LIVING) == list(ALL)
    if frames == "no frames":
        shutil.rmtree("var/frames")
    put("2024-02", *ALL[1:])
    assert ingest(command) == 0
    assert ten.rows(KIND) == [("full", "full")]
    assert ten.values(LIVING) == list(ALL[1:])


def test_a_dump_may_be_said_to_be_full_only_when_it_comes_again(command: Command, ten: Road):
    put("2024-02", *ALL[1:])
    break_lines(1)
    assert ingest(command) == 0
    assert ingest(command, "--kind", "full") == 0, "a repetition: of it something is in quarantine"
    assert ten.rows(KIND) == [("delta", "full")]
    put("2024-02", *ALL[1:])
    assert ingest(command) == 0
    assert ten.values(LIVING) == list(ALL[1:])


def test_another_home_knows_the_kind_from_the_warehouse(
    command: Command, ten: Road, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    put("2024-02", *ALL)
    assert ingest(command) == 0
    monkeypatch.setenv("VUFIND_WAREHOUSE_HOME", str(tmp_path / "another home"))
    assert ingest(command, "--kind", "full") == 0
    monkeypatch.setenv("VUFIND_WAREHOUSE_HOME", "")
    put("2024-02", *ALL[1:])
    assert ingest(command) == 0
    assert ten.rows(KIND) == [("full", "full")]


def test_what_was_taken_out_is_forgotten_also_by_another_home(
    command: Command, ten: Road, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    put("2024-02", *ALL)
    assert ingest(command, "--kind", "full") == 0
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("VUFIND_WAREHOUSE_HOME", str(tmp_path / "another home"))
        assert command("dumps", "remove", "city/2024-02").code == 0
    assert ingest(command) == 0
    assert ten.rows(KIND) == [("delta", "delta")]
