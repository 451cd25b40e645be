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


DOE, WHO, BOOK = {"author_names": ONE}, {"author_names": ["World Health Organization"]}, {"publication_kind": "book"}


@pytest.mark.parametrize(
    ("title", "a", "b", "verdict"),
    [
        # A person has one book of such a title in a year, a body one report.
        *(
            (title, DOE, {}, "duplicate")
            for title in ("Poems", "Collected poems", "Selected works", "Gedichte", "Works")
        ),
        ("Poems", DOE | BOOK, BOOK, "duplicate"),
        # An initial may be anybody's.
        ("Poems", DOE, {"author_names": ["Doe, J."]}, "different"),
        ("Poems", DOE, {"author_names": ["Doe, James"]}, "different"),
        (
            "Annual report",
            {"author_names": ["Church of Norway, Diocese of Oslo"]},
            {"author_names": ["Church of Norway, Diocese of Bergen"]},
            "different",
        ),
        ("Annual report", WHO, {}, "duplicate"),
        ("Annual report 2010", WHO | BOOK, {"publication_kind": "report"}, "duplicate"),
        ("Jahresbericht 2010", WHO, {}, "duplicate"),
        # The title tells the year that is reported.
        ("Annual report 2010", WHO, {"publication_year": None}, "duplicate"),
        ("Annual report 2010", WHO, {"publication_year": 2001}, "duplicate"),
        ("Annual report 2010", WHO, {"publication_year": 2005}, "different"),
        ("Annual report", WHO, {"publication_year": None}, "different"),
        ("Annual report", WHO, {"publication_year": 2001}, "different"),
        ("Annual report 2010", WHO, {"title": "Annual report 2011"}, "different"),
        # Poems of one person in another year or edition may be one work or two.
        ("Poems", DOE, {"publication_year": 2001}, None),
        ("Poems", DOE, {"publication_year": None}, None),
        ("Poems", DOE | {"edition": "1st ed."}, {"edition": "2nd ed."}, None),
        # Another volume or person; nobody.
        ("Poems", DOE | {"volume": "1"}, {"volume": "2"}, "different"),
        ("Poems", DOE, {"author_names": ["Doe, Mary"]}, "different"),
        ("Poems", DOE, {"author_names": TWO}, "different"),
        ("Annual report", {"author_names": ["Ministry, Kenya"]}, {"author_names": ["Ministry, Uganda"]}, "different"),
        ("Annual report 2010", {"author_names": None}, {}, None),
        # One catalogue lists a book once; in a journal poems are many; other titles a person gives to many texts.
        ("Poems", DOE, {"source": "s"}, None),
        ("Poems", DOE | JOURNAL, {}, "different"),
        ("Poems", DOE | {"publication_kind": "article"}, {}, "different"),
        *((title, DOE, {}, "different") for title in ("Editorial", "Introduction", "Book reviews", "Letters")),
        *((title, WHO, {}, "different") for title in ("Report", "Circular", "Proceedings", "Working paper", "Minutes")),
    ],
)
def test_a_book_of_generic_title_is_one_in_two_catalogues(
    title: str, a: dict[str, Any], b: dict[str, Any], verdict: str | None
):
    first = titled(title) | a
    second = first | {"source": "t"} | b
    rule = {"duplicate": "generic_title_same_book", "different": "generic_title"}.get(verdict or "")
    assert judge(first, second) == (verdict, rule)


def test_identifiers_tell_books_of_generic_title_apart():
    first, second = titled("Poems", **DOE), titled("Poems", source="t", **DOE)
    assert judge(first, second, [(1, "isbn", "x"), (2, "isbn", "y")]) == (None, None)
    assert judge(first, second, [(1, "isbn", "x"), (2, "isbn", "x")]) == ("duplicate", "identifier_agrees")
