"""The migrations that a warehouse lacks as one script, put together by Alembic.

Alembic puts them in order and keeps account of them in ``ops.schema_revision``. It is used in its offline mode, in
which it writes SQL and runs nothing: what runs is one text, on the connection, in the transaction and under the lock of
whoever asked for it, and can be shown before. Docs: https://alembic.sqlalchemy.org/en/latest/offline.html
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Final

from alembic.runtime.migration import MigrationContext, MigrationStep, RevisionStep
from alembic.script import Script
from alembic.script.revision import RevisionMap

from pipelines.warehouse.migrations import MIGRATIONS, Migration

#: Where Alembic keeps account: a table of one row.
REVISION_TABLE: Final = "schema_revision"


def upgrade_script(version: int | None) -> str:
    """SQL that brings a warehouse of a version to the present one; None is an empty database.

    It neither begins nor ends a transaction: run it in one.
    """
    script = io.StringIO()
    if version is None:
        # Alembic makes its table before the first migration makes the schemas.
        script.write("CREATE SCHEMA IF NOT EXISTS ops;\n\n")

    def revisions() -> list[Script]:
        befores = (None, *(str(each.version) for each in MIGRATIONS))
        return [
            _revision(each, before, context.impl.static_output)
            for before, each in zip(befores, MIGRATIONS, strict=False)
        ]

    chain = RevisionMap(revisions)

    def steps(heads: tuple[str, ...], _: MigrationContext) -> Iterable[RevisionStep]:
        lacking = list(chain.iterate_revisions("head", heads or "base", implicit_base=True))
        return [MigrationStep.upgrade_from_script(chain, each) for each in reversed(lacking)]  # type: ignore[arg-type]

    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={
            "as_sql": True,
            "starting_rev": None if version is None else str(version),
            "output_buffer": script,
            "version_table": REVISION_TABLE,
            "version_table_schema": "ops",
            "fn": steps,
            "on_version_apply": [_note_version],
        },
    )
    context.run_migrations()
    return script.getvalue()


def _revision(migration: Migration, before: str | None, write: Callable[[str], None]) -> Script:
    """A migration as Alembic knows it: a module with a function, and the revision before."""

    def upgrade() -> None:
        write(migration.text)

    module = ModuleType(migration.name)
    module.__doc__ = migration.title
    module.down_revision = before  # type: ignore[attr-defined]
    module.upgrade = upgrade  # type: ignore[attr-defined]
    return Script(module, str(migration.version), f"{migration.name}.sql")


def _note_version(*, ctx: MigrationContext, step: Any, **_: Any) -> None:
    """Keep the version also where programs of any version look for it, older ones included."""
    number = int(step.up_revision_id)
    ctx.impl.static_output(f"UPDATE ops.warehouse_version SET schema_version = {number};")  # noqa: S608 - a number
