"""Bring a database to the present schema: migrations, reporting views, roles and their rights."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, repeat
from typing import Final

from psycopg2 import errors, sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.stable_ids import UNIT_SEPARATOR, stable_id
from pipelines.warehouse.connection import Notify, WarehouseError, load_lock
from pipelines.warehouse.migrations import OLDEST_VERSION, SCHEMA_VERSION, Migration, pending
from pipelines.warehouse.statements import statement, statements_of
from pipelines.warehouse.summaries import count_everything, rules
from pipelines.warehouse.tables import metadata

READER_ROLE: Final = "warehouse_reader"

#: Roles of the server; what each may do is said in ``sql/roles``.
ROLES: Final = ("warehouse_owner", "warehouse_loader", READER_ROLE)

#: Those of them that people and programs enter as.
_ENTERING: Final = ROLES[1:]

SCHEMAS: Final = ("catalog", "ops", "reporting")

#: What ``sql/roles`` calls the tables of each schema.
_KINDS: Final = {"catalog": "catalog", "ops": "ops", "report": "reporting"}

#: Seconds between tries to have all views, the last again and again.
_BETWEEN_TRIES: Final = (0.5, 1.0, 2.0, 5.0, 10.0)
#: A try takes this share of the time after which Postgres looks for deadlocks: whoever asks for a view meanwhile waits
#: as long, and is never the one that it ends.
_PATIENCE: Final = 0.8

_FUNCTION: Final = re.compile(r"CREATE OR REPLACE FUNCTION reporting\.(\w+)")


def prepare(connection: Connection, notify: Notify = lambda _: None, *, may_migrate: bool = False) -> None:
    """Make the schema in an empty database, or see that it is the present one; where it is, only look.

    An older one is migrated if ``may_migrate``: tables are locked meanwhile, and there is no way back but a backup, so
    on a server of one's own a person says when. Reporting views hold no rows, and follow the code everywhere.

    ``notify`` is told of roles that could not be made. Raises :class:`WarehouseError` where the tables are those of a
    newer version of this code, or of an older one that is not migrated here.
    """
    state = _looked_at(connection)
    if state is not None and state.is_current:
        return
    if state is not None and not may_migrate and pending(state.version):
        raise WarehouseError(
            f"the warehouse has schema version {state.version}, this program needs {SCHEMA_VERSION}: make a backup "
            "(vufind-warehouse backup FILE), then bring it up to date with: vufind-warehouse migrate"
        )
    migrate(connection, notify)


def schema_version(connection: Connection) -> int | None:
    """The version of the tables, None in an empty database.

    Raises :class:`WarehouseError` where this program cannot bring it to the present one.
    """
    state = _looked_at(connection)
    return None if state is None else state.version


def migrate(connection: Connection, notify: Notify = lambda _: None) -> tuple[Migration, ...]:
    """Bring the schema to the present version, and give the migrations that were applied.

    One transaction under the load lock: all that lacks is applied, or nothing. Reporting views, roles and what they
    may do are brought up to date with it, also where no migration lacks. ``notify`` is told of each migration before it
    runs, and of what Postgres warns of. Who may not change the tables may ask all the same where nothing lacks.

    Whoever reads a reporting view meanwhile goes first: all views are locked before anything is changed, within a
    second, or let go of and tried anew, as long as somebody is at one. Where nothing lacks, none is touched.
    """
    waits = chain(_BETWEEN_TRIES, repeat(_BETWEEN_TRIES[-1]))
    with load_lock(connection, notify):
        while True:
            with connection:
                state = _state(connection)
                is_whole = state is not None and state.is_current and _has_all_views(connection)
                if is_whole or _lock_views(connection):
                    return _migrate(connection, state, notify, with_views=not is_whole)
                connection.rollback()
            wait = next(waits)
            notify(f"somebody reads a view that is to be replaced: trying again in {wait:g} s")
            time.sleep(wait)


def _has_all_views(connection: Connection) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(to_regclass('reporting.' || name) IS NOT NULL) FROM unnest(%s) AS name", (_views(),)
        )
        return cursor.fetchone() == (True,)


def _migrate(
    connection: Connection, state: _State | None, notify: Notify, *, with_views: bool
) -> tuple[Migration, ...]:
    """Migrate within the open transaction, under the load lock and with the views locked."""
    with connection.cursor() as cursor:
        if state is not None and (owner := _another_owner(connection)):
            if state.is_current:
                notify(f"the tables belong to {owner}, whose rights this user has not: rights were left as they are")
                return ()
            raise WarehouseError(
                f"the schema of the warehouse is another version's and belongs to {owner}, whose rights this user has "
                "not: let its owner run: vufind-warehouse migrate"
            )
        lacking = pending(None if state is None else state.version)
        connection.notices.clear()
        cursor.execute("SET LOCAL client_min_messages = warning")
        if lacking:
            from pipelines.warehouse.upgrade_script import upgrade_script

            if state is not None:
                for each in lacking:
                    notify(f"migration {each.version}: {each.title}")
            cursor.execute(upgrade_script(None if state is None else state.version))
        for name, text in [*_functions(), *statements_of("reporting")] if with_views else []:
            try:
                cursor.execute(text)
            except errors.InvalidTableDefinition as error:
                # Views only gain columns: one that has more is a newer program's.
                raise WarehouseError(
                    f"a newer program has made reporting.{name}, and this one knows fewer of its columns; nothing was "
                    "changed: use the newer one"
                ) from error
        cursor.execute("SELECT summary_rules FROM ops.warehouse_version")
        if state is not None and cursor.fetchone() != (rules(),):
            notify("counting the catalogue for reports")
            count_everything(connection)
            # Words are made by functions of these rules as well: the next who makes words makes all.
            cursor.execute("UPDATE reporting.words_state SET is_complete = FALSE")
        _settle_roles(connection)
        cursor.execute(
            "UPDATE ops.warehouse_version SET reporting_fingerprint = %s, summary_rules = %s", (_fingerprint(), rules())
        )
        warnings = [notice.partition(":")[2].strip() for notice in connection.notices]
    for warning in warnings:
        notify(f"warning: {warning}")
    return lacking


def _lock_views(connection: Connection) -> bool:
    """Lock the reporting views that there are; False where that was not to be had in ``_PATIENCE``.

    Who reads one and then asks for another would wait for this transaction, and this one for it, until Postgres ends
    either. Raises LockNotAvailable where the URL sets a limit of its own and that is reached.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('lock_timeout') = '0',"
            " extract(epoch FROM current_setting('deadlock_timeout')::interval)::float8"
        )
        is_unlimited, until_deadlocks = cursor.fetchone() or (False, 1.0)
        cursor.execute(
            "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relkind = 'v'"
            " AND relnamespace = to_regnamespace('reporting') AND relname = ANY(%s)"
            " AND pg_has_role(relowner, 'USAGE') ORDER BY relname",
            (_views(),),
        )
        ends = time.monotonic() + _PATIENCE * until_deadlocks
        for name, owner in cursor.fetchall():
            if is_unlimited:
                left = max(1, round(1000 * (ends - time.monotonic())))
                cursor.execute("SELECT set_config('lock_timeout', %s, TRUE)", (str(left),))
            # LOCK TABLE would lock the tables below as well. Nothing changes.
            view, belongs_to = sql.Identifier("reporting", name), sql.Identifier(owner)
            try:
                cursor.execute(sql.SQL("ALTER VIEW {} OWNER TO {}").format(view, belongs_to))
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                if not is_unlimited:
                    raise
                return False
        if is_unlimited:
            cursor.execute("SET LOCAL lock_timeout = 0")
    return True


@dataclass(frozen=True)
class _State:
    """What a warehouse says of its schema."""

    version: int
    fingerprint: str

    @property
    def is_current(self) -> bool:
        return self.version == SCHEMA_VERSION and self.fingerprint == _fingerprint()


def _looked_at(connection: Connection) -> _State | None:
    with connection:
        return _state(connection)


def _state(connection: Connection) -> _State | None:
    """The state, None where there is no warehouse yet; refused where this code cannot bring it to the present one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('ops.warehouse_version') IS NOT NULL")
        if not cursor.fetchone()[0]:  # type: ignore[index]
            return None
        cursor.execute("SELECT schema_version, reporting_fingerprint FROM ops.warehouse_version")
        state = _State(*cursor.fetchone())  # type: ignore[misc]
    if state.version > SCHEMA_VERSION:
        raise WarehouseError(
            f"the warehouse has schema version {state.version}, this program knows {SCHEMA_VERSION}: "
            "install the program that made it, or a newer one"
        )
    if state.version < OLDEST_VERSION:
        raise WarehouseError(
            f"the warehouse has schema version {state.version}, this program needs {SCHEMA_VERSION} and migrates from "
            f"{OLDEST_VERSION}: ingest the dumps again into a new one (another --home, or an empty database as "
            "--warehouse), or install the program that made it"
        )
    return state


def refuse_another_schema(connection: Connection) -> None:
    """Raise within a load where another program has changed the schema, or what its counts count, since it began.

    Under the load lock, which a migration takes as well: what is merged by other rules would be counted by them.
    Raises :class:`WarehouseError`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema_version, summary_rules FROM ops.warehouse_version")
        version, counted_by = cursor.fetchone() or (None, None)
    if (version, counted_by) != (SCHEMA_VERSION, rules()):
        raise WarehouseError(
            f"another program has brought the warehouse to schema version {version} or to other rules meanwhile (this "
            f"one has version {SCHEMA_VERSION}); nothing was changed: do it again with that program, or, with the "
            "newer of the two, vufind-warehouse migrate"
        )


def _another_owner(connection: Connection) -> str | None:
    """To whom the tables belong where the connection's user has not that one's rights."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(relowner) FROM pg_class"
            " WHERE oid = 'ops.warehouse_version'::regclass AND NOT pg_has_role(relowner, 'USAGE')"
        )
        found = cursor.fetchone()
    return str(found[0]) if found else None


# Every connection of a home asks for it, and the files stay as they are while the program runs.
@cache
def _fingerprint() -> str:
    """Changes whenever views, functions, summaries or rights do in ``sql``, so that the database follows the code."""
    files = [*statements_of("lookups"), *statements_of("reporting"), *statements_of("roles")]
    texts = [f"{name}{UNIT_SEPARATOR}{text.string}" for name, text in files]
    return str(stable_id(UNIT_SEPARATOR.join([*texts, rules()])))


def _settle_roles(connection: Connection) -> None:
    """Make the roles where that may be, and let each that there is have its rights and no others."""
    with connection.cursor() as cursor:
        cursor.execute(statement("roles/make"))
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (list(ROLES),))
        there = {name for (name,) in cursor}
        objects = _objects()
        for role in ROLES:
            if role in there:
                cursor.execute(sql.SQL(statement(f"roles/{role}").string).format(**objects))
            if role in there and role in _ENTERING:
                cursor.execute(sql.SQL(statement("roles/enter").string).format(role=sql.Literal(role), **objects))


def _views() -> list[str]:
    return [name for name, _ in statements_of("reporting")]


def _functions() -> list[tuple[str, sql.SQL]]:
    """Those that make what is written into tables, and by which it is counted; and those that only look things up."""
    return [*statements_of("functions"), *statements_of("lookups")]


def _objects() -> dict[str, sql.Composable]:
    """What the warehouse consists of, as ``sql/roles`` names it: the project's own, and nobody else's."""
    tables = {
        schema: sorted(each.name for each in metadata.tables.values() if each.schema == schema) for schema in SCHEMAS
    }
    views = _views()
    named = [f"{schema}.{name}" for schema in SCHEMAS for name in tables[schema]]
    texts = [text.string for _, text in _functions()]
    return {
        **{f"{kind}_tables": _listed(schema, tables[schema]) for kind, schema in _KINDS.items()},
        "views": _listed("reporting", views),
        "everything": sql.Literal([*named, *(f"reporting.{name}" for name in views)]),
        "functions": sql.Literal(sorted({name for text in texts for name in _FUNCTION.findall(text)})),
    }


def _listed(schema: str, names: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
