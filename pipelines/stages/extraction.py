"""The first stage: a dump is read into frames, and what cannot be read is set aside."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.folding import ICU_VERSION
from pipelines.memory import bounded_memory
from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import one_array
from pipelines.normalize.content_hash import RULES_VERSION
from pipelines.parts import Parts
from pipelines.readers.answers import Completeness
from pipelines.readers.chunks import Chunk, Unreadable, quarantine_table
from pipelines.readers.deletions import apart
from pipelines.readers.formats import READERS_VERSION
from pipelines.readers.marc_local import lost_characters
from pipelines.readers.places import Place, written
from pipelines.readers.reading import DumpError, Reading
from pipelines.readers.registry import dump_bytes, fingerprint, parse_chunk, read_chunks
from pipelines.records import FRAMES_VERSION, RAW_RECORDS
from pipelines.stages.cuts import Cuts, cut_again
from pipelines.stages.progress import Progress, Report, silent
from pipelines.workers import is_small, workers
from pipelines.works.deduplicate import MATCHING_VERSION

#: Everything that decides what a dump becomes; a dump read by other rules is read again.
VERSIONS: Final = (
    f"frames {FRAMES_VERSION}, readers {READERS_VERSION}, normalize {RULES_VERSION}, "
    f"matching {MATCHING_VERSION}, ICU {ICU_VERSION}"
)

#: Unreadable files of a dump that are held in memory, at most a megabyte of each.
UNREAD_A_PART: Final = 64


@bounded_memory()
def extract(
    dump: Place, kind: str, parts: Parts, report: Report = silent, *, may_shrink: bool = False
) -> dict[str, Any]:
    """Read a dump into the frames ``records`` (RAW_RECORDS) and ``quarantined`` (QUARANTINED); returns the manifest.

    ``kind`` is ``full`` or ``delta``. A dump of which anything is in quarantine, and one that is not the whole of what
    a server had to give (``missing`` in the manifest says why, empty for none), counts as a delta, whatever it was
    said to be (``kind`` and ``said_to_be``): what could not be read, or was not asked for, must not end. So does a
    crawl, in which things are passed over (``passed_over`` in the manifest, by kind): none is known to be whole.
    ``other_kinds`` counts by kind the records of MARC that are no bibliographic ones, which are passed over.
    ``lost_characters`` counts the records of MARC that are not all there, as their encoding is not what they say,
    ``lacking_staff_view`` the pages that show no staff view, ``without_title`` the records that have no title.
    ``may_shrink`` says that a person allows a full dump to end as much as it does.

    Raises :class:`~pipelines.readers.registry.DumpError` where there is no such dump, it holds nothing, it is a full
    one without any record, or it changed while it was read.
    """
    with parts.locked():
        total = dump_bytes(dump)
        # What comes over a network, or can be read but once, is read once; its frames are then always made anew.
        sha256 = _fingerprint(dump, total, report) if isinstance(dump, Path) else None
        found = parts.manifest_if_whole()
        if found and (found["sha256"], found["versions"]) == (sha256, VERSIONS):
            _refuse_to_end_all(dump, kind, found["documents"] + found["quarantined"])
            said = {"path": written(dump), "may_shrink": may_shrink}
            now = found | _kind(kind, found["quarantined"], found["missing"], found["passed_over"]) | said
            if now != found:
                parts.commit(now)
            return {**now, "reused": True}
        with parts.making():
            return _extract(dump, kind, may_shrink, sha256, total, parts, report)


def _refuse_to_end_all(dump: Place, kind: str, found: int) -> None:
    """Refuse a full dump in which nothing was found: an export that came out empty is no catalogue that has ended."""
    if kind == "full" and not found:
        raise DumpError(
            f"{dump}: a full dump without any record would end the whole catalogue, so nothing was done; "
            "look at the export, or ingest the dump with --kind delta"
        )


def _kind(said_to_be: str, quarantined: int, missing: str, passed_over: Mapping[str, int]) -> dict[str, str]:
    is_in_part = quarantined or missing or passed_over
    return {"kind": "delta" if is_in_part else said_to_be, "said_to_be": said_to_be}


def _different_records(parts: Parts, count: int) -> int:
    """How many ids the records of the first ``count`` parts have: 8 bytes a record are held."""
    ids = [text_hashes(one_array(parts.read("records", part, ["id"]).column("id"))) for part in range(count)]
    return len(np.unique(np.concatenate([np.empty(0, np.int64), *ids])))


def _extract(
    dump: Place, kind: str, may_shrink: bool, sha256: str | None, total: int | None, parts: Parts, report: Report
) -> dict[str, Any]:
    began = time.monotonic()
    # Of very many small files it takes its time before the first of them are together.
    report(Progress("extract", "reading", 0, 0, 0))
    reading = Reading(fingerprint=sha256 is None)
    splitter = _Splitter(dump, parts, reading)
    documents = deletions = quarantined = lost = lacking = untitled = 0
    other_kinds: Counter[str] = Counter()
    cuts = Cuts()
    with workers(inline=total is not None and is_small(total)) as mapped:
        for outcome in mapped(partial(_extract_chunk, parts), splitter.chunks()):
            documents += outcome.documents
            deletions += outcome.deletions
            quarantined += outcome.quarantined
            lost += outcome.lost_characters
            lacking += outcome.lacking_staff_view
            untitled += outcome.without_title
            other_kinds += outcome.other_kinds
            cuts.add(outcome.cuts)
            report(_progress(documents + quarantined, outcome.bytes_read, total or 0))
        if cuts.uncut_parts:

            def tell(done: int, of: int) -> None:
                report(Progress("extract", "cutting by the whole dump", documents, done, of))

            cuts = cut_again(parts, splitter.parts_written, cuts, mapped, tell)
    quarantined += splitter.quarantined
    if sha256 is None:
        sha256 = reading.fingerprint
    elif _fingerprint(dump, total, report) != sha256:
        raise DumpError(f"{dump}: the dump changed while it was read; ingest it again")
    _refuse_to_end_all(dump, kind, documents + quarantined)

    def different_records() -> int:
        # A server counts those of all kinds.
        return _different_records(parts, splitter.parts_written) + other_kinds.total()

    missing = splitter.completeness.missing(different_records)
    passed_over = dict(splitter.completeness.passed_over)
    manifest = {
        **_kind(kind, quarantined, missing, passed_over),
        "may_shrink": may_shrink,
        "parts": splitter.parts_written,
        "documents": documents,
        "deletions": deletions,
        "quarantined": quarantined,
        "other_kinds": other_kinds,
        "lost_characters": lost,
        "lacking_staff_view": lacking,
        "without_title": untitled,
        "missing": missing,
        "passed_over": passed_over,
        "skipped": splitter.completeness.skipped,
        "named": splitter.completeness.named,
        "authors_cut": cuts.authors,
        "value_cuts": cuts.by_field(),
        "bytes": reading.bytes_read,
        "path": written(dump),
        "sha256": sha256,
        "versions": VERSIONS,
        "seconds": time.monotonic() - began,
    }
    parts.commit(manifest)
    return manifest


def _progress(records: int, taken: int, total: int) -> Progress:
    """How far the reading is, by the bytes taken of the file.

    Once all are taken there may be much to do (Parquet and archives of harvests are kept whole before they are read),
    and how much is not known: it does not stand at 100 %.
    """
    if total and taken >= total:
        return Progress("extract", "reading the rest", records, 0, 0)
    return Progress("extract", "reading", records, taken, total)


def _fingerprint(dump: Place, total: int | None, report: Report) -> str:
    """The fingerprint of a dump, with the progress of taking it."""
    return fingerprint(dump, lambda done: report(Progress("extract", "checking", 0, done, total or 0)))


class _Splitter:
    """Numbers the chunks of a dump; what belongs to none goes into parts of its own, as it comes.

    That is a file of no known format, or the torn end of another.
    """

    def __init__(self, dump: Place, parts: Parts, reading: Reading) -> None:
        self._dump, self._parts, self._reading = dump, parts, reading
        self._unread: list[Unreadable] = []
        self.completeness = Completeness()
        self.parts_written = self.quarantined = 0

    def chunks(self) -> Iterator[tuple[int, Chunk]]:
        for item in read_chunks(self._dump, reading=self._reading):
            if isinstance(item, Unreadable):
                self._unread.append(item)
                if len(self._unread) >= UNREAD_A_PART:
                    self._write_unread()
            else:
                self.completeness.add_all(item.answers)
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
    deletions: int
    quarantined: int
    bytes_read: int
    other_kinds: Counter[str]
    lost_characters: int
    lacking_staff_view: int
    without_title: int
    cuts: Cuts


def _extract_chunk(parts: Parts, numbered: tuple[int, Chunk]) -> _Extracted:
    """Parse one chunk and write its two frames; runs in a worker."""
    part, chunk = numbered
    batch = parse_chunk(chunk)
    parts.write("records", part, batch.documents)
    parts.write("quarantined", part, batch.quarantined)
    documents, deletions = apart(batch.documents)
    return _Extracted(
        documents.num_rows,
        deletions.num_rows,
        batch.quarantined.num_rows,
        chunk.bytes_read,
        batch.other_kinds,
        lost_characters(batch.documents.column("extra")),
        len(batch.documents) - batch.documents.column("staff_view").null_count,
        documents.column("title").null_count,
        Cuts.of(part, batch.documents),
    )
