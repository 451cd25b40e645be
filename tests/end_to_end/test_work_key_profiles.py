"""Whose rules made the keys that catalogues give is known, kept with the dump, and changes nothing in their use."""

from __future__ import annotations

from typing import Any

from pipelines.assets.checks import work_keys_follow_a_profile
from pipelines.warehouse.status import work_key_profile, work_key_profiles
from tests.end_to_end.road import Road
from tests.works.test_marc_work_keys import ARABIAN_NIGHTS, as_string

STATUS = ["source", "work_key_profile", "records_with_keys", "not_following", "following_none"]


def record(number: int, key: str | None = None, **fields: Any) -> dict[str, Any]:
    """A record of a work of its own, with the key of every profile, or ``key``."""
    given = key or f"AT nunezana astudyofriver{number}"
    title = f"A study of river {number}"
    return {"id": str(number), "title": title, "author": ["Núñez, Ana"], "work_keys_str_mv": [given], **fields}


def xslt(number: int) -> dict[str, Any]:
    """A record whose key only VuFind's XSLT importers make: its author's dates belong to it."""
    return record(number, f"AT nunezana1950 astudyofriver{number}", author=["Núñez, Ana, 1950-"])


def drifted(number: int) -> dict[str, Any]:
    """A record whose key is made by the rules of the site."""
    return record(number, f"AT núñezana astudyofriver{number}")


def passed(road: Road, source: str, dump: str) -> bool:
    return work_keys_follow_a_profile(work_key_profile(road.url, source, dump)).passed


def test_a_dump_keeps_its_profile_and_the_source_reports_it(road: Road):
    road.ingest("library", "2020", [*map(xslt, range(3)), record(3), {"id": "4", "title": "T", "author": ["A"]}])
    assert sorted(road.rows("SELECT profile, records_with_keys, records_following FROM ops.work_key_profiles")) == [
        ("none", 4, 0),
        ("recordmanager", 4, 1),
        ("vufind_marc", 4, 1),
        ("vufind_xslt", 4, 4),
    ]
    assert road.rows("SELECT source, dump, profile, source_profile FROM reporting.work_key_profiles") == [
        ("library", "2020", "vufind_xslt", "vufind_xslt")
    ]
    assert work_key_profiles(road.url) == (STATUS, [("library", "vufind_xslt", 4, 0, 0)])
    assert passed(road, "library", "2020")


def test_of_profiles_that_all_records_follow_the_first_is_named(road: Road):
    road.ingest("library", "2020", [record(1), record(2)])
    assert work_key_profiles(road.url)[1] == [("library", "vufind_marc", 2, 0, 0)]


def test_a_source_whose_keys_drift_is_reported_and_its_keys_are_used(road: Road):
    """Two records of one work by a key that no rule makes of them: they are candidates by it, and one publication."""
    same = {"title": "A study of rivers", "publishDate": ["2001"], "doi_str_mv": ["10.1000/a"]}
    key = "AT núñezana astudyofrivers"
    shared = [record(100, key, **same), record(101, key, author=["Núñez, A."], **same)]
    road.ingest("library", "2020", [record(n) for n in range(10)] + shared)
    assert work_key_profiles(road.url)[1] == [("library", "vufind_marc", 12, 2, 2)]
    found = work_key_profile(road.url, "library", "2020")
    assert found is not None
    assert found.examples == ["100: AT núñezana astudyofrivers", "101: AT núñezana astudyofrivers"]
    result = work_keys_follow_a_profile(found)
    assert not result.passed
    assert result.description == (
        "2 of 12 records bring work keys that no known rule makes of them; the keys are used all the same"
    )
    assert road.values("SELECT DISTINCT origin FROM catalog.record_work_keys") == ["given"]
    assert road.values("SELECT DISTINCT key FROM catalog.record_work_keys WHERE key LIKE 'AT núñezana%%'") == [key]
    assert road.values("SELECT verdict FROM catalog.work_evidence WHERE blocking_key = %s", key) == ["duplicate"]
    assert road.values("SELECT max(record_count) FROM catalog.publications") == [2]


def of_marc(number: int) -> dict[str, Any]:
    """A record whose keys only programs that read MARC make: they know an article that is not English."""
    keys = [f"AT nunezana lariviere{number}", f"AT nunezana riviere{number}"]
    return record(number, title=f"La rivière {number}", title_sort=f"rivière {number}", work_keys_str_mv=keys)


def test_a_dump_by_other_rules_than_those_before_is_reported(road: Road):
    road.ingest("library", "2020", [of_marc(n) for n in range(10)])
    assert passed(road, "library", "2020")
    road.ingest("library", "2021", [xslt(n) for n in range(10, 15)])
    result = work_keys_follow_a_profile(work_key_profile(road.url, "library", "2021"))
    assert not result.passed
    assert result.description == (
        "the work keys are made by vufind_xslt, those of the source's other dumps by vufind_marc; "
        "the keys are used all the same"
    )
    assert road.rows("SELECT dump, profile, profile_of_other_dumps FROM reporting.work_key_profiles ORDER BY 1") == [
        ("2020", "vufind_marc", "vufind_xslt"),
        ("2021", "vufind_xslt", "vufind_marc"),
    ]
    assert work_key_profiles(road.url)[1] == [("library", "vufind_marc", 15, 5, 0)]


def test_a_few_records_by_other_rules_are_no_drift(road: Road):
    road.ingest("library", "2020", [of_marc(n) for n in range(40)])
    road.ingest("library", "2021", [*map(record, range(100, 119)), xslt(119)])
    assert passed(road, "library", "2021")
    assert work_key_profiles(road.url)[1] == [("library", "vufind_marc", 60, 1, 0)]


def test_sources_do_not_speak_for_each_other(road: Road):
    road.ingest("library", "2020", [record(1)])
    road.ingest("archive", "2020", [xslt(1)])
    road.ingest("museum", "2020", [{"id": "1", "title": "T", "author": ["A"]}])
    assert work_key_profiles(road.url)[1] == [("archive", "vufind_xslt", 1, 0, 0), ("library", "vufind_marc", 1, 0, 0)]
    assert all(passed(road, source, "2020") for source in ("library", "archive", "museum"))


def test_a_dump_that_is_loaded_again_is_counted_anew(road: Road):
    road.ingest("library", "2020", [drifted(1), drifted(2)])
    assert work_key_profiles(road.url)[1] == [("library", "none", 2, 2, 2)]
    assert road.again("library", "2020").is_repetition
    assert work_key_profiles(road.url)[1] == [("library", "none", 2, 2, 2)]
    road.ingest("library", "2020", [record(1)])
    assert work_key_profiles(road.url)[1] == [("library", "vufind_marc", 1, 0, 0)]
    road.ingest("library", "2020", [{"id": "1", "title": "T", "author": ["A"]}])
    assert work_key_profiles(road.url) == (STATUS, [])


def test_records_without_keys_get_uniform_titles_from_their_marc(road: Road):
    road.ingest("library", "2020", [{"id": "1", "title": "Nights", "fullrecord": as_string(ARABIAN_NIGHTS)}])
    assert road.rows("SELECT key, origin FROM catalog.record_work_keys WHERE kind = 'UT' ORDER BY 1") == [
        ("UT biblent", "computed"),
        ("UT thearabiannights", "computed"),
    ]
