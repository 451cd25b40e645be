"""A dump is taken out again: what other dumps said is read again, then all of it changes in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import URL

from pipelines.memory import bounded_memory
from pipelines.parts import Parts
from pipelines.stages.normalization import normalize
from pipelines.stages.progress import Progress, Report, silent
from pipelines.stages.recovery import Recovery, Stored
from pipelines.warehouse.connection import WarehouseError, connect, load_lock
from pipelines.warehouse.history import Counts
from pipelines.warehouse.removal import (
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

#: The columns of what becomes of single records.
FATE_COLUMNS: Final = ("what", "record", "title")


@dataclass(frozen=True)
class Removed:
    """What the removal of a dump did, or would do: ``counts`` and ``warehouse_version`` are None where it was a trial.

    ``records`` (FATE_COLUMNS) are then those that would not stay as they are. ``read_again`` names the dumps that had
    to be read again.
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
    trial: bool = False,
) -> Removed:
    """Take a dump out of the warehouse, as if it had never been, in one transaction.

    ``parts`` is where frames lie meanwhile; ``stored`` gives the raw frames that ingests keep of a dump of a name. In a
    ``trial`` nothing changes. Raises what psycopg2 raises, and :class:`WarehouseError` where what other dumps said of
    its records cannot be had; then nothing has changed.
    """
    with parts.locked():
        try:
            for _ in range(TRIES - 1):
                try:
                    return _remove(url, parts, stored, source, name, report, trial=trial)
                except OvertakenError:
                    report(Progress("remove", "the warehouse has changed meanwhile, asking again", 0, 0, 0))
            return _remove(url, parts, stored, source, name, report, trial=trial)
        finally:
            parts.clear()


def _remove(url: URL, parts: Parts, stored: Stored, source: str, name: str, report: Report, *, trial: bool) -> Removed:
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

    with connect(url) as connection, load_lock(connection):
        return _in_transaction(connection, share, replacement, planned, seconds, notify, tuple(found.read), trial=trial)


def _in_transaction(
    connection: Any,
    share: Share,
    replacement: Replacement,
    planned: Parts,
    seconds: dict[str, float],
    notify: Callable[[str], None],
    read_again: tuple[str, ...],
    *,
    trial: bool,
) -> Removed:
    """Change the warehouse and commit, or, in a trial, ask what would change and roll it back."""
    with connection:
        notify("taking it out of the books")
        taken = take_out(connection, share, replacement)
        if trial:
            records = named_fates(connection, taken)
            connection.rollback()
            return Removed(taken.fates, read_again, records)
        version, counts = carry_out(connection, taken, planned, seconds, datetime.now(UTC), notify)
        notify("committing")
    return Removed(taken.fates, read_again, [], counts, version)
