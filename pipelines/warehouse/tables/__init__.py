"""Every table of the warehouse, defined once: columns, keys, indexes and what each of them means.

``catalog`` is the contract with people who write SQL; ``ops`` is bookkeeping. The comments become
COMMENTs in Postgres. Names of constraints follow one convention, so that a first load can drop
and restore them.

What is told here is how tables are; ``sql/migrations`` makes them so, step by step. Whoever changes a table does both,
and a test holds that both come to the same.
"""

from __future__ import annotations

from typing import Final

from pipelines.warehouse.tables.catalog import (
    authors,
    links,
    publications,
    record_authors,
    record_identifiers,
    record_work_keys,
    records,
    work_evidence,
    works,
)
from pipelines.warehouse.tables.definition import metadata
from pipelines.warehouse.tables.ops import record_matching_keys
from pipelines.warehouse.tables.summaries import SUMS
from pipelines.warehouse.tables.words import publication_words, words_due

__all__ = ["CATALOG_TABLES", "SCHEMAS", "SUMS", "metadata", "publication_words", "words_due"]

SCHEMAS: Final = {
    "catalog": "The catalogue: records as delivered, the publications they describe, and their works",
    "reporting": "Views that answer questions about the catalogue",
    "ops": "Bookkeeping: dumps, loads, quarantine",
}

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
