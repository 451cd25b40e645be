"""The one schema of a Solr document and of every frame that passes between the rooms.

Frames are :class:`pyarrow.Table`; :func:`conform` is the door each of them passes. Identifiers are
computed, never drawn: :func:`stable_id` turns a natural key into a signed 64-bit number, so that the
same dump gives the same ids on every machine and no frame needs a look-up.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

TEXT: Final = pa.string()
TEXTS: Final = pa.list_(pa.string())


#: Goes up with every change of a frame that one stage writes and another reads.
FRAMES_VERSION: Final = 7

#: Fields of VuFind's index that hold one value (solr/vufind/biblio/conf/schema.xml, VuFind 10).
SINGLE_VALUED_FIELDS: Final = (
    "id", "record_format", "title", "title_sub", "title_short", "title_full", "title_fullStr",
    "title_full_unstemmed", "title_auth", "title_sort", "author_sort", "description", "edition",
    "container_title", "container_volume", "container_issue", "container_start_page",
    "container_reference", "lccn", "thumbnail", "illustrated", "callnumber-first",
    "callnumber-subject", "callnumber-label", "callnumber-sort", "dewey-sort", "hierarchytype",
    "is_hierarchy_id", "is_hierarchy_title", "first_indexed", "last_indexed", "fullrecord",
)  # fmt: skip

#: Fields of VuFind's index that hold any number of values, and the dynamic ones the road reads.
MULTI_VALUED_FIELDS: Final = (
    "institution", "collection", "building", "language", "format", "author", "author_role",
    "author_variant", "author2", "author2_role", "author2_variant", "author_corporate",
    "author_corporate_role", "author_additional", "author_facet", "publishDate", "publisher",
    "physical", "dateSpan", "series", "series2", "topic", "genre", "geographic", "era",
    "topic_facet", "genre_facet", "geographic_facet", "era_facet", "contents", "url", "isbn", "issn",
    "ctrlnum", "oclc_num", "title_alt", "title_old", "title_new", "callnumber-raw", "dewey-hundreds",
    "dewey-tens", "dewey-ones", "dewey-full", "dewey-raw", "spelling", "spellingShingle",
    "hierarchy_top_id", "hierarchy_top_title", "hierarchy_parent_id", "hierarchy_parent_title",
    "hierarchy_sequence", "title_in_hierarchy", "doi_str_mv", "work_keys_str_mv",
)  # fmt: skip

#: What the index derives from other fields or from the moment of indexing. A reader keeps them; the
#: warehouse neither stores them nor counts them as a change.
INDEX_ONLY_FIELDS: Final = frozenset(
    {
        "_version_", "score", "first_indexed", "last_indexed", "title_full", "title_fullStr",
        "title_full_unstemmed", "title_auth", "author_facet", "author_sort", "author_variant",
        "author2_variant", "topic_facet", "genre_facet", "geographic_facet", "era_facet", "spelling",
        "spellingShingle", "callnumber-sort", "dewey-sort", "publishDateSort", "topic_unstemmed",
        "allfields", "allfields_unstemmed", "fulltext", "fulltext_unstemmed", "topic_browse",
        "author_browse", "hierarchy_browse", "publisherStr",
    }
)  # fmt: skip

#: Where a document was found: its file (relative to the dump), the archive member in it ("" for
#: none), the byte offset and length in the decompressed file or member, the line (from 1; 0 where
#: lines mean nothing).
LINEAGE: Final = (
    pa.field("file", TEXT, nullable=False),
    pa.field("member", TEXT, nullable=False),
    pa.field("offset", pa.int64(), nullable=False),
    pa.field("length", pa.int64(), nullable=False),
    pa.field("line", pa.int64(), nullable=False),
)

#: What ``staff_view`` says of a page that shows none.
LACKING: Final = "lacking"

#: How a record page was read, null for all else. ``staff_view`` is LACKING where the page shows none and so says less
#: of its record than one that does; the rest is told of pages as text alone. Marks of cuts are ``exact`` (nothing else
#: is possible), ``inferred`` (the likeliest, by the record and the dump) and ``uncut``. ``author_cut`` is the least
#: sure mark of the credits; ``field_cuts`` has `field mark` for each field whose values may have run together;
#: ``shown_counts`` `field number`, the headings that the page shows of a field that was not cut exactly;
#: ``mined_fields`` the fields that were mined out of another; ``page_language`` the language of the page as VuFind
#: names it.
PAGE_LINEAGE: Final = (
    pa.field("staff_view", TEXT),
    pa.field("author_cut", TEXT),
    pa.field("field_cuts", TEXTS),
    pa.field("shown_counts", TEXTS),
    pa.field("mined_fields", TEXTS),
    pa.field("page_language", TEXT),
)

#: One Solr document a row: lineage, every known field typed, local fields as a JSON object in
#: ``extra``. A single-valued field that came with several values keeps the first in its column and
#: all of them in ``extra`` under its own name. ``is_deletion`` is true where the dump says no more than
#: that the record of this ``id`` is deleted, else null. Rows stand in the order of the dump: of those about one id the
#: last counts, a page whose staff view is lacking only where all are.
RAW_RECORDS: Final = pa.schema(
    [
        *LINEAGE,
        *PAGE_LINEAGE,
        pa.field("is_deletion", pa.bool_()),
        pa.field("_version_", pa.int64()),
        *(pa.field(name, TEXT) for name in SINGLE_VALUED_FIELDS),
        *(pa.field(name, TEXTS) for name in MULTI_VALUED_FIELDS),
        pa.field("extra", TEXT),
    ]
)

#: What could not be read, with all that is needed to find and replay it: ``format`` is that whose reader refused it
#: ("" where none knew the file), ``part`` what the bytes are (see :class:`~pipelines.readers.chunks.Unreadable`),
#: ``context`` the bytes that stand elsewhere in the file and without which these cannot be read.
QUARANTINED: Final = pa.schema(
    [
        *LINEAGE,
        pa.field("reason", TEXT, nullable=False),
        pa.field("raw", pa.binary(), nullable=False),
        pa.field("format", TEXT, nullable=False),
        pa.field("part", TEXT, nullable=False),
        pa.field("context", pa.binary(), nullable=False),
    ]
)

NORMALIZED_RECORDS: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("source", TEXT, nullable=False),
        pa.field("source_record_id", TEXT, nullable=False),
        pa.field("title", TEXT),
        pa.field("title_short", TEXT),
        pa.field("title_sort", TEXT),
        pa.field("subtitle", TEXT),
        pa.field("description", TEXT),
        pa.field("description_hash", pa.int64()),
        pa.field("format", TEXTS),
        pa.field("publication_kind", TEXT),
        pa.field("language", TEXTS),
        pa.field("publication_year", pa.int32()),
        pa.field("publication_year_note", TEXT),
        pa.field("publication_date", pa.date32()),
        pa.field("publisher", TEXT),
        pa.field("container_title", TEXT),
        pa.field("volume", TEXT),
        pa.field("issue", TEXT),
        pa.field("start_page", TEXT),
        pa.field("edition", TEXT),
        pa.field("series", TEXTS),
        pa.field("topics", TEXTS),
        pa.field("institution", TEXT),
        pa.field("collection", TEXT),
        pa.field("record_format", TEXT),
        pa.field("license_url", TEXT),
        pa.field("doi", TEXT),
        pa.field("author_names", TEXTS),
        pa.field("extra", TEXT),
        pa.field("content_hash", pa.int64(), nullable=False),
        # How many of the DESCRIPTIVE_COLUMNS have a value.
        pa.field("filled", pa.int16(), nullable=False),
        # Whether all that is read of it is a page without staff view, which gives way to all else about the record.
        pa.field("lacks_staff_view", pa.bool_(), nullable=False),
        pa.field("file", TEXT, nullable=False),
        pa.field("member", TEXT, nullable=False),
        pa.field("byte_offset", pa.int64(), nullable=False),
        pa.field("byte_length", pa.int64(), nullable=False),
    ]
)

#: The columns by which what hangs on a record is seen to have changed, and the frames of which each is the hash.
BELONGING_HASHES: Final = {
    "record_authors_hash": "record_authors",
    "links_hash": "record_links",
    "record_identifiers_hash": "record_identifiers",
    "record_work_keys_hash": "record_work_keys",
    "record_matching_keys_hash": "record_matching_keys",
}

#: The frame ``records`` of a normalised dump: with the hashes of all that hangs on each.
HASHED_RECORDS: Final = pa.schema(
    [*NORMALIZED_RECORDS, *(pa.field(name, pa.int64(), nullable=False) for name in BELONGING_HASHES)]
)

#: Records that a dump says to be deleted, and where it says so.
DELETIONS: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("source_record_id", TEXT, nullable=False),
        pa.field("file", TEXT, nullable=False),
        pa.field("member", TEXT, nullable=False),
        pa.field("byte_offset", pa.int64(), nullable=False),
        pa.field("byte_length", pa.int64(), nullable=False),
    ]
)

#: Columns that describe; the more of them a record fills, the sooner it speaks for its publication.
DESCRIPTIVE_COLUMNS: Final = (
    "title", "title_short", "title_sort", "subtitle", "description", "format", "publication_kind", "language",
    "publication_year", "publication_date", "publisher", "container_title", "volume", "issue", "start_page",
    "edition", "series", "topics", "license_url", "doi", "author_names",
)  # fmt: skip

#: Distinct headings of one part; the same heading may stand in the frames of several parts.
AUTHORS: Final = pa.schema(
    [
        pa.field("author_id", pa.int64(), nullable=False),
        pa.field("heading_key", TEXT, nullable=False),
        pa.field("name", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),
        pa.field("family_name", TEXT),
        pa.field("given_names", TEXT),
        pa.field("suffix", TEXT),
        pa.field("birth_year", pa.int16()),
        pa.field("death_year", pa.int16()),
        pa.field("orcid", TEXT),
        pa.field("script", TEXT),
        # xxh3 of its key and how it is spelt: parts that spell a heading in the same way are told by comparing numbers.
        pa.field("spelling_hash", pa.int64(), nullable=False),
    ]
)

#: One credit a row; ``position`` counts from 1 within the record.
RECORD_AUTHORS: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("author_id", pa.int64(), nullable=False),
        pa.field("role", TEXT),
        pa.field("source_field", TEXT, nullable=False),
        pa.field("name_as_written", TEXT, nullable=False),
    ]
)

RECORD_LINKS: Final = pa.schema(
    [
        pa.field("link_id", pa.int64(), nullable=False),
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("position", pa.int32(), nullable=False),
        pa.field("url", TEXT, nullable=False),
        pa.field("url_as_written", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),
        pa.field("host", TEXT),
        pa.field("is_valid", pa.bool_(), nullable=False),
    ]
)

RECORD_IDENTIFIERS: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("scheme", TEXT, nullable=False),
        pa.field("value", TEXT, nullable=False),
        pa.field("value_as_written", TEXT, nullable=False),
        pa.field("source_field", TEXT, nullable=False),
        pa.field("is_valid", pa.bool_(), nullable=False),
        pa.field("invalid_reason", TEXT),
    ]
)

RECORD_WORK_KEYS: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("work_key_id", pa.int64(), nullable=False),
        pa.field("kind", TEXT, nullable=False),
        pa.field("key", TEXT, nullable=False),
        pa.field("origin", TEXT, nullable=False),
    ]
)

#: Under which keys a record meets others beside its work keys (:mod:`pipelines.works.matching_keys`): numbers only.
RECORD_MATCHING_KEYS: Final = pa.schema(
    [pa.field("record_id", pa.int64(), nullable=False), pa.field("matching_key_id", pa.int64(), nullable=False)]
)

#: What matching reads of a record: evidence, survivorship, and the ids it has so far (null where new).
#: ``description_hash`` is equal where two records have one abstract, null where it would tell nothing; ``filled``
#: counts the descriptive columns that have a value; ``founded`` is the name of the first
#: dump that held the record, which orders records by age.
MATCH_RECORDS: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("source", TEXT, nullable=False),
        pa.field("founded", TEXT, nullable=False),
        pa.field("title", TEXT),
        pa.field("publication_kind", TEXT),
        pa.field("publication_year", pa.int32()),
        pa.field("container_title", TEXT),
        pa.field("volume", TEXT),
        pa.field("issue", TEXT),
        pa.field("start_page", TEXT),
        pa.field("edition", TEXT),
        pa.field("doi", TEXT),
        pa.field("format", TEXTS),
        pa.field("author_names", TEXTS),
        pa.field("description_hash", pa.int64()),
        pa.field("filled", pa.int16(), nullable=False),
        pa.field("publication_id", pa.int64()),
        pa.field("work_id", pa.int64()),
    ]
)

WORK_ASSIGNMENTS: Final = pa.schema(
    [
        pa.field("record_id", pa.int64(), nullable=False),
        pa.field("publication_id", pa.int64(), nullable=False),
        pa.field("work_id", pa.int64(), nullable=False),
    ]
)

#: One decided pair a row; ``record_id_a < record_id_b``; ``score`` from 0 to 1; ``blocking_key`` a key that both
#: records hold, null where a person decided.
WORK_EVIDENCE: Final = pa.schema(
    [
        pa.field("record_id_a", pa.int64(), nullable=False),
        pa.field("record_id_b", pa.int64(), nullable=False),
        pa.field("verdict", TEXT, nullable=False),
        pa.field("rule", TEXT, nullable=False),
        pa.field("reason", TEXT, nullable=False),
        pa.field("score", pa.float32(), nullable=False),
        pa.field("blocking_key", TEXT),
    ]
)

PUBLICATIONS: Final = pa.schema(
    [
        pa.field("publication_id", pa.int64(), nullable=False),
        pa.field("work_id", pa.int64(), nullable=False),
        pa.field("canonical_record_id", pa.int64(), nullable=False),
        pa.field("title", TEXT),
        pa.field("publication_year", pa.int32()),
        pa.field("doi", TEXT),
        pa.field("container_title", TEXT),
        pa.field("format", TEXTS),
        pa.field("author_names", TEXTS),
        pa.field("record_count", pa.int32(), nullable=False),
        pa.field("source_count", pa.int32(), nullable=False),
        # A JSON object: the record_id of each field that is not the canonical record's; null where all are.
        pa.field("field_sources", TEXT),
    ]
)

WORKS: Final = pa.schema(
    [
        pa.field("work_id", pa.int64(), nullable=False),
        pa.field("canonical_publication_id", pa.int64(), nullable=False),
        pa.field("title", TEXT),
        pa.field("first_year", pa.int32()),
        pa.field("last_year", pa.int32()),
        pa.field("author_names", TEXTS),
        pa.field("publication_count", pa.int32(), nullable=False),
        pa.field("record_count", pa.int32(), nullable=False),
    ]
)

#: An id that was once shown to users and now means another: ``level`` is "publication" or "work".
WORK_REDIRECTS: Final = pa.schema(
    [
        pa.field("level", TEXT, nullable=False),
        pa.field("old_id", pa.int64(), nullable=False),
        pa.field("new_id", pa.int64(), nullable=False),
    ]
)


class FrameError(ValueError):
    """A frame does not have the shape its schema declares."""


def conform(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    """Return ``table`` with exactly the columns of ``schema``, in order and cast.

    Raises :class:`FrameError` where a column is missing, is of a type that does not cast without
    loss, or is null where the schema forbids it.
    """
    missing = [field.name for field in schema if field.name not in table.column_names]
    if missing:
        raise FrameError(f"{name}: columns missing: {', '.join(missing)}")
    try:
        conformed = table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise FrameError(f"{name}: {error}") from error
    for field in schema:
        if not field.nullable and conformed.column(field.name).null_count:
            raise FrameError(f"{name}: column {field.name} must not be null")
    return conformed
