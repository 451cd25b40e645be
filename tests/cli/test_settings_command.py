"""``works settings``: borders and trusted sources, which a warehouse keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import Command, Serve
from tests.end_to_end.road import Road, contents

TITLE = {"title": "A long study of the rivers of Norway", "author": ["Núñez, Ana", "Okafor, Ben"]}


def two_years(road: Road) -> None:
    road.ingest("one", "2020", [{"id": "1", **TITLE, "publishDate": ["2001"], "publisher": ["Press"]}])
    road.ingest(
        "two", "2020", [{"id": "1", **TITLE, "publishDate": ["2001"]}, {"id": "2", **TITLE, "publishDate": ["2009"]}]
    )


@pytest.fixture
def years(serve: Serve) -> Iterator[Road]:
    """One book in two catalogues: of one year, and of another in the second."""
    with serve(two_years) as road:
        yield road


def shown(road: Road) -> list[tuple[str, int]]:
    return road.rows(
        "SELECT r.source, p.record_count FROM catalog.publications AS p JOIN catalog.records AS r"
        " ON r.record_id = p.canonical_record_id WHERE p.title LIKE 'A long%' ORDER BY 2 DESC, 1"
    )


def test_borders_and_trust_are_kept_and_hold_for_what_comes(command: Command, years: Road):
    assert shown(years) == [("one", 2), ("two", 1)]
    answer = command("works", "settings", "--border", "other_year=duplicate", "--trust", "two")
    assert answer.code == 0, answer.told
    assert shown(years) == [("two", 3)]
    years.ingest("three", "2020", [{"id": "1", **TITLE, "publishDate": ["2015"]}])
    assert shown(years) == [("two", 4)]
    answer = command("works", "settings")
    assert "other_year" in answer.out
    assert "duplicate   (of version | duplicate | different)" in answer.out
    assert "two" in answer.out


def test_default_restores_the_former_state_exactly(command: Command, years: Road):
    before = contents(years)
    command("works", "settings", "--border", "other_year=different", "--trust", "two")
    assert contents(years)["works"] != before["works"]
    assert command("works", "settings", "--default").code == 0
    assert contents(years) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--border", "none=duplicate"], "there is no border"),
        (["--border", "parts=duplicate"], "parts can be"),
        (["--default", "--trust", "one"], "goes with nothing else"),
        (["--trust", "none"], "no source none"),
        (["--trust", ""], "no source"),
    ],
)
def test_what_is_no_setting_is_a_mistake_of_usage(command: Command, years: Road, arguments: list[str], told: str):
    before = contents(years)
    answer = command("works", "settings", *arguments)
    assert answer.code == 2
    assert told in answer.told.replace("\n", " ")
    assert contents(years) == before
