"""Solr documents into the frames of the warehouse: all rules of normalisation joined, one batch at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import counting
from pipelines.normalize.authors import normalize_authors
from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import as_mask, exploded, first_of_each, group_lists, is_repeat, map_lists, one_array
from pipelines.normalize.content_hash import content_hashes
from pipelines.normalize.dates import publication_dates
from pipelines.normalize.description_hash import description_hashes
from pipelines.normalize.identifiers import normalize_identifiers
from pipelines.normalize.json_columns import canonical_objects, json_objects
from pipelines.normalize.kinds import publication_kinds
from pipelines.normalize.languages import language_codes
from pipelines.normalize.links import normalize_links
from pipelines.normalize.text import clean_lists, clean_texts
from pipelines.normalize.titles import without_isbd_ends, without_joining_signs
from pipelines.records import (
    AUTHORS,
    DELETIONS,
    DESCRIPTIVE_COLUMNS,
    INDEX_ONLY_FIELDS,
    LACKING,
    LINEAGE,
    NORMALIZED_RECORDS,
    RAW_RECORDS,
    RECORD_AUTHORS,
    FrameError,
    conform,
)
from pipelines.stable_ids import UNIT_SEPARATOR

#: Where a record or a deletion stands, by the names of the warehouse.
_PLACES: Final = {"file": "file", "member": "member", "byte_offset": "offset", "byte_length": "length"}
_LINEAGE_NAMES: Final = frozenset(field.name for field in LINEAGE)

#: Where the title comes from: the first of these that has letters.
TITLE_FIELDS: Final = ("title", "title_full", "title_fullStr", "title_short")

#: Columns of a record that are one cleaned field, by their names in the index.
_TEXT_COLUMNS: Final = {
    "title_short": "title_short",
    "title_sort": "title_sort",
    "subtitle": "title_sub",
    "description": "description",
    "container_title": "container_title",
    "volume": "container_volume",
    "issue": "container_issue",
    "start_page": "container_start_page",
    "edition": "edition",
    "record_format": "record_format",
}
#: Of these, titles and parts of them.
_TITLE_COLUMNS: Final = ("title_short", "title_sort", "subtitle")
#: Columns that hold the first of several values; where there are more, ``extra`` has them all.
_FIRST_VALUE_COLUMNS: Final = ("publisher", "institution", "collection")
_ROLE_FIELDS: Final = {
    "author_role": "author",
    "author2_role": "author2",
    "author_corporate_role": "author_corporate",
}
#: Fields of which nothing goes to ``extra`` by itself: they have columns, tables, or rules of their own.
_PLACED_FIELDS: Final = frozenset(
    {
        *_LINEAGE_NAMES, *TITLE_FIELDS, *_TEXT_COLUMNS.values(), *_FIRST_VALUE_COLUMNS, *_ROLE_FIELDS,
        *_ROLE_FIELDS.values(),
        "shown_counts",
        "id", "is_deletion", "extra", "format", "series", "series2", "topic", "language", "publishDate", "url", "isbn",
        "issn", "lccn", "oclc_num", "doi_str_mv", "work_keys_str_mv",
    }
)  # fmt: skip
_EXTRA_FIELDS: Final = tuple(name for name in RAW_RECORDS.names if name not in _PLACED_FIELDS | INDEX_ONLY_FIELDS)
_HASHED_FIELDS: Final = tuple(
    name
    for name in RAW_RECORDS.names
    if name not in {*_LINEAGE_NAMES, "is_deletion", "title", "extra"} | INDEX_ONLY_FIELDS
)


@dataclass(frozen=True, slots=True)
class NormalizedFrames:
    """What a batch of documents becomes; each table conforms to its schema in :mod:`pipelines.records`.

    ``documents`` RAW_RECORDS, those that count, row for row as ``records``; ``records`` NORMALIZED_RECORDS,
    ``authors`` AUTHORS (distinct headings), ``record_authors`` RECORD_AUTHORS, ``record_links`` RECORD_LINKS,
    ``record_identifiers`` RECORD_IDENTIFIERS, ``deletions`` DELETIONS, none of a record that is there; ``repeated``
    counts the documents dropped because a later statement of the batch is about the same id.
    """

    documents: pa.Table
    records: pa.Table
    authors: pa.Table
    record_authors: pa.Table
    record_links: pa.Table
    record_identifiers: pa.Table
    deletions: pa.Table
    repeated: int


def normalize_documents(raw: pa.Table, source: str, this_year: int) -> NormalizedFrames:
    """Normalise one batch of ``raw`` (RAW_RECORDS) documents of the catalogue ``source``.

    Of documents and deletions with one id the last counts, a page without staff view only where all are such.
    ``this_year`` is the year up to which (and two more) a publication may be dated. Raises FrameError where the batch
    is not of its schema or an id is null, ``orjson.JSONDecodeError`` where ``extra`` is not JSON.
    """
    given = _without_nul(conform(raw, RAW_RECORDS, "raw_records"))
    if given["id"].null_count:
        raise FrameError("raw_records: column id must not be null")
    documents, deleted, repeated = _one_of_each_id(given)
    source_record_ids = one_array(documents["id"])
    record_ids = _record_ids(source, source_record_ids)

    author_frames = normalize_authors(documents, record_ids)
    links = normalize_links(documents, record_ids)
    identifiers = normalize_identifiers(documents, record_ids)
    columns = {
        "record_id": record_ids,
        "source": pa.repeat(pa.scalar(source), len(record_ids)),
        "source_record_id": source_record_ids,
        **_descriptive_columns(documents, this_year, author_frames.unsaid),
        "license_url": _first_by_record(links.filter(pc.equal(links["kind"], "license")), "url", record_ids),
        "doi": _first_by_record(
            identifiers.filter(pc.and_(pc.equal(identifiers["scheme"], "doi"), identifiers["is_valid"])),
            "value",
            record_ids,
        ),
        "author_names": author_frames.names,
        "lacks_staff_view": lacks_staff_view(documents),
        **{name: documents[raw_name] for name, raw_name in _PLACES.items()},
    }
    columns["filled"] = _count_filled([columns[name] for name in DESCRIPTIVE_COLUMNS])
    return NormalizedFrames(
        documents=documents,
        records=conform(pa.table(columns), NORMALIZED_RECORDS, "normalized_records"),
        authors=conform(author_frames.headings, AUTHORS, "authors"),
        record_authors=conform(author_frames.credits, RECORD_AUTHORS, "record_authors"),
        record_links=links,
        record_identifiers=identifiers,
        deletions=_deletions(source, deleted),
        repeated=repeated,
    )


def raw_record_ids(raw: pa.Table, source: str) -> pa.Array:
    """Which records of the catalogue ``source`` rows of RAW_RECORDS (or their column ``id``) are about."""
    return _record_ids(source, _column_without_nul(one_array(raw["id"])))


def _record_ids(source: str, source_record_ids: pa.Array) -> pa.Array:
    return pa.array(text_hashes(pc.binary_join_element_wise(source, source_record_ids, UNIT_SEPARATOR)))


def _deletions(source: str, deleted: pa.Table) -> pa.Table:
    ids = one_array(deleted["id"])
    places = {name: deleted[raw] for name, raw in _PLACES.items()}
    columns = {"record_id": _record_ids(source, ids), "source_record_id": ids, **places}
    return conform(pa.table(columns), DELETIONS, "deletions")


def lacks_staff_view(raw: pa.Table) -> pa.Array:
    """Which rows of RAW_RECORDS (or their column ``staff_view``) are pages that show none."""
    return pc.fill_null(pc.equal(one_array(raw["staff_view"]), LACKING), False)


def _one_of_each_id(raw: pa.Table) -> tuple[pa.Table, pa.Table, int]:
    """The documents and the deletions of ``raw`` that count, and how many documents are left out."""
    codes = one_array(raw["id"]).dictionary_encode().indices.to_numpy().astype(np.int64)
    superseded = ~counting(codes, as_mask(lacks_staff_view(raw)))
    is_deletion = as_mask(pc.fill_null(one_array(raw["is_deletion"]), False))
    if not superseded.any() and not is_deletion.any():
        return raw, raw.slice(0, 0), 0
    documents, deleted = (raw.filter(pa.array(~superseded & kind)) for kind in (~is_deletion, is_deletion))
    return documents, deleted, int((superseded & ~is_deletion).sum())


def _without_nul(raw: pa.Table) -> pa.Table:
    """``raw`` without NUL in any text, which Postgres stores nowhere."""
    columns = [_column_without_nul(one_array(column)) for column in raw.columns]
    return pa.table(columns, schema=raw.schema)


def _column_without_nul(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        values = column.flatten()
        if not _holds_nul(values):
            return column
        return map_lists(column, lambda texts: pc.replace_substring(texts, "\x00", ""))
    if pa.types.is_string(column.type) and _holds_nul(column):
        return pc.replace_substring(column, "\x00", "")
    return column


def _holds_nul(texts: pa.Array) -> bool:
    """Whether any text holds NUL: a look at all bytes at once, and at the texts only if one of them is zero."""
    data = texts.buffers()[2]
    if data is None or np.frombuffer(data, np.uint8).all():
        return False
    return bool(as_mask(pc.match_substring(texts, "\x00")).any())


def _descriptive_columns(
    documents: pa.Table, this_year: int, unsaid: Mapping[str, npt.NDArray[np.bool_]]
) -> dict[str, pa.Array]:
    """The columns that describe the publication, ``extra`` and ``content_hash``.

    ``unsaid``: in which rows an author field, and its roles, say more than the credits hold.
    """
    raw = {name: one_array(documents[name]) for name in documents.column_names}
    title = without_isbd_ends(_first_with_letters([raw[field] for field in TITLE_FIELDS]))
    formats = clean_lists(raw["format"])
    languages, unknown_languages = _languages(raw["language"])
    years, notes, dates = publication_dates(raw["publishDate"], this_year)
    cleaned = {name: clean_lists(raw[name]) for name in _FIRST_VALUE_COLUMNS}
    extra = canonical_objects(raw["extra"])
    leftovers = {
        **{name: raw[name] for name in _EXTRA_FIELDS},
        **{name: _where(pc.greater(pc.list_value_length(lists), 1), lists) for name, lists in cleaned.items()},
        **{names: _where(pa.array(is_unsaid), raw[names]) for names, is_unsaid in unsaid.items()},
        **{
            role: _where(pa.array(as_mask(_not_aligned(raw[role], raw[names])) | unsaid[names]), raw[role])
            for role, names in _ROLE_FIELDS.items()
        },
        "language": unknown_languages,
        "publishDate": _where(pc.invert(_is_plain_year(raw["publishDate"], years)), raw["publishDate"]),
    }
    hashed = {**{name: raw[name] for name in _HASHED_FIELDS}, "title": title, "extra": extra}
    texts = {column: clean_texts(raw[field]) for column, field in _TEXT_COLUMNS.items()}
    texts |= {column: without_isbd_ends(texts[column]) for column in _TITLE_COLUMNS}
    texts["edition"] = without_joining_signs(texts["edition"])
    firsts = {name: first_of_each(*exploded(lists), len(lists)) for name, lists in cleaned.items()}
    return {
        "title": title,
        **texts,
        "description_hash": description_hashes(texts["description"]),
        "format": formats,
        "publication_kind": publication_kinds(formats),
        "language": languages,
        "publication_year": years,
        "publication_year_note": notes,
        "publication_date": dates,
        **firsts,
        "publisher": without_joining_signs(firsts["publisher"]),
        "series": clean_lists(without_joining_signs(_joined_lists(raw["series"], raw["series2"]))),
        "topics": clean_lists(raw["topic"]),
        "extra": json_objects(leftovers, extra),
        "content_hash": content_hashes(hashed, len(title)),
    }


def _first_with_letters(columns: list[pa.Array]) -> pa.Array:
    """The first clean text of each row; columns after one that has a text in every row are not looked at."""
    texts = clean_texts(columns[0])
    for column in columns[1:]:
        if not texts.null_count:
            break
        texts = pc.coalesce(texts, clean_texts(column))
    return texts


def _languages(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The codes of each record, each once, and the texts that name no language, as lists."""
    rows, texts = exploded(clean_lists(column))
    found = language_codes(texts)
    known = as_mask(pc.greater(pc.list_value_length(found), 0))
    unknown = group_lists(rows[~known], texts.filter(pa.array(~known)), len(column))
    places, codes = exploded(found)
    rows = rows[places]
    first = ~is_repeat(rows, codes.dictionary_encode().indices.to_numpy(zero_copy_only=False))
    return group_lists(rows[first], codes.filter(pa.array(first)), len(column)), unknown


def _joined_lists(first: pa.Array, second: pa.Array) -> pa.Array:
    """The values of two list columns as one list a row."""
    if second.null_count == len(second):
        return first
    rows, values = zip(exploded(first), exploded(second), strict=True)
    row_numbers = np.concatenate(rows)
    order = np.argsort(row_numbers, kind="stable")
    return group_lists(row_numbers[order], pa.concat_arrays(values).take(pa.array(order)), len(first))


def _where(mask: pa.Array, column: pa.Array) -> pa.Array:
    """``column`` where ``mask`` is true, else null."""
    indices = pa.array(np.arange(len(column)), mask=~as_mask(mask))
    return column.take(indices)


def _not_aligned(roles: pa.Array, names: pa.Array) -> pa.Array:
    """Whether roles cannot be told apart by name, so that the credits do not hold them."""
    return pc.not_equal(pc.list_value_length(roles), pc.fill_null(pc.list_value_length(names), 0))


def _is_plain_year(dates: pa.Array, years: pa.Array) -> pa.Array:
    """Whether ``publishDate`` says no more than the year."""
    return pc.fill_null(pc.equal(pc.binary_join(dates, UNIT_SEPARATOR), pc.cast(years, pa.string())), False)


def _count_filled(columns: list[pa.Array]) -> pa.Array:
    """How many of the columns have a value, row by row."""
    counts = np.zeros(len(columns[0]), np.int16)
    for column in columns:
        counts += as_mask(pc.is_valid(column))
    return pa.array(counts)


def _first_by_record(table: pa.Table, column: str, record_ids: pa.Array) -> pa.Array:
    """The first ``column`` of ``table`` for each of ``record_ids``."""
    rows = pc.index_in(one_array(table["record_id"]), record_ids).to_numpy(zero_copy_only=False).astype(np.int64)
    return first_of_each(rows, one_array(table[column]), len(record_ids))
