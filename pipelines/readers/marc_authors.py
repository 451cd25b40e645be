"""Who made what MARC records describe: the headings of 1xx and 7xx, by what their relators say.

Source of the rules: VuFind 10, ``getAuthorsFilteredByRelator`` and ``author-classification.ini``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Flags, bytes_of
from pipelines.readers.marc_codes import FIRST_AUTHOR_ROLES, SECOND_AUTHOR_ROLES, relator_code
from pipelines.readers.marc_values import FieldValues, Pick, Values, each, gathered, is_empty, joined, last_bytes
from pipelines.readers.text_columns import mended
from pipelines.records import TEXT, TEXTS
from pipelines.runs import run_starts

_FIRST_TAGS: Final = ((100, "abcqd"), (700, "abcqd"))
_CORPORATE_TAGS: Final = ((110, "ab"), (111, "abc"), (710, "ab"), (711, "ab"))

#: Solr field, where its headings stand, where one stands that says no role, and for which roles it goes there.
_AUTHORS: Final = (
    ("author", _FIRST_TAGS, (100,), FIRST_AUTHOR_ROLES),
    ("author2", _FIRST_TAGS, (700,), SECOND_AUTHOR_ROLES),
    ("author_corporate", _CORPORATE_TAGS, (110, 111, 710, 711), FIRST_AUTHOR_ROLES | SECOND_AUTHOR_ROLES),
)
#: What a name does not end with; catalogues use these blanks.
_NAME_END: Final = " \t\r\n\u00a0\u2003\u2009\u3000/:;,=(["
#: Abbreviations that keep their period at the end of a name.
_ABBREVIATIONS: Final = frozenset({"col.", "mr.", "mrs.", "ms."})

_CODES: Final = ("4", "e")
#: Between the relators of a field; no value holds it.
_SEPARATOR: Final = "\x1f"
#: What may end a name, and not belong to it, once :data:`_NAME_END` is gone.
_NAME_ENDS_ODDLY: Final = np.isin(np.arange(256), list(b".-)]"))
_PERIOD, _SPACE = b". "
_ALPHANUMERIC: Final = np.array([sign < 128 and chr(sign).isalnum() for sign in range(256)])

PICKS: Final = tuple(
    pick for tag, codes in (*_FIRST_TAGS, *_CORPORATE_TAGS) for pick in (joined(tag, codes), each(tag, "e4"))
)


def author_columns(picked: Mapping[Pick, FieldValues], count: int) -> dict[str, pa.Array]:
    """The fields of authors and of their roles, side by side; a heading with two roles comes twice, as in VuFind."""
    headings = {
        tag: _Headings.of(_names(picked[joined(tag, codes)]), picked[each(tag, "e4")])
        for tag, codes in (*_FIRST_TAGS, *_CORPORATE_TAGS)
    }
    columns: dict[str, pa.Array] = {}
    for name, tags, bare, permitted in _AUTHORS:
        parts = [headings[tag].credits(tag in bare, permitted) for tag, _ in tags]
        names = gathered([credited for credited, _ in parts])
        roles = gathered([role for _, role in parts])
        columns |= {name: names.lists(count), f"{name}_role": roles.lists(count)}
    return columns


def _names(headings: FieldValues) -> FieldValues:
    """The headings as names, without those of which nothing is left."""
    # What ends with a letter or a digit is a name already.
    if _ALPHANUMERIC[last_bytes(headings.texts)].all():
        return headings
    headings = _with_texts(headings, pc.utf8_rtrim(headings.texts, characters=_NAME_END))
    odd = pa.array(_NAME_ENDS_ODDLY[last_bytes(headings.texts)] & ~_ending_in_initials(headings.texts))
    if not odd.true_count:
        return headings
    return _with_texts(headings, mended(headings.texts, odd, headings.texts, name_of))


def _ending_in_initials(names: pa.Array) -> Flags:
    """Which of the names end in an initial and its period, and so stay as they are."""
    bounds, signs = bytes_of(names)
    found = np.diff(bounds) > 3
    ends = bounds[1:][found]
    found[found] = (signs[ends - 1] == _PERIOD) & _ALPHANUMERIC[signs[ends - 2]] & (signs[ends - 3] == _SPACE)
    return found


def _with_texts(headings: FieldValues, texts: pa.Array) -> FieldValues:
    """The headings with other texts, without those that are empty."""
    empty = is_empty(texts)
    if not empty.any():
        return replace(headings, texts=texts)
    kept = ~empty
    return FieldValues(headings.record[kept], texts.filter(pa.array(kept)), headings.field[kept], headings.code[kept])


@dataclass(frozen=True, slots=True)
class _Headings:
    """The names of one tag; ``related`` are those with relators, and ``said`` what each of these has, as one text."""

    names: FieldValues
    related: Flags
    said: pa.DictionaryArray

    @classmethod
    def of(cls, names: FieldValues, relators: FieldValues) -> _Headings:
        """Names with the relators in their fields."""
        texts = pc.binary_join_element_wise(
            pa.array(_CODES).take(pa.array(relators.code == ord("e"), pa.int8())), relators.texts, ""
        )
        begins = run_starts(relators.field)
        fields = relators.field[begins]
        together = pa.ListArray.from_arrays(pa.array(np.append(begins, len(texts)), pa.int32()), texts)
        related = np.isin(names.field, fields)
        places = np.searchsorted(fields, names.field[related])
        return cls(names, related, pc.binary_join(together, _SEPARATOR).take(pa.array(places)).dictionary_encode())

    def credits(self, bare: bool, permitted: frozenset[str]) -> tuple[Values, Values]:
        """The names that go into a Solr field, once for each of their roles there, and the roles, "" for none."""
        if not self.related.any():
            names = self.names.cut(len(self.names.record) if bare else 0)
            return names, Values(names.record, pa.repeat(pa.scalar("", TEXT), len(names.record)))
        times = np.full(len(self.names.field), int(bare))
        known = pa.array([_roles(said, bare, permitted) for said in self.said.dictionary.to_pylist()], TEXTS)
        found = known.take(self.said.indices)
        times[self.related] = pc.list_value_length(found).to_numpy()
        places = np.repeat(np.arange(len(times)), times)
        credited = self.names.at(places)
        roles = pa.repeat(pa.scalar("", TEXT), len(places))
        if len(found):
            roles = pc.replace_with_mask(roles, pa.array(self.related[places]), found.flatten())
        return credited, Values(credited.record, roles)


@lru_cache(maxsize=4096)
def _roles(said: str, bare: bool, permitted: frozenset[str]) -> tuple[str, ...]:
    """The roles for which a heading with these relators goes into a Solr field."""
    relators = said.split(_SEPARATOR)
    terms, codes = ([text[1:] for text in relators if text[0] == code] for code in ("e", "4"))
    known = [code for text in (*terms, *codes) if (code := relator_code(text)) in permitted and code]
    if bare:
        unknown = [text for text in terms if relator_code(text) is None]
        known += unknown or [text for text in codes if relator_code(text) is None]
    return tuple(dict.fromkeys(known))


def name_of(heading: str) -> str:
    """A heading without the punctuation that ends it; periods of initials and abbreviations stay."""
    name = heading.rstrip(_NAME_END)
    if name.endswith((". -", ". -.")):
        name = name.rstrip(".")[:-3]
    after_initial = len(name) <= 3 or name[-3] == " "
    if name.endswith(".") and not after_initial and name.rpartition(" ")[2].lower() not in _ABBREVIATIONS:
        name = name[:-1]
    for left, right in ("()", "[]"):
        if name.endswith(right) and left not in name:
            name = name[:-1]
    return name
