"""Whose rules made the keys that a catalogue gives: what is reproduced, by which profile, and what by none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works import given_work_keys
from pipelines.works.given_work_keys import EXAMPLES, NO_PROFILE, GivenKeys, check_given_keys
from pipelines.works.headings import may_be_more_than_a_name, name_of_person
from pipelines.works.work_key_parts import KeyFields, keys_of_fields
from pipelines.works.work_key_profiles import PROFILES
from pipelines.works.work_keys import record_work_keys
from tests.works.test_marc_work_keys import ARABIAN_NIGHTS, BRYANT, BRYANT_KEYS, as_string, marc
from tests.works.test_work_keys import raw_records

MARC, XSLT, RECORDMANAGER = PROFILES


def checked(*documents: dict[str, Any]) -> GivenKeys:
    """What is found of documents, each with an id of its own."""
    raw = raw_records(*({"id": f"b{number}", **document} for number, document in enumerate(documents, 1)))
    record_ids = pa.array(range(10, 10 + len(raw)), pa.int64())
    return check_given_keys(raw, record_ids, record_work_keys(raw, record_ids))


def followed(document: dict[str, Any]) -> set[str]:
    return {name for name, count in checked(document).following.items() if count}


def equalled(document: dict[str, Any]) -> set[str]:
    return {name for name, count in checked(document).equal.items() if count}


def keys(*values: str) -> dict[str, list[str]]:
    return {"work_keys_str_mv": list(values)}


ALL = {MARC, XSLT, RECORDMANAGER}
LONG = "a" * 300


@pytest.mark.parametrize(
    ("document", "following", "equal"),
    [
        ({"title": "T", "author": ["A"], **keys("AT a t")}, ALL, ALL),
        ({"title": "T", "author": ["A"], "author2": ["B"], "author_corporate": ["C"],
          **keys("AT c t", "AT b t", "AT a t")}, ALL, ALL),
        # Some of what the profile makes is missing: it is followed all the same.
        ({"title": "T", "author": ["A", "B"], **keys("AT a t")}, ALL, set()),
        # One key that nobody makes, and the record follows none.
        ({"title": "T", "author": ["A"], **keys("AT a t", "AT a other")}, {NO_PROFILE}, set()),
        # Keys are compared within their record only.
        ({"title": "T", "author": ["A"], **keys("AT b t")}, {NO_PROFILE}, set()),
        # Articles: MARC's indicator, of which the sort title tells, or English ones.
        ({"title": "La peste", "title_sort": "peste", "author": ["A"], **keys("AT a lapeste", "AT a peste")},
         {MARC, RECORDMANAGER}, {MARC, RECORDMANAGER}),
        ({"title": "La peste", "title_sort": "peste", "author": ["A"], **keys("AT a lapeste")}, ALL, {XSLT}),
        ({"title": "A la mode", "title_sort": "a la mode", "author": ["P"], **keys("AT p alamode", "AT p lamode")},
         {XSLT}, {XSLT}),
        # The name alone from MARC, the whole heading from elsewhere.
        ({"title": "T", "author": ["Bryant, D., 1930-"], **keys("AT bryantd t")}, {MARC, RECORDMANAGER},
         {MARC, RECORDMANAGER}),
        ({"title": "T", "author": ["Bryant, D., 1930-"], **keys("AT bryantd1930 t")}, {XSLT}, {XSLT}),
        # Cuts: both of VuFind's cut a part, RecordManager does not; code units are no code points.
        ({"title": LONG, "author": ["A"], **keys(f"AT a {LONG[:255]}")}, {MARC, XSLT}, {MARC, XSLT}),
        ({"title": LONG, "author": ["A"], **keys(f"AT a {LONG}")}, {RECORDMANAGER}, {RECORDMANAGER}),
        ({"title": "𐐨" * 200, "author": ["A"], **keys("AT a " + "𐐨" * 127)}, {MARC}, {MARC}),
        ({"title": "𐐨" * 200, "author": ["A"], **keys("AT a " + "𐐨" * 200)}, {XSLT, RECORDMANAGER},
         {XSLT, RECORDMANAGER}),
        ({"title": "ℂ", "author": ["A"], **keys("AT a c")}, {MARC, XSLT}, {MARC, XSLT}),
        ({"title": "ℂ", "author": ["A"], **keys("AT a C")}, {RECORDMANAGER}, {RECORDMANAGER}),
        ({"title": "0", "author": ["A"], **keys("AT a 0")}, {MARC}, {MARC}),
        # Variant titles are in the index, though not which of them are uniform.
        ({"title": "T", "author": ["A"], "title_alt": ["Bible. N.T.", "Variant"],
          **keys("UT biblent", "AT a variant", "AT a t")}, {MARC, RECORDMANAGER}, set()),
        ({"title": "T", "author": ["A"], "title_alt": ["Variant"], **keys("AT b variant")}, {NO_PROFILE}, set()),
        # A site's own rules: ä is kept.
        ({"title": "Käse", "author": ["A"], **keys("AT a käse")}, {NO_PROFILE}, set()),
        ({"title": "東京", "author": ["王昱"], **keys("AT wángyù dōngjīng")}, ALL, ALL),
        # The record has changed since its keys were made.
        ({"title": "T, second edition", "author": ["A"], **keys("AT a t")}, {NO_PROFILE}, set()),
        ({"title": None, "author": None, **keys("AT a t")}, {NO_PROFILE}, set()),
    ],
)  # fmt: skip
def test_tells_which_profiles_a_record_follows(document: dict[str, Any], following: set[str], equal: set[str]):
    assert followed(document) == following
    assert equalled(document) == equal


def test_what_the_fields_do_not_explain_is_looked_for_in_marc():
    document = {"title": "The Arabian nights", "author": ["Galland, Antoine"], "fullrecord": as_string(ARABIAN_NIGHTS)}
    uniform = keys("UT thearabiannights", "UT biblent")
    assert followed({**document, **uniform}) == {MARC, RECORDMANAGER}
    assert followed({**document, **keys("UT arabiannights")}) == {RECORDMANAGER}
    assert followed({**document, **keys("UT somethingelse")}) == {NO_PROFILE}
    assert equalled({"fullrecord": as_string(BRYANT), **keys(*BRYANT_KEYS)}) == {MARC, RECORDMANAGER}


def test_broken_marc_explains_nothing_and_stops_nothing():
    assert followed({"fullrecord": as_string(BRYANT)[:100], **keys(*BRYANT_KEYS)}) == {NO_PROFILE}


def test_marc_is_not_read_where_the_fields_explain_the_keys(monkeypatch: pytest.MonkeyPatch):
    def must_not_be_read(_: str) -> None:
        raise AssertionError

    monkeypatch.setattr(given_work_keys, "marc_record", must_not_be_read)
    text = as_string(marc(("245", "00", ["aOther"])))
    assert NO_PROFILE not in followed({"title": "The T", "author": ["A, 1900-"], "fullrecord": text, **keys("AT a t")})


def test_only_records_that_bring_keys_are_counted():
    found = checked(
        {"title": "T", "author": ["A"]},
        {"title": "T", "author": ["A"], **keys("AT a t")},
        {"title": "T", "author": ["A"], **keys("nonsense")},
        {"title": "T", "author": ["B"], **keys("AT a t", "AT b t")},
        {"title": "T", "author": ["B"], "fullrecord": as_string(BRYANT)},
    )
    assert found.records == 2
    assert found.following == {MARC: 1, XSLT: 1, RECORDMANAGER: 1, NO_PROFILE: 1}
    assert found.examples == ("b4: AT a t",)


def test_the_examples_are_few():
    found = checked(*[{"title": "T", "author": ["A"], **keys("AT b t")}] * (EXAMPLES + 3))
    assert found.following[NO_PROFILE] == EXAMPLES + 3
    assert len(found.examples) == EXAMPLES


def test_a_batch_without_given_keys_says_nothing():
    assert checked() == checked({"title": "T", "author": ["A"]}) == GivenKeys()


parts = st.text(alphabet="aB, .1(é東𐐨0'", max_size=6)
documents = st.fixed_dictionaries(
    {
        "title": st.none() | parts | parts.map("The {}".format),
        "title_sort": st.none() | parts,
        "author": st.none() | st.lists(parts, max_size=3),
        "author_corporate": st.none() | st.lists(parts, max_size=2),
        "made by": st.sampled_from(list(PROFILES.values())),
        "drops": st.integers(0, 3),
    }
)


def with_keys(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the keys that a profile makes of its fields, but for one perhaps."""
    profile, drops = document.pop("made by"), document.pop("drops")
    _, made = keys_of_fields(KeyFields.of(raw_records(document)), profile)
    given_keys = [key for number, key in enumerate(made.to_pylist(), 1) if number != drops]
    return document | keys(*given_keys)


batches = st.lists(documents.map(with_keys), max_size=6)


@given(batches)
def test_the_short_cut_finds_what_the_whole_comparison_finds(batch: list[dict[str, Any]]):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(given_work_keys, "_plainly_reproduced", lambda batch: np.zeros(len(batch.documents), bool))
        compared = checked(*batch)
    assert checked(*batch) == compared


@given(batches, st.integers(0, 6))
def test_parts_of_a_dump_add_up_to_the_dump(batch: list[dict[str, Any]], at: int):
    batch = [{**document, "id": str(number)} for number, document in enumerate(batch)]
    whole = checked(*batch)
    added = checked(*batch[:at]) + checked(*batch[at:])
    assert (added.records, added.examples) == (whole.records, whole.examples)
    if whole.records:
        assert (added.following, added.equal) == (whole.following, whole.equal)
    assert GivenKeys.of_json(added.as_json()) == added


headings = st.text(alphabet="aBé,.;([1 )\n-", max_size=12) | st.sampled_from(
    ["Doe, Jane, ed.", "Doe, J. (Jane)", "Doe, J., 1900-", "Doe, J., Jr", "Doe, J. [from old catalog]", "de Souza, ed"]
)


@given(st.lists(headings, max_size=20))
def test_what_looks_like_a_name_alone_is_one(texts: list[str]):
    column = pa.array(texts, pa.string())
    changed = np.array([a != b for a, b in zip(texts, name_of_person(column).to_pylist(), strict=True)], bool)
    assert not (changed & ~may_be_more_than_a_name(column).to_numpy(zero_copy_only=False)).any()
