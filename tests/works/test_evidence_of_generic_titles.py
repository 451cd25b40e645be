"""Titles that name a kind of text: when two records of one are one publication all the same."""

from typing import Any

import pytest
from verdicts import JOURNAL, ONE, THREE, TWO, judge, titled

OTHER = ["Poe, Edgar"]
ISSUE = JOURNAL | {"volume": "3", "issue": "1"}
LETTERS = ["Letter to the editor", "Letters", "Reply", "Authors' reply", "In reply", "Response to letter", "Editorial"]


@pytest.mark.parametrize("title", LETTERS)
@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        # Many in one issue: the people must be the same where pages do not tell.
        ({"author_names": ONE}, {"author_names": ONE}, "duplicate"),
        ({"author_names": TWO}, {"author_names": TWO}, "duplicate"),
        ({"author_names": ONE}, {"author_names": OTHER}, "different"),
        ({"author_names": ONE}, {"author_names": TWO}, "different"),
        ({"author_names": ONE, "start_page": "9"}, {"author_names": OTHER}, "different"),
        ({"author_names": TWO}, {"author_names": THREE, "start_page": "9"}, "different"),
        # Or the pages, where the people do not tell.
        ({"author_names": ONE, "start_page": "9-10"}, {"author_names": TWO, "start_page": "9"}, "duplicate"),
        ({"author_names": None, "start_page": "9-10"}, {"author_names": ONE, "start_page": "9-10"}, "duplicate"),
        ({"author_names": ONE, "start_page": "9"}, {"author_names": OTHER, "start_page": "9"}, "different"),
        # One letter ends where the next begins.
        ({"author_names": None, "start_page": "9-10"}, {"author_names": ONE, "start_page": "10-11"}, "different"),
        ({"author_names": ONE, "start_page": "9-10"}, {"author_names": TWO, "start_page": "10-11"}, "different"),
        ({"author_names": ONE, "start_page": "9-10"}, {"author_names": ONE, "start_page": "10-11"}, "different"),
    ],
)
def test_generic_titles_of_one_issue_need_the_same_people_or_pages(
    title: str, a: dict[str, Any], b: dict[str, Any], verdict: str
):
    first, second = titled(title, **ISSUE, **a), titled(title, source="t", **ISSUE, **b)
    rule = "generic_title_same_place" if verdict == "duplicate" else "generic_title"
    assert judge(first, second) == (verdict, rule)
