"""A dump is taken out again: the warehouse is then one into which only the others were loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from pipelines.stages import extraction, recovery
from pipelines.warehouse import decisions, matching, planning
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.decisions import Person, RecordName, decide_pairs, withdraw_pairs
from tests.end_to_end import test_any_order as any_order
from tests.end_to_end.counting import counted, counted_anew
from tests.end_to_end.road import Road, books, contents, json_lines, stamped
from tests.end_to_end.test_any_order import Delivered, Event, assert_consistent
from tests.end_to_end.test_history import LAKES, RIVERS, SEAS, deleting, record, titles
from tests.ready import ReadyRoads

#: How many histories to try; a night's run may set thousands.
EXAMPLES = int(os.environ.get("WAREHOUSE_TEST_HISTORIES", "2"))


@dataclass(frozen=True)
class Told:
    """A dump as a test tells of it."""

    name: str
    content: Any
    kind: str = "delta"
    source: str = "library"


FULL = "full"
#: Of each: the dumps in the order in which they come, and the one that is taken out. What random histories hold as well
#: is left to these.
HISTORIES: dict[str, tuple[list[Told], str]] = {
    "the only one": ([Told("2020", [RIVERS, LAKES])], "2020"),
    "a version between two": (
        [Told("2020", [RIVERS]), Told("2021", [record("1", "Of 2021"), SEAS]), Told("2022", [LAKES, RIVERS])], "2021",
    ),
    "a version of which an older stands two dumps before": (
        [Told("2019", [RIVERS]), Told("2020", [LAKES]), Told("2021", [record("1", "Of 2021")])], "2021",
    ),
    "loads out of order": (
        [Told("2022", [record("1", "Of 2022")]), Told("2020", [RIVERS, LAKES]), Told("2021", [LAKES])], "2022",
    ),
    "a full one, and an older full one ended them too": (
        [Told("2019", [RIVERS, LAKES]), Told("2020", [RIVERS], FULL), Told("2021", [RIVERS], FULL)], "2021",
    ),
    "nothing but deletions of what nobody knew": ([Told("2021", deleting("1")), Told("2020", [RIVERS])], "2021"),
    "a record held twice by the older one": (
        [Told("2020", [record("1", "First"), LAKES, record("1", "Last")]), Told("2021", [RIVERS])], "2021",
    ),
    "what the older one held and then deleted": (
        [Told("2019", [SEAS, RIVERS]), Told("2020", deleting("1", documents=[record("1", "Gone")])),
         Told("2021", [RIVERS])], "2021",
    ),
    "quarantine": ([Told("2020", [RIVERS]), Told("2021", b"broken\n" + json_lines([LAKES, RIVERS]))], "2021"),
    "a publication that two catalogues have": (
        [Told("2020", [record("1", "A study of rivers", doi_str_mv=["10.1000/a"])]),
         Told("2021", [record("x", "A study of rivers", doi_str_mv=["10.1000/a"])], source="archive"),
         Told("2022", [record("y", "A study of rivers", doi_str_mv=["10.1000/a"])])], "2020",
    ),
    "work keys of a profile": (
        [Told("2020", [RIVERS | {"work_keys_str_mv": ["AT nunez ana rivers"]}]),
         Told("2021", [LAKES | {"work_keys_str_mv": ["AT nunez ana lakes"]}])], "2021",
    ),
}  # fmt: skip


@pytest.mark.parametrize("history", HISTORIES)
def test_it_is_as_if_it_had_never_been(road: Road, history: str):
    dumps, name = HISTORIES[history]
    for dump in dumps:
        road.ingest(dump.source, dump.name, dump.content, dump.kind)
    road.forget_frames()
    version = road.remove("library", name).warehouse_version
    assert version == len(dumps) + 1
    assert_consistent(road)
    found = contents(road), books(road)
    road.clear()
    for dump in dumps:
        if (dump.source, dump.name) != ("library", name):
            road.ingest(dump.source, dump.name, dump.content, dump.kind)
    assert (contents(road), books(road)) == found


@dataclass(frozen=True)
class Removal:
    """One of the dumps that are in is taken out, from files or from frames that were kept."""

    number: int
    keeps_frames: bool


@st.composite
def histories(draw: st.DrawFn) -> list[Event | Removal]:
    """Histories of dumps and decisions, with removals in between and one at the end."""
    story: list[Event | Removal] = [*draw(any_order.histories())]
    removals = st.builds(Removal, st.integers(0, 9), st.booleans())
    for removal in draw(st.lists(removals, max_size=2)):
        story.insert(draw(st.integers(1, len(story))), removal)
    return [*story, draw(removals)]


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), print_blob=True)
@given(histories(), st.sampled_from([planning.MAX_BLOCK, 2, 4]))
def test_whatever_came_before_it_is_as_if_it_had_never_been(road: Road, story: list[Event | Removal], max_block: int):
    with pytest.MonkeyPatch.context() as patch:
        # Keys that close when many hold them, and open again when dumps go.
        patch.setattr(matching, "RECORDS_A_BATCH", 2)
        for module in (planning, decisions):
            patch.setattr(module, "MAX_BLOCK", max_block)
        carry_out(road, story)


def carry_out(road: Road, story: list[Event | Removal]) -> None:
    """Go through a history step by step, and compare what it leaves with what the dumps that are left make."""
    road.clear()
    held: dict[tuple[str, str], Delivered] = {}
    for event in story:
        if isinstance(event, Removal):
            if not held:
                continue
            source, name = sorted(held)[event.number % len(held)]
            note(f"without {source}/{name}")
            if not event.keeps_frames:
                road.forget_frames()
            road.remove(source, name)
            del held[source, name]
        elif isinstance(event, Delivered):
            note(f"{event.source}/{event.name} {event.kind}: {dict(event.records)}, deleted {set(event.deletions)}")
            any_order.ingest(road, event)
            held[event.source, event.name] = event
        else:
            any_order.tell(road, event)
        assert_consistent(road)
        assert any_order.matched_as_stored(road) == any_order.matched_from_nothing(road)
    assert counted(road) == counted_anew(road)
    found = contents(road), books(road)
    road.clear(decisions=False)
    for dump in any_order.final(list(held.values())):
        any_order.ingest(road, dump)
    rebuilt = contents(road), books(road)
    for ours, theirs in zip(found, rebuilt, strict=True):
        for name, rows in theirs.items():
            assert ours[name] == rows, name


def test_what_a_removal_did_is_told(road: Road):
    road.ingest("library", "2020", [RIVERS, LAKES, record("4", "A study of dunes")])
    road.ingest("library", "2021", [record("1", "Of 2021"), SEAS], kind=FULL)
    removed = road.remove("library", "2021")
    fates = removed.fates
    assert (fates.gone, fates.changed, fates.unchanged, fates.ended, fates.returned) == (1, 1, 0, 0, 2)
    of_each = "SELECT DISTINCT warehouse_version, kind FROM reporting.record_changes ORDER BY 1"
    assert road.rows(of_each) == [(2, "full"), (3, "removal")]
    told = "SELECT change, source, source_record_id, title, dump FROM reporting.record_changes"
    assert road.rows(f"{told} WHERE warehouse_version = 3 ORDER BY 1, 3") == [
        ("changed", "library", "1", "A study of rivers", "2021"),
        ("removed", "library", "3", "A study of seas", "2021"),
        ("returned", "library", "2", "A study of lakes", "2021"),
        ("returned", "library", "4", "A study of dunes", "2021"),
    ]
    assert road.rows(f"{told} WHERE source_record_id = '3' ORDER BY warehouse_version") == [
        ("new", "library", "3", "A study of seas", "2021"), ("removed", "library", "3", "A study of seas", "2021"),
    ]  # fmt: skip
    counted = "SELECT change, record_count FROM reporting.last_changes WHERE changed_column IS NULL ORDER BY 1"
    assert road.rows(counted) == [("changed", 1), ("removed", 1), ("returned", 2)]
    assert road.values("SELECT DISTINCT change FROM reporting.last_changes WHERE changed_column IS NOT NULL") == [
        "changed"
    ]
    assert road.values("SELECT DISTINCT kind FROM reporting.last_changes") == ["removal"]
    kinds = "SELECT DISTINCT warehouse_version, kind FROM reporting.changes_by_load ORDER BY 1"
    assert road.rows(kinds)[-2:] == [(2, "full"), (3, "removal")]
    history = "SELECT dump, kind, records_read, records_changed, records_deleted FROM reporting.ingest_history"
    assert road.rows(f"{history} ORDER BY warehouse_version")[-1] == ("2021", "removal", 1, 1, 1)


def test_a_record_that_ends_as_it_was_has_one_fate(road: Road):
    road.ingest("library", "2019", [RIVERS, LAKES])
    road.ingest("library", "2020", [LAKES], kind=FULL)
    road.ingest("library", "2021", [RIVERS])
    fates = road.remove("library", "2021", trial=True).fates
    assert (fates.gone, fates.changed, fates.unchanged, fates.ended, fates.returned) == (0, 0, 0, 1, 0)


def test_records_that_are_gone_count_as_deleted_though_they_had_ended_before(road: Road):
    road.ingest("library", "2019", [RIVERS, LAKES], kind=FULL)
    road.ingest("library", "2020", [LAKES], kind=FULL)
    assert road.remove("library", "2019").fates.gone == 1
    counts = "SELECT records_deleted FROM reporting.ingest_history ORDER BY warehouse_version"
    assert road.values(counts) == [0, 1, 1]


@pytest.mark.parametrize(("content", "rows"), [(deleting("7", "8"), (2, 0)), (b"broken\n", (0, 1))])
def test_what_goes_with_a_dump_is_counted(road: Road, content: Any, rows: tuple[int, int]):
    road.ingest("library", "2020", [RIVERS])
    road.ingest("library", "2021", content)
    fates = road.remove("library", "2021").fates
    assert (fates.deletions, fates.quarantined) == rows


@pytest.mark.parametrize(
    ("corrected", "kind"), [(deleting("2", documents=[RIVERS]), "delta"), ({"1.jsonl": json_lines([RIVERS])}, FULL)]
)
def test_what_a_corrected_dump_ended_stays_so_when_the_dump_after_it_is_taken_out(
    road: Road, corrected: dict[str, bytes], kind: str
):
    road.ingest("library", "2020", {"1.jsonl": json_lines([RIVERS, LAKES])}, kind)
    road.ingest("library", "2020", corrected, kind)
    road.ingest("library", "2021", [RIVERS], kind=FULL)
    road.remove("library", "2021")
    assert titles(road) == {"library/1": "A study of rivers"}


def test_a_removed_dump_can_be_ingested_again(road: Road):
    road.ingest("library", "2020", [RIVERS])
    road.ingest("library", "2021", [record("1", "Of 2021"), LAKES], kind=FULL)
    before = contents(road), books(road)
    road.remove("library", "2021")
    assert not road.again("library", "2021", FULL).is_repetition
    assert (contents(road), books(road)) == before


def test_what_people_decided_on_a_record_that_is_gone_counts_again_when_it_comes_again(road: Road):
    road.ingest("library", "2020", [RIVERS])
    road.ingest("library", "2021", [LAKES])
    decide_pairs(road.url, RecordName("library", "1"), [RecordName("library", "2")], "duplicate", Person("Ada", "seen"))
    road.remove("library", "2021")
    assert_consistent(road)
    assert road.values("SELECT record_count FROM catalog.works") == [1]
    road.again("library", "2021")
    assert road.values("SELECT record_count FROM catalog.works") == [2]


def test_it_can_be_taken_back_while_the_record_is_gone(road: Road):
    road.ingest("library", "2020", [RIVERS])
    road.ingest("library", "2021", [LAKES])
    rivers, lakes = RecordName("library", "1"), RecordName("library", "2")
    decide_pairs(road.url, rivers, [lakes], "duplicate", Person("Ada", "seen"))
    road.remove("library", "2021")
    with pytest.raises(WarehouseError, match="library/3: the warehouse holds no such record"):
        withdraw_pairs(road.url, rivers, [RecordName("library", "3")], "Ada")
    withdraw_pairs(road.url, rivers, [lakes], "Ada")
    assert_consistent(road)
    road.again("library", "2021")
    assert road.values("SELECT record_count FROM catalog.works") == [1, 1]


def test_a_trial_says_what_would_become_of_each_record_and_changes_nothing(road: Road):
    road.ingest("library", "2019", [record("5", "Dunes")])
    road.ingest("library", "2020", [RIVERS, LAKES, record("4", "Of 2020")], kind=FULL)
    road.ingest("library", "2021", [record("1", "Of 2021"), SEAS, record("5", "Dunes again")], kind=FULL)
    before = stamped(road), books(road)
    trial = road.remove("library", "2021", trial=True)
    assert trial.warehouse_version is None
    assert sorted(trial.records) == [
        ("changed", "1", "Of 2021"), ("ended", "5", "Dunes again"), ("gone", "3", "A study of seas"),
        ("returned", "2", "A study of lakes"), ("returned", "4", "Of 2020"),
    ]  # fmt: skip
    assert (stamped(road), books(road)) == before
    assert road.remove("library", "2021").fates == trial.fates


def test_a_dump_that_is_not_in_cannot_be_taken_out(road: Road):
    road.ingest("library", "2020", [RIVERS])
    road.remove("library", "2020")
    for name in ("2020", "2021"):
        with pytest.raises(WarehouseError, match=f"library/{name}: there is no such dump in the warehouse"):
            road.remove("library", name)


def refused(road: Road, *why: str) -> None:
    before = stamped(road), books(road)
    with pytest.raises(WarehouseError) as error:
        road.remove("library", "2021")
    for what in ("library/2020", str(road.dumps["library", "2020"]), *why):
        assert what in str(error.value)
    assert (stamped(road), books(road)) == before


def _two_versions(road: Road) -> None:
    road.ingest("library", "2020", [RIVERS, LAKES])
    road.ingest("library", "2021", [record("1", "Of 2021")])


@pytest.fixture
def two_versions(ready_roads: ReadyRoads) -> Iterator[Road]:
    with ready_roads.copy(_two_versions) as road:
        yield road


def test_it_is_refused_where_the_file_with_the_older_version_is_gone(two_versions: Road):
    two_versions.forget_frames()
    two_versions.dumps["library", "2020"].unlink()
    refused(two_versions, "no such dump", "put it back")


@pytest.mark.parametrize("content", [[record("1", "Other")], [record("1", "A study of rivérs"), LAKES]])
def test_it_is_refused_where_that_file_has_changed(two_versions: Road, content: list[dict[str, Any]]):
    two_versions.forget_frames()
    two_versions.write("library", "2020", content)
    refused(two_versions, "has changed since", "ingest it again")
    two_versions.again("library", "2020")
    two_versions.remove("library", "2021")
    assert titles(two_versions)["library/1"] == content[0]["title"]


def test_frames_that_were_kept_stand_in_for_a_file_that_is_gone(two_versions: Road):
    two_versions.dumps["library", "2020"].unlink()
    two_versions.remove("library", "2021")
    assert titles(two_versions)["library/1"] == "A study of rivers"


def test_it_is_refused_where_other_rules_read_the_older_dump(two_versions: Road, monkeypatch: pytest.MonkeyPatch):
    two_versions.ingest("library", "2019", [record("9", "Of another river")])
    for module in (extraction, recovery):
        monkeypatch.setattr(module, "VERSIONS", "rules of tomorrow")
    refused(two_versions, "another version of the program (as were 1 more of the dumps of library", "ingest it again")
    two_versions.again("library", "2020")
    two_versions.remove("library", "2021")
    assert titles(two_versions)["library/1"] == "A study of rivers"


def test_it_is_refused_where_a_correction_of_the_older_dump_has_lost_the_record(two_versions: Road):
    two_versions.ingest("library", "2020", [LAKES])
    refused(two_versions, "came again, corrected")


def test_records_that_no_other_dump_holds_go_without_any_file(road: Road):
    road.ingest("library", "2020", [RIVERS])
    road.ingest("library", "2021", [LAKES])
    road.forget_frames()
    for path in road.dumps.values():
        path.unlink()
    assert road.remove("library", "2021").read_again == ()
    assert titles(road) == {"library/1": "A study of rivers"}


def test_nothing_is_left_between_the_stages(two_versions: Road):
    two_versions.remove("library", "2021")
    assert not two_versions.frames("remove", Dump("library", "2021", "delta")).manifest_if_whole()
    assert not (two_versions.folder / "frames" / "remove" / "library" / "2021").exists()
    assert two_versions.values(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    ) == [0]
