"""The first stage: a dump is read into frames, and what cannot be read is set aside."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.folding import ICU_VERSION
from pipelines.memory import bounded_memory
from pipelines.normalize.content_hash import RULES_VERSION
from pipelines.parts import Parts
from pipelines.readers.chunks import Chunk, Unreadable, quarantine_table
from pipelines.readers.lessons import Lesson
from pipelines.readers.places import Place
from pipelines.readers.reading import DumpError, Reading
from pipelines.readers.registry import READERS_VERSION, dump_bytes, fingerprint, parse_chunk, read_chunks
from pipelines.readers.second_look import COLUMNS, is_uncut, learn, look_again
from pipelines.readers.staff_cut import MARKS
from pipelines.records import FRAMES_VERSION, RAW_RECORDS
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
def extract(dump: Place, kind: str, parts: Parts, report: Report = silent) -> dict[str, Any]:
    """Read a dump into the frames ``records`` (RAW_RECORDS) and ``quarantined`` (QUARANTINED); returns the manifest.

    ``kind`` is ``full`` or ``delta``. A dump of which anything is in quarantine counts as a delta, whatever it was
    said to be (``kind`` and ``said_to_be`` in the manifest): what could not be read is not missing, and must not end.

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
            now = found | _kind(kind, found["quarantined"]) | {"path": _where(dump)}
            if now != found:
                parts.commit(now)
            return {**now, "reused": True}
        return _extract(dump, kind, sha256, total, parts, report)


def _refuse_to_end_all(dump: Place, kind: str, found: int) -> None:
    """Refuse a full dump in which nothing was found: an export that came out empty is no catalogue that has ended."""
    if kind == "full" and not found:
        raise DumpError(
            f"{dump}: a full dump without any record would end the whole catalogue, so nothing was done; "
            "look at the export, or ingest the dump with --kind delta"
        )


def _where(dump: Place) -> str:
    """The place of a dump for the books, which another process may read it from."""
    return str(dump.absolute() if isinstance(dump, Path) else dump)


def _kind(said_to_be: str, quarantined: int) -> dict[str, str]:
    return {"kind": "delta" if quarantined else said_to_be, "said_to_be": said_to_be}


def _extract(
    dump: Place, kind: str, sha256: str | None, total: int | None, parts: Parts, report: Report
) -> dict[str, Any]:
    began = time.monotonic()
    parts.clear()
    reading = Reading(fingerprint=sha256 is None)
    splitter = _Splitter(dump, parts, reading)
    documents = quarantined = 0
    cuts = _Cuts()
    with workers(inline=total is not None and is_small(total)) as mapped:
        for outcome in mapped(partial(_extract_chunk, parts), splitter.chunks()):
            documents += outcome.documents
            quarantined += outcome.quarantined
            cuts.add(outcome)
            report(Progress("extract", "reading", documents + quarantined, outcome.bytes_read, total or 0))
        if cuts.uncut_parts:
            cuts = _look_again(parts, splitter.parts_written, cuts, mapped)
    quarantined += splitter.quarantined
    if sha256 is None:
        sha256 = reading.fingerprint
    elif _fingerprint(dump, total, report) != sha256:
        raise DumpError(f"{dump}: the dump changed while it was read; ingest it again")
    _refuse_to_end_all(dump, kind, documents + quarantined)
    manifest = {
        **_kind(kind, quarantined),
        "parts": splitter.parts_written,
        "documents": documents,
        "quarantined": quarantined,
        "authors_cut": cuts.authors,
        "value_cuts": cuts.by_field(),
        "bytes": reading.bytes_read,
        "path": _where(dump),
        "sha256": sha256,
        "versions": VERSIONS,
        "seconds": time.monotonic() - began,
    }
    parts.commit(manifest)
    return manifest


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
        self.parts_written = self.quarantined = 0

    def chunks(self) -> Iterator[tuple[int, Chunk]]:
        for item in read_chunks(self._dump, reading=self._reading):
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
    part: int
    documents: int
    quarantined: int
    bytes_read: int
    authors_cut: Counter[str]
    fields_cut: Counter[str]
    is_uncut: bool


def _extract_chunk(parts: Parts, numbered: tuple[int, Chunk]) -> _Extracted:
    """Parse one chunk and write its two frames; runs in a worker."""
    part, chunk = numbered
    batch = parse_chunk(chunk)
    parts.write("records", part, batch.documents)
    parts.write("quarantined", part, batch.quarantined)
    return _extracted(part, batch.documents, batch.quarantined.num_rows, chunk.bytes_read)


def _extracted(part: int, documents: pa.Table, quarantined: int, bytes_read: int) -> _Extracted:
    authors = Counter(documents.column("author_cut").drop_null().to_pylist())
    fields = Counter(pc.list_flatten(documents.column("field_cuts")).to_pylist())
    return _Extracted(part, documents.num_rows, quarantined, bytes_read, authors, fields, is_uncut(documents))


@dataclass
class _Cuts:
    """How run-together values were cut: records by their authors, `field mark` by fields, and parts with more to do."""

    authors: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(MARKS, 0)))
    fields: Counter[str] = field(default_factory=Counter)
    uncut_parts: list[int] = field(default_factory=list)

    def add(self, outcome: _Extracted) -> None:
        self.authors.update(outcome.authors_cut)
        self.fields.update(outcome.fields_cut)
        if outcome.is_uncut:
            self.uncut_parts.append(outcome.part)

    def by_field(self) -> dict[str, dict[str, int]]:
        """Fields in order, each with how many records have it cut so."""
        found: dict[str, dict[str, int]] = {}
        for cut, count in sorted(self.fields.items()):
            name, mark = cut.rsplit(" ", 1)
            found.setdefault(name, {})[mark] = count
        return found


def _look_again(parts: Parts, count: int, before: _Cuts, mapped: Callable[..., Iterator[Any]]) -> _Cuts:
    """Cut what the records alone could not, by what the whole dump teaches; the lesson is a frame for the workers."""
    lesson = Lesson.added(mapped(partial(_learn_part, parts), range(count)))
    parts.write("lesson", 0, lesson.table())
    written = time.monotonic_ns()
    counts = _Cuts(before.authors.copy(), before.fields.copy())
    for old, new in mapped(partial(_cut_part, parts, written), before.uncut_parts):
        counts.authors.subtract(old.authors_cut)
        counts.fields.subtract(old.fields_cut)
        counts.add(new)
    counts.fields = +counts.fields
    return counts


def _learn_part(parts: Parts, part: int) -> Lesson:
    return learn(parts.read("records", part, COLUMNS))


@lru_cache(maxsize=1)
def _lesson(parts: Parts, written: int) -> Lesson:
    """The lesson of a dump, read once a process; ``written`` tells it from that of an earlier reading."""
    return Lesson.from_table(parts.read("lesson", 0))


def _cut_part(parts: Parts, written: int, part: int) -> tuple[_Extracted, _Extracted]:
    """Cut the values of one part again; how they were cut before, and how now. Runs in a worker."""
    documents = parts.read("records", part)
    cut = look_again(documents, _lesson(parts, written))
    parts.write("records", part, cut)
    return _extracted(part, documents, 0, 0), _extracted(part, cut, 0, 0)
