"""Keys, indexes and foreign keys of the catalogue's tables: off them for a first load, and on again over its rows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlalchemy.sql.schema import ForeignKeyConstraint, Index, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint

from pipelines.warehouse.tables import CATALOG_TABLES, metadata

_DIALECT: Final[Any] = postgresql.dialect()  # type: ignore[no-untyped-call]


def compiled(element: ExecutableDDLElement) -> str:
    """The text of one DDL statement, identifiers quoted by SQLAlchemy."""
    return str(element.compile(dialect=_DIALECT))


def _apart(table: Table) -> Table:
    """A copy of a table, with all others around it: DDL of a constraint takes it off its table for good."""
    copies = MetaData()
    for each in metadata.tables.values():
        each.to_metadata(copies)
    return copies.tables[str(table)]


def _keys(table: Table) -> list[PrimaryKeyConstraint | UniqueConstraint]:
    unique = (each for each in table.constraints if isinstance(each, UniqueConstraint))
    return [table.primary_key, *sorted(unique, key=lambda each: str(each.name))]


def _foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(
        (each for each in table.constraints if isinstance(each, ForeignKeyConstraint)), key=lambda each: str(each.name)
    )


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda each: str(each.name))


@cache
def key_statements(table: Table) -> tuple[str, ...]:
    """DDL that makes the primary key, the unique keys and the indexes of a table."""
    copy = _apart(table)
    made = [compiled(AddConstraint(each)) for each in _keys(copy)]
    return (*made, *(compiled(CreateIndex(each)) for each in _indexes(copy)))


@cache
def foreign_key_statements(table: Table) -> tuple[str, ...]:
    """DDL that makes the foreign keys of a table; each checks all the rows."""
    return tuple(compiled(AddConstraint(each)) for each in _foreign_keys(_apart(table)))


def drop_constraints(connection: Connection) -> None:
    """Take keys, indexes and foreign keys off the empty catalogue tables, for a first load."""
    _execute(connection, _drop_statements())


# Copies of tables are costly to make, and the statements are always the same.
@cache
def _drop_statements() -> tuple[str, ...]:
    copies = [_apart(table) for table in CATALOG_TABLES]
    statements = [compiled(DropConstraint(each)) for copy in copies for each in _foreign_keys(copy)]
    statements += [compiled(DropIndex(each)) for copy in copies for each in _indexes(copy)]
    statements += [compiled(DropConstraint(each)) for copy in copies for each in _keys(copy)]
    return tuple(statements)


def restore_keys(connection: Connection) -> None:
    """Put keys and indexes on again, over the loaded rows: far cheaper than keeping them up row by row."""
    _execute(connection, [each for table in CATALOG_TABLES for each in key_statements(table)])


def restore_foreign_keys(connection: Connection) -> None:
    """Put the foreign keys on again."""
    _execute(connection, [each for table in CATALOG_TABLES for each in foreign_key_statements(table)])


def _execute(connection: Connection, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)
