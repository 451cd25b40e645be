"""MARC 21 records as the Solr documents that VuFind's import makes of them, all records of a table at once.

Source of the rules: VuFind 10, ``import/marc.properties`` and what it calls in ``import/index_java``. Beyond
them: 520 is the description, 773 tells the container with volume, issue and page, and ``extra`` keeps the notes
of links (``links_856``) and what fields 880 write in the original script (``original_script``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers import (
    marc_authors,
    marc_container,
    marc_formats,
    marc_local,
    marc_numbers,
    marc_publication,
    marc_titles,
)
from pipelines.readers.byte_spans import Flags, Positions
from pipelines.readers.json_columns import FIELDS
from pipelines.readers.json_exact import LONGEST_ID
from pipelines.readers.marc_codes import language_names
from pipelines.readers.marc_record import DAMAGED, LEADER
from pipelines.readers.marc_table import MarcTable, trimmed
from pipelines.readers.marc_values import LETTERS, FieldValues, Pick, Picker, Values, each, gathered, joined
from pipelines.readers.unimarc import as_marc21, is_unimarc
from pipelines.records import TEXT, TEXTS


def _picks(text: str) -> tuple[Pick, ...]:
    """Picks as written: several codes make one value, a single one makes a value each time."""
    return tuple(joined(one[:3], one[3:]) if len(one) > 4 else each(one[:3], one[3:]) for one in text.split())


def _headings(text: str) -> tuple[Pick, ...]:
    return tuple(joined(tag, LETTERS) for tag in text.split())


#: Solr fields of many values and where they come from, in the order of their values.
_MANY: Final[dict[str, tuple[Pick, ...]]] = {
    "ctrlnum": _picks("035a"),
    "title_alt": _picks("100t 130adfgklnpst 240a 246abnp 505t 700t 710t 711t 730adfgklnpst 740a"),
    "title_old": _picks("780ast"),
    "title_new": _picks("785ast"),
    "series": _picks("440ap 800abcdfpqt 830ap"),
    "series2": _picks("490a"),
    "physical": _picks("300abcefg 530abcd"),
    "dateSpan": _picks("362a"),
    "contents": _picks("505a 505t"),
    "author_additional": _picks("505r"),
    "isbn": _picks("020a 773z"),
    "issn": _picks("022a 440x 490x 730x 773x 776x 780x 785x"),
    "callnumber-raw": _picks("099ab 090ab 050ab"),
    "dewey-raw": _picks("082a 083a"),
    "url": _picks("856u 555u"),
    "topic": _headings("600 610 611 630 650 653 656"),
    "genre": _headings("655"),
    "geographic": _headings("651"),
    "era": _headings("648"),
}
_LCCN, _EDITION, _DESCRIPTION = joined("010", "a"), joined("250", "a"), joined("520", "ab")
#: Codes of languages, in the order in which they count.
_LANGUAGES: Final = tuple(each("041", code) for code in "adhj")
_PICKER: Final = Picker(
    [
        *(pick for picks in _MANY.values() for pick in picks),
        *(_LCCN, _EDITION, _DESCRIPTION, *_LANGUAGES),
        *marc_authors.PICKS,
        *marc_container.PICKS,
        *marc_formats.PICKS,
        *marc_local.PICKS,
        *marc_numbers.PICKS,
        *marc_publication.PICKS,
        *marc_titles.PICKS,
    ]
)
#: What says in leader position 5 that the record is deleted.
_DELETED: Final = "d"
#: Leader position 6: of what a record is that is no bibliographic one.
_OTHER_KINDS: Final = {
    "z": "authority", "w": "classification", "q": "community information", **dict.fromkeys("uvxy", "holdings"),
}  # fmt: skip
#: What every bibliographic record has, and none of those but of community information: a statement of title.
_TITLE: Final = 245
_COMMUNITY: Final = "q"
#: Of a made id so many digits tell the records of a catalogue apart.
_DIGITS: Final = 20
_MADE_ID: Final = "field 001 was missing, as in the first records of the file: the id is made of what the record says"
_LEADER_END: Final = "</leader>"


def to_fields(table: MarcTable, *, makes_ids: bool = False) -> tuple[pa.Table, dict[int, str], dict[int, str]]:
    """A document of schema ``FIELDS`` for each record, a deletion for one whose leader says so; why some are refused,
    as they have no id; and of what those are that are no bibliographic records.

    What the table says of the refused and the others is nothing. ``makes_ids``: a record with a title and no id has
    one that is made of what it says.
    """
    count = len(table)
    of_unimarc = is_unimarc(table)
    if of_unimarc.any():
        table = as_marc21(table, of_unimarc)
    table, ids = _with_made_ids(table) if makes_ids else (table, ids_of(table))
    picked = _PICKER.pick(table)
    around = pc.coalesce(table.around.get("id", ids), ids)
    many = {name: gathered([picked[pick] for pick in picks]).once() for name, picks in _MANY.items()}
    columns: dict[str, pa.Array] = {
        "id": around,
        "record_format": pc.if_else(pa.array(of_unimarc), "unimarc", "marc"),
        **{name: values.lists(count) for name, values in many.items() if len(values.record)},
        **marc_titles.title_columns(table, picked),
        **marc_authors.author_columns(picked, count),
        **marc_publication.publication_columns(table, picked),
        **marc_numbers.number_columns(many, picked, count),
        **marc_container.container_columns(table, picked),
        "edition": picked[_EDITION].first(count),
        "description": picked[_DESCRIPTION].together("\n", count),
        "lccn": picked[_LCCN].first(count),
        "language": _languages(table, picked),
        "format": marc_formats.format_column(table, picked),
        "fullrecord": table.fullrecord,
        "extra": marc_local.local_column(table, picked),
    }
    known = [columns.get(field.name, pa.nulls(count, field.type)) for field in FIELDS]
    fields = _with_deletions(pa.Table.from_arrays(known, schema=FIELDS), table.status == ord(_DELETED))
    titled, other_kinds = _of_other_kinds(table)
    refused = _refused(table, ids, around) | titled
    return fields, {number: why for number, why in refused.items() if number not in other_kinds}, other_kinds


def _with_deletions(fields: pa.Table, is_deleted: Flags) -> pa.Table:
    """The documents, of which those say no more than that they are deleted whose leader does."""
    if not is_deleted.any():
        return fields
    said = {"id": fields.column("id"), "is_deletion": pa.repeat(pa.scalar(True), fields.num_rows)}
    columns = [
        pc.if_else(pa.array(is_deleted), said.get(field.name, pa.scalar(None, field.type)), fields.column(field.name))
        for field in FIELDS
    ]
    return pa.Table.from_arrays(columns, schema=FIELDS)


def ids_of(table: MarcTable) -> pa.Array:
    """What field 001 of each record says, null where there is none."""
    own = np.flatnonzero(table.control_tag == 1)
    return Values(table.control_record[own], trimmed(table.control_text.take(pa.array(own)))).first(len(table))


def _with_made_ids(table: MarcTable) -> tuple[MarcTable, pa.Array]:
    """The records and their ids: one with a title that has none is called by what stands in it, and that is noted.

    One that is damaged would be another record by that.
    """
    ids = ids_of(table)
    lacks = (_lengths(ids) == 0) & table.has(_TITLE)
    lacks[[number for number, notes in table.notes.items() if any(one.startswith(DAMAGED) for one in notes)]] = False
    places = np.flatnonzero(lacks)
    # Of the leader kind and level are what the record says; lengths and codes are those of a file.
    texts = table.fullrecord.take(pa.array(places)).to_pylist()
    leaders = zip(table.kind[places].tolist(), table.level[places].tolist(), strict=True)
    said = [
        f"{chr(kind)}{chr(level)}{text.partition(_LEADER_END)[2] if text.startswith('<') else text[LEADER:]}"
        for (kind, level), text in zip(leaders, texts, strict=True)
    ]
    made = [f"marc-{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}" for text in said]
    ids = pc.replace_with_mask(ids, pa.array(lacks), pa.array(made, TEXT))
    notes = {number: [*table.notes.get(number, []), _MADE_ID] for number in places.tolist()}
    return replace(table, notes=table.notes | notes), ids


def _refused(table: MarcTable, ids: pa.Array, around: pa.Array) -> dict[int, str]:
    """The records that have no id that can be one, with the reason."""
    too_long = f"the id is longer than {LONGEST_ID:,} bytes, which no id is"
    refused = dict.fromkeys(np.flatnonzero(_lengths(around) > LONGEST_ID).tolist(), too_long)
    for number in np.flatnonzero(_lengths(ids) == 0).tolist():
        damage = next((f", and {one}" for one in table.notes.get(number, ()) if one.startswith(DAMAGED)), "")
        refused[number] = f"no id: the record has no field 001{damage}"
    return refused


def _of_other_kinds(table: MarcTable) -> tuple[dict[int, str], dict[int, str]]:
    """Of the records that are no bibliographic ones by their leaders: why those with a title are refused, and of what
    the others are.
    """
    titled, others = dict[int, str](), dict[int, str]()
    found = np.flatnonzero(np.isin(table.kind, [ord(kind) for kind in _OTHER_KINDS])).tolist()
    has_title = table.has(_TITLE) if found else ()
    for number in found:
        kind = chr(table.kind[number])
        if has_title[number] and kind != _COMMUNITY:
            said = f"by its leader (position 6 is {kind}: {_OTHER_KINDS[kind]})"
            titled[number] = f"no bibliographic record {said}, but it has a title"
        else:
            others[number] = _OTHER_KINDS[kind]
    return titled, others


def _lengths(texts: pa.Array) -> Positions:
    found: Positions = pc.fill_null(pc.binary_length(texts), 0).to_numpy()
    return found


def _languages(table: MarcTable, picked: Mapping[Pick, FieldValues]) -> pa.Array:
    """The languages of 008 and of 041, each once; a list without any where there are none."""
    count = len(table)
    own = np.flatnonzero(table.control_tag == 8)
    fixed = Values(table.control_record[own], table.control_text.take(pa.array(own))).first(count)
    codes = pc.utf8_slice_codeunits(pc.fill_null(fixed, ""), 35, 38)
    parts = [picked[pick] for pick in _LANGUAGES]
    # All of a field before those of the next one, in the order of the codes.
    order = np.argsort(np.concatenate([part.field for part in parts]), kind="stable")
    others = Values(
        np.concatenate([part.record for part in parts])[order],
        pa.concat_arrays([part.texts for part in parts]).take(pa.array(order)),
    )
    found = gathered([Values(np.arange(count), codes), others]).mapped_to_many(language_names).once().lists(count)
    return pc.coalesce(found, pa.scalar([], TEXTS))
