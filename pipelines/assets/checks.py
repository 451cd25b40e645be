"""Checks that stop a load, before the rows are in, since after it would be too late; and one that only warns."""

from __future__ import annotations

import shlex
from typing import Any, Final

import dagster as dg

from pipelines.warehouse.plan import Plan, implausible
from pipelines.warehouse.shrinkage import Shrinkage, shrink_limit, too_much_shrunk
from pipelines.warehouse.status import DumpProfile

#: More than this share of a dump in quarantine says that the dump is of another kind than it was taken for.
LARGEST_QUARANTINED_SHARE: Final = 0.1

#: A few bad rows in a small dump say nothing.
QUARANTINED_ALLOWED: Final = 100

#: Single records have keys of their own in every catalogue; more of them say that the keys have drifted.
LARGEST_DRIFTED_SHARE: Final = 0.05


#: What to do with a dump in another encoding. It is not guessed at: many bytes are letters in each of several.
_CONVERT: Final = "; if all of it is Windows-1252 or Latin-1, convert it first: iconv -f CP1252 -t UTF-8 OLD > NEW"

#: How the sentence of a check ends that stops a load.
NOTHING_LOADED: Final = "; nothing was loaded"


def spec(asset: str, name: str, description: str, *, blocking: bool = True) -> dg.AssetCheckSpec:
    """A check that stops the assets downstream when it fails, or one that only warns."""
    return dg.AssetCheckSpec(name, asset=asset, description=description, blocking=blocking)


def _result(asset: str, name: str, passed: bool, wrong: str, **figures: Any) -> dg.AssetCheckResult:
    """``wrong`` says what is the matter where the check has not passed."""
    description = None if passed else f"{wrong}{NOTHING_LOADED}"
    return dg.AssetCheckResult(
        passed=passed, asset_key=asset, check_name=name, metadata=figures, description=description
    )


def quarantine_is_small(manifest: dict[str, Any], first: str = "") -> dg.AssetCheckResult:
    """Whether what could not be read is little beside what could; ``first`` says where the first lies, and why.

    It only warns where nothing at all could be read of a delta, and that is not much.
    """
    quarantined, read = manifest["quarantined"], manifest["documents"] + manifest["quarantined"]
    nothing = not manifest["documents"] and quarantined > 0
    # Nothing of a full dump could be read: more is wrong with it than a few records.
    is_much = quarantined > max(QUARANTINED_ALLOWED, LARGEST_QUARANTINED_SHARE * read)
    stops = is_much or (nothing and manifest["said_to_be"] == "full")
    wrong = f"{manifest['path']}: {quarantined:,} of {read:,} records could not be read{first}"
    wrong += _CONVERT * ("not UTF-8" in first)
    see_all = f"; to see them all: vufind-warehouse extract {shlex.quote(manifest['path'])} --out /dev/null"
    return dg.AssetCheckResult(
        passed=not (stops or nothing),
        severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
        asset_key="raw_records",
        check_name="quarantine_is_small",
        metadata={"quarantined": quarantined, "read": read},
        description=f"{wrong}{(see_all + NOTHING_LOADED) * stops}" if stops or nothing else None,
    )


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


def catalogue_does_not_shrink(plan: Plan | None, extracted: dict[str, Any]) -> dg.AssetCheckResult:
    """Whether a full dump ends no more of its source than it may unasked."""
    shrinkage = plan.shrinkage if plan else Shrinkage()
    wrong = too_much_shrunk(shrinkage, extracted["may_shrink"])
    figures = {"lacking": shrinkage.lacking, "living": shrinkage.living, "largest_share": shrink_limit()}
    return _result("work_assignments", "catalogue_does_not_shrink", wrong is None, wrong or "", **figures)


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


def work_keys_follow_a_profile(found: DumpProfile | None) -> dg.AssetCheckResult:
    """Whether the keys that a dump brings are made by known rules, and by those of the source's other dumps.

    A warning: the keys are used all the same. Profiles that a twentieth of the records or less tell apart count as
    one.
    """
    name, metadata = "work_keys_follow_a_profile", {} if found is None else vars(found)
    wrong = _drift(found) if found else None
    return dg.AssetCheckResult(
        passed=wrong is None,
        asset_key="records",
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={key: value for key, value in metadata.items() if value is not None},
        description=f"{wrong}; the keys are used all the same" if wrong else None,
    )


def _drift(found: DumpProfile) -> str | None:
    allowed = LARGEST_DRIFTED_SHARE * found.records_with_keys
    if found.records_following_none > allowed:
        return (
            f"{found.records_following_none:,} of {found.records_with_keys:,} records bring work keys that no known "
            "rule makes of them"
        )
    usual = found.records_following_other_dumps
    if usual is not None and found.records_following - usual > allowed:
        return (
            f"the work keys are made by {found.profile}, those of the source's other dumps by "
            f"{found.profile_of_other_dumps}"
        )
    return None
