"""Documents of JSON set in over lines: how their lines begin tells where one does, whatever is broken before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from pipelines.readers.byte_spans import Positions
from pipelines.readers.json_answers import MOST_BLANKS
from pipelines.readers.json_structure import Elements


@dataclass(slots=True)
class DocumentLines:
    """``margin`` is how many blanks stand before a document in its line, None where documents are on one line each.

    ``begins`` is how its line and the next one begin, where keys are farther to the right: then so is all that is in a
    document, and no string holds a newline. It is empty where that is not known.
    """

    margin: int | None = None
    begins: bytes = b""

    def look_at(self, text: bytes, starts: Positions, usual: bytes) -> None:
        """Learn of documents that begin there, of which the ``usual`` ones begin so up to the value of a key."""
        if b"\n" not in usual:
            self.margin, self.begins = None, b""
            return
        # The first may stand behind the bracket of the list, and what is last may be what is broken.
        last, first = int(starts[-1]), int(starts[0])
        start = next((one for one in (last, first) if text.startswith(usual, one)), last)
        self.margin = _margin_of(text, start)
        before = text[max(0, start - self.margin - 1) : start]
        margin_of_keys = len(usual.partition(b'"')[0].rpartition(b"\n")[2])
        if margin_of_keys > self.margin and before.startswith(b"\n"):
            self.begins = before + usual

    def next_document(self, text: bytes, start: int, end: int) -> int | None:
        """Where behind the beginning of a document there the next one begins; None where lines do not tell."""
        place = text.find(self.begins, start, end) if self.begins else -1
        return None if place < 0 else place + self.begins.index(b"{")

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
