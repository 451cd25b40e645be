"""UNIMARC records as MARC 21 records, all of a table at once, so that one mapping to Solr fields serves both.

What is which in MARC 21: :mod:`pipelines.readers.unimarc_codes`. ``fullrecord`` stays the record of UNIMARC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.byte_spans import Bytes, Flags, Positions
from pipelines.readers.marc_table import CODES, NO_CODE, NO_TAG, MarcTable, tag_number
from pipelines.readers.marc_values import Values, flags, is_empty
from pipelines.readers.text_columns import mapped
from pipelines.readers.unimarc_codes import (
    CODED,
    CODED_DATA,
    EMBEDDED,
    FIXED,
    KINDS,
    LINKING,
    MARKS,
    MEETING_CODES,
    MEETINGS,
    NON_SORTING,
    SUBFIELDS,
    TITLE,
    TITLE_OF_MARC21,
    Subfield,
    relator_of,
)
from pipelines.records import TEXT

#: The types of authorities, which have a 200 too.
_AUTHORITIES: Final = tuple(map(ord, "xyz"))
_NAMES: Final = (100, 110, 111, 700, 710, 711)
_RELATOR, _MEDIUM, _EMBEDS = (ord(code) for code in "4h1")
#: Subfields of MARC 21 that hold numbers and addresses: nothing is put behind these.
_IDENTIFIERS: Final = tuple(map(ord, "uxz4"))
_A: Final = ord("a")
#: The second indicators of 214 and what they are in 264: 1 is the publication there, 0 the production.
_STATEMENTS: Final = {" ": "1", "#": "1", "0": "1", "1": "0"}
_MARKS: Final = ("", *MARKS.values())


def _table_of(subfields: Iterable[Subfield], values: Iterable[int]) -> Bytes:
    found = np.zeros((NO_TAG + 1) * CODES, np.uint8)
    for one, value in zip(subfields, values, strict=True):
        found[one.tag * CODES + ord(one.code)] = value
    return found


_NEW_CODE: Final = _table_of(SUBFIELDS, [ord(one.new_code) for one in SUBFIELDS])
_MARK: Final = _table_of(SUBFIELDS, [_MARKS.index(one.mark) for one in SUBFIELDS])
_EMBEDDED_CODE: Final = _table_of(EMBEDDED, [ord(one.new_code) for one in EMBEDDED])
_NEW_TAG: Final = np.full(NO_TAG + 1, NO_TAG, np.int16)
_NEW_TAG[[one.tag for one in SUBFIELDS]] = [one.new_tag for one in SUBFIELDS]


def is_unimarc(table: MarcTable) -> Flags:
    """Which records are of UNIMARC: the title is in 200 and not in 245, and 100 $a begins with a date."""
    found = table.has(TITLE) & ~table.has(TITLE_OF_MARC21) & ~np.isin(table.kind, _AUTHORITIES)
    if not found.any():
        return found
    field = table.subfield_field
    own = np.flatnonzero((table.tag[field] == CODED) & (table.code == _A) & found[table.field_record[field]])
    coded = pc.match_substring_regex(table.value.take(pa.array(own)), f"^{CODED_DATA}").to_numpy(zero_copy_only=False)
    return flags(len(table), table.field_record[field[own[coded]]])


def as_marc21(table: MarcTable, of_unimarc: Flags) -> MarcTable:
    """The same records, those of UNIMARC with the fields that they have in MARC 21."""
    tag = _with_meetings(table, of_unimarc)
    mine = of_unimarc[table.field_record]
    field = table.subfield_field
    code = np.where(mine[field], _standard_codes(table, mine), table.code)
    keys = tag[field].astype(np.int64) * CODES + code
    code = np.where(mine[field], _NEW_CODE[keys], code).astype(np.uint8)
    mark = np.where(mine[field], _MARK[keys], 0)
    tag = np.where(mine, _NEW_TAG[tag], tag).astype(np.int16)
    kept = ~mine[field] | ((code != NO_CODE) & ~is_empty(table.value))
    field, code, mark = field[kept], code[kept], mark[kept]
    values = table.value.filter(pa.array(kept))
    changed = mine[field]
    values = _rewritten(values, changed & (tag[field] == TITLE_OF_MARC21) & (code == _MEDIUM), _in_brackets)
    values = _rewritten(values, changed & np.isin(tag[field], _NAMES) & (code == _RELATOR), relator_of)
    values = _punctuated(values, field, code, mark)
    found = replace(
        _with_fixed(table, of_unimarc),
        kind=_kinds(table, of_unimarc),
        tag=tag,
        subfield_field=field,
        code=code,
        value=values,
    )
    return replace(found, second=_second_indicators(found, mine))


def _with_meetings(table: MarcTable, of_unimarc: Flags) -> npt.NDArray[np.int16]:
    """The tags, where those of bodies that are meetings are others."""
    tag, field = table.tag.copy(), table.subfield_field
    tells = np.isin(table.code, [ord(code) for code in MEETING_CODES]) & of_unimarc[table.field_record[field]]
    of_meetings = flags(len(tag), field[tells])
    for body, meeting in MEETINGS.items():
        tag[of_meetings & (table.tag == body)] = meeting
    return tag


def _standard_codes(table: MarcTable, mine: Flags) -> Bytes:
    """The codes of all subfields; those in embedded fields have those that the linking field would have for them."""
    field = table.subfield_field
    linking = (mine & np.isin(table.tag, LINKING))[field]
    begins = linking & (table.code == _EMBEDS)
    places = np.flatnonzero(begins)
    if not len(places):
        return table.code
    said = pc.utf8_slice_codeunits(table.value.take(pa.array(places)), 0, 3).dictionary_encode()
    tags = np.array([tag_number(one) for one in said.dictionary.to_pylist()], np.int64)[said.indices.to_numpy()]
    last = np.cumsum(begins) - 1
    within = linking & (last >= 0)
    within[within] = field[places[last[within]]] == field[within]
    code = table.code.copy()
    code[within] = _EMBEDDED_CODE[tags[last[within]] * CODES + code[within]]
    return code


def _punctuated(values: pa.Array, field: Positions, code: Bytes, mark: Positions) -> pa.Array:
    """The values with the signs of ISBD at the ends of those before the subfields that they belong to."""
    follows = np.append(False, (field[1:] == field[:-1]) & ~np.isin(code[:-1], _IDENTIFIERS))
    mark = np.where(follows, mark, 0)
    for number in np.unique(mark[mark > 0]).tolist():
        sign = _MARKS[number]
        after = np.flatnonzero(mark == number)
        # Some catalogues write the signs themselves, at the end or at the beginning.
        signs = f" {sign.strip()}"
        begun = pc.replace_substring_regex(values.take(pa.array(after)), f"^[{re.escape(sign.strip())}]\\s+", "")
        values = pc.replace_with_mask(values, pa.array(flags(len(values), after)), begun)
        before = after - 1
        ended = pc.utf8_rtrim(values.take(pa.array(before)), characters=signs)
        ended = pc.binary_join_element_wise(ended, sign, "")
        values = pc.replace_with_mask(values, pa.array(flags(len(values), before)), ended)
    return values


def _rewritten(values: pa.Array, wanted: Flags, rule: Callable[[str], str]) -> pa.Array:
    mask = pa.array(wanted)
    return pc.replace_with_mask(values, mask, mapped(values.filter(mask), rule)) if wanted.any() else values


def _in_brackets(medium: str) -> str:
    return f"[{medium.strip('[] ')}]"


def _kinds(table: MarcTable, of_unimarc: Flags) -> Bytes:
    letters = np.arange(256, dtype=np.uint8)
    for kind, new in KINDS.items():
        letters[ord(kind)] = ord(new)
    return np.where(of_unimarc, letters[table.kind], table.kind)


def _with_fixed(table: MarcTable, of_unimarc: Flags) -> MarcTable:
    """The records with a field 008, as far as it tells their formats."""
    records = np.flatnonzero(of_unimarc)
    parts, end = [], 0
    for position, tag, letters in FIXED:
        parts += [pa.scalar(" " * (position - end), TEXT), _letters(table, tag, letters).take(pa.array(records))]
        end = position + 1
    texts = pc.binary_join_element_wise(*parts, " " * (40 - end), "")
    record = np.concatenate([table.control_record, records])
    order = np.argsort(record, kind="stable")
    tags = np.concatenate([table.control_tag, np.full(len(records), 8, np.int16)])
    return replace(
        table,
        control_record=record[order],
        control_tag=tags[order],
        control_text=pa.concat_arrays([table.control_text, texts]).take(pa.array(order)),
    )


def _letters(table: MarcTable, tag: int, letters: dict[str, str]) -> pa.Array:
    """What the first letter of subfield $a of a tag says of each record, a blank where it says nothing."""
    field = table.subfield_field
    own = np.flatnonzero((table.tag[field] == tag) & (table.code == _A))
    texts = pc.utf8_slice_codeunits(table.value.take(pa.array(own)), 0, 1)
    said = Values(table.field_record[field[own]], mapped(texts, lambda letter: letters.get(letter.lower(), " ")))
    return pc.fill_null(said.first(len(table)), " ")


def _second_indicators(table: MarcTable, mine: Flags) -> Bytes:
    """Second indicators as MARC 21 has them: how many signs of a title do not file, what a statement is of."""
    second = table.second.copy()
    statements = mine & (table.tag == 264)
    letters = np.arange(256, dtype=np.uint8)
    for sign, new in _STATEMENTS.items():
        letters[ord(sign)] = ord(new)
    second[statements] = letters[second[statements]]
    titles = mine & (table.tag == TITLE_OF_MARC21)
    second[titles] = ord("0")
    field = table.subfield_field
    begins = np.append(True, field[1:] != field[:-1])[: len(field)] & titles[field] & (table.code == _A)
    places = np.flatnonzero(begins)
    texts = table.value.take(pa.array(places))
    marked = pc.match_substring_regex(texts, f"^[{''.join(NON_SORTING)}]")
    for place, text in zip(
        places[marked.to_numpy(zero_copy_only=False)].tolist(), texts.filter(marked).to_pylist(), strict=True
    ):
        signs = text.find(NON_SORTING[text[0]]) + 1
        second[field[place]] = ord(str(signs)) if signs < 10 else ord("0")
    return second
