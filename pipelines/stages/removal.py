"""A dump is taken out again: what other dumps said is read again, then all of it changes in one transaction."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812
from sqlalchemy import URL

from pipelines.memory import bounded_memory
from pipelines.parts import Parts
from pipelines.stages.normalization import normalize
from pipelines.stages.progress import Progress, Report, silent
from pipelines.stages.recovery import Recovery, Stored
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.connection import Notify, UnreachableError, WarehouseError, connect, load_lock
from pipelines.warehouse.faults import may_pass
from pipelines.warehouse.history import Counts, load_at
from pipelines.warehouse.removal import (
    REMOVAL,
    Fates,
    OvertakenError,
    Replacement,
    Share,
    carry_out,
    named_fates,
    share_of,
    take_out,
)

#: How often a dump is tried that other processes load beside.
TRIES: Final = 3

#: Seconds for which a server that was lost at the commit is waited for.
PATIENCE: Final = 30

#: The columns of what becomes of single records.
FATE_COLUMNS: Final = ("what", "record", "title")


@dataclass(frozen=True)
class Removed:
    """What the removal of a dump did, or would do: ``counts`` and ``warehouse_version`` are None where it was a trial.

    ``records`` (FATE_COLUMNS) are then those that would not stay as they are, as many as were asked for.
    ``read_again`` names the dumps that had to be read again.
    """

    fates: Fates
    read_again: tuple[str, ...]
    records: list[tuple[Any, ...]]
    counts: Counts | None = None
    warehouse_version: int | None = None


@bounded_memory()
def remove(
    url: URL,
    parts: Parts,
    stored: Stored,
    source: str,
    name: str,
    report: Report = silent,
    *,
    named: int | None = None,
) -> Removed:
    """Take a dump out of the warehouse, as if it had never been, in one transaction.

    ``parts`` is where frames lie meanwhile; ``stored`` gives the raw frames that ingests keep of a dump of a name. With
    ``named`` it is a trial: nothing changes, and at most so many records are named. Raises what psycopg2 raises, and
    :class:`WarehouseError` where what other dumps said of its records cannot be had; then nothing has changed.
    """
    with parts.locked():
        try:
            for _ in range(TRIES - 1):
                try:
                    return _remove(url, parts, stored, source, name, report, named=named)
                except OvertakenError:
                    report(Progress("remove", "the warehouse has changed meanwhile, asking again", 0, 0, 0))
            return _remove(url, parts, stored, source, name, report, named=named)
        finally:
            parts.clear()


def _remove(
    url: URL, parts: Parts, stored: Stored, source: str, name: str, report: Report, *, named: int | None
) -> Removed:
    parts.clear()
    raw, normalized, planned = (Parts(f"{parts.uri}/{stage}") for stage in ("raw", "normalized", "planned"))
    with connect(url, one_state=True) as connection, connection:
        share = share_of(connection, source, name)
    began = time.monotonic()
    found = Recovery(share, raw, Parts(f"{parts.uri}/read"), stored, report)
    found.recover()
    seconds = {"extract": time.monotonic() - began}
    rows = normalize(raw, normalized, source, report)
    if wrong := {what: count for what, count in rows["violations"].items() if count}:
        raise WarehouseError(f"{share.partition}: what was read again breaks the rules of the frames ({wrong})")
    seconds["normalize"] = rows["seconds"]
    replacement = Replacement(normalized, tuple(found.dump_of_part), found.refounded())

    def notify(doing: str) -> None:
        report(Progress("remove", doing, len(share.record_ids), 0, 0))

    now, done = datetime.now(UTC), None
    try:
        with connect(url) as connection, load_lock(connection, notify), connection:
            done = _in_transaction(
                connection, share, replacement, planned, seconds, now, notify, tuple(found.read), named=named
            )
            notify("committing")
    except psycopg2.Error as error:
        # Lost with the answer to the commit, or before: the warehouse knows.
        if named is not None or done is None or not may_pass(error) or not _was_committed(url, share, now, error):
            raise
    return done


def _in_transaction(
    connection: Connection,
    share: Share,
    replacement: Replacement,
    planned: Parts,
    seconds: dict[str, float],
    now: datetime,
    notify: Notify,
    read_again: tuple[str, ...],
    *,
    named: int | None,
) -> Removed:
    """Change the warehouse, to be committed, or, in a trial, ask what would change and roll it back."""
    notify("taking it out of the books")
    taken = take_out(connection, share, replacement)
    if named is not None:
        records = named_fates(connection, taken, named)
        connection.rollback()
        return Removed(taken.fates, read_again, records)
    version, counts = carry_out(connection, taken, planned, seconds, now, notify)
    return Removed(taken.fates, read_again, [], counts, version)


def _was_committed(url: URL, share: Share, now: datetime, why: psycopg2.Error) -> bool:
    """Whether a removal went in whose commit was not answered, as the books say by its moment.

    Asked under the load lock, which a commit that still goes on holds; a server that starts again is waited for.
    Raises :class:`WarehouseError` where neither is to be had.
    """
    dump, began = Dump(share.source, share.dump.name, REMOVAL), time.monotonic()

    def wait(_: str) -> None:
        if time.monotonic() - began > PATIENCE:
            raise UnreachableError("another load goes on")

    while True:
        try:
            with connect(url) as connection, load_lock(connection, wait), connection:
                return load_at(connection, dump, now) is not None
        except (UnreachableError, psycopg2.Error) as error:
            if not may_pass(error) or time.monotonic() - began > PATIENCE:
                raise WarehouseError(
                    f"the connection to the warehouse was lost while it committed ({' '.join(str(why).split())}), and "
                    f"it cannot be asked ({' '.join(str(error).split())}): whether {share.partition} is out is for it "
                    "to say; once it answers, see: vufind-warehouse dumps list"
                ) from why
        time.sleep(1)
