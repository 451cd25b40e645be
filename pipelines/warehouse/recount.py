"""Counts that loads keep up by differences are counted anew, for after somebody has changed rows by hand."""

from __future__ import annotations

from typing import Final

from sqlalchemy import URL

from pipelines.warehouse.connection import Notify, connect, load_lock
from pipelines.warehouse.schema import refuse_another_schema
from pipelines.warehouse.statements import statement
from pipelines.warehouse.summaries import count_everything_anew
from pipelines.warehouse.words import refresh_words

#: Tables that rest on others, with the statement that makes each right: publications before their works.
_COUNTED: Final = {
    "ops.record_matching_keys": "recount/matching_keys",
    "ops.record_sightings": "recount/sightings",
    "catalog.publications": "recount/publications",
    "catalog.works": "recount/works",
    "reporting.publication_words": "recount/words",
}


def recount(url: URL, notify: Notify = lambda _: None, *, is_trial: bool = False) -> dict[str, int]:
    """Count anew what rests on other rows of the warehouse; returns how many rows of each table differed.

    These are counts and years of publications and works, all tables of counts that reports rest on, and the words for
    search; keys and sightings of records that are not there go. Whatever else stands in rows is taken for right. One
    transaction under the load lock, in which a trial changes nothing. Raises what psycopg2 raises and
    :class:`~pipelines.warehouse.connection.WarehouseError`; then nothing has changed.
    """
    differing: dict[str, int] = {}
    with (
        connect(url, one_state=True) as connection,
        load_lock(connection, notify),
        connection,
        connection.cursor() as cursor,
    ):
        refuse_another_schema(connection)
        for table, counted in _COUNTED.items():
            notify(f"counting {table}")
            cursor.execute(statement(counted))
            differing[table] = cursor.rowcount
        notify("counting the catalogue for reports")
        differing |= count_everything_anew(connection)
        if is_trial:
            connection.rollback()
    if differing["reporting.publication_words"] and not is_trial:
        notify("making words for search")
        refresh_words(url)
    return differing
