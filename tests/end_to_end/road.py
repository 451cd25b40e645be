"""Drives dumps down the whole road, stage by stage, into a warehouse of the test's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import URL

from pipelines import stages
from pipelines.parts import Parts
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import connect, libpq_url
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.tables import SUMS, publication_words, words_due

Document = Mapping[str, Any]
Rows = list[dict[str, Any]]

CATALOG = (
    "works", "publications", "records", "authors", "record_authors", "links", "record_identifiers",
    "record_work_keys", "work_evidence", "work_overrides", "work_redirects",
)  # fmt: skip

OPS = (
    "dumps",
    "loads",
    "quarantine",
    "record_sightings",
    "record_changes",
    "record_deletions",
    "record_matching_keys",
    "matching_settings",
    "work_key_profiles",
)

#: What is counted of the rest for reports.
COUNTS = (*(table.name for table in SUMS), "change_counts")

#: Columns that hold a moment: two warehouses with the same content differ in them, except in whether they are null.
MOMENTS = frozenset({"changed_at", "decided_at", "deleted_at", "redirected_at", "withdrawn_at"})


def json_lines(documents: Iterable[Document]) -> bytes:
    """The documents as a dump of JSON lines."""
    return b"".join(json.dumps(document, ensure_ascii=False).encode() + b"\n" for document in documents)


@dataclass
class Road:
    """A warehouse and a folder for its dumps and frames."""

    url: URL
    folder: Path
    dumps: dict[tuple[str, str], Path] = field(default_factory=dict)

    @staticmethod
    def into(url: str, folder: Path) -> Road:
        """A road into the database at ``url``, its schema made."""
        road = Road(parse_url(url), folder)
        with connect(road.url) as connection:
            prepare(connection)
        return road

    def write(self, source: str, name: str, content: bytes | Iterable[Document] | Mapping[str, bytes]) -> Path:
        """Write a dump: bytes or documents as one file, a mapping of names to bytes as a folder."""
        path = self.folder / "dumps" / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        if isinstance(content, Mapping):
            for file, data in content.items():
                (path / file).parent.mkdir(parents=True, exist_ok=True)
                (path / file).write_bytes(data)
        else:
            path.write_bytes(content if isinstance(content, bytes) else json_lines(content))
        self.dumps[source, name] = path
        return path

    def frames(self, stage: str, dump: Dump) -> Parts:
        return Parts(str(self.folder / "frames" / stage / dump.source / dump.name))

    def plan(self, dump: Dump, path: Path, report: stages.Report = lambda _: None) -> None:
        """Take a dump as far as its plan: everything but the load. ``report`` hears of deduplication."""
        raw, normalized = self.frames("raw", dump), self.frames("normalized", dump)
        stages.extract(path, dump.kind, raw, may_shrink=dump.may_shrink)
        stages.normalize(raw, normalized, dump.source)
        stages.deduplicate(self.url, raw, normalized, self.frames("planned", dump), dump, report)

    def load(self, dump: Dump, report: stages.Report = lambda _: None) -> stages.Outcome:
        """Load a dump that has been planned."""
        raw, normalized, planned = (self.frames(stage, dump) for stage in ("raw", "normalized", "planned"))
        return stages.load(self.url, raw, normalized, planned, dump, report)

    def ingest(
        self,
        source: str,
        name: str,
        content: bytes | Sequence[Document] | Mapping[str, bytes] | Path,
        kind: str = "delta",
        *,
        may_shrink: bool = True,
    ) -> stages.Outcome:
        """Take a dump the whole road; ``content`` as :meth:`write` takes it, or where the dump lies.

        The catalogues of tests are small: a full dump may end as much of them as it does.
        """
        path = content if isinstance(content, Path) else self.write(source, name, content)
        dump = Dump(source, name, kind, may_shrink)
        self.plan(dump, path)
        return self.load(dump)

    def again(self, source: str, name: str, kind: str = "delta") -> stages.Outcome:
        """Take a dump that was written before the whole road."""
        return self.ingest(source, name, self.dumps[source, name], kind)

    def remove(self, source: str, name: str, *, trial: bool = False) -> stages.Removed:
        """Take a dump out again."""
        parts = Parts(str(self.folder / "frames" / "remove" / source / name))
        return stages.remove(
            self.url,
            parts,
            lambda other: self.frames("raw", Dump(source, other, "delta")),
            source,
            name,
            named=1_000 if trial else None,
        )

    def forget_frames(self) -> None:
        """Delete what earlier runs have left of the dumps between the stages."""
        shutil.rmtree(self.folder / "frames", ignore_errors=True)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What a query answers."""
        with connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall()

    def values(self, query: str, *parameters: Any) -> list[Any]:
        """The first column of what a query answers."""
        return [row[0] for row in self.rows(query, *parameters)]

    def execute(self, statement: str, *parameters: Any) -> None:
        """Run a statement and commit."""
        with connect(self.url) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)

    def clear(self, *, decisions: bool = True) -> None:
        """Make the warehouse as empty as a new one, which is faster than a new one; or keep what people said."""
        catalog = [name for name in CATALOG if decisions or name != "work_overrides"]
        names = sql.SQL(", ").join(
            [sql.Identifier("catalog", name) for name in catalog]
            + [sql.Identifier("ops", name) for name in OPS if decisions or name != "matching_settings"]
            + [sql.Identifier("ops", name) for name in COUNTS]
            + [sql.Identifier("reporting", table.name) for table in (publication_words, words_due)]
        )
        with connect(self.url) as connection, connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("TRUNCATE {}").format(names))
            cursor.execute("UPDATE ops.warehouse_version SET version = 0")


def stamped(road: Road) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the catalogue with the transaction that wrote it: equal only where nothing was written."""
    tables = {}
    with connect(road.url) as connection, connection.cursor() as cursor:
        for name in CATALOG:
            cursor.execute(
                sql.SQL("SELECT t.xmin::text, t.ctid::text, t::text FROM {} AS t ORDER BY 3").format(
                    sql.Identifier("catalog", name)
                )
            )
            tables[name] = cursor.fetchall()
    return tables


def contents(road: Road, *, history: bool = False) -> dict[str, Rows]:
    """Every catalogue table in full, in an order of its own; moments only as whether there is one.

    Redirects tell how the warehouse came to be what it is, and are there only with ``history``.
    """
    tables: dict[str, Rows] = {}
    with connect(road.url) as connection, connection.cursor() as cursor:
        for name in CATALOG:
            if name == "work_redirects" and not history:
                continue
            cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier("catalog", name)))
            columns = [column.name for column in cursor.description or ()]
            rows = [
                {
                    column: value is not None if column in MOMENTS else value
                    for column, value in zip(columns, row, strict=True)
                }
                for row in cursor.fetchall()
            ]
            tables[name] = sorted(rows, key=repr)
    return tables


def books(road: Road) -> dict[str, list[tuple[Any, ...]]]:
    """What ``ops`` says of the dumps that are in, without moments and counts, which tell of the order of loads."""
    queries = {
        "dumps": "SELECT source, name, kind, said_to_be, path, sha256, bytes, value_cuts::text, missing, rules_version"
        " FROM ops.dumps WHERE kind <> 'removed'",
        "sightings": "SELECT * FROM ops.record_sightings",
        "deletions": "SELECT * FROM ops.record_deletions",
        "quarantine": "SELECT quarantine_id, dump_id, file, member, byte_offset, reason FROM ops.quarantine",
        "matching keys": "SELECT * FROM ops.record_matching_keys",
        "work key profiles": "SELECT * FROM ops.work_key_profiles",
    }
    return {name: sorted(road.rows(query), key=repr) for name, query in queries.items()}


def raw_connection(road: Road) -> Any:
    """A connection without the project's rules, as another program would open it."""
    return psycopg2.connect(libpq_url(road.url))
