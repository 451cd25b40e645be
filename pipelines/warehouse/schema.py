"""Bring a database to the present schema: tables, comments, reporting views, the role that reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
    SetColumnComment,
    SetTableComment,
)
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlalchemy.sql.schema import ForeignKeyConstraint, Index, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint

from pipelines.records import UNIT_SEPARATOR, stable_id
from pipelines.warehouse.connection import WarehouseError, load_lock
from pipelines.warehouse.statements import statement, statements_of
from pipelines.warehouse.tables import CATALOG_TABLES, SCHEMA_VERSION, SCHEMAS, metadata

READER_ROLE: Final = "warehouse_reader"

_DIALECT: Final[Any] = postgresql.dialect()  # type: ignore[no-untyped-call]


def compiled(element: ExecutableDDLElement) -> str:
    """The text of one DDL statement, identifiers quoted by SQLAlchemy."""
    return str(element.compile(dialect=_DIALECT))


def prepare(connection: Connection) -> None:
    """Create or complete the schema, in one transaction under the load lock; where it is current, only look.

    Raises :class:`WarehouseError` where the tables are those of a newer or an older version of this code.
    """
    if _is_current(connection):
        return
    with load_lock(connection), connection, connection.cursor() as cursor:
        if _known_state(connection) is None:
            _create(connection)
        for _, view in statements_of("reporting"):
            cursor.execute(view)
        _grant(connection)
        cursor.execute("UPDATE ops.warehouse_version SET reporting_fingerprint = %s", (_reporting_fingerprint(),))


def _is_current(connection: Connection) -> bool:
    with connection:
        state = _known_state(connection)
    return state is not None and state[1] == _reporting_fingerprint()


def _known_state(connection: Connection) -> tuple[int, str] | None:
    """What :func:`_state` finds, refused where this code does not know the tables."""
    state = _state(connection)
    if state is None:
        return None
    schema_version, _ = state
    if schema_version > SCHEMA_VERSION:
        raise WarehouseError(
            f"the warehouse has schema version {schema_version}, this program knows {SCHEMA_VERSION}: "
            "install the program that made it, or a newer one"
        )
    if schema_version < SCHEMA_VERSION:
        raise WarehouseError(
            f"the warehouse has schema version {schema_version}, this program needs {SCHEMA_VERSION}: "
            "ingest the dumps again into a new one (another --home, or an empty database as --warehouse), "
            "or install the program that made it"
        )
    return state


def _reporting_fingerprint() -> str:
    """Changes whenever a file in ``sql/reporting`` does, so that views follow the code."""
    texts = [f"{name}{UNIT_SEPARATOR}{view.string}" for name, view in statements_of("reporting")]
    return str(stable_id(UNIT_SEPARATOR.join(texts)))


def _state(connection: Connection) -> tuple[int, str] | None:
    """Schema version and fingerprint of the views, or None where there is no warehouse yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('ops.warehouse_version') IS NOT NULL")
        if not cursor.fetchone()[0]:  # type: ignore[index]
            return None
        cursor.execute("SELECT schema_version, reporting_fingerprint FROM ops.warehouse_version")
        return cursor.fetchone()


def _create(connection: Connection) -> None:
    with connection.cursor() as cursor:
        for schema, comment in SCHEMAS.items():
            cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
            cursor.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(schema), sql.Literal(comment)))
        for table in metadata.tables.values():
            cursor.execute(compiled(CreateTable(table, include_foreign_key_constraints=[])))
            cursor.execute(compiled(SetTableComment(table)))
            for column in table.columns:
                cursor.execute(compiled(SetColumnComment(column)))
            for index in sorted(table.indexes, key=lambda each: str(each.name)):
                cursor.execute(compiled(CreateIndex(index)))
        for table in metadata.tables.values():
            _execute(connection, foreign_key_statements(table))
        cursor.execute(
            "INSERT INTO ops.warehouse_version (only_row, version, schema_version, reporting_fingerprint, warehouse_id)"
            " VALUES (true, 0, %s, '', gen_random_uuid())",
            (SCHEMA_VERSION,),
        )


def _grant(connection: Connection) -> None:
    """Let the reader role read, and nothing more. A server whose owner may not create roles goes without it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", (READER_ROLE,))
        exists = cursor.fetchone()[0]  # type: ignore[index]
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = CURRENT_USER")
        may_create = cursor.fetchone()[0]  # type: ignore[index]
        if not exists:
            if not may_create:
                return
            cursor.execute("SAVEPOINT reader")
            try:
                cursor.execute(statement("ops/reader_role"))
            except (errors.DuplicateObject, errors.UniqueViolation):
                # Roles belong to the whole server: another database's set-up was faster.
                cursor.execute("ROLLBACK TO SAVEPOINT reader")
        cursor.execute(statement("ops/reader_grants"))


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


def key_statements(table: Table) -> list[str]:
    """DDL that makes the primary key, the unique keys and the indexes of a table."""
    copy = _apart(table)
    return [compiled(AddConstraint(each)) for each in _keys(copy)] + [
        compiled(CreateIndex(each)) for each in _indexes(copy)
    ]


def foreign_key_statements(table: Table) -> list[str]:
    """DDL that makes the foreign keys of a table; each checks all the rows."""
    return [compiled(AddConstraint(each)) for each in _foreign_keys(_apart(table))]


def drop_constraints(connection: Connection) -> None:
    """Take keys, indexes and foreign keys off the empty catalogue tables, for a first load."""
    copies = [_apart(table) for table in CATALOG_TABLES]
    statements = [compiled(DropConstraint(each)) for copy in copies for each in _foreign_keys(copy)]
    statements += [compiled(DropIndex(each)) for copy in copies for each in _indexes(copy)]
    statements += [compiled(DropConstraint(each)) for copy in copies for each in _keys(copy)]
    _execute(connection, statements)


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
