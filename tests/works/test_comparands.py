"""How the columns of records become numbers that pairs are compared by."""

import pyarrow as pa
from matching_frames import identifier_rows, match_records

from pipelines.works.comparands import comparands
from pipelines.works.numbered_columns import number_column


def test_numbers_a_column_by_key():
    numbered = number_column(pa.chunked_array([["b", None, "B"], ["", "a"]]), str.lower)
    assert numbered.codes.tolist() == [0, -1, 0, -1, 1]
    assert numbered.values == ["b", "a"]


def test_identifiers_of_unknown_records_are_passed_over():
    known = comparands(match_records({}), identifier_rows((1, "doi", "x"), (9, "doi", "y"), (1, "doi", "x")))
    assert known.identifiers["doi"].tolist() == [[0, 0]]


def test_titles_are_equal_whatever_stands_between_their_words():
    records = match_records(
        {"title": "The sun: a star"}, {"title": "Sun : a star"}, {"title": "Sun, star!"}, {"title": "Stars"}
    )
    codes = comparands(records, identifier_rows()).title.codes.tolist()
    assert codes[0] == codes[1] == codes[2] != codes[3]


def test_a_version_and_a_supplement_have_the_doi_of_the_text_they_belong_to():
    dois = ["10.1/x", "10.1/x.v2", "10.1/x/v3", "10.1/x.s001", "10.1/y"]
    known = comparands(match_records(*({"doi": doi} for doi in dois)), identifier_rows())
    assert known.doi_base.codes.tolist() == [0, 0, 0, 0, 1]
    assert known.is_version.tolist() == [False, True, True, False, False]
    assert known.is_supplement.tolist() == [False, False, False, True, False]
