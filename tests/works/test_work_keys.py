"""Work keys must be VuFind's, whether a record brings them or not."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import RAW_RECORDS, RECORD_WORK_KEYS
from pipelines.stable_ids import stable_id
from pipelines.works.work_key_profiles import normalize_key_part, work_keys
from pipelines.works.work_keys import record_work_keys

SHARED = Path(__file__).parents[3] / "shared"
VECTORS = SHARED / "vectors" / "work_keys.json"
SOLR_RESPONSES = SHARED / "fixtures" / "vufind_solr"
NAMES_AND_TITLES = ("title", "title_full", "title_short", "title_sort", "author", "author2", "author_corporate")


def raw_records(*documents: dict[str, Any]) -> pa.Table:
    lineage = {"file": "dump.jsonl", "member": "", "offset": 0, "length": 0, "line": 0}
    return pa.Table.from_pylist([lineage | document for document in documents], schema=RAW_RECORDS)


def keys_of(document: dict[str, Any]) -> list[str]:
    return record_work_keys(raw_records(document), pa.array([7]))["key"].to_pylist()


def pattern(text: str) -> re.Pattern[str] | None:
    ignoring_case = text.removesuffix(" (ignoring case)")
    return re.compile(ignoring_case, re.IGNORECASE if ignoring_case != text else 0) if text else None


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not on this machine")
def test_reproduces_the_keys_of_vufinds_own_test():
    for vector in json.loads(VECTORS.read_text())["vectors"]:
        keys = work_keys(
            [vector["uniform"]],
            vector["titles"],
            vector["stripped_titles"],
            vector["authors"],
            include=pattern(vector["include"]),
            exclude=pattern(vector["exclude"]),
            icu_rules=vector["icu_rules"],
        )
        assert keys == vector["keys"], vector["name"]


@pytest.mark.skipif(not SOLR_RESPONSES.exists(), reason="the shared fixtures are not on this machine")
def test_computes_the_keys_that_vufind_stored_from_the_fields_it_stored():
    documents = {}
    for path in sorted(SOLR_RESPONSES.glob("search*.json")):
        documents.update({doc["id"]: doc for doc in json.loads(path.read_text())["response"]["docs"]})
    assert sum(len(document["work_keys_str_mv"]) for document in documents.values()) == 44
    for document in documents.values():
        fields = {name: document[name] for name in NAMES_AND_TITLES if name in document}
        assert keys_of(fields) == document["work_keys_str_mv"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The test /", "thetest"),
        ("C++", "c"),
        ("¡!", ""),
        ("ℂ", "c"),
        ("µ", "μ"),
        ("a" * 300, "a" * 255),
        # Two UTF-16 units each: the cut falls inside the 128th, which goes as a whole.
        ("𐐨" * 200, "𐐨" * 127),
    ],
)
def test_normalizes_a_part(text: str, part: str):
    assert normalize_key_part(text) == part


@pytest.mark.parametrize(
    ("document", "keys"),
    [
        (
            {"title": "The test /", "author": ["Bryant, Dorothy, 1930-"]},
            ["AT bryantdorothy thetest", "AT bryantdorothy test"],
        ),
        ({"title": "La peste", "title_sort": "peste", "author": ["Camus"]}, ["AT camus lapeste", "AT camus peste"]),
        # The sort title keeps the article: it is none.
        ({"title": "A la recherche", "title_sort": "a la recherche", "author": ["P"]}, ["AT p alarecherche"]),
        # A sort title that is another title tells nothing about an article.
        ({"title": "Tests", "title_sort": "something else", "author": ["P"]}, ["AT p tests"]),
        ({"title": " ", "title_full": "Full", "author": ["P"]}, ["AT p full"]),
        ({"title_short": "Short", "author": ["P"]}, ["AT p short"]),
        (
            {"title": "T", "author": ["A", "A"], "author2": ["B", "!"], "author_corporate": ["C (Org)"]},
            ["AT a t", "AT b t", "AT corg t"],
        ),
        ({"title": "T"}, []),
        ({"author": ["A"]}, []),
        ({"title": "???", "author": ["A"]}, []),
        ({"title": "東京", "author": ["王昱"]}, ["AT wángyù dōngjīng"]),
        ({"title": "X" * 300, "author": ["Y" * 300]}, [f"AT {'y' * 255} {'x' * 255}"]),
    ],
)
def test_computes_keys_from_title_and_authors(document: dict[str, Any], keys: list[str]):
    assert keys_of(document) == keys


def test_keeps_given_keys_as_they_are_and_computes_none():
    given_keys = [" AT µ Ünfolded ", "AT a\0b c", "UT bible", "UT bible", "no key", "AT "]
    table = record_work_keys(
        raw_records({"title": "T", "author": ["A"], "work_keys_str_mv": given_keys}), pa.array([7])
    )
    assert table.to_pylist() == [
        {"record_id": 7, "work_key_id": stable_id(key), "kind": key[:2], "key": key, "origin": "given"}
        for key in ["AT µ Ünfolded", "AT ab c", "UT bible"]
    ]


def test_computes_keys_where_no_given_value_is_a_key():
    assert keys_of({"title": "T", "author": ["A"], "work_keys_str_mv": ["", "nonsense"]}) == ["AT a t"]


def test_an_empty_batch_has_no_keys():
    table = record_work_keys(raw_records(), pa.array([], pa.int64()))
    assert table.schema == RECORD_WORK_KEYS
    assert table.num_rows == 0


texts = st.none() | st.text(alphabet="aB 'éß東!ℂ𐐨", max_size=6)
documents = st.fixed_dictionaries(
    {
        "title": texts,
        "author": st.none() | st.lists(st.text(alphabet="aB éß東!𐐨", max_size=4), max_size=3),
        "author_corporate": st.none() | st.lists(st.text(alphabet="aB é", max_size=4), max_size=2),
    }
)


@given(st.lists(documents, max_size=6))
def test_columns_give_the_keys_that_the_rule_gives_for_one_record(batch: list[dict[str, Any]]):
    table = record_work_keys(raw_records(*batch), pa.array(range(len(batch)), pa.int64()))
    expected = []
    for row, document in enumerate(batch):
        title = document["title"] or ""
        title = "" if not title.strip() else title
        stripped = re.sub(r"(?i)^\s*(?:a|an|the)\s+(?=\S)", "", title)
        authors = [*(document["author"] or []), *(document["author_corporate"] or [])]
        expected += [(row, key) for key in work_keys([], [title], [stripped] if stripped != title else [], authors)]
    assert list(zip(table["record_id"].to_pylist(), table["key"].to_pylist(), strict=True)) == expected
