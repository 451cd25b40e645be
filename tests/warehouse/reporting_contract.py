"""The contract of ``reporting``: which columns there are, of what type, in which order. They are only ever added to.

    python -m tests.warehouse.reporting_contract

adds what is new to ``reporting_contract.tsv``; what is in it stays in it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.home import Home
from pipelines.warehouse.connection import connect

FILE: Final = Path(__file__).with_suffix(".tsv")

_COLUMNS: Final = """
    SELECT relname, attname, format_type(atttypid, atttypmod)
    FROM pg_attribute INNER JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'reporting'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
    AND attnum > 0 AND NOT attisdropped ORDER BY relname, attnum"""


class ReportColumn(NamedTuple):
    """A column that somebody's report may rest on."""

    relation: str
    column: str
    type: str


def promised() -> list[ReportColumn]:
    """What has been promised, in the order of relations and columns."""
    return [ReportColumn(*line.split("\t")) for line in FILE.read_text(encoding="utf-8").splitlines()]


def held(connection: Connection) -> list[ReportColumn]:
    """What the schema has."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return [ReportColumn(*row) for row in cursor.fetchall()]


def broken(promises: list[ReportColumn], columns: list[ReportColumn]) -> list[str]:
    """What of the promises is not kept, in words."""
    types = {(each.relation, each.column): each.type for each in columns}
    wrong = []
    for each in promises:
        found = types.get((each.relation, each.column))
        if found is None:
            wrong.append(f"reporting.{each.relation} has no column {each.column} any more")
        elif found != each.type:
            wrong.append(f"reporting.{each.relation}.{each.column} was {each.type} and is {found}")
    for relation in dict.fromkeys(each.relation for each in promises):
        before = [each.column for each in promises if each.relation == relation]
        now = [each.column for each in columns if each.relation == relation]
        if not wrong and now[: len(before)] != before:
            wrong.append(f"reporting.{relation} has its columns in another order, or new ones not at the end")
    return wrong


def main() -> None:
    """Add what is new."""
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-contract-") as folder:
        Path(folder).chmod(0o755)
        with Home(Path(folder), None).warehouse() as url, connect(url) as connection:
            columns = held(connection)
    if FILE.exists() and (wrong := broken(promised(), columns)):
        raise SystemExit("\n".join(wrong))
    FILE.write_text("".join("\t".join(each) + "\n" for each in columns), encoding="utf-8")


if __name__ == "__main__":
    main()
