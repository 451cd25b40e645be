"""The tags of an XML text and the texts between them as columns, where the text can be cut at its tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Positions, bytes_of, cut_texts, find_byte, is_utf8
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.xml_references import resolved

if IS_COMPILED:
    from pipelines.readers._xml_tags import cut_tags

#: What makes cutting at tags wrong, or what a parser would refuse or change: the end of CDATA, the two characters that
#: are none; carriage returns and control characters; tags of comments, CDATA and instructions.
_NOT_PLAIN: Final = (b"]]>", b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_FIRSTS: Final = frozenset(sign[0] for sign in _NOT_PLAIN)
#: So many bytes stay in the processor's cache while they are looked at.
_AT_ONCE: Final = 1 << 17
_CONTROL: Final = np.zeros(256, bool)
_CONTROL[[one for one in range(32) if chr(one) not in "\t\n"]] = True
#: A dump has few kinds of tags; where there are more, columns gain nothing.
MOST_TAGS: Final = 5_000
_MOST_BYTES: Final = 1 << 30
#: The entities that XML itself has.
XML_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """``starts`` and ``ends`` of the tags, each tag as a number into ``tags``; ``both`` are tags and texts by turns.

    All that is a cut of ``data``.
    """

    starts: Positions
    ends: Positions
    numbers: Positions
    tags: list[str]
    both: pa.Array
    data: bytes

    def at(self, places: Positions) -> Positions:
        """In which tag, or behind which, these places of ``data`` are."""
        found: Positions = np.searchsorted(self.starts, places, "right") - 1
        return found

    def find(self, sign: str) -> Positions:
        """Where in ``data`` a sign of ASCII stands."""
        # To see that one is nowhere takes a fraction of the time that its places take.
        is_there = sign.encode() in self.data
        return find_byte(self.data, sign.encode()) if is_there else np.zeros(0, np.int64)

    def holding(self, sign: str) -> Positions:
        """The tags in which, or behind which, a sign of ASCII stands."""
        return np.unique(self.at(self.find(sign)))

    def texts_after(self, places: Positions) -> pa.Array:
        """The texts after the tags at these places; those of all would be a copy of nearly the whole text."""
        return self.both.take(pa.array(2 * places + 1))


@dataclass(frozen=True, slots=True)
class TagTexts:
    """The texts after tags, with what references stand for that XML itself has; those after ``hidden`` tags are empty.

    They are cut out when they are asked for: all of them would be a copy of nearly the whole text.
    """

    tokens: Tokens
    escaped: Positions
    hidden: npt.NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, tokens: Tokens) -> TagTexts:
        """Those of all tags; ``escaped`` are those after which references may stand."""
        return cls(tokens, tokens.holding("&"))

    def __len__(self) -> int:
        return len(self.tokens.starts)

    def odd(self) -> Positions:
        """The tags after which other references stand."""
        return self.escaped[resolved(self.tokens.texts_after(self.escaped))[1]]

    def take(self, places: Positions) -> pa.Array:
        """The texts after the tags at these places."""
        texts = self.tokens.texts_after(places)
        if len(self.escaped):
            texts, _ = resolved(texts)
        if self.hidden is None or not (hidden := self.hidden[places]).any():
            return texts
        return pc.if_else(pa.array(hidden), "", texts)


def is_plain_xml(data: bytes) -> bool:
    """Whether a parser of XML would read the text as it stands, as far as characters go."""
    view = np.frombuffer(data, np.uint8)
    firsts: set[int] = set()
    controls = False
    for start in range(0, len(view), _AT_ONCE):
        part = view[start : start + _AT_ONCE]
        # Looking for one sign is many times faster than for several.
        firsts |= {sign for sign in _FIRSTS if sign not in firsts and (part == sign).any()}
        blanks = np.count_nonzero(part == ord("\t")) + np.count_nonzero(part == ord("\n"))
        controls |= bool(np.count_nonzero(part < 32) > blanks)
    return not controls and not any(sign[0] in firsts and sign in data for sign in _NOT_PLAIN)


def odd_places(data: bytes) -> Positions:
    """Where in the text stands what a text that is cut at its tags must not have, in no order."""
    view = np.frombuffer(data, np.uint8)
    starts, closing = np.flatnonzero(view == ord("<")), np.flatnonzero(view == ord(">"))
    after = view[np.minimum(starts + 1, len(view) - 1)]
    ends = np.append(closing, len(data))[np.searchsorted(closing, starts)]
    torn = ends >= np.append(starts[1:], len(data))
    signs = [np.array([match.start() for match in re.finditer(re.escape(sign), data)], np.int64) for sign in _NOT_PLAIN]
    odd_tags = starts[torn | (after == ord("!")) | (after == ord("?"))]
    return np.concatenate([*signs, odd_tags, np.flatnonzero(_CONTROL[view])])


def tokens_of(data: bytes, most_tags: int = MOST_TAGS) -> Tokens | None:
    """The :class:`Tokens` of a text, ``None`` where it has comments and the like, or cannot be cut at its tags.

    So it is where it has more different tags than ``most_tags``.
    """
    tags = _tags_of(data, most_tags) if len(data) <= _MOST_BYTES and is_utf8(data) else None
    if tags is None or not len(tags[0]) or data[: tags[0][0]].strip():
        return None
    starts, ends, numbers, written = tags
    return Tokens(starts, ends, numbers, written, cut_texts(data, starts, ends, len(data)), data)


def _tags_of(data: bytes, most_tags: int) -> tuple[Positions, Positions, Positions, list[str]] | None:
    """What :class:`Tokens` has of them, ``None`` where they are too many, or not all tags of elements that end before
    the next begins.
    """
    if IS_COMPILED:
        if (found := cut_tags(data, most_tags)) is None:
            return None
        *places, written = found
        starts, ends, numbers = (np.frombuffer(one, np.int64) for one in places)
        return starts, ends, numbers, written
    if (spans := _spans_of_tags(np.frombuffer(data, np.uint8))) is None:
        return None
    places = pa.array(np.arange(0, 2 * len(spans[0]), 2))
    encoded = cut_texts(data, *spans, len(data)).take(places).dictionary_encode()
    if len(encoded.dictionary) > most_tags:
        return None
    # What is looked up by numbers of another kind is looked up many times more slowly.
    return *spans, encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()


def _spans_of_tags(view: npt.NDArray[np.uint8]) -> tuple[Positions, Positions] | None:
    starts, closing = np.flatnonzero(view == ord("<")), np.flatnonzero(view == ord(">"))
    if not len(starts) or not len(closing) or starts[-1] > closing[-1]:
        return None
    after = view[starts + 1]
    # As a rule there is no > but that of tags.
    paired = len(starts) == len(closing) and (starts < closing).all()
    ends = (closing if paired else closing[np.searchsorted(closing, starts)]) + 1
    if ((after == ord("!")) | (after == ord("?"))).any() or (ends[:-1] > starts[1:]).any():
        return None
    return starts, ends


def blank(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Which of the texts hold nothing but blanks; they are of few kinds."""
    encoded = texts.dictionary_encode()
    of_each = np.array([not text.strip(" \t\n") for text in encoded.dictionary.to_pylist()], bool)
    found: npt.NDArray[np.bool_] = of_each[encoded.indices.to_numpy()] if len(texts) else np.ones(0, bool)
    return found


def unescaped(texts: pa.Array, entities: Sequence[tuple[str, str]]) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """The texts without these entities, and which of them have others; that of the ampersand must be the last."""
    odd = np.zeros(len(texts), bool)
    bounds, view = bytes_of(texts)
    signs = np.flatnonzero(view == ord("&"))
    if not len(signs):
        return texts, odd
    escaped = np.unique(np.searchsorted(bounds, signs, "right") - 1)
    some = texts.take(pa.array(escaped))
    known = sum(pc.count_substring(some, name).to_numpy() for name, _ in entities)
    odd[escaped] = pc.count_substring(some, "&").to_numpy() != known
    for name, sign in entities:
        some = pc.replace_substring(some, name, sign)
    mask = np.zeros(len(texts), bool)
    mask[escaped] = True
    return pc.replace_with_mask(texts, pa.array(mask), some), odd
