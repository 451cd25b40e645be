"""The road of a dump, stage by stage: extract, normalize, deduplicate, load.

Plain functions over :class:`~pipelines.parts.Parts`; Dagster's assets call them and report. A stage
whose input and rules have not changed since it last ended is not run again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.folding import ICU_VERSION
from pipelines.memory import bounded_memory
from pipelines.normalize.content_hash import RULES_VERSION
from pipelines.normalize.documents import normalize_documents
from pipelines.parts import Parts, PartsError
from pipelines.readers.chunks import Chunk, Unreadable, quarantine_table
from pipelines.readers.registry import READERS_VERSION, DumpError, dump_bytes, dump_files, parse_chunk, read_chunks
from pipelines.records import FRAMES_VERSION, RAW_RECORDS, RECORD_MATCHING_KEYS
from pipelines.violations import violations
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import connect, load_lock
from pipelines.warehouse.history import Counts, DumpFile, is_loaded, repeat_load
from pipelines.warehouse.load import load_dump
from pipelines.warehouse.plan import Plan, hold_still
from pipelines.warehouse.planning import make_plan
from pipelines.workers import workers
from pipelines.works.deduplicate import MATCHING_VERSION
from pipelines.works.given_work_keys import GivenKeys, check_given_keys
from pipelines.works.match_records import matched_identifiers
from pipelines.works.matching_keys import matching_keys
from pipelines.works.work_keys import record_work_keys

#: Everything that decides what a dump becomes; a dump read by other rules is read again.
VERSIONS: Final = (
    f"frames {FRAMES_VERSION}, readers {READERS_VERSION}, normalize {RULES_VERSION}, "
    f"matching {MATCHING_VERSION}, ICU {ICU_VERSION}"
)

#: Dumps below this size are not worth starting processes for.
SMALL_DUMP: Final = 4 << 20

#: Unreadable files of a dump that are held in memory, at most a megabyte of each.
UNREAD_A_PART: Final = 64


@dataclass(frozen=True)
class Progress:
    """How far a stage is. ``total`` is in the unit of ``done`` (bytes or parts), 0 where it is not known."""

    stage: str
    doing: str
    records: int
    done: int
    total: int


Report = Callable[[Progress], None]


def _silent(_: Progress) -> None:
    """Report nothing."""


def fingerprint(dump: Path) -> str:
    """SHA-256 over the names and bytes of a dump's files. Raises DumpError where it cannot be read."""
    digest = hashlib.sha256()
    for path, name in dump_files(dump):
        digest.update(f"{name}\x1f{path.stat().st_size}\x1f".encode(errors="surrogateescape"))
        with path.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


@bounded_memory()
def extract(dump: Path, kind: str, parts: Parts, report: Report = _silent) -> dict[str, Any]:
    """Read a dump into the frames ``records`` (RAW_RECORDS) and ``quarantined`` (QUARANTINED); returns the manifest.

    ``kind`` is ``full`` or ``delta``. A dump of which anything is in quarantine counts as a delta, whatever it was
    said to be (``kind`` and ``said_to_be`` in the manifest): what could not be read is not missing, and must not end.

    Raises :class:`~pipelines.readers.registry.DumpError` where there is no such dump, it holds nothing, it is a full
    one without any record, or it changed while it was read.
    """
    with parts.locked():
        sha256 = fingerprint(dump)
        found = parts.manifest_if_whole()
        if found and (found["sha256"], found["versions"]) == (sha256, VERSIONS):
            _refuse_to_end_all(dump, kind, found["documents"] + found["quarantined"])
            now = found | _kind(kind, found["quarantined"]) | {"path": str(dump.absolute())}
            if now != found:
                parts.commit(now)
            return {**now, "reused": True}
        return _extract(dump, kind, sha256, parts, report)


def _refuse_to_end_all(dump: Path, kind: str, found: int) -> None:
    """Refuse a full dump in which nothing was found: an export that came out empty is no catalogue that has ended."""
    if kind == "full" and not found:
        raise DumpError(
            f"{dump}: a full dump without any record would end the whole catalogue, so nothing was done; "
            "look at the export, or ingest the dump with --kind delta"
        )


def _kind(said_to_be: str, quarantined: int) -> dict[str, str]:
    return {"kind": "delta" if quarantined else said_to_be, "said_to_be": said_to_be}


def _extract(dump: Path, kind: str, sha256: str, parts: Parts, report: Report) -> dict[str, Any]:
    began, total = time.monotonic(), dump_bytes(dump)
    parts.clear()
    splitter = _Splitter(dump, parts)
    documents = quarantined = 0
    authors_cut = {"exact": 0, "uncut": 0}
    with workers(inline=total < SMALL_DUMP) as mapped:
        for outcome in mapped(partial(_extract_chunk, parts), splitter.chunks()):
            documents += outcome.documents
            quarantined += outcome.quarantined
            for how, count in outcome.authors_cut.items():
                authors_cut[how] += count
            report(Progress("extract", "reading", documents + quarantined, outcome.bytes_read, total))
    quarantined += splitter.quarantined
    if fingerprint(dump) != sha256:
        raise DumpError(f"{dump}: the dump changed while it was read; ingest it again")
    _refuse_to_end_all(dump, kind, documents + quarantined)
    manifest = {
        **_kind(kind, quarantined),
        "parts": splitter.parts_written,
        "documents": documents,
        "quarantined": quarantined,
        "authors_cut": authors_cut,
        "bytes": total,
        "path": str(dump.absolute()),
        "sha256": sha256,
        "versions": VERSIONS,
        "seconds": time.monotonic() - began,
    }
    parts.commit(manifest)
    return manifest


class _Splitter:
    """Numbers the chunks of a dump; what belongs to none goes into parts of its own, as it comes.

    That is a file of no known format, or the torn end of another.
    """

    def __init__(self, dump: Path, parts: Parts) -> None:
        self._dump, self._parts = dump, parts
        self._unread: list[Unreadable] = []
        self.parts_written = self.quarantined = 0

    def chunks(self) -> Iterator[tuple[int, Chunk]]:
        for item in read_chunks(self._dump):
            if isinstance(item, Unreadable):
                self._unread.append(item)
                if len(self._unread) >= UNREAD_A_PART:
                    self._write_unread()
            else:
                self.parts_written += 1
                yield self.parts_written - 1, item
        self._write_unread()

    def _write_unread(self) -> None:
        self._parts.write("records", self.parts_written, RAW_RECORDS.empty_table())
        self._parts.write("quarantined", self.parts_written, quarantine_table(self._unread))
        self.parts_written += 1
        self.quarantined += len(self._unread)
        self._unread.clear()


@dataclass(frozen=True)
class _Extracted:
    documents: int
    quarantined: int
    authors_cut: dict[str, int]
    bytes_read: int


def _extract_chunk(parts: Parts, numbered: tuple[int, Chunk]) -> _Extracted:
    """Parse one chunk and write its two frames; runs in a worker."""
    part, chunk = numbered
    batch = parse_chunk(chunk)
    parts.write("records", part, batch.documents)
    parts.write("quarantined", part, batch.quarantined)
    cuts = pc.value_counts(batch.documents.column("author_cut").drop_null()).to_pylist()
    return _Extracted(
        batch.documents.num_rows,
        batch.quarantined.num_rows,
        {each["values"]: each["counts"] for each in cuts},
        chunk.bytes_read,
    )


#: Frames that a normalised dump consists of.
NORMALIZED_FRAMES: Final = (
    "records",
    "authors",
    "record_authors",
    "record_links",
    "record_identifiers",
    "record_work_keys",
    "record_matching_keys",
)


@bounded_memory()
def normalize(raw: Parts, normalized: Parts, source: str, report: Report = _silent) -> dict[str, Any]:
    """Normalise every part of an extracted dump into the frames NORMALIZED_FRAMES; returns the manifest."""
    with raw.locked():
        extracted = raw.manifest()
        origin = {"source": source, "sha256": extracted["sha256"], "versions": extracted["versions"]}
        found = normalized.manifest_if_whole()
        if found and all(found[key] == value for key, value in origin.items()):
            return {**found, "reused": True}
        return _normalize(raw, normalized, origin, report)


def _normalize(raw: Parts, normalized: Parts, origin: dict[str, str], report: Report) -> dict[str, Any]:
    began, extracted = time.monotonic(), raw.manifest()
    normalized.clear()
    rows = dict.fromkeys((*NORMALIZED_FRAMES, "repeated"), 0)
    wrong = {"repeated_keys": 0, "orphans": 0}
    given_keys = GivenKeys()
    task = partial(_normalize_part, raw, normalized, origin["source"], datetime.now(UTC).year)
    with workers(inline=extracted["bytes"] < SMALL_DUMP) as mapped:
        for done, (counts, found_wrong, found_given) in enumerate(mapped(task, range(extracted["parts"])), start=1):
            for name, count in counts.items():
                rows[name] += count
            for name, count in found_wrong.items():
                wrong[name] += count
            given_keys += found_given
            report(Progress("normalize", "normalising", rows["records"], done, extracted["parts"]))
    manifest = {
        **origin,
        "parts": extracted["parts"],
        "rows": rows,
        "violations": wrong,
        "given_keys": given_keys.as_json(),
        "seconds": time.monotonic() - began,
    }
    normalized.commit(manifest)
    return manifest


def _normalize_part(
    raw: Parts, normalized: Parts, source: str, this_year: int, part: int
) -> tuple[dict[str, int], dict[str, int], GivenKeys]:
    """Normalise one part and write its frames; runs in a worker.

    Returns the rows of each frame, what is wrong, and how the keys that records bring compare with each profile's.
    """
    documents = raw.read("records", part)
    frames = normalize_documents(documents, source, this_year)
    tables = {name: getattr(frames, name) for name in NORMALIZED_FRAMES if not name.endswith("_keys")}
    record_ids = frames.records.column("record_id")
    tables["record_work_keys"] = record_work_keys(frames.documents, record_ids)
    given_keys = check_given_keys(frames.documents, record_ids, tables["record_work_keys"])
    keys = matching_keys(frames.records, matched_identifiers(frames.record_identifiers))
    tables["record_matching_keys"] = keys.select(["record_id", "work_key_id"]).rename_columns(
        RECORD_MATCHING_KEYS.names
    )
    for name, table in tables.items():
        normalized.write(name, part, table)
    rows = {name: table.num_rows for name, table in tables.items()}
    return rows | {"repeated": frames.repeated}, violations(tables), given_keys


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
def deduplicate(url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump) -> Plan | None:
    """Work out what a normalised dump changes in the warehouse, and keep the plan.

    None where the warehouse holds this very dump already: same bytes, same rules, same kind. Whether it is full or
    a delta is for the extraction to say.
    """
    with raw.locked():
        return _deduplicate(url, raw, normalized, planned, _as_extracted(raw, dump))


def _as_extracted(raw: Parts, dump: Dump) -> Dump:
    return replace(dump, kind=raw.manifest()["kind"])


def _deduplicate(url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump) -> Plan | None:
    began, origin = time.monotonic(), _origin(raw, normalized, dump)
    # Other loads may end meanwhile: what is read piece by piece must be of one state, or it does not fit together.
    with connect(url, one_state=True) as connection, connection:
        hold_still(connection)
        if is_loaded(connection, dump, origin["sha256"], origin["versions"], ICU_VERSION):
            planned.clear()
            seconds = time.monotonic() - began
            planned.commit({"parts": 0, "repetition": True, "origin": origin, "seconds": seconds})
            return None
        return _plan(connection, normalized, planned, dump, origin)


def _plan(connection: Connection, normalized: Parts, planned: Parts, dump: Dump, origin: dict[str, str]) -> Plan:
    """Make the plan within the open transaction, and keep it."""
    began = time.monotonic()
    planned.clear()
    plan = make_plan(connection, normalized, planned, dump)
    plan.save({"repetition": False, "origin": origin, "seconds": time.monotonic() - began})
    return plan


@dataclass(frozen=True)
class Outcome:
    """What a load did, and whether it was a mere repetition."""

    counts: Counts
    warehouse_version: int
    is_repetition: bool


@bounded_memory()
def load(url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump, report: Report = _silent) -> Outcome:
    """Load a planned dump in one transaction. Raises what psycopg2 raises, and then nothing has changed.

    Of a dump that the warehouse holds already only the bookkeeping says that it came again.
    """
    with raw.locked():
        dump = _as_extracted(raw, dump)
        if planned.manifest()["origin"] != _origin(raw, normalized, dump):
            # The frames have been made anew since the plan was.
            _deduplicate(url, raw, normalized, planned, dump)
        return _load(url, raw, normalized, planned, dump, report)


def _load(url: URL, raw: Parts, normalized: Parts, planned: Parts, dump: Dump, report: Report) -> Outcome:
    extracted, rows, plan = raw.manifest(), normalized.manifest(), planned.manifest()
    seconds = {"extract": extracted["seconds"], "normalize": rows["seconds"], "deduplicate": plan["seconds"]}
    if plan["repetition"]:
        with connect(url) as connection, load_lock(connection), connection:
            if is_loaded(connection, dump, extracted["sha256"], extracted["versions"], ICU_VERSION):
                version, counts = repeat_load(connection, dump, seconds, datetime.now(UTC))
                return Outcome(counts, version, is_repetition=True)
        # Since the plan another run has brought other bytes under this name: it is a repetition no more.
        _deduplicate(url, raw, normalized, planned, dump)
        return _load(url, raw, normalized, planned, dump, report)
    file = DumpFile(
        path=extracted["path"],
        sha256=extracted["sha256"],
        bytes=extracted["bytes"],
        rules_version=extracted["versions"],
        icu_version=ICU_VERSION,
        records_read=extracted["documents"] + extracted["quarantined"],
        records_repeated=rows["rows"]["repeated"],
        records_quarantined=extracted["quarantined"],
        given_keys=GivenKeys.of_json(rows["given_keys"]),
        seconds=seconds,
    )

    def notify(doing: str) -> None:
        report(Progress("load", doing, file.records_read, 0, 0))

    def quarantined() -> Iterator[pa.Table]:
        return (table for _, table in raw.tables("quarantined"))

    def plan_anew(connection: Connection) -> Plan:
        return _plan(connection, normalized, planned, dump, plan["origin"])

    with connect(url) as connection:
        loaded = load_dump(connection, normalized, Plan.saved(planned), plan_anew, dump, file, quarantined, notify)
    return Outcome(loaded.counts, loaded.warehouse_version, is_repetition=False)
