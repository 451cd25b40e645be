"""The job of one dump: what it writes, what it tells, what it does again, what stops it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.run_events import why_it_failed
from tests.assets.conftest import Road

Documents = Callable[[int], list[dict[str, Any]]]
MakeDump = Callable[..., Path]


def test_a_dump_goes_from_file_to_tables_and_every_asset_tells_of_it(
    road: Road, make_dump: MakeDump, documents: Documents
) -> None:
    path = make_dump("city/2024-01-01.jsonl", documents(3), broken=1)

    assert road.ingest("city/2024-01-01", path=str(path)).success

    assert road.ask("SELECT count(*) FROM catalog.records") == [(3,)]
    told = {
        "raw_records": {"dagster/row_count": 3, "quarantined": 1, "read from": str(path), "already extracted": False},
        "normalized_records": {"dagster/row_count": 3},
        "record_authors": {"dagster/row_count": 3},
        "record_links": {"dagster/row_count": 0},
        "record_identifiers": {"dagster/row_count": 0},
        "record_work_keys": {"dagster/row_count": 3},
        "work_assignments": {"new": 3, "pairs decided": 3},
        "records": {"read": 4, "new": 3, "quarantined": 1, "already in the warehouse": False},
        "authors": {"warehouse version": 1},
        "links": {"warehouse version": 1},
        "publications": {"dagster/row_count": 3},
        "works": {"dagster/row_count": 3},
    }
    assert {asset: {name: road.metadata(asset)[name] for name in figures} for asset, figures in told.items()} == told
    assert "Tides of harbour 0" in road.metadata("raw_records")["sample"]
    assert "2024-01-01.jsonl" in road.metadata("raw_records")["quarantined, a sample"]


def test_the_same_dump_again_changes_nothing_and_says_so(road: Road, make_dump: MakeDump, documents: Documents) -> None:
    path = make_dump("city/2024-01-01.jsonl", documents(2))
    road.ingest("city/2024-01-01", path=str(path))
    before = road.ask("SELECT record_id, changed_at FROM catalog.records ORDER BY 1")

    assert road.ingest("city/2024-01-01", path=str(path)).success

    assert road.ask("SELECT record_id, changed_at FROM catalog.records ORDER BY 1") == before
    assert road.metadata("records")["already in the warehouse"] is True
    assert road.metadata("records")["unchanged"] == 2


@pytest.mark.parametrize("kept", ["frames and warehouse", "warehouse"])
def test_an_old_partition_run_from_the_ui_finds_its_path_and_kind_again(
    road: Road, make_dump: MakeDump, documents: Documents, kept: str
) -> None:
    path = make_dump("elsewhere/export.jsonl", documents(2))
    road.ingest("city/2024-01-01", path=str(path), kind="full")
    if kept == "warehouse":
        parts = road.home / "frames" / "raw" / "city" / "2024-01-01"
        (parts / "manifest.json").unlink()

    assert road.ingest("city/2024-01-01").success

    assert road.metadata("raw_records")["read from"] == str(path)
    assert road.ask("SELECT kind FROM ops.dumps") == [("full",)]


def test_a_dump_that_another_home_has_ingested_as_full_stays_full(
    road: Road, make_dump: MakeDump, documents: Documents, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = str(make_dump("elsewhere/export.jsonl", documents(2)))
    road.ingest("city/2024-01-01", path=path)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("VUFIND_WAREHOUSE_HOME", str(tmp_path / "another home"))
        road.ingest("city/2024-01-01", path=path, kind="full")

    assert road.ingest("city/2024-01-01").success

    assert road.ask("SELECT kind FROM ops.dumps") == [("full",)]


def test_a_try_as_full_that_was_refused_leaves_no_trace_in_the_kind_but_the_path_is_known(
    road: Road, make_dump: MakeDump, documents: Documents
) -> None:
    road.ingest("city/2024-01-01", path=str(make_dump("elsewhere/first.jsonl", documents(10))), kind="full")
    path = make_dump("elsewhere/second.jsonl", documents(2))
    assert not road.ingest("city/2024-02-01", path=str(path), kind="full").success

    assert road.ingest("city/2024-02-01").success

    assert road.ask("SELECT kind, said_to_be, path FROM ops.dumps WHERE name = '2024-02-01'") == [
        ("delta", "delta", str(path))
    ]
    assert road.ask("SELECT count(*) FROM catalog.records WHERE deleted_at IS NULL") == [(10,)]


@pytest.mark.parametrize("name", ["WAREHOUSE_SHRINK_LIMIT", "WAREHOUSE_CHANGES_KEPT_DAYS", "WAREHOUSE_WORKERS"])
def test_what_a_variable_cannot_be_fails_a_run_before_anything_is_read(
    road: Road, make_dump: MakeDump, documents: Documents, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "often")
    result = road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", documents(2))))

    assert why_it_failed(result.all_events).startswith(f"raw_records: {name} ")
    assert not road.materialized("raw_records")


def test_a_partition_is_looked_for_under_the_dumps_root(
    road: Road, make_dump: MakeDump, documents: Documents, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = make_dump("dumps/city/2024-01-01.jsonl", documents(1))
    monkeypatch.setenv("VUFIND_WAREHOUSE_DUMPS", str(tmp_path / "dumps"))

    assert road.ingest("city/2024-01-01").success

    assert road.metadata("raw_records")["read from"] == str(path)


def test_a_partition_without_a_dump_says_where_it_was_looked_for(road: Road) -> None:
    result = road.ingest("city/2024-01-01")

    assert not result.success
    assert why_it_failed(result.all_events).startswith(
        f"raw_records: city/2024-01-01: no such dump under {road.home / 'dumps'}"
    )


def test_a_dump_that_cannot_be_read_is_named(road: Road, tmp_path: Path) -> None:
    result = road.ingest("city/2024-01-01", path=str(tmp_path / "gone.jsonl"))

    assert not result.success
    assert why_it_failed(result.all_events) == f"{tmp_path / 'gone.jsonl'}: no such dump"


@pytest.mark.parametrize(
    ("readable", "broken", "goes_in"),
    [
        (100, 100, True),  # a hundred bad rows are allowed in any dump
        (100, 101, False),
        (1000, 101, True),  # more, as long as they are no more than a tenth
    ],
)
def test_a_dump_mostly_unreadable_stops_before_the_load(
    road: Road, make_dump: MakeDump, documents: Documents, readable: int, broken: int, goes_in: bool
) -> None:
    path = make_dump("city/2024-01-01.jsonl", documents(readable), broken)

    result = road.ingest("city/2024-01-01", path=str(path))

    assert result.success is goes_in
    assert road.materialized("raw_records")
    assert road.materialized("records") is goes_in
    if not goes_in:
        assert not road.materialized("normalized_records")
        assert not road.ask("SELECT FROM catalog.records") and not road.ask("SELECT FROM ops.dumps")
        said = f"{path}: 101 of 201 records could not be read, the first at byte "
        why = why_it_failed(result.all_events)
        failed = (
            "the check quarantine_is_small of raw_records failed, so nothing was loaded (quarantined 101, read 201)"
        )
        assert why.startswith(f"{failed}: {said}")
        assert "of 2024-01-01.jsonl: not JSON: " in why
        [evaluation] = result.get_asset_check_evaluations()
        assert str(evaluation.description).startswith(said)


@pytest.mark.parametrize(("kind", "goes_in"), [("full", False), ("delta", True)])
def test_a_full_dump_that_cannot_be_read_at_all_does_not_end_a_catalogue(
    road: Road, make_dump: MakeDump, documents: Documents, kind: str, goes_in: bool
) -> None:
    road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", documents(3))), kind="full")
    picture = make_dump("city/2024-02-01.jsonl", [])
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    assert road.ingest("city/2024-02-01", path=str(picture), kind=kind).success is goes_in

    assert road.ask("SELECT count(*) FROM catalog.records WHERE deleted_at IS NULL") == [(3,)]


def test_the_report_asks_the_views(road: Road, make_dump: MakeDump, documents: Documents) -> None:
    from pipelines.assets.report import OF_SOME
    from pipelines.definitions import defs
    from pipelines.warehouse.statements import statements_of

    road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", documents(2))))

    assert defs.resolve_job_def("refresh_reporting").execute_in_process(instance=road.instance).success

    views = road.metadata("reporting")["views"]
    asked = {view for view, _ in statements_of("reporting")} - OF_SOME
    assert all(f"reporting.{view} |" in views for view in asked)
    assert "reporting.records | 2 |" in views


def test_checks_run_for_every_dump(road: Road, make_dump: MakeDump, documents: Documents) -> None:
    result = road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", documents(1))))

    evaluated = {(each.asset_key, each.check_name, each.passed) for each in result.get_asset_check_evaluations()}
    assert evaluated == {
        (dg.AssetKey("raw_records"), "quarantine_is_small", True),
        (dg.AssetKey("normalized_records"), "keys_are_unique", True),
        (dg.AssetKey("record_authors"), "no_orphans", True),
        (dg.AssetKey("work_assignments"), "works_are_plausible", True),
        (dg.AssetKey("work_assignments"), "catalogue_does_not_shrink", True),
        (dg.AssetKey("work_assignments"), "counts_add_up", True),
        (dg.AssetKey("records"), "work_keys_follow_a_profile", True),
    }


def test_work_keys_that_no_rule_makes_are_a_warning_and_no_more(
    road: Road, make_dump: MakeDump, documents: Documents
) -> None:
    with_keys = [{**document, "work_keys_str_mv": ["AT of itsown"]} for document in documents(3)]
    result = road.ingest("city/2024-01-01", path=str(make_dump("city/2024-01-01.jsonl", with_keys)))

    assert result.success and road.materialized("works")
    [warning] = [each for each in result.get_asset_check_evaluations() if not each.passed]
    assert (warning.check_name, warning.severity) == ("work_keys_follow_a_profile", dg.AssetCheckSeverity.WARN)
    assert road.ask("SELECT DISTINCT key FROM catalog.record_work_keys") == [("AT of itsown",)]
