"""Titles that name a kind of text, not a text."""

import pytest

from pipelines.folding import fold
from pipelines.works.generic_books import is_of_book, tells_year
from pipelines.works.generic_titles import is_generic_title, is_of_guest


@pytest.mark.parametrize(
    ("title", "generic"),
    [
        ("Editorial", True),
        ("Guest Editors' Introduction", True),
        ("Preface to the Special Issue", True),
        ("Book reviews", True),
        ("Authors' reply", True),
        ("Reply to letter to the editor", True),
        ("Reply to Poe", False),
        ("Letter to the editor of the Times", False),
        ("Book review column", True),
        ("Erratum to: X", True),
        ("Annual report 1998", True),
        ("Report of the president", False),
        ("Selected Poems", True),
        ("Obras completas", True),
        ("Vorwort", True),
        ("Compte rendu", True),
        ("Избранное", True),
        ("Vol. 2", True),
        ("Part two", True),
        ("IV", True),
        ("12", True),
        ("X", True),
        ("", True),
        ("!", True),
        # Titles that only resemble generic ones.
        ("1984", False),
        ("It", False),
        ("Emma", False),
        ("Civil law", False),
        ("Lotus Domino/Notes", False),
        ("An introduction to syntax", False),
        ("Report on the Cuban revolution", False),
        ("Letters to a young poet", False),
        ("Proceedings of the first workshop on parsing", False),
        ("活着", False),
        ("Poems of love and war", False),
    ],
)
def test_knows_generic_titles(title: str, generic: bool):
    assert is_generic_title(fold(title)) is generic


@pytest.mark.parametrize(
    ("title", "of_book", "of_year"),
    [
        ("Poems", True, False),
        ("Complete poetical works", True, False),
        ("Œuvres complètes", True, False),
        ("Annual report", True, False),
        ("Annual report for the year 2010", True, True),
        ("Annual report 2010/2011", True, True),
        ("Report 2010", True, True),
        ("Report 12", False, False),
        ("Editorial", False, False),
        ("Letters", False, False),
        ("Poems of love", False, False),
    ],
)
def test_knows_generic_titles_of_books(title: str, of_book: bool, of_year: bool):
    assert (is_of_book(fold(title)), tells_year(fold(title))) == (of_book, of_year)
    assert is_generic_title(fold(title)) or not of_book


@pytest.mark.parametrize(
    ("title", "guest"),
    [("Guest editor's introduction", True), ("Data management: Guest Editorial", True), ("Editorial", False)],
)
def test_knows_what_a_guest_editor_writes(title: str, guest: bool):
    assert is_of_guest(fold(title)) is guest
