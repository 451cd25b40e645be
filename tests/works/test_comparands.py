"""How descriptions of one thing are made alike before they are compared."""

import pyarrow as pa
import pytest
from matching_frames import identifier_rows, match_records

from pipelines.works.comparands import (
    comparands,
    container_class,
    container_key,
    containers_agree,
    containers_overlap,
    edition_key,
    number_column,
    numbering_key,
    page_key,
    title_keys,
)
from pipelines.works.generic_titles import is_generic_title


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12", "12"),
        ("Vol. 012", "12"),
        ("v.12", "12"),
        ("Volume 12", "12"),
        ("Bd. 3", "3"),
        ("12-13", "12 13"),
        ("12(3)", "12 3"),
        ("XII", "xii"),
        ("Suppl 1", "suppl1"),
        ("S1", "s1"),
        ("0", "0"),
        ("", ""),
        ("--", ""),
    ],
)
def test_a_volume_or_issue_is_its_number(written: str, key: str):
    assert numbering_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [("123-130", "123"), ("pp. 0123", "123"), ("e101", "e101"), ("S12", "s12"), ("iv", ""), ("Suppl", "")],
)
def test_a_page_is_its_first(written: str, key: str):
    assert page_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2nd ed.", "2"),
        ("Second edition", "2"),
        ("2. Aufl.", "2"),
        ("Ed. 2a.", "2"),
        ("Wyd. 2.", "2"),
        ("[2nd ed.]", "2"),
        ("Rev. ed.", "rev"),
        ("Revised edition", "rev"),
        ("Large print ed.", "large print"),
        ("Ed.", ""),
        ("Chāp-i 3.", "3"),
        ("1999 ed.", "1999"),
    ],
)
def test_an_edition_is_its_number_or_its_words(written: str, key: str):
    assert edition_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"), [("The Test /", "test"), ("Test", "test"), ("Theory", "theory"), ("A", "a")]
)
def test_a_title_has_no_article_in_front(written: str, key: str):
    assert title_keys(pa.array([written])).to_pylist() == [key]


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        ("J. Biol. Chem.", "Journal of Biological Chemistry", True),
        ("JAMA", "Journal American Medical Association", True),
        ("MIS Quarterly", "MIS Quarterly: Management Information Systems", True),
        ("Cancer", "Lancet", False),
        ("Proceedings of the 4th Workshop", "Proceedings of the 5th Workshop", False),
    ],
)
def test_a_container_may_be_abbreviated(first: str, second: str, agree: bool):
    assert containers_agree(container_key(first), container_key(second)) is agree
    assert containers_agree(container_key(second), container_key(first)) is agree


@pytest.mark.parametrize(
    ("title", "kind"),
    [("VLDB Conference", 1), ("Proc. of X", 1), ("VLDB Journal", 2), ("Proceedings of the Journal", 0), ("Nature", 0)],
)
def test_a_container_tells_whether_it_is_a_conference_or_a_journal(title: str, kind: int):
    assert container_class(container_key(title)) == kind


@pytest.mark.parametrize(
    ("title", "generic"),
    [
        ("Editorial", True),
        ("Guest Editors' Introduction", True),
        ("Preface to the Special Issue", True),
        ("Book reviews", True),
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
    assert is_generic_title(title_keys(pa.array([title]))[0].as_py()) is generic


def test_numbers_a_column_by_key():
    numbered = number_column(pa.chunked_array([["b", None, "B"], ["", "a"]]), str.lower)
    assert numbered.codes.tolist() == [0, -1, 0, -1, 1]
    assert numbered.values == ["b", "a"]


def test_records_agree_in_place_when_every_part_of_it_is_equal():
    records = match_records(
        {"volume": "1", "start_page": "2"},
        {"volume": "vol. 1", "start_page": "2-9"},
        {"volume": "1"},
        {"volume": "1", "start_page": "2", "publication_year": 2000},
        {"volume": "1", "start_page": "2", "doi": "10.1/x"},
    )
    places = comparands(records, identifier_rows()).places().tolist()
    assert places[0] == places[1]
    assert len(set(places)) == 4


def test_identifiers_of_unknown_records_are_passed_over():
    known = comparands(match_records({}), identifier_rows((1, "doi", "x"), (9, "doi", "y"), (1, "doi", "x")))
    assert known.identifiers["doi"].tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("mt summit 12", "8 conference association machine translation americas", False),
        ("int j mol sci", "international journal molecular sciences", True),
        ("proceedings coling 2012 posters", "coling 2012", True),
        ("nature", "science", False),
    ],
)
def test_containers_of_two_catalogues_overlap_where_half_of_the_shorter_is_found(
    first: str, second: str, overlap: bool
):
    assert containers_overlap(first, second) is overlap
    assert containers_overlap(second, first) is overlap
