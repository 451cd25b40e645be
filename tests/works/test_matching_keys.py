"""Under which keys records meet, whatever catalogues did to their titles and names."""

from typing import Any

import pyarrow as pa
import pytest

from pipelines.records import RECORD_WORK_KEYS
from pipelines.stable_ids import stable_id
from pipelines.works.matching_keys import matching_keys

COLUMNS = pa.schema(
    [
        ("record_id", pa.int64()),
        ("title", pa.string()),
        ("author_names", pa.list_(pa.string())),
        ("publication_year", pa.int32()),
        ("volume", pa.string()),
        ("start_page", pa.string()),
    ]
)
IDENTIFIERS = pa.schema([("record_id", pa.int64()), ("scheme", pa.string()), ("value", pa.string())])


def keys(*records: dict[str, Any], identifiers: list[dict[str, Any]] | None = None) -> list[set[str]]:
    rows = [{"record_id": number} | record for number, record in enumerate(records)]
    table = matching_keys(
        pa.Table.from_pylist(rows, schema=COLUMNS), pa.Table.from_pylist(identifiers or [], schema=IDENTIFIERS)
    )
    assert table.schema == RECORD_WORK_KEYS
    found: list[set[str]] = [set() for _ in records]
    for row in table.to_pylist():
        assert row["work_key_id"] == stable_id(row["key"])
        assert row["key"].startswith(row["kind"] + " ")
        assert row["key"] not in found[row["record_id"]], "each key of a record once"
        found[row["record_id"]].add(row["key"])
    return found


def test_a_record_has_keys_of_each_kind():
    record = {
        "title": "The golden rule of sampling",
        "author_names": ["Wu, Yi-Leh", "Agrawal, D.", "Abbadi, A."],
        "publication_year": 2001,
        "volume": "Vol. 30",
        "start_page": "449-60",
    }
    doi = {"record_id": 0, "scheme": "doi", "value": "10.1/x"}
    issn = doi | {"scheme": "issn", "value": "1234-5678"}
    [found] = keys(record, identifiers=[doi, doi, issn])
    assert found == {
        "TB goldenrulesampli",
        "TE 2001 ldenrulesampling",
        "TW sampling golden rule",
        "AW agrawal sampling golden",
        "AW wu sampling golden",
        "AY 2001 abbadi agrawal",
        "TY 2001 goldenrulesampli",
        "PL 2001 30 449",
        "ID doi 10.1/x",
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # A label, a subtitle, a misread word, another form of names, no names at all.
        ({"title": "The application profile", "publication_year": 2012},
         {"title": "Competition paper - The application profile", "publication_year": 2012}),
        ({"title": "Reusable components in banks"}, {"title": "Reusable components in banks: experience of a bank"}),
        ({"title": "The golden scope syndrome"}, {"title": "The golden scope syndrom"}),
        ({"title": "A model of objects", "author_names": ["Doe, J."]}, {"title": "Model of objects"}),
        ({"title": "KVM/ARM", "author_names": ["Dall, C."], "publication_year": 2014},
         {"title": "KVM/ARM: the design", "author_names": ["Dall, Christoffer"], "publication_year": 2014}),
        ({"title": "Tuning wizard", "author_names": ["Roe, R.", "Doe, J."], "publication_year": 1998},
         {"title": "Turning wizards", "author_names": ["Doe, Jane", "Roe, R."], "publication_year": 1998}),
        # Too short to have a key of its own but for the year.
        ({"title": "Nature", "publication_year": 1999}, {"title": "NATURE.", "publication_year": 1999}),
        # Translated.
        ({"title": "Krieg und Frieden", "publication_year": 2000, "volume": "3", "start_page": "10-19"},
         {"title": "War and peace", "publication_year": 2000, "volume": "3", "start_page": "p. 10"}),
    ],
)  # fmt: skip
def test_records_of_one_publication_meet(first: dict[str, Any], second: dict[str, Any]):
    a, b = keys(first, second)
    assert a & b


def test_what_says_nothing_has_no_key():
    assert keys({}, {"title": "Poems"}, {"title": "!"}, {"author_names": []}) == [set(), set(), set(), set()]
