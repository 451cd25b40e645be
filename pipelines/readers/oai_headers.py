"""Records of OAI-PMH that hold MARC, of many at once: what their headers say, and where their metadata stand.

Only of records written as programs write them, which is told from their tags.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, Positions, bytes_of, cut_texts
from pipelines.readers.json_columns import json_values
from pipelines.readers.json_exact import LONGEST_ID
from pipelines.readers.oai_metadata import INJECTED
from pipelines.readers.xml_tokens import Tokens, blank, is_plain_xml, tokens_of

#: How a record begins; then come sets, then the end of the header.
_BEGINS: Final = ("<record>", "<header>", "<identifier>", "</identifier>", "<datestamp>", "</datestamp>")
_SET, _SET_END, _HEADER_END = "<setSpec>", "</setSpec>", "</header>"
_RECORD: Final = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?record[\s>]", re.ASCII)
#: ASCII that XML writes as it is.
_PLAIN: Final = np.isin(np.arange(256), [9, 10, *(sign for sign in range(32, 127) if chr(sign) not in "&<>]")])


class Headed(NamedTuple):
    """``rows`` are the records that are so written; of each where its metadata start and end, and what is ``around``.

    The ``tokens`` are those of the metadata alone.
    """

    rows: Positions
    starts: Positions
    ends: Positions
    tokens: Tokens
    around: dict[str, pa.Array]


def headed(data: bytes, starts: Positions, ends: Positions) -> Headed | None:
    """Records that stand in a text from ``starts`` to ``ends``; ``None`` where it cannot be cut at its tags."""
    tokens = tokens_of(data) if is_plain_xml(data) else None
    if tokens is None:
        return None
    records = _Records(tokens, starts, ends)
    around = records.around()
    good = ~records.bad
    first, last = records.inner[good], records.last[good] - 2
    steps = np.zeros(len(tokens.starts) + 1, np.int8)
    steps[first], steps[last + 1] = 1, -1
    kept = np.cumsum(steps[:-1], dtype=np.int8) > 0
    own_starts, own_ends = tokens.starts[kept], tokens.ends[kept]
    both = cut_texts(data, own_starts, own_ends, len(data))
    own = Tokens(own_starts, own_ends, tokens.numbers[kept], tokens.tags, both, data)
    said = {name: column.filter(pa.array(good)) for name, column in around.items()}
    return Headed(records.rows[good], tokens.starts[first], tokens.ends[last], own, said)


class _Records:
    """The ``rows`` that have the right tags, with the ``first`` and ``last`` of each and the first in its metadata.

    Those that turn out to be odd are ``bad``.
    """

    def __init__(self, tokens: Tokens, starts: Positions, ends: Positions) -> None:
        self.tokens = tokens
        self._known = {tag: number for number, tag in enumerate(tokens.tags)}
        first, last = np.searchsorted(tokens.starts, starts), np.searchsorted(tokens.starts, ends) - 1
        header_ends = np.append(np.flatnonzero(tokens.numbers == self._number(_HEADER_END)), len(tokens.numbers))
        end = header_ends[np.searchsorted(header_ends, first)]
        good = (end >= first + len(_BEGINS)) & (end + 4 <= last)
        good[good] = (tokens.starts[first[good]] == starts[good]) & (tokens.ends[last[good]] == ends[good])
        self.rows = np.flatnonzero(good)
        first, last, end = first[good], last[good], end[good]
        is_record = np.array([_RECORD.match(tag) is not None for tag in tokens.tags], bool)
        fits = is_record[tokens.numbers[end + 2]]
        expected = [(first + place, tag) for place, tag in enumerate(_BEGINS)]
        for places, tag in (*expected, (end + 1, "<metadata>"), (last - 1, "</metadata>"), (last, "</record>")):
            fits &= tokens.numbers[places] == self._number(tag)
        self.rows, self.first, self.last, self.end = self.rows[fits], first[fits], last[fits], end[fits]
        self.inner = self.end + 2
        self.bad = np.zeros(len(self.rows), bool)
        self._check_metadata()

    def _number(self, tag: str) -> int:
        return self._known.get(tag, -1)

    def _check_metadata(self) -> None:
        """A record without 001, and what VuFind has as metadata, are read otherwise."""
        has_id, nested = (self._holding(word) for word in ('tag="001"', "metadata"))
        self.bad |= ~has_id | nested

    def _holding(self, word: str) -> Flags:
        """In the metadata of which a tag holds a word."""
        holds = np.array([word in tag for tag in self.tokens.tags], bool)[self.tokens.numbers]
        before = np.append(0, np.cumsum(holds))
        found: Flags = before[self.last - 1] > before[self.inner]
        return found

    def around(self) -> dict[str, pa.Array]:
        """What headers say, as columns; those that do not say it plainly are bad."""
        first, count = self.first, len(self.rows)
        counts = self.end - first - len(_BEGINS)
        owner = np.repeat(np.arange(count), counts)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        places = first[owner] + len(_BEGINS) + within
        opens = within % 2 == 0
        expected = np.where(opens, self._number(_SET), self._number(_SET_END))
        self.bad[owner[self.tokens.numbers[places] != expected]] = True
        self.bad |= counts % 2 == 1
        ends = [first, first + 1, first + 3, first + 5, self.end, self.end + 1, self.last - 1, self.last - 2]
        between = np.concatenate([*ends, places[~opens]])
        of_each = np.append(np.tile(np.arange(count), len(ends)), owner[~opens])
        self.bad[of_each[~blank(self.tokens.texts_after(between))]] = True
        identifiers = self._said(first + 2, np.arange(count))
        lengths = pc.binary_length(identifiers).to_numpy()
        self.bad |= (lengths == 0) | (lengths > LONGEST_ID)
        columns = {
            "id": identifiers,
            INJECTED["datestamp"]: json_values(self._said(first + 4, np.arange(count))),
        }
        if opens.any():
            sets = json_values(self._said(places[opens], owner[opens]))
            numbers = np.bincount(owner[opens], minlength=count)
            offsets = pa.array(np.append(0, np.cumsum(numbers)), pa.int32())
            joined = pc.binary_join_element_wise(
                "[", pc.binary_join(pa.ListArray.from_arrays(offsets, sets), ","), "]", ""
            )
            columns[INJECTED["setSpec"]] = pc.if_else(pa.array(numbers > 0), joined, None)
        return columns

    def _said(self, places: Positions, owner: Positions) -> pa.Array:
        """The texts after these tags, without blanks at their ends; records are bad of which one is not plain."""
        texts = self.tokens.texts_after(places)
        bounds, signs = bytes_of(texts)
        odd = np.searchsorted(bounds, np.flatnonzero(~_PLAIN[signs]), "right") - 1
        self.bad[owner[odd]] = True
        return pc.ascii_trim_whitespace(texts)
