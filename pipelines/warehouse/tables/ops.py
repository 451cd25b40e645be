"""The schema ``ops``: dumps, loads, quarantine, and what matching keeps of records."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from pipelines.warehouse.tables.definition import MERGED, column, metadata, reference


# fmt: off
def _counts() -> list[Column[Any]]:
    meanings = {
        "records_read": "Documents read, those in quarantine included",
        "records_new": "Records not seen before",
        "records_changed": "Records whose content changed",
        "records_unchanged": "Records whose content stayed the same",
        "records_outdated": "Records of which a later dump has already brought a newer version",
        "records_repeated": "Occurrences of an id beside the one that counts: the last, and a page without staff view only where there is no other",
        "records_deleted": "Records ended because the dump says they are deleted, or is a full one and no longer holds them",
        "records_quarantined": "What could not be read",
        "deletions": "Statements of the dump that a record is deleted, whether it was known and alive or not",
        "publications": "Publications in the warehouse after the load",
        "works": "Works in the warehouse after the load",
        "merges": "Former publications and works that the load joined to another",
    }
    return [column(name, BigInteger, meaning, required=True) for name, meaning in meanings.items()]


dumps = Table(
    "dumps",
    metadata,
    column("dump_id", BigInteger, "Signed 64-bit xxh3 of source and name", key=True),
    column("source", Text, "The catalogue", required=True),
    column("name", Text(collation="C"), "Name of the dump; dumps of a source apply in the order of their names", required=True),
    column("kind", Text, "delta (adds and changes), full (what it lacks has ended), or removed (taken out again: it counts nothing, and stays for the history of loads)", required=True),
    column("path", Text, "Where it was read from", required=True),
    column("sha256", Text, "Of its bytes", required=True),
    column("bytes", BigInteger, "Its size as delivered", required=True),
    *_counts(),
    column("value_cuts", JSONB, "How run-together values of pages as text were cut: fields, each with its records by mark (exact, inferred, uncut); empty for other formats", required=True),
    column("missing", Text, "Why it is not the whole of what a server had to give, and so ends nothing; null where nothing says so"),
    column("rules_version", Text, "Versions of readers and rules that read it", required=True),
    column("icu_version", Text, "Version of ICU that folded its work keys", required=True),
    column("loaded_at", DateTime(timezone=True), "When the load began that brought it in last", required=True),
    column("said_to_be", Text, "delta or full, as it was said to be when it went in last: a full one that was not read whole counts as a delta. It keeps this where it comes again and nothing is said", required=True),
    UniqueConstraint("source", "name"),
    schema="ops",
    comment="One dump a row, with the counts of its last load that was not a mere repetition",
)

work_key_profiles = Table(
    "work_key_profiles",
    metadata,
    column("dump_id", BigInteger, "The dump", reference("ops.dumps.dump_id"), key=True),
    column("profile", Text, "How keys are made: vufind_marc, vufind_xslt or recordmanager; none for the records that follow none of them", key=True),
    column("records_with_keys", BigInteger, "Records of the dump that bring work keys", required=True),
    column("records_following", BigInteger, "Those of them all of whose keys the profile makes; a record may follow several", required=True),
    column("records_equal", BigInteger, "Those of them that bring every key that the profile makes as well", required=True),
    column("examples", ARRAY(Text), "Of the profile none: some records, each with a key that it brings", required=True),
    schema="ops",
    comment="Work keys that the records of a dump bring, against those that each profile makes of the records",
)

loads = Table(
    "loads",
    metadata,
    column("warehouse_version", BigInteger, "Version of the warehouse that the load made", key=True),
    column("dump_id", BigInteger, "The dump loaded", reference("ops.dumps.dump_id"), required=True),
    column("kind", Text, "delta or full, as this load took it; replay, where what had been quarantined was read again; removal, where the dump was taken out again", required=True),
    *_counts(),
    column("extract_seconds", Float, "Time to read the dump"),
    column("normalize_seconds", Float, "Time to normalise it"),
    column("deduplicate_seconds", Float, "Time to find publications and works"),
    column("load_seconds", Float, "Time to load it, from holding the lock to the commit, deduplicating again included; null for a repetition"),
    column("loaded_at", DateTime(timezone=True), "When it began", required=True),
    Index(None, "dump_id"),
    schema="ops",
    comment="One load a row, repetitions included: the history of the warehouse",
)

quarantine = Table(
    "quarantine",
    metadata,
    column("quarantine_id", BigInteger, "Signed 64-bit xxh3 of dump, file, member, offset and reason", key=True),
    column("dump_id", BigInteger, "The dump", reference("ops.dumps.dump_id"), required=True),
    column("file", Text, "File, relative to the dump", required=True),
    column("member", Text, "Member of the archive; empty for none", required=True),
    column("byte_offset", BigInteger, "Where it begins in the decompressed file or member", required=True),
    column("byte_length", BigInteger, "How long it is", required=True),
    column("line", BigInteger, "Line, from 1; 0 where lines mean nothing", required=True),
    column("reason", Text, "Why it could not be read", required=True),
    column("raw", LargeBinary, "The bytes themselves", required=True),
    column("format", Text, "The format whose reader refused it; empty where no reader knew the file", required=True),
    column("part", Text, "What the bytes are: a record, a stretch of a file in which no record was found, a file of no known format, torn, where the file broke off or an archive refused it, or passed, where it only counts what was passed over", required=True),
    column("context", LargeBinary, "Bytes that stand elsewhere in the file and without which it cannot be read, such as the header of a CSV", required=True),
    column("quarantined_at", DateTime(timezone=True), "When", required=True),
    Index(None, "dump_id"),
    schema="ops",
    comment="What could not be read, with all that is needed to find and replay it",
)

record_matching_keys = Table(
    "record_matching_keys",
    metadata,
    # The key comes first: who holds it is read from the primary key alone.
    column("matching_key_id", BigInteger, "Signed 64-bit xxh3 of the key", key=True),
    column("record_id", BigInteger, "The record", key=True),
    Index(None, "record_id"),
    schema="ops",
    postgresql_with=MERGED,
    comment="Under which keys a record meets others beside its work keys; recomputed from the record, so only numbers",
)

record_sightings = Table(
    "record_sightings",
    metadata,
    column("record_id", BigInteger, "The record", key=True),
    column("first_dump_id", BigInteger, "The earliest dump, by name, that holds it", required=True),
    column("last_dump_id", BigInteger, "The latest dump, by name, that holds it", required=True),
    column("file", Text, "Where it stands in the latest dump: file", required=True),
    column("member", Text, "Member of the archive; empty for none", required=True),
    column("byte_offset", BigInteger, "Where it begins in the decompressed file or member", required=True),
    column("byte_length", BigInteger, "How long it is; -1 where the latest dump has come again, corrected, and no longer holds it", required=True),
    schema="ops",
    postgresql_with=MERGED,
    comment="Which dumps hold a record, and where; kept apart so that a nightly full dump need not rewrite unchanged records",
)

record_deletions = Table(
    "record_deletions",
    metadata,
    column("record_id", BigInteger, "The record, which need not be known", key=True),
    column("dump_id", BigInteger, "The dump that says so", reference("ops.dumps.dump_id"), key=True),
    column("source_record_id", Text, "The id of the record in its catalogue", required=True),
    column("file", Text, "Where it says so: file, relative to the dump", required=True),
    column("member", Text, "Member of the archive; empty for none", required=True),
    column("byte_offset", BigInteger, "Where it begins in the decompressed file or member", required=True),
    column("byte_length", BigInteger, "How long it is", required=True),
    Index(None, "dump_id"),
    schema="ops",
    postgresql_with=MERGED,
    comment="Which dumps say of which records that they are deleted: such a record has ended until a later dump holds it",
)

record_changes = Table(
    "record_changes",
    metadata,
    column("warehouse_version", BigInteger, "Version of the warehouse that the change made", key=True),
    column("record_id", BigInteger, "The record", key=True),
    column("change", Text, "new, new_but_ended where newer dumps had ended it already, changed, ended, returned, regrouped where only its publication or work is another, or removed where only a dump held it that was taken out again", required=True),
    column("changed_columns", JSONB, "Columns of catalog.records whose value is another, and links, identifiers, credits and work_keys, each with the old and the new value; of a removed record its name; null where none is"),
    column("publication_id_before", BigInteger, "The publication it was of; null for none"),
    column("publication_id", BigInteger, "The publication it is of; null for none"),
    column("work_id_before", BigInteger, "The work it was of; null for none"),
    column("work_id", BigInteger, "The work it is of; null for none"),
    Index(None, "record_id"),
    schema="ops",
    postgresql_with=MERGED,
    comment="What each change of the warehouse did to a record; of a first load, with which all came, there are no rows",
)

matching_settings = Table(
    "matching_settings",
    metadata,
    column("only_row", Boolean, "Always true: the table has one row, or none where all is as by default", key=True),
    column("borders", Text, "Borders that are not where the rules put them, as name=verdict, name=verdict", required=True),
    column("trusted_sources", ARRAY(Text), "Catalogues that speak first for a publication, the one trusted most first", required=True),
    schema="ops",
    comment="What the warehouse is told of matching, in one row",
)

warehouse_version = Table(
    "warehouse_version",
    metadata,
    column("only_row", Boolean, "Always true: the table has one row", key=True),
    column("version", BigInteger, "Goes up by one with each load", required=True),
    column("schema_version", Integer, "Version of the tables", required=True),
    column("reporting_fingerprint", Text, "Changes with the SQL of the reporting views", required=True),
    column("warehouse_id", UUID, "Drawn when the tables were made: a plan says for which warehouse it is", required=True),
    column("summary_rules", Text, "Changes with the SQL that counts for reports: what was counted by other rules is counted anew", required=True),
    schema="ops",
    comment="The version of the warehouse, in one row",
)

schema_revision = Table(
    "schema_revision",
    metadata,
    Column("version_num", String(32), nullable=False, comment="Number of the migration, the same as ops.warehouse_version.schema_version"),
    PrimaryKeyConstraint("version_num", name="schema_revision_pkc"),  # as Alembic names it
    schema="ops",
    comment="The newest migration that the schema has seen, in one row; Alembic keeps it",
)
