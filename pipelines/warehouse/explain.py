"""Why a record is in its publication and its work: members, evidence, and what was refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.warehouse.connection import connect
from pipelines.warehouse.decisions import RecordName, find_living, find_record, group_of
from pipelines.warehouse.statements import statement

Row = dict[str, Any]


@dataclass(frozen=True)
class Explained:
    """A record's groups (``group_of.sql``), the members of its work (``members.sql``), and evidence (``evidence.sql``).

    ``joins`` are pairs within the work that are accepted and obeyed, ``passed_over`` accepted ones that the guard
    against chains has not followed, ``apart`` pairs with a member of the work that are different.
    """

    group: Row
    members: list[Row]
    joins: list[Row]
    passed_over: list[Row]
    apart: list[Row]


@dataclass(frozen=True)
class ExplainedPair:
    """Two records: what each belongs to, what was decided on the two, and by which links the one leads to the other.

    ``evidence`` is None where nothing was decided; then ``keys`` are the work keys they share, with their
    holders, and in one row how many matching keys.
    """

    first: Explained
    second: Explained
    evidence: Row | None
    keys: list[Row]
    path: list[Row]


def explain_record(url: URL, name: RecordName) -> Explained:
    """Explain where a record belongs. Raises WarehouseError where it is not there."""
    with connect(url, read_only=True, one_state=True) as connection:
        return _explained(connection, find_living(connection, name).record_id)


def group_if_alive(url: URL, name: RecordName) -> Row | None:
    """The publication and the work of a record; None where it has ended. Raises as :func:`find_record` does."""
    with connect(url, read_only=True, one_state=True) as connection:
        found = find_record(connection, name)
        return group_of(connection, found.record_id) if found.is_alive else None


def explain_pair(url: URL, one: RecordName, other: RecordName) -> ExplainedPair:
    """Explain how two records relate. Raises WarehouseError where one of them is not there."""
    with connect(url, read_only=True, one_state=True) as connection:
        first, second = (find_living(connection, name).record_id for name in (one, other))
        a, b = sorted((first, second))
        explained = _explained(connection, first)
        decided = [*explained.joins, *explained.passed_over, *explained.apart]
        evidence = next((row for row in decided if (row["record_id_a"], row["record_id_b"]) == (a, b)), None)
        return ExplainedPair(
            explained,
            _explained(connection, second),
            evidence,
            _rows(connection, statement("works/shared_keys"), {"record_id_a": a, "record_id_b": b}),
            path_between(explained.joins, first, second),
        )


def decisions_of_people(url: URL) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns and rows: what people have decided, the newest first."""
    with connect(url, read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(statement("overrides/history"))
        rows = cursor.fetchall()
        return [column.name for column in cursor.description or ()], rows


def path_between(joins: Iterable[Row], start: int, goal: int) -> list[Row]:
    """The fewest links that lead from one record to another; none where they are not linked."""
    links: dict[int, list[tuple[int, Row]]] = {}
    for row in joins:
        links.setdefault(row["record_id_a"], []).append((row["record_id_b"], row))
        links.setdefault(row["record_id_b"], []).append((row["record_id_a"], row))
    came_by: dict[int, list[Row]] = {start: []}
    waiting = deque([start])
    while waiting and goal not in came_by:
        here = waiting.popleft()
        for there, row in links.get(here, ()):
            if there not in came_by:
                came_by[there] = [*came_by[here], row]
                waiting.append(there)
    return came_by.get(goal, [])


def _explained(connection: Connection, record_id: int) -> Explained:
    group = group_of(connection, record_id)
    parameters = {"work_id": group["work_id"]}
    evidence = _rows(connection, statement("works/evidence"), parameters)
    apart = [row for row in evidence if row["verdict"] == "different"]
    joins = [row for row in evidence if row["verdict"] != "different" and _is_obeyed(row)]
    passed_over = [row for row in evidence if row["verdict"] != "different" and not _is_obeyed(row)]
    return Explained(group, _rows(connection, statement("works/members"), parameters), joins, passed_over, apart)


def _is_obeyed(row: Row) -> bool:
    level = "publication_id" if row["verdict"] == "duplicate" else "work_id"
    return bool(row[f"{level}_a"] == row[f"{level}_b"])


def _rows(connection: Connection, query: sql.SQL, parameters: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
