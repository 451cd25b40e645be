"""A second look at pages as text: values that the record alone could not cut, cut by what the whole dump teaches.

First every part of a dump is read by itself. Where anything stayed uncut, :func:`learn` takes from each part what is
sure, the lessons are added up, and :func:`look_again` cuts with their sum. What comes out depends neither on the order
of the files nor on how the dump was divided; a lesson is of bounded size. :func:`read_batches` does it all for a dump.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.folding import fold
from pipelines.normalize.columns import one_array
from pipelines.readers.answers import Completeness
from pipelines.readers.author_cut import author_parts
from pipelines.readers.chunks import Batch, Unreadable, quarantine_table
from pipelines.readers.lessons import Lesson
from pipelines.readers.name_cut import Evidence, NameModel
from pipelines.readers.name_lessons import learn_headings, learn_words, sure_words
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
    headings: Counter[str] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    values: dict[str, Counter[str]] = defaultdict(Counter)
    for name in CREDITS:
        is_unsure = _is_marked(documents, name, "uncut", "inferred")
        headings.update(_counted(documents.column(name).filter(pc.invert(is_unsure))))
        for row in _rows(documents.select(COLUMNS).filter(is_unsure)):
            text, first = " ".join(row[name] or ()), _first(row, name)
            if first and (text == first or text.startswith(f"{first} ")):
                headings[first] += 1
            words.update(sure_words(text, _number(_pairs(row["shown_counts"]).get(name))))
    for name in VOCABULARY_FIELDS:
        uncut = _is_marked(documents, name, "uncut")
        values[f"alone in {name}"].update(_counted(documents.column(name).filter(pc.invert(uncut))))
        for text in pc.list_element(documents.column(name).filter(uncut), 0).drop_null().to_pylist():
            count_value(values, name, text)
    return Lesson.added([learn_headings(headings), learn_words(words), Lesson.of(values)])


def look_again(documents: pa.Table, lesson: Lesson) -> pa.Table:
    """The documents (RAW_RECORDS) with what the lesson cuts, marked `inferred`; all else as it was."""
    names, values = NameModel(lesson), ValueModel(lesson)
    uncut = _of_uncut(documents)
    rows = []
    for batch in documents.select(COLUMNS).filter(uncut).to_batches(max_chunksize=_ROWS_AT_ONCE):
        rows += _look_again(batch.to_pylist(), names, values)
    changed = pa.Table.from_pylist(rows, schema=pa.schema([RAW_RECORDS.field(name) for name in _CHANGED]))
    # Each row comes from where it was, or from those that were looked at again, which are put behind them.
    order = np.arange(documents.num_rows)
    order[uncut.to_numpy(zero_copy_only=False)] = documents.num_rows + np.arange(len(rows))
    for name in _CHANGED:
        column = pa.chunked_array([*documents.column(name).chunks, *changed.column(name).chunks]).take(order)
        documents = documents.set_column(documents.column_names.index(name), RAW_RECORDS.field(name), column)
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
            batch = replace(batch, documents=look_again(batch.documents, lesson))
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
                yield replace(batch, documents=RAW_RECORDS.empty_table())
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


def _look_again(rows: list[dict[str, Any]], names: NameModel, values: ValueModel) -> list[dict[str, Any]]:
    """The CHANGED of rows of which something is uncut."""
    marks = [_pairs(row["field_cuts"]) for row in rows]
    _cut_names(rows, marks, names)
    for row, marked in zip(rows, marks, strict=True):
        for name in VOCABULARY_FIELDS:
            if marked.get(name) == "uncut" and (found := values.cut(name, " ".join(row[name]))):
                row[name], marked[name] = found, "inferred"
        row["field_cuts"] = [f"{name} {mark}" for name, mark in marked.items()]
        row["author_cut"] = least_sure(marked[name] for name in CREDITS if name in marked)
    return [{name: row[name] for name in _CHANGED} for row in rows]


def _cut_names(rows: list[dict[str, Any]], marks: list[dict[str, str]], names: NameModel) -> None:
    """Cut the headings of rows in place; ``author_facet`` that holds the same ones is cut as these are."""
    asked: list[tuple[int, str]] = []
    texts: list[str] = []
    told: list[Evidence] = []
    copies: list[int] = []
    for number, (row, marked) in enumerate(zip(rows, marks, strict=True)):
        present = {name: " ".join(row[name]) for name in CREDITS if row[name]}
        for name, text in present.items():
            if marked.get(name) == "uncut":
                asked.append((number, name))
                texts.append(text)
                told.append(_evidence(row, name))
        if marked.get("author_facet") == "uncut":
            facet = " ".join(row["author_facet"])
            if facet == " ".join(present.values()):
                copies.append(number)
            else:
                asked.append((number, "author_facet"))
                texts.append(facet)
                told.append(Evidence(first=_first(row, "author") if "author" in present else ""))
    for (number, name), headings in zip(asked, names.cut(texts, told), strict=True):
        if headings:
            rows[number][name], marks[number][name] = headings, "inferred"
    for number in copies:
        row, marked = rows[number], marks[number]
        present_ones = [name for name in CREDITS if row[name]]
        row["author_facet"] = [heading for name in present_ones for heading in row[name]]
        marked["author_facet"] = least_sure(marked[name] for name in present_ones if name in marked) or "uncut"


def _evidence(row: Mapping[str, Any], name: str) -> Evidence:
    parts = frozenset(author_parts([key for key in row["work_keys_str_mv"] or () if key]))
    return Evidence(
        first=_first(row, name),
        shown=_number(_pairs(row["shown_counts"]).get(name)),
        title=row["title_full"] or row["title"] or "",
        has_key=(lambda heading: fold(heading) in parts) if parts else None,
    )


def _of_uncut(documents: pa.Table) -> pa.Array:
    """Which documents have any value that is uncut."""
    return _have_a_mark(documents, lambda marks: pc.ends_with(marks, _UNCUT))


def _is_marked(documents: pa.Table, name: str, *marks: str) -> pa.Array:
    """Which documents have one of these marks of a field."""
    wanted = pa.array([f"{name} {mark}" for mark in marks])
    return _have_a_mark(documents, lambda marked: pc.is_in(marked, wanted))


def _have_a_mark(documents: pa.Table, chosen: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Which documents have a `field mark` that is ``chosen``."""
    marked = one_array(documents.column("field_cuts"))
    found = np.zeros(documents.num_rows, np.bool_)
    found[pc.list_parent_indices(marked).filter(chosen(pc.list_flatten(marked))).to_numpy()] = True
    return pa.array(found)


def _counted(lists: pa.ChunkedArray) -> dict[str, int]:
    """The values of lists, and how often each stands there; empty ones are none."""
    counts = pc.value_counts(pc.list_flatten(lists).drop_null())
    return {
        value: count
        for value, count in zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
        if value
    }


def _rows(documents: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in documents.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from batch.to_pylist()


def _first(row: Mapping[str, Any], name: str) -> str:
    """The heading that a field begins with: `author_sort`, of the field that comes first."""
    of_author = name == "author" or not any(row[other] for other in CREDITS if other != name)
    return row["author_sort"] or "" if of_author else ""


def _pairs(marked: list[str] | None) -> dict[str, str]:
    return dict(one.rsplit(" ", 1) for one in marked or ())


def _number(text: str | None) -> int | None:
    return int(text) if text else None
