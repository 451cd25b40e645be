"""What a catalogue delivers over time: repetitions, corrections, full dumps, late dumps, several catalogues."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from pipelines import stages
from pipelines.readers.registry import DumpError
from pipelines.stages import extraction
from pipelines.warehouse.changes import Dump
from tests.archives import tarred
from tests.end_to_end.road import Road, contents, json_lines, stamped


def record(name: str, title: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "title": title, "author": ["Núñez, Ana"], **fields}


RIVERS, LAKES, SEAS = (record(str(i), f"A study of {what}") for i, what in enumerate(("rivers", "lakes", "seas"), 1))


def titles(road: Road) -> dict[str, str]:
    """Titles of the living records, by source and id."""
    return dict(
        road.rows("SELECT source || '/' || source_record_id, title FROM catalog.records WHERE deleted_at IS NULL")
    )


def counts(outcome: stages.Outcome) -> dict[str, int]:
    """The counts of a load that are not zero, without those of the whole warehouse."""
    assert outcome.counts.add_up()
    names = ("read", "new", "changed", "unchanged", "outdated", "repeated", "deleted", "quarantined")
    found = {name: getattr(outcome.counts, f"records_{name}") for name in names}
    return {name: count for name, count in found.items() if count}


CHANGED = "SELECT source, dump, loaded_at, change, record_count FROM reporting.last_changes"


def test_the_same_dump_twice_changes_no_row_outside_the_bookkeeping(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES, record("3", "A study of rivers")])
    before, changed = stamped(road), road.rows(CHANGED)
    assert changed
    outcome = road.again("library", "2020")
    assert outcome.is_repetition
    assert road.rows(CHANGED) == changed
    assert counts(outcome) == {"read": 3, "unchanged": 3}
    assert stamped(road) == before
    assert road.rows("SELECT warehouse_version, records_unchanged FROM ops.loads ORDER BY 1") == [(1, 0), (2, 3)]


def test_the_same_dump_under_other_rules_changes_no_row_whose_content_stays(
    road: Road, monkeypatch: pytest.MonkeyPatch
):
    road.ingest("library", "2020", [RIVERS, LAKES, record("3", "A study of rivers")])
    before = stamped(road)
    monkeypatch.setattr(extraction, "VERSIONS", "other rules")
    outcome = road.again("library", "2020")
    assert not outcome.is_repetition
    assert counts(outcome) == {"read": 3, "unchanged": 3}
    assert stamped(road) == before


def test_the_same_records_in_a_later_dump_change_no_row(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES, record("3", "A study of rivers")])
    before = stamped(road)
    assert counts(road.ingest("library", "2021", [LAKES, RIVERS])) == {"read": 2, "unchanged": 2}
    assert stamped(road) == before
    seen = road.rows("SELECT source_record_id, first_dump, last_dump FROM reporting.records ORDER BY 1")
    assert seen == [("1", "2020", "2021"), ("2", "2020", "2021"), ("3", "2020", "2020")]


def test_a_changed_record_is_replaced_with_all_that_hangs_on_it(road: Road):
    road.ingest("library", "2020", [record("1", "Old title", url=["http://example.org/1"], isbn=["9780306406157"])])
    new = {"id": "1", "title": "New title", "author": ["Okafor, Ben"], "url": ["http://example.org/2"]}
    assert counts(road.ingest("library", "2021", [new])) == {"read": 1, "changed": 1}
    assert titles(road) == {"library/1": "New title"}
    assert road.values("SELECT name FROM catalog.authors") == ["Okafor, Ben"]
    assert road.values("SELECT url FROM catalog.links") == ["http://example.org/2"]
    assert road.values("SELECT value FROM catalog.record_identifiers") == []
    assert road.values("SELECT title FROM catalog.publications") == ["New title"]
    assert road.values("SELECT title FROM catalog.works") == ["New title"]


@pytest.mark.parametrize("order", [("2019", "2020", "2021"), ("2021", "2020", "2019"), ("2020", "2021", "2019")])
def test_later_dumps_win_in_whatever_order_they_are_run(road: Road, order: tuple[str, ...]):
    dumps = {"2019": [record("1", "First"), record("2", "Only then")], "2020": [record("1", "Second")],
             "2021": [record("1", "Third"), record("3", "New")]}  # fmt: skip
    for name in order:
        road.ingest("library", name, dumps[name])
    assert titles(road) == {"library/1": "Third", "library/2": "Only then", "library/3": "New"}
    assert road.rows("SELECT first_dump, last_dump FROM reporting.records WHERE source_record_id = '1'") == [
        ("2019", "2021")
    ]


def test_names_of_dumps_are_ordered_by_their_bytes(road: Road):
    """Not by a language's rules: these would put 'b' before 'B10', and ignore the hyphen."""
    for name in ("b", "B10", "a-2", "a1"):
        road.ingest("library", name, [record("1", f"Of {name}")])
    assert titles(road) == {"library/1": "Of b"}
    road.ingest("library", "é", [record("1", "Of é")])
    assert titles(road) == {"library/1": "Of é"}


def test_a_full_dump_ends_what_it_lacks(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES, record("3", "A study of rivers")])
    road.ingest("archive", "2020", [SEAS])
    outcome = road.ingest("library", "2021", [RIVERS], kind="full")
    assert counts(outcome) == {"read": 1, "unchanged": 1, "deleted": 2}
    assert titles(road) == {"library/1": "A study of rivers", "archive/3": "A study of seas"}
    ended = road.rows("SELECT publication_id, work_id FROM catalog.records WHERE deleted_at IS NOT NULL")
    assert ended == [(None, None)] * 2
    assert road.values("SELECT record_count FROM catalog.publications") == [1, 1]
    assert road.values("SELECT record_count FROM catalog.works") == [1, 1]
    assert road.rows("SELECT * FROM catalog.work_evidence") == []


@pytest.mark.parametrize("title", ["A study of lakes", "A study of lakes, revised"])
def test_an_ended_record_comes_back_when_it_is_delivered_again(road: Road, title: str):
    road.ingest("library", "2020", [RIVERS, LAKES], kind="full")
    before = contents(road)
    road.ingest("library", "2021", [RIVERS], kind="full")
    road.ingest("library", "2022", [record("2", title)])
    assert titles(road) == {"library/1": "A study of rivers", "library/2": title}
    if title == LAKES["title"]:
        assert contents(road) == before


def test_when_a_record_changed_last_is_when_it_ended_or_came_back(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES])
    moments = "SELECT changed_at FROM catalog.records ORDER BY source_record_id"
    loads = [road.values("SELECT loaded_at FROM ops.dumps")[0]]
    for name, documents in (("2021", [RIVERS]), ("2022", [LAKES])):
        road.ingest("library", name, documents, kind="full" if name == "2021" else "delta")
        loads += road.values("SELECT loaded_at FROM ops.dumps WHERE name = %s", name)
        assert road.values(moments) == [loads[0], loads[-1]]


def test_an_older_delta_after_a_newer_full_dump_brings_tombstones(road: Road):
    road.ingest("library", "2021", [RIVERS], kind="full")
    outcome = road.ingest("library", "2020", [record("1", "Older"), LAKES])
    assert counts(outcome) == {"read": 2, "new": 1, "outdated": 1}
    assert titles(road) == {"library/1": "A study of rivers"}
    assert road.values("SELECT title FROM catalog.records WHERE deleted_at IS NOT NULL") == ["A study of lakes"]
    assert road.values("SELECT count(*) FROM catalog.works") == [1]
    # No record more is alive for it.
    assert road.rows("SELECT change, in_words FROM reporting.last_changes") == [
        ("new_but_ended", "1 record came that had ended already")
    ]


def test_an_older_full_dump_ends_nothing_that_a_later_dump_holds(road: Road):
    road.ingest("library", "2021", [LAKES])
    assert counts(road.ingest("library", "2020", [RIVERS], kind="full")) == {"read": 1, "new": 1}
    assert len(titles(road)) == 2


def test_a_corrected_file_takes_the_place_of_the_dump_of_its_name(road: Road):
    road.ingest("library", "2020", [record("1", "Wrong"), LAKES])
    outcome = road.ingest("library", "2020", [record("1", "Right"), LAKES])
    assert counts(outcome) == {"read": 2, "changed": 1, "unchanged": 1}
    assert titles(road) == {"library/1": "Right", "library/2": "A study of lakes"}
    assert road.rows("SELECT name, records_changed FROM ops.dumps") == [("2020", 1)]


def test_what_only_the_first_version_of_a_corrected_file_held_stays_as_it_was(road: Road):
    """The present limit: a delta cannot say that something is no longer in it."""
    road.ingest("library", "2020", [record("1", "Right"), record("2", "Put in by mistake")])
    road.ingest("library", "2020", [record("1", "Right")])
    assert titles(road) == {"library/1": "Right", "library/2": "Put in by mistake"}
    road.again("library", "2020", kind="full")
    assert titles(road) == {"library/1": "Right"}


def test_a_corrected_full_dump_ends_what_its_first_version_alone_held(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES], kind="full")
    assert counts(road.ingest("library", "2020", [RIVERS], kind="full")) == {"read": 1, "unchanged": 1, "deleted": 1}
    assert titles(road) == {"library/1": "A study of rivers"}
    road.ingest("library", "2019", [LAKES])
    assert titles(road) == {"library/1": "A study of rivers"}
    road.ingest("library", "2021", [LAKES])
    assert titles(road) == {"library/1": "A study of rivers", "library/2": "A study of lakes"}


def test_a_dump_that_turns_out_to_be_full_ends_what_it_lacks(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES])
    road.ingest("library", "2021", [RIVERS])
    assert not road.again("library", "2021", kind="full").is_repetition
    assert titles(road) == {"library/1": "A study of rivers"}


def test_a_dump_that_turns_out_not_to_be_full_brings_back_what_it_ended(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES, record("3", "A study of rivers")])
    road.ingest("library", "2021", [RIVERS])
    before = contents(road)
    road.again("library", "2021", kind="full")
    assert titles(road) == {"library/1": "A study of rivers"}
    road.again("library", "2021")
    assert len(titles(road)) == 3
    assert contents(road) == before


@pytest.mark.parametrize("later", ["full", "deletion"])
def test_what_a_corrected_full_dump_ended_stays_so_when_a_later_dump_turns_out_to_end_nothing(road: Road, later: str):
    road.ingest("library", "2020", [RIVERS, LAKES, SEAS], kind="full")
    road.ingest("library", "2020", [RIVERS, SEAS], kind="full")
    if later == "full":
        road.ingest("library", "2021", [RIVERS], kind="full")
        assert ended(road) == [("library/2", "2020", "2020", False), ("library/3", "2020", "2021", False)]
        road.again("library", "2021", kind="delta")
    else:
        road.ingest("library", "2021", deleting("2", "3"))
        road.ingest("library", "2021", deleting("unknown"))
    assert sorted(titles(road)) == ["library/1", "library/3"]
    assert ended(road) == [("library/2", "2020", "2020", False)]
    road.again("library", "2020", kind="delta")
    assert sorted(titles(road)) == ["library/1", "library/2", "library/3"]


def test_of_an_id_that_stands_twice_in_a_dump_the_last_counts(road: Road):
    outcome = road.ingest("library", "2020", [record("1", "First"), LAKES, record("1", "Second"), record("1", "Last")])
    assert counts(outcome) == {"read": 4, "new": 2, "repeated": 2}
    assert titles(road) == {"library/1": "Last", "library/2": "A study of lakes"}


@pytest.mark.parametrize("chunk_bytes", [1, 100, 400])
def test_so_it_does_where_they_stand_in_different_parts(road: Road, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int):
    whole = extraction.read_chunks
    monkeypatch.setattr(extraction, "read_chunks", partial(whole, chunk_bytes=chunk_bytes))
    documents = [
        record("1", "First", author=["Okafor, Ben"], url=["http://example.org/1"]), LAKES,
        record("1", "Second", isbn=["9780306406157"]), SEAS, record("1", "Last", url=["http://example.org/2"]), SEAS,
    ]  # fmt: skip
    outcome = road.ingest("library", "2020", documents)
    assert counts(outcome) == {"read": 6, "new": 3, "repeated": 3}
    assert road.frames("raw", Dump("library", "2020", "delta")).manifest()["parts"] > 2
    assert titles(road)["library/1"] == "Last"
    assert road.values("SELECT url FROM catalog.links") == ["http://example.org/2"]
    assert road.values("SELECT name FROM catalog.authors") == ["Núñez, Ana"]
    assert road.values("SELECT value FROM catalog.record_identifiers") == []
    in_parts = contents(road)
    monkeypatch.setattr(extraction, "read_chunks", whole)
    road.clear()
    for dump in [Dump("library", "2020", "delta")]:
        for stage in ("raw", "normalized", "planned"):
            road.frames(stage, dump).clear()
    road.again("library", "2020")
    assert contents(road) == in_parts


def test_one_id_in_two_catalogues_is_two_records(road: Road):
    road.ingest("library", "2020", [RIVERS])
    road.ingest("archive", "2020", [record("1", "Something else")])
    assert titles(road) == {"library/1": "A study of rivers", "archive/1": "Something else"}


def test_a_record_of_two_catalogues_is_one_publication(road: Road):
    fields = {"publishDate": ["2001"], "doi_str_mv": ["10.1000/a"]}
    road.ingest("library", "2020", [record("1", "A study of rivers", **fields)])
    outcome = road.ingest("archive", "2020", [record("x", "A study of rivers", **fields)])
    assert (outcome.counts.publications, outcome.counts.works) == (1, 1)
    assert road.rows("SELECT record_count, source_count FROM catalog.publications") == [(2, 2)]
    assert road.values("SELECT rule IS NOT NULL FROM reporting.duplicates") == [True]


def test_an_id_that_was_shown_leads_to_the_one_that_took_its_place(road: Road):
    """A record of an older dump, run later, founds the publication: the id used so far becomes a redirect."""
    both = {"author": ["Núñez, Ana", "Okafor, Ben"]}
    road.ingest("library", "2020", [record("2", "A study of rivers", **both)])
    (shown,) = road.values("SELECT work_id FROM catalog.works")
    road.ingest("library", "2019", [record("1", "A study of rivers", **both)])
    (now,) = road.values("SELECT work_id FROM catalog.works")
    assert now != shown
    assert sorted(road.rows("SELECT level, old_id, new_id FROM catalog.work_redirects")) == [
        ("publication", shown, now),
        ("work", shown, now),
    ]


def deleting(*ids: str, documents: list[dict[str, Any]] | None = None) -> dict[str, bytes]:
    """A dump that brings documents and says after them that records are deleted, as VuFind's harvester writes it."""
    deletions = "\n".join(ids).encode()
    if not documents:
        return {"2.delete": deletions}
    return {"dump.tar": tarred([("1.jsonl", json_lines(documents)), ("2.delete", deletions)])}


def ended(road: Road) -> list[tuple[Any, ...]]:
    return road.rows(
        "SELECT source || '/' || source_record_id, last_dump, ended_by_dump, is_deleted_by_dump"
        " FROM reporting.ended_records ORDER BY 1"
    )


def test_a_deletion_ends_a_record_wherever_it_counts(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES, record("3", "A study of rivers")])
    road.ingest("archive", "2020", [LAKES])
    outcome = road.ingest("library", "2021", deleting("2", "3", "unknown"))
    assert counts(outcome) == {"deleted": 2}
    assert outcome.counts.deletions == 3
    assert titles(road) == {"library/1": "A study of rivers", "archive/2": "A study of lakes"}
    assert road.values("SELECT record_count FROM catalog.works ORDER BY 1") == [1, 1]
    assert road.rows("SELECT * FROM catalog.work_evidence") == []
    assert road.rows("SELECT source FROM reporting.records ORDER BY 1") == [("archive",), ("library",)]
    assert road.rows("SELECT deletions, records_deleted FROM ops.dumps ORDER BY name DESC LIMIT 1") == [(3, 2)]
    assert road.rows("SELECT source_record_id, file FROM ops.record_deletions ORDER BY 1") == [
        ("2", "2.delete"), ("3", "2.delete"), ("unknown", "2.delete"),
    ]  # fmt: skip
    assert ended(road) == [("library/2", "2020", "2021", True), ("library/3", "2020", "2021", True)]
    again = road.again("library", "2021")
    assert (again.is_repetition, again.counts.deletions, again.counts.records_deleted) == (True, 3, 0)


@pytest.mark.parametrize("title", ["A study of lakes", "A study of lakes, revised"])
def test_a_deleted_record_comes_back_when_a_later_dump_brings_it(road: Road, title: str):
    road.ingest("library", "2020", [RIVERS, LAKES])
    before = contents(road)
    road.ingest("library", "2021", deleting("2"))
    road.ingest("library", "2022", [record("2", title)])
    assert titles(road) == {"library/1": "A study of rivers", "library/2": title}
    if title == LAKES["title"]:
        assert contents(road) == before


@pytest.mark.parametrize(
    "order",
    [
        ("2019", "2020", "2021", "2022"),
        ("2022", "2021", "2020", "2019"),
        ("2020", "2022", "2019", "2021"),
        ("2021", "2019", "2022", "2020"),
        ("2021", "2020", "2019", "2022"),
    ],
)
def test_deletions_apply_in_the_order_of_the_dumps_names(road: Road, order: tuple[str, ...]):
    dumps: dict[str, Any] = {
        "2019": [RIVERS, LAKES, SEAS], "2020": deleting("1", "2"), "2021": [record("2", "Back")],
        "2022": deleting("3", "never seen"),
    }  # fmt: skip
    for name in order:
        road.ingest("library", name, dumps[name])
    assert titles(road) == {"library/2": "Back"}
    assert ended(road) == [("library/1", "2019", "2020", True), ("library/3", "2019", "2022", True)]


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("statements", "living"),
    [
        ("<add>{1}{2}</add><delete><id>1</id></delete>", ["2"]),
        ("<delete><id>1</id></delete><add>{1}{2}</add>", ["1", "2"]),
        ("<add>{1}</add><delete><id>1</id></delete><add>{1}{2}</add><delete><id>2</id></delete>", ["1"]),
        ("<add>{2}</add><delete><id>1</id></delete><delete><id>1</id></delete>", ["2"]),
    ],
)
def test_of_statements_about_one_id_the_last_counts(
    road: Road, monkeypatch: pytest.MonkeyPatch, statements: str, living: list[str], chunk_bytes: int
):
    whole = extraction.read_chunks
    monkeypatch.setattr(extraction, "read_chunks", partial(whole, chunk_bytes=chunk_bytes))
    documents = {each: f'<doc><field name="id">{each}</field></doc>' for each in ("1", "2")}
    text = statements.replace("{1}", documents["1"]).replace("{2}", documents["2"])
    for name in ("2020", "2021"):  # into an empty warehouse, and into one that knows them
        outcome = road.ingest("library", name, f"<update>{text}</update>".encode())
        assert outcome.counts.add_up()
        assert outcome.counts.deletions == text.count("<id>")
        assert outcome.counts.records_read == text.count("<doc>")
        assert sorted(titles(road)) == [f"library/{each}" for each in living]


def test_a_record_that_has_ended_ended_when_it_did_whatever_older_dumps_bring(road: Road):
    road.ingest("library", "2020", [record("1", "Rivers"), record("2", "Lakes")])
    road.ingest("library", "2022", [record("2", "Lakes")], "full")
    moment = "SELECT ended_at FROM reporting.ended_records"
    (before,) = road.values(moment)
    road.ingest("library", "2021", [record("1", "Of rivers")])
    assert road.values(moment) == [before]
    assert road.values("SELECT title FROM reporting.ended_records") == ["Of rivers"]


def test_a_full_dump_may_say_of_what_it_lacks_that_it_is_deleted(road: Road):
    road.ingest("library", "2020", [record(str(number), f"Number {number}") for number in range(20)])
    dump = deleting(*map(str, range(10, 20)), documents=[record(str(number), "New") for number in range(9)])
    outcome = road.ingest("library", "2021", dump, kind="full", may_shrink=False)
    assert counts(outcome) == {"read": 9, "changed": 9, "deleted": 11}
    assert [row[3] for row in ended(road)] == [True] * 10 + [False]


def test_a_full_dump_of_nothing_but_deletions_is_refused(road: Road):
    road.ingest("library", "2020", [RIVERS])
    with pytest.raises(DumpError, match="without any record"):
        road.ingest("library", "2021", deleting("1"), kind="full")


@pytest.mark.parametrize("kind", ["delta", "full"])
def test_a_deletion_that_a_corrected_dump_takes_back_counts_no_more(road: Road, kind: str):
    road.ingest("library", "2020", [RIVERS, LAKES, SEAS])
    before = contents(road)
    road.ingest("library", "2021", deleting("2", documents=[RIVERS, SEAS]), kind=kind)
    assert "library/2" not in titles(road)
    road.ingest("library", "2021", {"1.jsonl": json_lines([RIVERS, SEAS])}, kind=kind)
    assert ("library/2" in titles(road)) is (kind == "delta")
    if kind == "delta":
        assert contents(road) == before


def test_a_deletion_that_another_dump_says_too_still_counts_when_one_takes_it_back(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES])
    road.ingest("library", "2021", deleting("2"))
    road.ingest("library", "2022", deleting("2"))
    road.ingest("library", "2021", deleting("unknown"))
    assert titles(road) == {"library/1": "A study of rivers"}
    assert ended(road) == [("library/2", "2020", "2022", True)]
    road.ingest("library", "2022", deleting("unknown"))
    assert len(titles(road)) == 2


def test_a_corrected_dump_may_delete_what_its_first_version_held(road: Road):
    road.ingest("library", "2020", {"1.jsonl": json_lines([RIVERS, LAKES])})
    road.ingest("library", "2020", deleting("2", documents=[RIVERS]))
    assert titles(road) == {"library/1": "A study of rivers"}
    road.ingest("library", "2019", [LAKES])
    assert titles(road) == {"library/1": "A study of rivers"}
    assert ended(road) == [("library/2", "2020", "2020", True)]
    road.ingest("library", "2021", [RIVERS], kind="full")
    road.again("library", "2021")
    assert titles(road) == {"library/1": "A study of rivers"}


def test_a_dump_that_turns_out_not_to_be_full_brings_back_nothing_that_is_deleted(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES, SEAS])
    road.ingest("library", "2021", deleting("2", documents=[RIVERS]), kind="full")
    assert titles(road) == {"library/1": "A study of rivers"}
    road.again("library", "2021")
    assert sorted(titles(road)) == ["library/1", "library/3"]


def test_a_warehouse_that_knows_nothing_but_deletions_heeds_them(road: Road):
    assert counts(road.ingest("library", "2021", deleting("1"))) == {}
    outcome = road.ingest("library", "2020", [RIVERS, LAKES])
    assert counts(outcome) == {"read": 2, "new": 2}
    assert titles(road) == {"library/2": "A study of lakes"}
    assert ended(road) == [("library/1", "2020", "2021", True)]


def test_a_pair_is_as_sure_as_its_records_agree_now(road: Road):
    scores = "SELECT rule, score FROM catalog.work_evidence"
    rivers = record("1", "A study of slow rivers and what they carry", author=["Núñez, Ana", "Vane, Ottilie"])
    road.ingest("city", "1", [rivers])
    road.ingest("town", "1", [rivers | {"publishDate": ["2001"]}])
    [(rule, before)] = road.rows(scores)
    road.ingest("city", "2", [rivers | {"publishDate": ["2001"]}])
    [(again, after)] = road.rows(scores)
    assert again == rule
    assert after > before


def test_a_record_that_comes_back_meets_a_new_one_under_their_work_key_as_in_a_rebuild(road: Road):
    evidence = "SELECT verdict, rule, score, blocking_key FROM catalog.work_evidence"
    twin = RIVERS | {"id": "9"}
    road.ingest("city", "1", [RIVERS], kind="full")
    road.ingest("city", "2", [SEAS], kind="full", may_shrink=True)
    road.ingest("city", "3", [RIVERS, twin], kind="full", may_shrink=True)
    found = road.rows(evidence)
    road.clear()
    road.ingest("city", "3", [RIVERS, twin], kind="full")
    assert found == road.rows(evidence)
    assert [key for *_, key in found] == ["AT nunezana astudyofrivers"]
