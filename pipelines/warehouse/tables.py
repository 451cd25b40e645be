"""Every table of the warehouse, defined once: columns, keys, indexes and what each of them means.

``catalog`` is the contract with people who write SQL; ``ops`` is bookkeeping. The comments become
COMMENTs in Postgres. Names of constraints follow one convention, so that a first load can drop
and restore them.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

#: Goes up with every change of a table, so that code and database can tell that they disagree.
SCHEMA_VERSION: Final = 4

SCHEMAS: Final = {
    "catalog": "The catalogue: records as delivered, the publications they describe, and their works",
    "reporting": "Views that answer questions about the catalogue",
    "ops": "Bookkeeping: dumps, loads, quarantine",
}

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)


def _column(
    name: str, kind: Any, comment: str, *constraints: Any, required: bool = False, key: bool = False
) -> Column[Any]:
    return Column(
        name, kind, *constraints, comment=comment, nullable=not (required or key), primary_key=key, autoincrement=False
    )


def _reference(target: str, *, deferred: bool = False) -> ForeignKey:
    """Refer to ``target``; deferred where two tables refer to each other."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED") if deferred else ForeignKey(target)


# fmt: off
works = Table(
    "works",
    metadata,
    _column("work_id", BigInteger, "The record_id of the founding record: of its members the one first held by the earliest dump", key=True),
    _column("canonical_publication_id", BigInteger, "The publication that speaks for the work: most records, then earliest year", _reference("catalog.publications.publication_id", deferred=True), required=True),
    _column("title", Text, "Title of the canonical publication"),
    _column("first_year", Integer, "Earliest year of its publications"),
    _column("last_year", Integer, "Latest year of its publications"),
    _column("author_names", ARRAY(Text), "Author names of the canonical publication, in order"),
    _column("publication_count", Integer, "Number of its publications", required=True),
    _column("record_count", Integer, "Number of its records", required=True),
    Index(None, "canonical_publication_id"),
    schema="catalog",
    comment="One work a row: what its publications (preprint and article, editions, conference and journal version) have in common",
)

publications = Table(
    "publications",
    metadata,
    _column("publication_id", BigInteger, "The record_id of the founding record: of its members the one first held by the earliest dump", key=True),
    _column("work_id", BigInteger, "The work it belongs to", _reference("catalog.works.work_id"), required=True),
    _column("canonical_record_id", BigInteger, "The record that speaks for the publication: of a trusted source, else the best filled, then the newest", _reference("catalog.records.record_id", deferred=True), required=True),
    _column("title", Text, "Title of the canonical record, else of the next that has one"),
    _column("publication_year", Integer, "Year of the canonical record, else of the next that has one"),
    _column("doi", Text, "DOI of the canonical record, else of the next that has one"),
    _column("container_title", Text, "Journal, proceedings or series it appeared in"),
    _column("format", ARRAY(Text), "Formats as the canonical record has them"),
    _column("author_names", ARRAY(Text), "Author names in order"),
    _column("record_count", Integer, "Number of records that describe it", required=True),
    _column("source_count", Integer, "Number of catalogues that hold it", required=True),
    _column("field_sources", JSONB, "The record_id that each field comes from which the canonical record lacks; null where it lacks none"),
    Index(None, "work_id"),
    Index(None, "canonical_record_id"),
    schema="catalog",
    comment="One publication a row: what was published once, its duplicate records made one",
)

records = Table(
    "records",
    metadata,
    _column("record_id", BigInteger, "Signed 64-bit xxh3 of source and source_record_id", key=True),
    _column("source", Text, "The catalogue", required=True),
    _column("source_record_id", Text, "The id of the record in its catalogue (VuFind id)", required=True),
    _column("publication_id", BigInteger, "The publication it describes; null once the record has ended", _reference("catalog.publications.publication_id")),
    _column("work_id", BigInteger, "The work it belongs to; null once the record has ended", _reference("catalog.works.work_id")),
    _column("title", Text, "Full title"),
    _column("title_short", Text, "Title without subtitle"),
    _column("title_sort", Text, "Title as the catalogue sorts it"),
    _column("subtitle", Text, "Subtitle"),
    _column("description", Text, "Abstract or summary"),
    _column("description_hash", BigInteger, "xxh3 of the letters and digits of the description, by which one abstract is known; null where they are few"),
    _column("format", ARRAY(Text), "Formats as the catalogue names them"),
    _column("publication_kind", Text, "Kind derived from the formats: article, conference_paper, preprint, book ..."),
    _column("language", ARRAY(Text), "Languages as ISO 639-3 codes"),
    _column("publication_year", Integer, "Year of publication, Gregorian"),
    _column("publication_year_note", Text, "What is to be known of the year: uncertain, range, copyright, not_gregorian, implausible ..."),
    _column("publication_date", Date, "Day of publication where it is known"),
    _column("publisher", Text, "First publisher named"),
    _column("container_title", Text, "Journal, proceedings or series it appeared in"),
    _column("volume", Text, "Volume of the container"),
    _column("issue", Text, "Issue of the container"),
    _column("start_page", Text, "First page in the container"),
    _column("edition", Text, "Edition statement"),
    _column("series", ARRAY(Text), "Series"),
    _column("topics", ARRAY(Text), "Subjects"),
    _column("institution", Text, "Holding institution"),
    _column("collection", Text, "Collection within the catalogue"),
    _column("record_format", Text, "Format of the original record, such as marc"),
    _column("license_url", Text, "Licence, where a link names one"),
    _column("doi", Text, "First valid DOI, lower case"),
    _column("author_names", ARRAY(Text), "Names credited, in order, in their normalised form"),
    _column("extra", JSONB, "Every field of the document that has no column of its own"),
    _column("content_hash", BigInteger, "xxh3 of what the document says and of the version of the rules", required=True),
    _column("changed_at", DateTime(timezone=True), "When the row came or last changed", required=True),
    _column("deleted_at", DateTime(timezone=True), "When a full dump no longer held the record; null while it is alive"),
    UniqueConstraint("source", "source_record_id"),
    Index(None, "publication_id"),
    Index(None, "work_id"),
    Index("records_ended_index", "record_id", postgresql_where=text("deleted_at IS NOT NULL")),
    schema="catalog",
    comment="One catalogue record a row, in its newest version",
)

authors = Table(
    "authors",
    metadata,
    _column("author_id", BigInteger, "Signed 64-bit xxh3 of heading_key", key=True),
    _column("heading_key", Text, "Folded form under which the spellings of one heading meet", required=True),
    _column("name", Text, "Heading for display, the best spelling among its credits", required=True),
    _column("kind", Text, "person, corporate or meeting", required=True),
    _column("family_name", Text, "Family name of a person"),
    _column("given_names", Text, "Given names or initials of a person"),
    _column("suffix", Text, "Suffix such as Jr."),
    _column("birth_year", SmallInteger, "Year of birth, where the heading has it"),
    _column("death_year", SmallInteger, "Year of death, where the heading has it"),
    _column("orcid", Text, "ORCID, where the heading has it"),
    _column("script", Text, "ISO 15924 code of the script it is written in"),
    # Unique by its digest: an index holds no text without end, and a page's uncut authors may be long.
    Index("authors_heading_key_index", text("md5(heading_key)"), unique=True),
    schema="catalog",
    comment="One distinct heading a row: a person, a corporate body or a meeting as catalogues name them",
)

record_authors = Table(
    "record_authors",
    metadata,
    _column("record_id", BigInteger, "The record", _reference("catalog.records.record_id"), key=True),
    _column("position", Integer, "Place in the record's credits, from 1", key=True),
    _column("author_id", BigInteger, "The heading credited", _reference("catalog.authors.author_id"), required=True),
    _column("role", Text, "Role, where the record states one"),
    _column("source_field", Text, "Solr field the credit stands in", required=True),
    _column("name_as_written", Text, "The name as the record writes it", required=True),
    Index(None, "author_id"),
    schema="catalog",
    comment="One credit a row: a heading in a record",
)

links = Table(
    "links",
    metadata,
    _column("record_id", BigInteger, "The record", _reference("catalog.records.record_id"), key=True),
    _column("position", Integer, "Place in the record's links, from 1", key=True),
    _column("link_id", BigInteger, "Signed 64-bit xxh3 of record_id and url", required=True),
    _column("url", Text, "Canonical form (WHATWG); as written where it is broken", required=True),
    _column("url_as_written", Text, "The URL as the record writes it", required=True),
    _column("kind", Text, "doi, pubmed, pmc, arxiv, handle, isbn, full_text, publisher, license or other", required=True),
    _column("host", Text, "Host, lower case"),
    _column("is_valid", Boolean, "Whether the URL can be followed as it stands", required=True),
    UniqueConstraint("link_id"),
    schema="catalog",
    comment="One URL of a record a row",
)

record_identifiers = Table(
    "record_identifiers",
    metadata,
    _column("record_id", BigInteger, "The record", _reference("catalog.records.record_id"), key=True),
    _column("scheme", Text, "doi, pmid, pmcid, arxiv, handle, orcid, isbn, issn, lccn or oclc", key=True),
    _column("value", Text, "Normal form; as written where it is invalid", key=True),
    _column("value_as_written", Text, "The identifier as the record writes it", required=True),
    _column("source_field", Text, "Solr field it stands in", required=True),
    _column("is_valid", Boolean, "Whether it is well formed, check digit included", required=True),
    _column("invalid_reason", Text, "Why it is not"),
    Index(None, "scheme", "value"),
    schema="catalog",
    comment="One identifier of a record a row",
)

record_work_keys = Table(
    "record_work_keys",
    metadata,
    _column("record_id", BigInteger, "The record", _reference("catalog.records.record_id"), key=True),
    _column("work_key_id", BigInteger, "Signed 64-bit xxh3 of the key", key=True),
    _column("kind", Text, "AT (author and title) or UT (uniform title)", required=True),
    _column("key", Text, "The work key, as VuFind stores it", required=True),
    _column("origin", Text, "given by the catalogue, or computed here", required=True),
    Index(None, "work_key_id"),
    schema="catalog",
    comment="One work key of a record a row: records that share one are candidates for the same work",
)

work_evidence = Table(
    "work_evidence",
    metadata,
    _column("record_id_a", BigInteger, "The smaller record_id of the pair", _reference("catalog.records.record_id"), key=True),
    _column("record_id_b", BigInteger, "The greater record_id of the pair", _reference("catalog.records.record_id"), key=True),
    _column("verdict", Text, "duplicate, version or different", required=True),
    _column("rule", Text, "Name of the rule that decided", required=True),
    _column("reason", Text, "The reason in words", required=True),
    _column("score", Float(24), "Confidence of the rule, 0 to 1", required=True),
    _column("blocking_key", Text, "A key that both records hold: a work key (AT), else a matching key; null where a person decided"),
    _column("decided_at", DateTime(timezone=True), "When it was decided", required=True),
    Index(None, "record_id_b"),
    schema="catalog",
    comment="One decided pair of records a row",
)

work_overrides = Table(
    "work_overrides",
    metadata,
    _column("override_id", UUID, "Drawn when it was decided", key=True),
    _column("record_id_a", BigInteger, "The smaller record_id of the pair", required=True),
    _column("record_id_b", BigInteger, "The greater record_id of the pair", required=True),
    _column("verdict", Text, "duplicate (one publication), version (one work, two publications) or different (two works)", required=True),
    _column("reason", Text, "Why, in the words of who decided", required=True),
    _column("decided_by", Text, "Who", required=True),
    _column("decided_at", DateTime(timezone=True), "When", required=True),
    _column("withdrawn_by", Text, "Who took it back; null while it is in force"),
    _column("withdrawn_at", DateTime(timezone=True), "When it was taken back; null while it is in force"),
    Index("work_overrides_pair_in_force_index", "record_id_a", "record_id_b", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
    schema="catalog",
    comment="One verdict of a person on a pair of records a row: it wins over every rule, and survives every load",
)

work_redirects = Table(
    "work_redirects",
    metadata,
    _column("level", Text, "publication or work", key=True),
    _column("old_id", BigInteger, "An id that was in use", key=True),
    _column("new_id", BigInteger, "The id that took its place", required=True),
    _column("redirected_at", DateTime(timezone=True), "When", required=True),
    Index(None, "new_id"),
    schema="catalog",
    comment="Former ids of publications and works, and what they mean now",
)


def _counts() -> list[Column[Any]]:
    meanings = {
        "records_read": "Documents read, those in quarantine included",
        "records_new": "Records not seen before",
        "records_changed": "Records whose content changed",
        "records_unchanged": "Records whose content stayed the same",
        "records_outdated": "Records of which a later dump has already brought a newer version",
        "records_repeated": "Earlier occurrences of an id that stands again later in the dump",
        "records_deleted": "Records ended because a full dump no longer holds them",
        "records_quarantined": "What could not be read",
        "publications": "Publications in the warehouse after the load",
        "works": "Works in the warehouse after the load",
        "merges": "Former publications and works that the load joined to another",
    }
    return [_column(name, BigInteger, meaning, required=True) for name, meaning in meanings.items()]


dumps = Table(
    "dumps",
    metadata,
    _column("dump_id", BigInteger, "Signed 64-bit xxh3 of source and name", key=True),
    _column("source", Text, "The catalogue", required=True),
    _column("name", Text(collation="C"), "Name of the dump; dumps of a source apply in the order of their names", required=True),
    _column("kind", Text, "delta (adds and changes) or full (what it lacks has ended)", required=True),
    _column("path", Text, "Where it was read from", required=True),
    _column("sha256", Text, "Of its bytes", required=True),
    _column("bytes", BigInteger, "Its size as delivered", required=True),
    *_counts(),
    _column("rules_version", Text, "Versions of readers and rules that read it", required=True),
    _column("icu_version", Text, "Version of ICU that folded its work keys", required=True),
    _column("loaded_at", DateTime(timezone=True), "When it was loaded last", required=True),
    UniqueConstraint("source", "name"),
    schema="ops",
    comment="One dump a row, with the counts of its last load that was not a mere repetition",
)

work_key_profiles = Table(
    "work_key_profiles",
    metadata,
    _column("dump_id", BigInteger, "The dump", _reference("ops.dumps.dump_id"), key=True),
    _column("profile", Text, "How keys are made: vufind_marc, vufind_xslt or recordmanager; none for the records that follow none of them", key=True),
    _column("records_with_keys", BigInteger, "Records of the dump that bring work keys", required=True),
    _column("records_following", BigInteger, "Those of them all of whose keys the profile makes; a record may follow several", required=True),
    _column("records_equal", BigInteger, "Those of them that bring every key that the profile makes as well", required=True),
    _column("examples", ARRAY(Text), "Of the profile none: some records, each with a key that it brings", required=True),
    schema="ops",
    comment="Work keys that the records of a dump bring, against those that each profile makes of the records",
)

loads = Table(
    "loads",
    metadata,
    _column("warehouse_version", BigInteger, "Version of the warehouse that the load made", key=True),
    _column("dump_id", BigInteger, "The dump loaded", _reference("ops.dumps.dump_id"), required=True),
    _column("kind", Text, "delta or full, as this load took it", required=True),
    *_counts(),
    _column("extract_seconds", Float, "Time to read the dump"),
    _column("normalize_seconds", Float, "Time to normalise it"),
    _column("deduplicate_seconds", Float, "Time to find publications and works"),
    _column("load_seconds", Float, "Time to load it, from holding the lock to the commit, deduplicating again included; null for a repetition"),
    _column("loaded_at", DateTime(timezone=True), "When", required=True),
    Index(None, "dump_id"),
    schema="ops",
    comment="One load a row, repetitions included: the history of the warehouse",
)

quarantine = Table(
    "quarantine",
    metadata,
    _column("quarantine_id", BigInteger, "Signed 64-bit xxh3 of dump, file, member, offset and reason", key=True),
    _column("dump_id", BigInteger, "The dump", _reference("ops.dumps.dump_id"), required=True),
    _column("file", Text, "File, relative to the dump", required=True),
    _column("member", Text, "Member of the archive; empty for none", required=True),
    _column("byte_offset", BigInteger, "Where it begins in the decompressed file or member", required=True),
    _column("byte_length", BigInteger, "How long it is", required=True),
    _column("line", BigInteger, "Line, from 1; 0 where lines mean nothing", required=True),
    _column("reason", Text, "Why it could not be read", required=True),
    _column("raw", LargeBinary, "The bytes themselves", required=True),
    _column("quarantined_at", DateTime(timezone=True), "When", required=True),
    Index(None, "dump_id"),
    schema="ops",
    comment="What could not be read, with all that is needed to find and replay it",
)

record_matching_keys = Table(
    "record_matching_keys",
    metadata,
    # The key comes first: who holds it is read from the primary key alone.
    _column("matching_key_id", BigInteger, "Signed 64-bit xxh3 of the key", key=True),
    _column("record_id", BigInteger, "The record", key=True),
    Index(None, "record_id"),
    schema="ops",
    comment="Under which keys a record meets others beside its work keys; recomputed from the record, so only numbers",
)

record_sightings = Table(
    "record_sightings",
    metadata,
    _column("record_id", BigInteger, "The record", key=True),
    _column("first_dump_id", BigInteger, "The earliest dump, by name, that holds it", required=True),
    _column("last_dump_id", BigInteger, "The latest dump, by name, that holds it", required=True),
    _column("file", Text, "Where it stands in the latest dump: file", required=True),
    _column("member", Text, "Member of the archive; empty for none", required=True),
    _column("byte_offset", BigInteger, "Where it begins in the decompressed file or member", required=True),
    _column("byte_length", BigInteger, "How long it is", required=True),
    schema="ops",
    comment="Which dumps hold a record, and where; kept apart so that a nightly full dump need not rewrite unchanged records",
)

matching_settings = Table(
    "matching_settings",
    metadata,
    _column("only_row", Boolean, "Always true: the table has one row, or none where all is as by default", key=True),
    _column("borders", Text, "Borders that are not where the rules put them, as name=verdict, name=verdict", required=True),
    _column("trusted_sources", ARRAY(Text), "Catalogues that speak first for a publication, the one trusted most first", required=True),
    schema="ops",
    comment="What the warehouse is told of matching, in one row",
)

warehouse_version = Table(
    "warehouse_version",
    metadata,
    _column("only_row", Boolean, "Always true: the table has one row", key=True),
    _column("version", BigInteger, "Goes up by one with each load", required=True),
    _column("schema_version", Integer, "Version of the tables", required=True),
    _column("reporting_fingerprint", Text, "Changes with the SQL of the reporting views", required=True),
    _column("warehouse_id", UUID, "Drawn when the tables were made: a plan says for which warehouse it is", required=True),
    schema="ops",
    comment="The version of the warehouse, in one row",
)

# fmt: on
#: Tables that a load fills, in the order in which foreign keys let rows in.
CATALOG_TABLES: Final = (
    works,
    publications,
    records,
    authors,
    record_authors,
    links,
    record_identifiers,
    record_work_keys,
    record_matching_keys,
    work_evidence,
)
