"""The verb ``search``: what it finds, and what it says where it finds nothing."""

from __future__ import annotations

import pytest

from pipelines.warehouse.words import refresh_words
from tests.cli.conftest import Command
from tests.end_to_end.road import Road


def test_publications_are_found_by_words(command: Command, warehouse: Road):
    warehouse.ingest("oslo", "2020", [{"id": "1", "title": "Slow rivers", "author": ["Sørensen, Åse"]}])
    answer = command("search", "sorensen", "riv*", "--format", "csv")
    assert answer.code == 0
    assert "Slow rivers" in answer.out


@pytest.mark.parametrize(
    "words",
    [["slow", "-otters"], ["-otters", "slow"], ["--", "slow", "-otters"], ["slow", "--", "-otters"], ["-otters"]],
)
def test_what_has_a_word_with_a_dash_before_it_is_left_out(command: Command, warehouse: Road, words: list[str]):
    warehouse.ingest("oslo", "2020", [{"id": "1", "title": "Slow rivers"}, {"id": "2", "title": "Slow otters"}])
    answer = command("search", "--format", "csv", *words)
    assert answer.code == 0
    assert "Slow rivers" in answer.out
    assert "Slow otters" not in answer.out


def test_options_may_stand_among_the_words_and_unknown_ones_are_mistakes(command: Command, warehouse: Road):
    warehouse.ingest("oslo", "2020", [{"id": "1", "title": "Slow rivers"}, {"id": "2", "title": "Slow lakes"}])
    one = command("search", "slow", "--at-most", "1", "-otters", "--format", "json")
    assert (one.code, len(one.out.splitlines())) == (0, 1)
    for option in ("--otters", "--format=xml"):
        assert command("search", "slow", option).code == 2
    refused = command("search", "slow", "--at-most", "-5")
    assert (refused.code, "'--at-most'" in refused.told) == (2, True)
    assert "Find publications by words" in command("search").out
    assert "search 'riv*' -lakes" in command("search", "--help").out
    assert command("search", "-h").code == 0


def test_it_is_said_why_a_search_takes_long(command: Command, warehouse: Road):
    warehouse.ingest("oslo", "2020", [{"id": "1", "title": "Slow rivers"}])
    warehouse.execute("UPDATE reporting.words_state SET is_complete = FALSE")
    answers = [command("search", "rivers")]
    refresh_words(warehouse.url)
    answers.append(command("search", "rivers"))
    assert ["Slow rivers" in answer.out for answer in answers] == [True, True]
    assert ["words for search are not made yet" in answer.told for answer in answers] == [True, False]


def test_that_nothing_is_found_is_said(command: Command, warehouse: Road):
    answer = command("search", "sorens")
    assert answer.code == 0
    assert "no publication has sorens in its title and names; word* finds beginnings" in answer.told


@pytest.mark.parametrize("words", ["", "  ", "?!"])
def test_a_search_needs_a_word(command: Command, words: str):
    answer = command("search", words)
    assert answer.code == 2
    assert "name at least one word" in answer.told


def test_a_query_needs_a_statement(command: Command):
    answer = command("query", " ")
    assert answer.code == 2
    assert "give one SELECT" in answer.told
