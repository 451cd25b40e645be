"""Documents of JSON set in over lines: how their lines begin tells where one does, whatever is broken before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from pipelines.readers.byte_spans import Positions
from pipelines.readers.json_answers import BEFORE_VALUES, MOST_BLANKS
from pipelines.readers.json_structure import Elements


@dataclass(slots=True)
class DocumentLines:
    """``margin`` is how many blanks stand before a document in its line, None where documents are on one line each.

    ``begins`` is how its line and the next one begin, where keys are farther to the right, as all is then that is in a
    document; no string holds a newline. It is empty where that is not so: ``are_flat`` says that a value in one has
    been seen whose line begins so too, as programs write that put texts together.
    """

    margin: int | None = None
    begins: bytes = b""
    are_flat: bool = False

    def look_at(self, text: bytes, starts: Positions, usual: bytes) -> None:
        """Learn of documents that begin there, of which the ``usual`` ones begin so up to the value of a key."""
        if b"\n" not in usual:
            self.margin, self.begins = None, b""
            return
        # The first may stand behind the bracket of the list, and what is last may be what is broken.
        last, first = int(starts[-1]), int(starts[0])
        start = next((one for one in (last, first) if text.startswith(usual, one)), None)
        if start is None:
            return
        self.margin = _margin_of(text, start)
        before = text[max(0, start - self.margin - 1) : start]
        margin_of_keys = len(usual.partition(b'"')[0].rpartition(b"\n")[2])
        is_told = not self.are_flat and margin_of_keys > self.margin and before.startswith(b"\n")
        self.begins = before + usual if is_told else b""

    def next_document(self, text: bytes, start: int, end: int) -> int | None:
        """Where behind the beginning of a document there the next one begins; None where lines do not tell."""
        place = text.find(self.begins, start, end) if self.begins else -1
        if place < 0:
            return None
        if text[max(start, place - MOST_BLANKS) : place].rstrip().endswith(BEFORE_VALUES):
            self.tell_nothing()
            return None
        return place + self.begins.index(b"{")

    def tell_nothing(self) -> None:
        """Learn that a value in a document has been seen whose line begins as those of documents do."""
        self.are_flat, self.begins = True, b""

    def in_others(self, text: bytes, found: Elements) -> set[int]:
        """The numbers of elements in which there is a line as that of a document."""
        if not self.begins or not len(found.starts):
            return set()
        lines = re.compile(re.escape(self.begins)).finditer(text, int(found.starts[0]), int(found.ends[-1]))
        places = np.array([line.start() + self.begins.index(b"{") for line in lines], np.int64)
        others = np.setdiff1d(places, found.starts, assume_unique=True)
        return set((np.searchsorted(found.starts, others, "right") - 1).tolist())


def _margin_of(text: bytes, start: int) -> int:
    """How many blanks stand before what begins a line; 0 where it does not."""
    line = text[max(0, start - MOST_BLANKS) : start].rpartition(b"\n")[2]
    return 0 if line.strip(b" \t") else len(line)
