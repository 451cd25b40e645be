"""Checks that stop a load: each speaks before the rows are in, since after it would be too late."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg

from pipelines.warehouse.plan import Plan, implausible

#: More than this share of a dump in quarantine says that the dump is of another kind than it was taken for.
LARGEST_QUARANTINED_SHARE: Final = 0.1

#: A few bad rows in a small dump say nothing.
QUARANTINED_ALLOWED: Final = 100


def spec(asset: str, name: str, description: str) -> dg.AssetCheckSpec:
    """A check that stops the assets downstream when it fails."""
    return dg.AssetCheckSpec(name, asset=asset, description=description, blocking=True)


def _result(asset: str, name: str, passed: bool, wrong: str, **figures: Any) -> dg.AssetCheckResult:
    """``wrong`` says what is the matter where the check has not passed."""
    description = None if passed else f"{wrong}; nothing was loaded"
    return dg.AssetCheckResult(
        passed=passed, asset_key=asset, check_name=name, metadata=figures, description=description
    )


def quarantine_is_small(manifest: dict[str, Any]) -> dg.AssetCheckResult:
    """Whether what could not be read is little beside what could."""
    quarantined, read = manifest["quarantined"], manifest["documents"] + manifest["quarantined"]
    # Nothing of a full dump could be read: more is wrong with it than a few records.
    nothing = manifest["said_to_be"] == "full" and not manifest["documents"] and quarantined > 0
    passed = quarantined <= max(QUARANTINED_ALLOWED, LARGEST_QUARANTINED_SHARE * read) and not nothing
    wrong = f"{manifest['path']}: {quarantined:,} of {read:,} records could not be read"
    return _result("raw_records", "quarantine_is_small", passed, wrong, quarantined=quarantined, read=read)


def keys_are_unique(manifest: dict[str, Any]) -> dg.AssetCheckResult:
    """Whether each primary key of the normalised frames stands once in its part."""
    repeated = manifest["violations"]["repeated_keys"]
    wrong = f"{repeated:,} rows repeat a primary key"
    return _result("normalized_records", "keys_are_unique", repeated == 0, wrong, repeated_keys=repeated)


def no_orphans(manifest: dict[str, Any]) -> dg.AssetCheckResult:
    """Whether every credit, link, identifier and work key belongs to a record, and every credit to a heading."""
    orphans = manifest["violations"]["orphans"]
    wrong = f"{orphans:,} rows belong to no record or no heading"
    return _result("record_authors", "no_orphans", orphans == 0, wrong, orphans=orphans)


def works_are_plausible(plan: Plan | None) -> dg.AssetCheckResult:
    """Whether no work has swallowed a catalogue."""
    wrong = implausible(plan) if plan else None
    largest = plan.matching.largest_work if plan else 0
    return _result("work_assignments", "works_are_plausible", wrong is None, wrong or "", largest_work=largest)


def counts_add_up(plan: Plan | None, extracted: dict[str, Any], normalized: dict[str, Any]) -> dg.AssetCheckResult:
    """Whether every document read is accounted for: new, changed, unchanged, outdated, repeated or quarantined."""
    read = extracted["documents"] + extracted["quarantined"]
    if plan is None:
        return _result("work_assignments", "counts_add_up", True, "", read=read, repetition=True)
    by_status = {status: plan.count(status) for status in ("new", "changed", "unchanged", "outdated")}
    repeated = normalized["rows"]["repeated"] + normalized["rows"]["records"] - len(plan.changes)
    accounted = sum(by_status.values()) + repeated + extracted["quarantined"]
    wrong = f"{read:,} records were read, {accounted:,} are accounted for"
    figures = {"read": read, "accounted_for": accounted, **by_status}
    return _result("work_assignments", "counts_add_up", read == accounted, wrong, **figures)
