"""Work keys from MARC: which fields and subfields, which indicators, and nothing broken that stops anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc import Field, Record, Subfield, record_to_xml

from pipelines.works.marc_work_keys import PROFILES_OF_MARC, could_be_marc, marc_record, work_keys_of_marc
from pipelines.works.work_key_profiles import RECORDMANAGER, VUFIND_MARC
from pipelines.works.work_keys import record_work_keys
from tests.works.test_work_keys import raw_records

SHARED = Path(__file__).parents[3] / "shared"
FIXTURES = SHARED / "fixtures"

#: A field as its tag, its two indicators and its subfields, each a code with its value.
Line = tuple[str, str, list[str]]


def marc(*lines: Line) -> Record:
    record = Record(force_utf8=True)
    for tag, indicators, subfields in lines:
        parts = [Subfield(part[0], part[1:]) for part in subfields]
        record.add_field(Field(tag, list(indicators), parts))  # type: ignore[arg-type]
    return record


def as_string(record: Record) -> str:
    return record.as_marc().decode()


BRYANT = marc(
    ("100", "1 ", ["aBryant, Dorothy,", "d1930-"]),
    ("245", "14", ["aThe test /", "cDorothy Bryant."]),
    ("700", "1 ", ["aHorn, Barbara,", "eauthor of afterword."]),
)
BRYANT_KEYS = ["AT bryantdorothy thetest", "AT hornbarbara thetest", "AT bryantdorothy test", "AT hornbarbara test"]

ARABIAN_NIGHTS = marc(
    ("130", "4 ", ["aThe Arabian nights.", "lEnglish"]),
    ("245", "13", ["aLe livre des mille nuits.", "n2,", "pSindbad :", "bcontes /"]),
    ("246", "3 ", ["aMille et une nuits"]),
    ("247", "10", ["aNights, formerly"]),
    ("700", "1 ", ["aGalland, Antoine"]),
    ("730", "0 ", ["aBible.", "pN.T.", "lFrench"]),
)

ALTERNATE_SCRIPT = marc(
    ("100", "1 ", ["6880-01", "aTolstoj, Lev"]),
    ("245", "10", ["6880-02", "aVojna i mir"]),
    ("700", "12", ["aAnalytical, Part", "tA part"]),
    ("880", "1 ", ["6100-01/(N", "aТолстой, Лев"]),
    ("880", "10", ["6245-02/(N", "aВойна и мир"]),
    ("880", "10", ["6245-07/(N", "aLinked by nobody"]),
)


@pytest.mark.parametrize(
    ("record", "keys"),
    [
        (BRYANT, BRYANT_KEYS),
        (
            ARABIAN_NIGHTS,
            [
                "UT thearabiannights",  # only 240 and 245 are taken without their article
                "UT biblent",
                "AT gallandantoine lelivredesmillenuits2contes",  # $p is no part of 245
                "AT gallandantoine milleetunenuits",
                "AT gallandantoine nightsformerly",
                "AT gallandantoine livredesmillenuits2contes",
            ],
        ),
        # The fields 880 are not asked, analytical entries count like all others.
        (ALTERNATE_SCRIPT, ["AT tolstojlev vojnaimir", "AT analyticalpart vojnaimir"]),
        (
            marc(("110", "2 ", ["aUnited Nations.", "bAssembly"]), ("245", "00", ["aReport"])),
            ["AT unitednationsassembly report"],
        ),
        (
            marc(("111", "2 ", ["aICLC", "n4,", "cRome"]), ("240", "10", ["aPapers", "mviolin", "nno. 2", "rC major"])),
            ["AT iclcrome papersviolinno2cmajor"],
        ),
        (marc(("245", "00", ["aNobody wrote this"])), []),
        (marc(("100", "1 ", ["aA"]), ("245", "1 ", ["aBlank indicator"])), ["AT a blankindicator"]),
        (marc(("100", "1 ", ["aA"]), ("245", "19", ["aShort"])), ["AT a short"]),
    ],
)
def test_vufinds_import_of_marc(record: Record, keys: list[str]):
    assert work_keys_of_marc(record, VUFIND_MARC) == keys


@pytest.mark.parametrize(
    ("record", "keys"),
    [
        (
            BRYANT,
            ["AT bryantdorothy test", "AT hornbarbara test", "AT bryantdorothy thetest", "AT hornbarbara thetest"],
        ),
        (
            ARABIAN_NIGHTS,
            [
                "UT arabiannights",
                "UT thearabiannights",
                "UT biblent",
                "AT gallandantoine livredesmillenuits2contes",
                "AT gallandantoine lelivredesmillenuits2contes",
                "AT gallandantoine milleetunenuits",
                "AT gallandantoine nightsformerly",
            ],
        ),
        # The analytical entry is left out; in the other script the keys happen to be the same.
        (ALTERNATE_SCRIPT, ["AT tolstojlev vojnaimir"]),
        (
            marc(("100", "1 ", ["aA"]), ("245", "00", ["aOne"]), ("246", "3 ", ["aTwo"]), ("246", "3 ", ["aThree"])),
            ["AT a one", "AT a two"],  # of a repeated field the first
        ),
        (
            marc(("100", "1 ", ["6880-01", "aLi"]), ("245", "00", ["6880-02", "aDream"]),
                 ("880", "1 ", ["6100-01/$1", "a李"]), ("880", "00", ["6245-02/$1", "a夢"])),
            ["AT li dream", "AT lǐ mèng"],
        ),
        (marc(("245", "00", ["aNobody wrote this"])), []),
        (marc(("100", "1 ", ["aA"])), []),
    ],
)  # fmt: skip
def test_recordmanager_of_marc(record: Record, keys: list[str]):
    assert work_keys_of_marc(record, RECORDMANAGER) == keys


@pytest.mark.parametrize(
    "text",
    [
        as_string(BRYANT),
        as_string(BRYANT).replace("\x1d", "#29;").replace("\x1e", "#30;").replace("\x1f", "#31;"),
        record_to_xml(BRYANT).decode(),
        f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">'
        f"{record_to_xml(BRYANT).decode()}</collection>",
    ],
    ids=["iso 2709", "its separators escaped", "xml", "xml in a collection"],
)
def test_reads_marc_however_the_index_holds_it(text: str):
    assert could_be_marc(pa.array([text])).to_pylist() == [True]
    record = marc_record(text)
    assert record is not None
    assert work_keys_of_marc(record, VUFIND_MARC) == BRYANT_KEYS


def test_a_string_is_unicode_whatever_its_leader_says():
    text = as_string(marc(("100", "1 ", ["aMüller"]), ("245", "00", ["aÜber"])))
    record = marc_record(text[:9] + " " + text[10:])
    assert record is not None
    assert work_keys_of_marc(record, VUFIND_MARC) == ["AT muller uber"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00",
        "<record>",
        "<html><body>no MARC</body></html>",
        "12345 is how this abstract begins",
        as_string(BRYANT)[:100],
        '<!DOCTYPE r [<!ENTITY a "aaaa">]><record><leader>&a;</leader></record>',
        '<record><datafield><subfield code="a">no tag</subfield></datafield></record>',
    ],
)
def test_what_is_no_marc_is_none(text: str):
    assert marc_record(text) is None


@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "replace")))
def test_no_text_stops_anything(text: str):
    marc_record(text)


@given(st.data())
def test_no_broken_marc_stops_anything(data: st.DataObject):
    whole = as_string(ALTERNATE_SCRIPT)
    place = data.draw(st.integers(0, len(whole)))
    broken = whole[:place] + data.draw(st.text(max_size=3)) + whole[place + data.draw(st.integers(0, 3)) :]
    record = marc_record(broken)
    for profile in PROFILES_OF_MARC:
        assert record is None or isinstance(work_keys_of_marc(record, profile), list)


def computed(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    table = record_work_keys(raw_records(document), pa.array([7]))
    return [(row["kind"], row["key"], row["origin"]) for row in table.to_pylist()]


def test_a_record_without_keys_gets_them_from_its_marc():
    fields = {"title": "Other title", "author": ["Other, Author"]}
    found = computed({**fields, "fullrecord": as_string(ARABIAN_NIGHTS)})
    keys = work_keys_of_marc(ARABIAN_NIGHTS, VUFIND_MARC)
    assert found == [(key[:2], key, "computed") for key in keys]


def test_a_record_that_brings_keys_keeps_them_whatever_its_marc_says():
    document = {"fullrecord": as_string(BRYANT), "work_keys_str_mv": ["AT of thecatalogue"]}
    assert computed(document) == [("AT", "AT of thecatalogue", "given")]


UNIMARC = marc(("200", "1 ", ["aTitre"]), ("700", " 1", ["aDupont", "bJean"]))


@pytest.mark.parametrize(
    "fullrecord",
    [None, "", as_string(BRYANT)[:100], as_string(UNIMARC), "<oai_dc>…</oai_dc>", "{}"],
    ids=["none", "empty", "torn", "unimarc", "other xml", "json"],
)
def test_where_marc_gives_no_key_the_fields_do(fullrecord: str | None):
    assert computed({"title": "T", "author": ["A"], "fullrecord": fullrecord}) == [("AT", "AT a t", "computed")]


def test_unimarc_gives_none_whatever_its_fields_are_in_marc_21():
    named = marc(("200", "1 ", ["aTitre"]), ("730", "  ", ["aBDIC"]))
    document = {"title": "T", "author": ["A"], "fullrecord": as_string(named), "record_format": "unimarc"}
    assert computed(document) == [("AT", "AT a t", "computed")]


def test_each_record_of_a_batch_gets_the_keys_of_its_own():
    documents: list[dict[str, Any]] = [
        {"title": "Fields", "author": ["A"]},
        {"fullrecord": as_string(BRYANT)},
        {"work_keys_str_mv": ["AT of thecatalogue"], "title": "T", "author": ["A"]},
        {"title": "Torn", "author": ["B"], "fullrecord": "00123nam"},
    ]
    table = record_work_keys(raw_records(*documents), pa.array([1, 2, 3, 4]))
    found = list(zip(table["record_id"].to_pylist(), table["key"].to_pylist(), strict=True))
    assert found == [
        (1, "AT a fields"),
        *((2, key) for key in BRYANT_KEYS),
        (3, "AT of thecatalogue"),
        (4, "AT b torn"),
    ]


@pytest.mark.skipif(not FIXTURES.exists(), reason="the shared fixtures are not on this machine")
def test_computes_from_fullrecord_the_keys_that_vufind_stored():
    documents = {}
    for path in sorted((FIXTURES / "vufind_solr").glob("search*.json")):
        documents.update({doc["id"]: doc for doc in json.loads(path.read_text())["response"]["docs"]})
    assert sum(len(document["work_keys_str_mv"]) for document in documents.values()) == 44
    for document in documents.values():
        found = [key for _, key, _ in computed({"fullrecord": document["fullrecord"]})]
        assert found == document["work_keys_str_mv"]


@pytest.mark.skipif(not FIXTURES.exists(), reason="the shared fixtures are not on this machine")
def test_computes_the_keys_that_recordmanager_stored():
    text = (FIXTURES / "vufind_solr" / "preview_marc.xml").read_text()
    stored = json.loads((FIXTURES / "vufind_solr" / "preview_result.json").read_text())
    record = marc_record(text)
    assert record is not None
    assert work_keys_of_marc(record, RECORDMANAGER) == stored["work_keys_str_mv"]


@pytest.mark.skipif(not FIXTURES.exists(), reason="the shared fixtures are not on this machine")
def test_real_marc_some_of_it_broken_on_purpose_stops_nothing():
    read = whole = 0
    for path in (path for folder in ("vufind_marc", "marc_permissive") for path in (FIXTURES / folder).iterdir()):
        for part in path.read_bytes().split(b"\x1d")[:-1]:
            record = marc_record((part + b"\x1d").decode("utf-8", "replace"))
            read += 1
            whole += record is not None
            for profile in PROFILES_OF_MARC:
                assert record is None or work_keys_of_marc(record, profile) is not None
    assert read > 500 and whole > 0.85 * read
