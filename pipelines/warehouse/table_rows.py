"""The tables of the catalogue, each with the rows that a load brings it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
from psycopg2 import sql
from sqlalchemy import Table

from pipelines.warehouse.rows import Rows
from pipelines.warehouse.tables import CATALOG_TABLES


def streams(rows: Rows) -> list[tuple[str, Callable[[], Iterator[pa.Table]]]]:
    """Each catalogue table with the rows it gets, in the order in which foreign keys let them in."""
    return [
        ("works", rows.works),
        ("publications", rows.publications),
        ("records", rows.records),
        ("authors", rows.authors),
        ("record_authors", lambda: rows.belongings("record_authors")),
        ("links", lambda: rows.belongings("links")),
        ("record_identifiers", lambda: rows.belongings("record_identifiers")),
        ("record_work_keys", lambda: rows.belongings("record_work_keys")),
        ("record_matching_keys", lambda: rows.belongings("record_matching_keys")),
        ("work_evidence", rows.evidence),
    ]


def _table(name: str) -> Table:
    return next(table for table in CATALOG_TABLES if table.name == name)


def columns_of(name: str) -> list[str]:
    """The columns of a catalogue table."""
    return [column.name for column in _table(name).columns]


def key_of(name: str) -> list[str]:
    """The columns of the primary key of a catalogue table."""
    return [column.name for column in _table(name).primary_key]


def identifier(name: str) -> sql.Identifier:
    """A catalogue table with its schema, quoted."""
    return sql.Identifier(str(_table(name).schema), name)
