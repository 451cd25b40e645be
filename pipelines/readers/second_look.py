"""A second look at pages as text: values that the record alone could not cut, cut by what the whole dump teaches.

First every part of a dump is read by itself. Where anything stayed uncut, :func:`learn` takes from each part what is
sure, the lessons are added up, and :func:`look_again` cuts with their sum. What comes out depends neither on the order
of the files nor on how the dump was divided; a lesson is of bounded size. :func:`read_batches` does it all for a dump.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.folding import fold
from pipelines.readers.answers import Completeness
from pipelines.readers.author_cut import author_parts
from pipelines.readers.chunks import Batch, Unreadable, quarantine_table
from pipelines.readers.lessons import Lesson
from pipelines.readers.name_cut import Evidence, NameModel, count_heading, count_uncut
from pipelines.readers.places import Place, StandardInput
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.staff_cut import CREDITS, least_sure
from pipelines.readers.value_cut import VOCABULARY_FIELDS, ValueModel, count_value
from pipelines.records import RAW_RECORDS

#: What is read of a document to learn from it or to cut it.
COLUMNS: Final = (
    "author_cut", "field_cuts", "shown_counts", "author_sort", "title", "title_full", "work_keys_str_mv",
    "author_facet", *CREDITS, *VOCABULARY_FIELDS,
)  # fmt: skip
_CHANGED: Final = ("author_cut", "field_cuts", "author_facet", *CREDITS, *VOCABULARY_FIELDS)
_ROWS_AT_ONCE: Final = 4096
_UNCUT: Final = " uncut"


def is_uncut(documents: pa.Table) -> bool:
    """Whether a table of schema RAW_RECORDS has values that a second look may cut."""
    marks = pc.list_flatten(documents.column("field_cuts"))
    return bool(pc.any(pc.ends_with(marks, _UNCUT)).as_py())


def learn(documents: pa.Table) -> Lesson:
    """What the documents (RAW_RECORDS, or their COLUMNS) teach for sure, of names and of other values."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for batch in documents.select(COLUMNS).to_batches(max_chunksize=_ROWS_AT_ONCE):
        for row in batch.to_pylist():
            marks, shown = _pairs(row["field_cuts"]), _pairs(row["shown_counts"])
            for name in CREDITS:
                headings = row[name] or ()
                if marks.get(name, "exact") == "exact":
                    for heading in filter(None, headings):
                        count_heading(seen, heading)
                else:
                    count_uncut(seen, " ".join(headings), _first(row, name), _number(shown.get(name)))
            for name in VOCABULARY_FIELDS:
                values = [value for value in row[name] or () if value]
                if marks.get(name) == "uncut":
                    count_value(seen, name, values[0])
                else:
                    seen[f"alone in {name}"].update(values)
    return Lesson.of(seen)


def look_again(documents: pa.Table, lesson: Lesson) -> pa.Table:
    """The documents (RAW_RECORDS) with what the lesson cuts, marked `inferred`; all else as it was."""
    names, values = NameModel(lesson), ValueModel(lesson)
    rows = []
    for batch in documents.select(COLUMNS).to_batches(max_chunksize=_ROWS_AT_ONCE):
        rows += [_look_again(row, names, values) for row in batch.to_pylist()]
    changed = pa.Table.from_pylist(rows, schema=pa.schema([RAW_RECORDS.field(name) for name in _CHANGED]))
    for name in _CHANGED:
        documents = documents.set_column(documents.column_names.index(name), RAW_RECORDS.field(name), changed[name])
    return documents


def read_batches(
    dump: Place, chunk_bytes: int = 32 << 20, completeness: Completeness | None = None
) -> Iterator[Batch | Unreadable]:
    """What a dump holds, batch by batch, as cut as it can be; a dump with values left uncut is read a second time.

    ``completeness`` is told what servers and crawls say of the dump. Standard input, which can be read but once, is
    held on disk from the first such value on.

    Raises :class:`~pipelines.readers.reading.DumpError` as :func:`~pipelines.readers.registry.read_chunks` does.
    """
    completeness = completeness or Completeness()
    if isinstance(dump, StandardInput):
        yield from _read_once(dump, chunk_bytes, completeness)
        return
    lesson: Lesson | None = None
    for chunk in read_chunks(dump, chunk_bytes):
        if isinstance(chunk, Unreadable):
            yield chunk
            continue
        completeness.add_all(chunk.answers)
        batch = parse_chunk(chunk)
        if is_uncut(batch.documents):
            lesson = lesson or lesson_of(dump, chunk_bytes)
            batch = Batch(look_again(batch.documents, lesson), batch.quarantined)
        yield batch


def _read_once(dump: StandardInput, chunk_bytes: int, completeness: Completeness) -> Iterator[Batch | Unreadable]:
    lesson = Lesson.of({})
    nothing = quarantine_table([])
    with tempfile.TemporaryFile() as file:
        writer: Any = None
        for chunk in read_chunks(dump, chunk_bytes):
            if isinstance(chunk, Unreadable):
                yield chunk
                continue
            completeness.add_all(chunk.answers)
            batch = parse_chunk(chunk)
            lesson = Lesson.added([lesson, learn(batch.documents)])
            if writer is None and is_uncut(batch.documents):
                writer = pa.ipc.new_stream(file, RAW_RECORDS)
            if writer is None:
                yield batch
            else:
                writer.write_table(batch.documents)
                yield Batch(RAW_RECORDS.empty_table(), batch.quarantined)
        if writer is None:
            return
        writer.close()
        file.seek(0)
        for held in pa.ipc.open_stream(file):
            yield Batch(look_again(pa.Table.from_batches([held]), lesson), nothing)


def lesson_of(dump: Place, chunk_bytes: int = 32 << 20) -> Lesson:
    """What a dump that can be read more than once teaches as a whole. Raises as :func:`read_batches` does."""
    chunks = (chunk for chunk in read_chunks(dump, chunk_bytes) if not isinstance(chunk, Unreadable))
    return Lesson.added(learn(parse_chunk(chunk).documents) for chunk in chunks)


def _look_again(row: dict[str, Any], names: NameModel, values: ValueModel) -> dict[str, Any]:
    marks = _pairs(row["field_cuts"])
    if "uncut" in marks.values():
        _cut_names(row, marks, names)
        for name in VOCABULARY_FIELDS:
            if marks.get(name) == "uncut" and (found := values.cut(name, " ".join(row[name]))):
                row[name], marks[name] = found, "inferred"
        row["field_cuts"] = [f"{name} {mark}" for name, mark in marks.items()]
        row["author_cut"] = least_sure(marks[name] for name in CREDITS if name in marks)
    return {name: row[name] for name in _CHANGED}


def _cut_names(row: dict[str, Any], marks: dict[str, str], names: NameModel) -> None:
    shown = _pairs(row["shown_counts"])
    parts = frozenset(author_parts([key for key in row["work_keys_str_mv"] or () if key]))
    present = [name for name in CREDITS if row[name]]
    texts = {name: " ".join(row[name]) for name in present}
    for name in present:
        if marks.get(name) != "uncut":
            continue
        evidence = Evidence(
            first=_first(row, name),
            shown=_number(shown.get(name)),
            title=row["title_full"] or row["title"] or "",
            has_key=(lambda heading: fold(heading) in parts) if parts else None,
        )
        if headings := names.cut(texts[name], evidence):
            row[name], marks[name] = headings, "inferred"
    if marks.get("author_facet") == "uncut":
        facet = " ".join(row["author_facet"])
        if facet == " ".join(texts.values()):
            row["author_facet"] = [heading for name in present for heading in row[name]]
            marks["author_facet"] = least_sure(marks[name] for name in present if name in marks) or "uncut"
        elif headings := names.cut(facet, Evidence(first=_first(row, "author") if "author" in present else "")):
            row["author_facet"], marks["author_facet"] = headings, "inferred"


def _first(row: Mapping[str, Any], name: str) -> str:
    """The heading that a field begins with: `author_sort`, of the field that comes first."""
    of_author = name == "author" or not any(row[other] for other in CREDITS if other != name)
    return row["author_sort"] or "" if of_author else ""


def _pairs(marked: list[str] | None) -> dict[str, str]:
    return dict(one.rsplit(" ", 1) for one in marked or ())


def _number(text: str | None) -> int | None:
    return int(text) if text else None
