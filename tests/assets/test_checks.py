"""Each check passes on what is right and stops what is wrong, with figures and a sentence."""

from typing import Any

import dagster as dg
import pyarrow as pa
import pytest

from pipelines.assets import checks
from pipelines.warehouse.matching import Decided
from pipelines.warehouse.plan import LARGEST_WORK, Plan
from pipelines.warehouse.status import DumpProfile


def _manifest(**figures: Any) -> dict[str, Any]:
    return {
        "path": "/dumps/a.jsonl",
        "kind": "delta",
        "said_to_be": "delta",
        "documents": 10,
        "quarantined": 0,
    } | figures


@pytest.mark.parametrize(
    ("said_to_be", "documents", "quarantined", "passes", "stops"),
    [
        ("delta", 10, 0, True, False),
        ("delta", 1, 100, True, False),
        ("delta", 0, 101, False, True),
        ("delta", 900, 100, True, False),
        ("delta", 9_000, 1_000, True, False),
        ("delta", 9_000, 1_001, False, True),
        # Nothing could be read: of a delta there is something to look at, a full dump would end all records.
        ("delta", 0, 1, False, False),
        ("full", 0, 1, False, True),
        ("full", 1, 1, True, False),
    ],
)
def test_quarantine(said_to_be: str, documents: int, quarantined: int, passes: bool, stops: bool) -> None:
    manifest = _manifest(said_to_be=said_to_be, documents=documents, quarantined=quarantined)
    result = checks.quarantine_is_small(manifest)
    assert result.passed is passes
    assert stops is (not passes and result.severity == dg.AssetCheckSeverity.ERROR)
    assert (result.description is None) is passes
    assert passes or "/dumps/a.jsonl" in str(result.description)
    way_out = "; to see them all: vufind-warehouse extract /dumps/a.jsonl --out /dev/null; nothing was loaded"
    assert stops is str(result.description).endswith(way_out)


def test_a_dump_in_another_encoding_is_told_the_way_out() -> None:
    first = ", the first at byte 0 of a.jsonl: not UTF-8: byte 0xe9 at byte 20"
    result = checks.quarantine_is_small(_manifest(said_to_be="delta", documents=0, quarantined=200), first)
    assert "iconv -f CP1252 -t UTF-8" in str(result.description)


@pytest.mark.parametrize(("found", "passes"), [(0, True), (1, False)])
def test_keys_and_orphans(found: int, passes: bool) -> None:
    manifest = {"violations": {"repeated_keys": found, "orphans": found}}
    assert checks.keys_are_unique(manifest).passed is passes
    assert checks.no_orphans(manifest).passed is passes


class _Plan:
    """The parts of a plan that the checks look at."""

    def __init__(self, largest_work: int, statuses: dict[str, int]) -> None:
        self.matching = Decided(evidence_parts=0, batches=1, verdicts={}, largest_work=largest_work)
        self.changes = pa.table({"record_id": range(sum(statuses.values()))})
        self._statuses = statuses

    def count(self, status: str) -> int:
        return self._statuses.get(status, 0)


def _plan(largest_work: int = 0, **statuses: int) -> Plan:
    return _Plan(largest_work, statuses)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("plan", "passes"),
    [
        (None, True),
        (_plan(), True),
        (_plan(LARGEST_WORK), True),
        (_plan(LARGEST_WORK + 1), False),
    ],
)
def test_the_biggest_work(plan: Plan | None, passes: bool) -> None:
    assert checks.works_are_plausible(plan).passed is passes


@pytest.mark.parametrize(
    ("plan", "rows", "passes"),
    [
        (_plan(new=4, changed=3, unchanged=2, outdated=1), {"repeated": 0, "records": 10}, True),
        (_plan(new=8), {"repeated": 2, "records": 8}, True),  # repeated within a part
        (_plan(new=8), {"repeated": 1, "records": 9}, True),  # and between two parts
        (_plan(new=9), {"repeated": 0, "records": 9}, False),  # one is lost on the road
        (None, {"repeated": 0, "records": 0}, True),  # the very dump is in already
    ],
)
def test_what_was_read_is_accounted_for(plan: Plan | None, rows: dict[str, int], passes: bool) -> None:
    result = checks.counts_add_up(plan, _manifest(), {"rows": rows})
    assert result.passed is passes
    assert passes or result.description == "10 records were read, 9 are accounted for; nothing was loaded"


def _profile(following: int, none: int, usual: int | None = None) -> DumpProfile:
    other = None if usual is None else "vufind_marc"
    return DumpProfile("vufind_xslt", other, 100, following, usual, none, ["b1: AT a t"] if none else [])


@pytest.mark.parametrize(
    ("found", "warning"),
    [
        (None, None),  # no record brings keys
        (_profile(following=100, none=0), None),
        (_profile(following=95, none=5), None),
        (_profile(following=94, none=6), "6 of 100 records bring work keys that no known rule makes of them"),
        (_profile(following=100, none=0, usual=95), None),  # what hardly tells two profiles apart
        (_profile(following=95, none=0, usual=100), None),
        (
            _profile(following=100, none=0, usual=94),
            "the work keys are made by vufind_xslt, those of the source's other dumps by vufind_marc",
        ),
    ],
)
def test_work_keys_that_drift_are_a_warning(found: DumpProfile | None, warning: str | None) -> None:
    result = checks.work_keys_follow_a_profile(found)
    assert result.passed is (warning is None)
    assert result.severity is dg.AssetCheckSeverity.WARN
    assert result.description == (f"{warning}; the keys are used all the same" if warning else None)
