"""What the definitions of all tables are made with: one set of names, columns with a comment, references."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, ForeignKey, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)

#: How tables into which dumps are merged are kept clean; sql/migrations/0006_accounts_and_vacuum.sql says why.
MERGED: Final = {
    "autovacuum_vacuum_scale_factor": 0.02,
    "autovacuum_analyze_scale_factor": 0.02,
    "autovacuum_vacuum_insert_scale_factor": 0.05,
}


def column(
    name: str, kind: Any, comment: str, *constraints: Any, required: bool = False, key: bool = False
) -> Column[Any]:
    """A column with its comment; a key, or ``required``, is never null."""
    return Column(
        name, kind, *constraints, comment=comment, nullable=not (required or key), primary_key=key, autoincrement=False
    )


def reference(target: str, *, deferred: bool = False) -> ForeignKey:
    """Refer to ``target``; deferred where two tables refer to each other."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED") if deferred else ForeignKey(target)
