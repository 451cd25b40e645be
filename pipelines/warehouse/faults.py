"""What an error of the database means to a person: what happened, what became of the work, and the way out."""

from __future__ import annotations

from typing import Final

import psycopg2

from pipelines.warehouse.connection import UnreachableError

#: What became of the work, and what to do again: of an ingest.
OF_AN_INGEST: Final = ("nothing was loaded", "ingest the dump again")
#: The same of the removal of a dump.
OF_A_REMOVAL: Final = ("nothing was changed", "remove the dump again")

#: The same of what only asks, or of which nothing else is known.
OF_A_QUESTION: Final = ("nothing was changed", "try again")
#: What becomes of that where the connection goes: it may have been lost with the answer to a commit.
_LOST: Final = "what it was to change has changed whole, or not at all: look, and if it has not,"

#: By SQLSTATE (Postgres's manual, appendix A), or its class: what happened, and the way out; ``again`` stands in it
#: for what to do again.
_MEANINGS: Final = {
    "08": ("the connection to the warehouse was lost", "{again} once the server is there"),
    "23503": ("rows that it refers to are gone by another hand than a load's", "{again}"),
    "23505": ("another hand than a load's has put in rows that it brings", "take them out, or {again}"),
    "25006": (
        "the warehouse is read-only",
        "name the primary server, take back default_transaction_read_only of the role or database, or make room: some "
        "providers stop writes first",
    ),
    "25P03": ("the server ended a transaction that was idle for too long", "take the timeout out of the URL's options"),
    "25P04": ("the server ended a transaction that took too long", "take the timeout out of the URL's options"),
    "40001": ("another writer changed the same rows at the same time", "{again}"),
    "40P01": ("another writer and this one waited for each other", "{again} when the other has ended"),
    "42501": ("the user of the warehouse's URL may not do that", "grant it, or name the owner of the warehouse"),
    "53100": ("the disk of the warehouse's server is full", "make room there, and {again}"),
    "53200": ("the warehouse's server has too little memory", "give it more, and {again}"),
    "53300": ("the warehouse's server has no free connection", "raise max_connections, or {again} later"),
    "55P03": ("a lock was not to be had in time", "{again} when the other writer has ended"),
    "57014": (
        "a statement was cancelled, by a statement_timeout or by a person",
        "{again}; a timeout that the URL or the role sets must leave a load its time",
    ),
    "57P": ("the server was stopped, or ended the connection", "{again} once the server is there"),
    "58030": ("the warehouse's server cannot read or write its disk", "look at the server's log and its disk"),
}

#: Where the connection goes.
_LOST_WITH_THE_ANSWER: Final = ("08", "57P")

#: What may be gone at the next try: a connection or a server that went away, another writer in the way.
_PASSING: Final = ("08", "40001", "40P01", "57P")


def may_pass(error: psycopg2.Error | UnreachableError) -> bool:
    """Whether the next try may succeed without anybody doing anything.

    An error that the server could still tell has a code; a full disk (53100) would come again. Without a code libpq
    found the connection gone, and what is then tried on it is an InterfaceError. To libpq a server that restarts looks
    like any other that refuses.
    """
    if isinstance(error, UnreachableError | psycopg2.InterfaceError):
        return True
    if error.pgcode is None:
        return isinstance(error, psycopg2.OperationalError)
    return error.pgcode.startswith(_PASSING)


def explained(error: psycopg2.Error | UnreachableError, work: tuple[str, str] = OF_AN_INGEST) -> str:
    """What happened, what became of the ``work`` (OF_AN_INGEST or OF_A_REMOVAL), and the way out, in one line."""
    outcome, again = work
    said = " ".join(str(error).split())
    if isinstance(error, UnreachableError):
        return said
    if isinstance(error, psycopg2.InterfaceError) and isinstance(error.__context__, psycopg2.Error):
        # Of a lost connection the first error tells why; what was tried on it then only that it is lost.
        return explained(error.__context__, work)
    code = error.pgcode or ("08" if may_pass(error) else "")
    for length in (5, 3, 2):
        if len(code) >= length and code[:length] in _MEANINGS:
            what, way_out = _MEANINGS[code[:length]]
            if work is OF_A_QUESTION and code.startswith(_LOST_WITH_THE_ANSWER):
                return f"{what} ({said}); {_LOST} {way_out.format(again=again)}"
            return f"{what} ({said}); {outcome}; {way_out.format(again=again)}"
    return f"the warehouse refused: {said}; {outcome}"
