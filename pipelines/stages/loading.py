"""The last two stages: what a dump changes is worked out and kept as a plan, and the plan is loaded."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.folding import ICU_VERSION
from pipelines.memory import bounded_memory
from pipelines.parts import Parts, PartsError
from pipelines.readers.answers import passed_over_in_words
from pipelines.stages.progress import Progress, Report, silent
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import connect, load_lock
from pipelines.warehouse.delivery import Delivery
from pipelines.warehouse.history import Counts, DumpFile, is_loaded, load_at, record_load, repeat_load
from pipelines.warehouse.load import load_dump
from pipelines.warehouse.plan import Plan, unmoved
from pipelines.warehouse.planning import make_plan
from pipelines.works.given_work_keys import GivenKeys


def _origin(raw: Parts, normalized: Parts, dump: Dump) -> dict[str, str]:
    """What a plan is made from; raises PartsError where the frames of the two stages do not belong together."""
    extracted, origin = raw.manifest(), normalized.manifest()
    for name in ("sha256", "versions"):
        if origin[name] != extracted[name]:
            raise PartsError(
                f"{normalized.uri}: made from another state of the dump than {raw.uri}; normalise it again"
            )
    return {"sha256": origin["sha256"], "versions": origin["versions"], "source": dump.source, "kind": dump.kind}


@bounded_memory()
def deduplicate(
    url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump, report: Report = silent
) -> Plan | None:
    """Work out what a normalised dump changes in the warehouse, and keep the plan.

    None where the warehouse holds this very dump already: same bytes, same rules, same kind. Whether it is full or
    a delta, and may shrink its catalogue, is for the extraction to say.
    """
    with raw.locked():
        return _deduplicate(url, raw, normalized, planned, _as_extracted(raw, dump), report)


def _as_extracted(raw: Parts, dump: Dump) -> Dump:
    extracted = raw.manifest()
    return replace(dump, kind=extracted["kind"], may_shrink=extracted["may_shrink"])


def _deduplicate(url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump, report: Report) -> Plan | None:
    began, origin = time.monotonic(), _origin(raw, normalized, dump)
    records = normalized.manifest()["rows"]["records"]
    # Other loads may end meanwhile: what is read piece by piece must be of one state, or it does not fit together.
    with unmoved(url, lambda doing: report(Progress("deduplicate", doing, records, 0, 0))) as connection:
        if is_loaded(connection, dump, origin["sha256"], origin["versions"], ICU_VERSION):
            if _attempt(connection, planned, dump, origin):
                # For the load to find.
                return Plan.saved(planned)
            planned.clear()
            seconds = time.monotonic() - began
            planned.commit({"parts": 0, "repetition": True, "origin": origin, "seconds": seconds})
            return None
        return _plan(connection, normalized, planned, dump, origin, report)


def _plan(
    connection: Connection, normalized: Parts, planned: Parts, dump: Dump, origin: dict[str, str], report: Report
) -> Plan:
    """Make the plan within the open transaction, and keep it."""
    began, records = time.monotonic(), normalized.manifest()["rows"]["records"]

    def tell(doing: str, done: int, of: int) -> None:
        report(Progress("deduplicate", doing, records, done, of))

    with planned.making():
        plan = make_plan(connection, normalized, planned, dump, tell)
        plan.save({"repetition": False, "origin": origin, "seconds": time.monotonic() - began})
        return plan


def _attempt(connection: Connection, planned: Parts, dump: Dump, origin: dict[str, str]) -> tuple[int, Counts] | None:
    """Version and counts of a load of this plan that went in without its process learning of it, if one did.

    That is one whose connection, server or process was lost between the commit and its answer.
    """
    manifest = planned.manifest_if_whole() or {}
    begun = manifest.get("begun")
    if not begun or manifest["origin"] != origin:
        return None
    return load_at(connection, dump, datetime.fromisoformat(begun))


def _of_a_crawl(passed_over: Mapping[str, int]) -> str:
    """Why a crawl ends nothing, and what was passed over in it; empty where nothing was."""
    return f"a crawl is never known to be whole; {passed_over_in_words(passed_over)}" if passed_over else ""


@dataclass(frozen=True)
class Outcome:
    """What a load did, and whether it was a mere repetition."""

    counts: Counts
    warehouse_version: int
    is_repetition: bool


class _CameMeanwhileError(Exception):
    """Another run has brought the very dump since it was planned."""


@bounded_memory()
def load(url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump, report: Report = silent) -> Outcome:
    """Load a planned dump in one transaction. Raises what psycopg2 raises, and then nothing has changed.

    Of a dump that the warehouse holds already only the bookkeeping says that it came again. Where an earlier try went
    in without learning of it, that is the load, and nothing is done.
    """
    with raw.locked():
        dump = _as_extracted(raw, dump)
        if planned.manifest()["origin"] != _origin(raw, normalized, dump):
            # The frames have been made anew since the plan was.
            _deduplicate(url, raw, normalized, planned, dump, report)
        return _load(url, raw, normalized, planned, dump, report)


def _load(url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump, report: Report) -> Outcome:
    extracted, rows, plan = raw.manifest(), normalized.manifest(), planned.manifest()
    seconds = {"extract": extracted["seconds"], "normalize": rows["seconds"], "deduplicate": plan["seconds"]}

    def notify(doing: str) -> None:
        report(Progress("load", doing, extracted["documents"] + extracted["quarantined"], 0, 0))

    if plan["repetition"]:
        with connect(url) as connection, load_lock(connection, notify), connection:
            if is_loaded(connection, dump, extracted["sha256"], extracted["versions"], ICU_VERSION):
                version, counts = repeat_load(connection, dump, extracted["said_to_be"], seconds, datetime.now(UTC))
                return Outcome(counts, version, is_repetition=True)
        # Since the plan another run has brought other bytes under this name: it is a repetition no more.
        _deduplicate(url, raw, normalized, planned, dump, report)
        return _load(url, raw, normalized, planned, dump, report)
    file = DumpFile(
        said_to_be=extracted["said_to_be"],
        path=extracted["path"],
        sha256=extracted["sha256"],
        bytes=extracted["bytes"],
        rules_version=extracted["versions"],
        icu_version=ICU_VERSION,
        records_read=extracted["documents"] + extracted["quarantined"],
        deletions=extracted["deletions"],
        records_repeated=rows["rows"]["repeated"],
        records_quarantined=extracted["quarantined"],
        value_cuts=extracted["value_cuts"],
        missing=extracted["missing"] or _of_a_crawl(extracted["passed_over"]),
        given_keys=GivenKeys.of_json(rows["given_keys"]),
        seconds=seconds,
    )

    def quarantined() -> Iterator[pa.Table]:
        return (table for _, table in raw.tables("quarantined"))

    def keep_books(
        connection: Connection, delivery: Delivery, plan: Plan, now: datetime, began: float
    ) -> tuple[int, Counts]:
        kept = record_load(connection, delivery, plan, dump, file, quarantined, now, began)
        # The last thing before the commit, whose answer may be lost: by its moment the load is found again.
        planned.commit(planned.manifest() | {"begun": now.isoformat()})
        return kept

    def plan_anew(connection: Connection) -> Plan:
        if is_loaded(connection, dump, extracted["sha256"], extracted["versions"], ICU_VERSION):
            raise _CameMeanwhileError
        return _plan(connection, normalized, planned, dump, plan["origin"], report)

    try:
        with connect(url) as connection:
            if before := _attempt(connection, planned, dump, plan["origin"]):
                version, counts = before
                planned.commit(plan | {"begun": ""})
                return Outcome(counts, version, is_repetition=False)
            connection.rollback()
            loaded = load_dump(connection, normalized, Plan.saved(planned), plan_anew, dump, keep_books, notify)
    except _CameMeanwhileError:
        _deduplicate(url, raw, normalized, planned, dump, report)
        return _load(url, raw, normalized, planned, dump, report)
    planned.commit(planned.manifest() | {"begun": ""})
    return Outcome(loaded.counts, loaded.warehouse_version, is_repetition=False)
