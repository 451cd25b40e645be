"""How run-together values of a dump's pages were cut, and their second cut, by what the whole dump teaches."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.parts import Parts
from pipelines.readers.lessons import Lesson
from pipelines.readers.second_look import COLUMNS, is_uncut, learn, look_again
from pipelines.readers.staff_cut import MARKS
from pipelines.workers import told


@dataclass
class Cuts:
    """How values were cut: records by their authors, `field mark` by fields, and parts with more to do."""

    authors: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(MARKS, 0)))
    fields: Counter[str] = field(default_factory=Counter)
    uncut_parts: list[int] = field(default_factory=list)

    @staticmethod
    def of(part: int, documents: pa.Table) -> Cuts:
        """Those of one part of RAW_RECORDS."""
        authors = Counter(documents.column("author_cut").drop_null().to_pylist())
        fields = Counter(pc.list_flatten(documents.column("field_cuts")).to_pylist())
        return Cuts(authors, fields, [part] if is_uncut(documents) else [])

    def add(self, other: Cuts) -> None:
        """Count another's as well."""
        self.authors.update(other.authors)
        self.fields.update(other.fields)
        self.uncut_parts += other.uncut_parts

    def by_field(self) -> dict[str, dict[str, int]]:
        """Fields in order, each with how many records have it cut so."""
        found: dict[str, dict[str, int]] = {}
        for cut, count in sorted(self.fields.items()):
            name, mark = cut.rsplit(" ", 1)
            found.setdefault(name, {})[mark] = count
        return found


def cut_again(
    parts: Parts,
    count: int,
    before: Cuts,
    mapped: Callable[..., Iterator[Any]],
    tell: Callable[[int, int], object] = lambda *_: None,
) -> Cuts:
    """Cut what the records of ``count`` parts could not tell alone; the lesson is a frame for the workers.

    ``tell`` is given how many parts are done, and of how many: each is learnt from, those with uncut values are cut.
    """
    steps = count + len(before.uncut_parts)
    learnt = mapped(partial(_learn_part, parts), range(count))
    lesson = Lesson.added(told(learnt, lambda done: tell(done, steps)))
    parts.write("lesson", 0, lesson.table())
    written = time.monotonic_ns()
    counts = Cuts(before.authors.copy(), before.fields.copy())
    cut = mapped(partial(_cut_part, parts, written), before.uncut_parts)
    for old, new in told(cut, lambda done: tell(count + done, steps)):
        counts.authors.subtract(old.authors)
        counts.fields.subtract(old.fields)
        counts.add(new)
    counts.fields = +counts.fields
    return counts


def _learn_part(parts: Parts, part: int) -> Lesson:
    return learn(parts.read("records", part, COLUMNS))


@lru_cache(maxsize=1)
def _lesson(parts: Parts, written: int) -> Lesson:
    """The lesson of a dump, read once a process; ``written`` tells it from that of an earlier reading."""
    return Lesson.from_table(parts.read("lesson", 0))


def _cut_part(parts: Parts, written: int, part: int) -> tuple[Cuts, Cuts]:
    """Cut the values of one part again; how they were cut before, and how now. Runs in a worker."""
    documents = parts.read("records", part)
    cut = look_again(documents, _lesson(parts, written))
    parts.write("records", part, cut)
    return Cuts.of(part, documents), Cuts.of(part, cut)
