"""The words by which publications are searched, in the schema ``reporting``."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Index, Table
from sqlalchemy.dialects.postgresql import TSVECTOR

from pipelines.warehouse.tables.definition import MERGED, column, metadata

# fmt: off
publication_words = Table(
    "publication_words",
    metadata,
    column("publication_id", BigInteger, "The publication", key=True),
    column("words", TSVECTOR, "Words of its title and of the names credited, as reporting.spelt_words makes them", required=True),
    Index(None, "words", postgresql_using="gin"),
    schema="reporting",
    postgresql_with=MERGED,
    comment="The words by which publications are searched; ask by reporting.search, which knows what is not in here yet",
)

words_due = Table(
    "words_due",
    metadata,
    column("publication_id", BigInteger, "The publication, which may be gone", key=True),
    schema="reporting",
    comment="Publications that a load has changed since their words were made: reporting.search looks through them itself",
)

words_state = Table(
    "words_state",
    metadata,
    column("only_row", Boolean, "Always true: the table has one row", key=True),
    column("is_complete", Boolean, "Whether the words of all publications are made, but for those that are due", required=True),
    schema="reporting",
    comment="Whether search can go by words, in one row",
)
# fmt: on
