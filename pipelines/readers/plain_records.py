"""Records of XML that can be cut at their tags, all at once; those that cannot are left out of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.readers.byte_spans import Flags, Positions, filled_spans, not_utf8
from pipelines.readers.xml_tokens import MOST_TAGS, Tokens, is_plain_xml, odd_places, tokens_of


@dataclass(frozen=True, slots=True)
class PlainRecords:
    """The ``tokens`` of a text of records, the record that each tag is in, and which of the records are ``bad``.

    Those that are have no tags here.
    """

    tokens: Tokens
    record: Positions
    bad: Flags


def plain_records(data: bytes, starts: Positions, ends: Positions, most_tags: int = MOST_TAGS) -> PlainRecords | None:
    """The records that stand in a text from ``starts`` to ``ends``; ``None`` where none of them can be cut.

    What stands around the records is not looked at.
    """
    bad = np.zeros(len(starts), bool)
    text = _without(data, filled_spans(data, np.append(0, ends), np.append(starts, len(data))))
    tokens = tokens_of(text, most_tags) if is_plain_xml(text) else None
    if tokens is None:
        _refuse(bad, starts, ends, odd_places(text))
        bad |= not_utf8(text, starts, ends)
        refused = list(zip(starts[bad].tolist(), ends[bad].tolist(), strict=True))
        tokens = tokens_of(_without(text, refused), most_tags)
    if tokens is None:
        return None
    first = np.searchsorted(tokens.starts, starts)
    counts = np.diff(first, prepend=0, append=len(tokens.starts))
    return PlainRecords(tokens, np.repeat(np.arange(-1, len(starts)), counts), bad)


def _refuse(bad: Flags, starts: Positions, ends: Positions, places: Positions) -> None:
    """Set ``bad`` for records in which one of these places is."""
    record = np.searchsorted(starts, places, "right") - 1
    bad[record[(record >= 0) & (places < ends[record])]] = True


def _without(data: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    """The text with blanks in these spans, so that all else stays where it is."""
    if not spans:
        return data
    text = bytearray(data)
    for start, end in spans:
        text[start:end] = b" " * (end - start)
    return bytes(text)
