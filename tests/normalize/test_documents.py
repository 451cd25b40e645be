"""A batch of Solr documents becomes the frames of the warehouse, and nothing of a document is lost."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.content_hash import content_hashes
from pipelines.normalize.documents import NormalizedFrames, normalize_documents
from pipelines.normalize.json_columns import json_objects
from pipelines.records import RAW_RECORDS, FrameError
from pipelines.stable_ids import record_id

NOW = 2026


def raw_records(*documents: dict[str, Any]) -> pa.Table:
    lineage = {"file": "dump.jsonl", "member": "", "offset": 10, "length": 20, "line": 1}
    return pa.Table.from_pylist([lineage | document for document in documents], RAW_RECORDS)


def normalized(*documents: dict[str, Any]) -> NormalizedFrames:
    return normalize_documents(raw_records(*documents), "catalogue", NOW)


def record_of(document: dict[str, Any]) -> dict[str, Any]:
    return normalized({"id": "1"} | document).records.to_pylist()[0]


ARTICLE = {
    "id": "pubmed-1",
    "record_format": "MEDLINE/PubMed",
    "title": "Exosomes  for Therapy",
    "title_short": "Exosomes for Therapy",
    "title_sort": "exosomes for therapy",
    "author": ["Ahmadi, Mahdi", "Rezaie, Jafar"],
    "format": ["Online", "Article", "Text"],
    "language": ["English"],
    "publishDate": ["2022"],
    "publisher": ["MDPI"],
    "institution": ["National Center for Biotechnology Information"],
    "collection": ["PubMed"],
    "topic": ["Review"],
    "url": [
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC11/",
        "https://www.ncbi.nlm.nih.gov/pubmed/12",
        "http://dx.doi.org/10.3390/IJMS",
        "https://creativecommons.org/licenses/by/4.0/",
    ],
}


@pytest.mark.parametrize(
    ("document", "kept"),
    [
        ({"author": ["Núñez, Ana"], "author2": ["Núñez, Ana", "Wu, Bo"]}, {}),
        ({"author": ["Núñez, Ana"], "author2": ["Wu, Bo", "Nunez, Ana"]}, {"author2": ["Wu, Bo", "Nunez, Ana"]}),
        ({"author": ["Núñez, Ana", "Nunez, Ana"]}, {"author": ["Núñez, Ana", "Nunez, Ana"]}),
        ({"author": ["Wu, Bo"], "author2": ["Wu, Bo"], "author_role": ["aut"], "author2_role": ["aut"]}, {}),
        (
            {"author": ["Wu, Bo"], "author2": ["Wu, Bo"], "author_role": ["aut"], "author2_role": ["ill"]},
            {"author2": ["Wu, Bo"], "author2_role": ["ill"]},
        ),
        (
            {"author": ["Wu, Bo", "Wu, Bo"], "author_role": ["aut", "ill"]},
            {"author": ["Wu, Bo", "Wu, Bo"], "author_role": ["aut", "ill"]},
        ),
    ],
)
def test_what_one_credit_does_not_say_of_a_person_who_stands_twice_is_kept(
    document: dict[str, list[str]], kept: dict[str, list[str]]
):
    frames = normalized({"id": "0", "author": ["Wu, Bo"]}, {"id": "1", "title": "A"} | document, {"id": "2"})
    assert [json.loads(extra or "{}") for extra in frames.records["extra"].to_pylist()] == [{}, kept, {}]
    [first, *others] = [
        row for row in frames.record_authors.to_pylist() if row["record_id"] == record_id("catalogue", "1")
    ]
    assert first["name_as_written"] == document["author"][0]
    assert len(others) == len({"Wu, Bo"} & set(document.get("author2", [])) - {first["name_as_written"]})


def test_a_document_becomes_one_record_and_its_parts():
    frames = normalized(ARTICLE)
    record = frames.records.to_pylist()[0]
    expected = {
        "record_id": record_id("catalogue", "pubmed-1"),
        "source": "catalogue",
        "source_record_id": "pubmed-1",
        "title": "Exosomes for Therapy",
        "title_sort": "exosomes for therapy",
        "format": ["Online", "Article", "Text"],
        "publication_kind": "article",
        "language": ["eng"],
        "publication_year": 2022,
        "publication_year_note": None,
        "publisher": "MDPI",
        "institution": "National Center for Biotechnology Information",
        "collection": "PubMed",
        "topics": ["Review"],
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "doi": "10.3390/ijms",
        "author_names": ["Ahmadi, Mahdi", "Rezaie, Jafar"],
        "extra": None,
        "byte_offset": 10,
        "byte_length": 20,
    }
    assert {name: record[name] for name in expected} == expected
    assert [row["kind"] for row in frames.record_links.to_pylist()] == ["pmc", "pubmed", "doi", "license"]
    assert [(row["scheme"], row["value"], row["source_field"]) for row in frames.record_identifiers.to_pylist()] == [
        ("doi", "10.3390/ijms", "url"),
        ("pmid", "12", "url"),
        ("pmcid", "PMC11", "url"),
    ]
    assert len(frames.authors) == len(frames.record_authors) == 2


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ({"title": "A", "title_full": "B"}, "A"),
        ({"title": " ", "title_full": "B"}, "B"),
        ({"title_fullStr": "C", "title_short": "D"}, "C"),
        ({"title_short": "D"}, "D"),
        ({}, None),
    ],
)
def test_the_title_falls_back(document: dict[str, Any], title: str | None):
    assert record_of(document)["title"] == title


@pytest.mark.parametrize(
    ("document", "extra"),
    [
        ({"physical": ["406 p."], "callnumber-first": "Q"}, {"physical": ["406 p."], "callnumber-first": "Q"}),
        ({"extra": '{"local_str": "x", "a": [1, {"b": null}]}'}, {"a": [1, {"b": None}], "local_str": "x"}),
        ({"genre": ["x"], "extra": '{"genre": ["y"]}'}, {"genre": ["y"]}),
        ({"publisher": ["A", " A", "B"]}, {"publisher": ["A", "B"]}),
        ({"publisher": ["A", "A "]}, None),
        ({"language": ["English", "Klingonese"]}, {"language": ["Klingonese"]}),
        ({"publishDate": ["1998"]}, None),
        ({"publishDate": ["c1998"]}, {"publishDate": ["c1998"]}),
        ({"publishDate": ["1998", "1999"]}, {"publishDate": ["1998", "1999"]}),
        ({"publishDate": ["1420"]}, {"publishDate": ["1420"]}),
        ({"author": ["A, B"], "author_role": ["aut"]}, None),
        ({"author": ["A, B"], "author_role": ["aut", "edt"]}, {"author_role": ["aut", "edt"]}),
        ({"ctrlnum": ["(X)1"]}, {"ctrlnum": ["(X)1"]}),
        ({"title_full": "B", "spelling": ["s"], "author_facet": ["a"], "_version_": 1}, None),
        ({"physical": ['"\\\n\x00é']}, {"physical": ['"\\\né']}),
        ({"extra": '{"a\\u0000": ["\\u0000b", "\\\\u0000"]}'}, {"a": ["b", "\\u0000"]}),
        ({"extra": "{}"}, None),
    ],
)
def test_what_has_no_column_goes_to_extra(document: dict[str, Any], extra: dict[str, Any] | None):
    text = record_of(document)["extra"]
    assert (None if text is None else json.loads(text)) == extra


def test_series_of_both_fields_and_codes_of_languages_stand_once():
    record = record_of({"series": ["S"], "series2": ["S", "T"], "language": ["en", "English", "ger"]})
    assert (record["series"], record["language"]) == (["S", "T"], ["eng", "deu"])


def test_the_doi_field_is_believed_before_addresses_and_broken_ones_are_not_the_doi():
    record = record_of({"doi_str_mv": ["10.1", "10.1000/B"], "url": ["https://doi.org/10.1000/a"]})
    assert record["doi"] == "10.1000/b"


def test_the_last_document_of_an_id_wins():
    frames = normalized({"id": "1", "title": "old"}, {"id": "2", "title": "other"}, {"id": "1", "title": "new"})
    assert frames.records["title"].to_pylist() == ["other", "new"]
    assert frames.repeated == 1


def test_nul_is_stored_nowhere():
    frames = normalized({"id": "1\x00", "title": "a\x00", "url": ["http://x.org/\x00", None], "author": ["A\x00, B"]})
    assert frames.records["source_record_id"].to_pylist() == ["1"]
    assert frames.record_links["url_as_written"].to_pylist() == ["http://x.org/"]
    for table in (frames.records, frames.authors, frames.record_authors, frames.record_links):
        assert "\x00" not in str(table.to_pylist())


def test_a_document_without_id_is_refused():
    with pytest.raises(FrameError, match="must not be null"):
        normalized({"title": "nameless"})


def test_an_empty_batch_gives_empty_frames():
    frames = normalize_documents(RAW_RECORDS.empty_table(), "catalogue", NOW)
    assert [len(table) for table in (frames.records, frames.authors, frames.record_authors, frames.record_links)] == [
        0
    ] * 4


FIELDS = {"id": "1", "title": "T", "author": ["A", "B"], "physical": ["p"], "extra": '{"a": 1, "b": 2}'}


def content_hash(document: dict[str, Any], *others: dict[str, Any]) -> int:
    return normalized(document, *others).records["content_hash"][0].as_py()


@pytest.mark.parametrize(
    "same",
    [
        {"file": "other.jsonl", "offset": 999, "length": 1, "line": 7, "member": "m"},
        {"_version_": 5, "last_indexed": "2020", "spelling": ["x"], "author_facet": ["x"], "title_full": "x"},
        {"extra": '{"b":2,"a":1}'},
        {"topic": []},
        {"title": " T "},
    ],
)
def test_the_hash_stays_where_nothing_stored_changes(same: dict[str, Any]):
    assert content_hash(FIELDS | same) == content_hash(FIELDS)


@pytest.mark.parametrize(
    "other",
    [
        {"title": "U"},
        {"author": ["B", "A"]},
        {"author": ["AB"]},
        {"author": ["A"], "author2": ["B"]},
        {"author": ["A", "B", None]},
        {"author": ["A", "B", ""]},
        {"physical": None, "genre": ["p"]},
        {"extra": '{"a": 1, "b": 3}'},
        {"doi_str_mv": ["10.1000/a"]},
        {"id": "2"},
    ],
)
def test_the_hash_changes_with_what_is_stored(other: dict[str, Any]):
    assert content_hash(FIELDS | other) != content_hash(FIELDS)


def test_the_hash_rests_on_the_document_alone_and_on_the_rules():
    neighbour = {"id": "9", "genre": ["x"], "url": ["u"], "title": "é"}
    assert content_hash(FIELDS, neighbour) == content_hash(FIELDS)
    columns = {"title": pa.array(["T"])}
    assert content_hashes(columns, 1, rules_version=1) != content_hashes(columns, 1, rules_version=2)


VALUES = st.lists(st.text(alphabet='ab,:[]"1é\x1f\\', max_size=4), max_size=3)


@given(VALUES, VALUES, VALUES, VALUES)
def test_only_equal_documents_share_their_hash(a: list[str], b: list[str], c: list[str], d: list[str]):
    kind = pa.list_(pa.string())
    first, second = content_hashes({"x": pa.array([a, c], kind), "y": pa.array([b, d], kind)}, 2).to_pylist()
    assert (first == second) == ((a, b) == (c, d))


@given(st.lists(st.tuples(st.none() | st.text(), st.none() | st.lists(st.none() | st.text(), max_size=3)), max_size=6))
def test_objects_built_from_columns_are_the_json_of_their_rows(rows: list[tuple[str | None, list[str | None] | None]]):
    columns = {
        "k": pa.array([row[0] for row in rows], pa.string()),
        "a": pa.array([row[1] for row in rows], pa.list_(pa.string())),
    }
    objects = json_objects(columns, pa.nulls(len(rows), pa.string())).to_pylist()
    expected = [
        {key: value for key, value in (("a", row[1] or None), ("k", row[0])) if value is not None} for row in rows
    ]
    assert [json.loads(text) if text else {} for text in objects] == expected


@pytest.mark.parametrize(
    ("document", "more"),
    [
        ({"title": "A title"}, 1),
        ({"title": "A title", "description": "What it is about"}, 2),
        # What describes nothing does not count, however much there is of it.
        ({"title": "A title", "institution": ["A library"], "collection": ["A collection"]}, 1),
        # The format tells the kind of publication as well.
        ({"title": "A title", "format": ["Book"]}, 3),
        ({"title": "", "description": " "}, 0),
    ],
)
def test_a_record_tells_how_much_of_it_is_filled(document: dict[str, Any], more: int):
    assert record_of(document)["filled"] == more
