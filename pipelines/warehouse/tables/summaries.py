"""Counts of what the catalogue holds, kept up by every load, so that reports need not count a million rows."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Float, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from pipelines.warehouse.tables.definition import MERGED, column, metadata


# fmt: off
def _summary(name: str, comment: str, *columns: Column[Any]) -> Table:
    """A table of counts: ``key_id`` stands for the columns that are no counts, of which any may be null."""
    key = column("key_id", UUID, "Digest of the columns that are no counts", key=True)
    return Table(name, metadata, key, *columns, schema="ops", postgresql_with=MERGED, comment=comment)


def _count(name: str, comment: str) -> Column[Any]:
    return column(name, BigInteger, comment, required=True)


publication_counts = _summary(
    "publication_counts",
    "How many publications have the same year, kind, formats, languages and catalogues, a row for each such combination",
    column("publication_year", Integer, "Year of publication"),
    column("publication_kind", Text, "Kind of the canonical record"),
    column("format", ARRAY(Text), "Formats, as the canonical record has them"),
    column("language", ARRAY(Text), "Languages of the canonical record"),
    column("sources", ARRAY(Text), "The catalogues that hold it, in the order of the alphabet", required=True),
    _count("publication_count", "Publications"),
    _count("doi_count", "Those of them with a DOI"),
)

record_counts = _summary(
    "record_counts",
    "How many living records each catalogue has of each year, and how many of them have what",
    column("source", Text, "The catalogue", required=True),
    column("publication_year", Integer, "Year of publication"),
    _count("record_count", "Living records"),
    _count("title_count", "Those with a title"),
    _count("author_count", "Those with a name"),
    _count("doubtful_year_count", "Those whose year is uncertain, implausible or not what it says"),
    _count("language_count", "Those with a language"),
    _count("format_count", "Those with a format"),
    _count("topic_count", "Those with a subject"),
    _count("description_count", "Those with an abstract or summary"),
    _count("container_count", "Those with a journal, proceedings or series"),
    _count("publisher_count", "Those with a publisher"),
    _count("doi_count", "Those with a valid DOI"),
    _count("license_count", "Those with a link that names a licence"),
)

identifier_counts = _summary(
    "identifier_counts",
    "How many living records of each catalogue and year have an identifier of each scheme",
    column("source", Text, "The catalogue", required=True),
    column("publication_year", Integer, "Year of publication"),
    column("scheme", Text, "doi, isbn, issn ...", required=True),
    _count("valid_record_count", "Records with a valid identifier of the scheme"),
    _count("invalid_count", "Identifiers of the scheme that are not well formed"),
)

link_counts = _summary(
    "link_counts",
    "How many links of living records lead to each host",
    column("source", Text, "The catalogue", required=True),
    column("host", Text, "Host, lower case"),
    column("kind", Text, "doi, pubmed, full_text ...", required=True),
    _count("link_count", "Links"),
    _count("record_count", "Records that have any"),
    _count("invalid_count", "Those of the links that cannot be followed as they stand"),
)

name_counts = _summary(
    "name_counts",
    "How many publications name each container and publisher, spelling by spelling",
    column("role", Text, "container or publisher", required=True),
    column("folded_name", Text, "The form in which spellings of a name meet, as reporting.folded_name makes it", required=True),
    column("name", Text, "The name as it is spelt", required=True),
    _count("publication_count", "Publications"),
    _count("doi_count", "Those of them with a DOI"),
)

pair_counts = _summary(
    "pair_counts",
    "How many pairs of records each rule has decided, for which reason",
    column("verdict", Text, "duplicate, version or different", required=True),
    column("rule", Text, "Name of the rule that decided", required=True),
    column("reason", Text, "The reason in words", required=True),
    column("score", Float(24), "Confidence of the rule, 0 to 1", required=True),
    _count("pair_count", "Pairs"),
    _count("between_sources_count", "Those of them whose records are of two catalogues"),
)

work_counts = _summary(
    "work_counts",
    "How many works have how many publications",
    column("publications", Integer, "Publications that each of these works has", required=True),
    _count("work_count", "Works that have so many"),
    _count("record_count", "Records of these works"),
)

author_counts = Table(
    "author_counts",
    metadata,
    column("author_id", BigInteger, "The heading", key=True),
    _count("publication_count", "Publications that living records credit it with"),
    _count("work_count", "Works that they credit it with"),
    column("first_year", Integer, "Earliest year of these records"),
    column("last_year", Integer, "Latest year of these records"),
    schema="ops",
    postgresql_with=MERGED,
    comment="How much each heading is credited with by living records; one that none credits is not here",
)

change_counts = _summary(
    "change_counts",
    "How many records each version of the warehouse changed, and in which columns; kept longer than the changes themselves",
    column("warehouse_version", BigInteger, "Version of the warehouse that the change made", required=True),
    column("change", Text, "new, new_but_ended where newer dumps had ended it already, changed, ended, returned or regrouped", required=True),
    column("changed_column", Text, "A column that changed; null for all records with the change"),
    _count("record_count", "Records"),
)
# fmt: on

#: The tables whose rows are sums over what the catalogue holds; ``sql/summaries`` says what each row counts.
SUMS: Final = (
    publication_counts,
    record_counts,
    identifier_counts,
    link_counts,
    name_counts,
    pair_counts,
    work_counts,
    author_counts,
)


def is_count(of: Column[Any]) -> bool:
    """Whether a column of a table of SUMS is a count, which differences are added to."""
    return of.name.endswith("_count")
