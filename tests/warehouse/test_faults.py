"""What errors of the database are said to mean, and which are tried again."""

from __future__ import annotations

import psycopg2
import pytest
from psycopg2 import errors

from pipelines.warehouse.connection import UnreachableError
from pipelines.warehouse.faults import OF_A_QUESTION, explained, may_pass


@pytest.mark.parametrize(
    ("error", "passes", "says"),
    [
        (errors.AdminShutdown, True, "the server was stopped, or ended the connection"),
        (errors.CrashShutdown, True, "the server was stopped, or ended the connection"),
        (errors.CannotConnectNow, True, "the server was stopped, or ended the connection"),
        (errors.DeadlockDetected, True, "another writer and this one waited for each other"),
        (errors.SerializationFailure, True, "another writer changed the same rows"),
        (errors.ConnectionFailure, True, "the connection to the warehouse was lost"),
        (errors.ForeignKeyViolation, False, "rows that it refers to are gone by another hand"),
        (errors.UniqueViolation, False, "another hand than a load's has put in rows that it brings"),
        (errors.DiskFull, False, "the disk of the warehouse's server is full"),
        (errors.OutOfMemory, False, "too little memory"),
        (errors.TooManyConnections, False, "no free connection"),
        (errors.QueryCanceled, False, "a statement was cancelled"),
        (errors.LockNotAvailable, False, "a lock was not to be had in time"),
        (errors.IdleInTransactionSessionTimeout, False, "idle for too long"),
        (errors.ReadOnlySqlTransaction, False, "the warehouse is read-only"),
        (errors.InsufficientPrivilege, False, "may not do that"),
        (errors.IoError, False, "cannot read or write its disk"),
        (errors.DivisionByZero, False, "the warehouse refused"),
    ],
)
def test_an_error_with_a_code_is_explained(error: type[psycopg2.Error], passes: bool, says: str):
    """An error that Python makes has no code, as psycopg2's have that come from a server: its class has it."""

    class Told(error):  # type: ignore[misc, valid-type]
        pgcode = CODES[error]

    told = Told("what the server said\nDETAIL:  more")
    assert may_pass(told) is passes
    assert says in explained(told)
    assert "what the server said DETAIL: more" in explained(told)
    assert "nothing was loaded" in explained(told)


CODES = {errors.lookup(code): code for code in (
    "57P01", "57P02", "57P03", "40P01", "40001", "08006", "53100", "53200", "53300", "57014", "55P03", "25P03", "25006",
    "42501", "58030", "22012", "23503", "23505",
)}  # fmt: skip


@pytest.mark.parametrize(("error", "is_known"), [(errors.AdminShutdown, False), (errors.DeadlockDetected, True)])
def test_of_a_commit_whose_answer_may_be_lost_nobody_says_that_nothing_was_changed(
    error: type[psycopg2.Error], is_known: bool
):
    """As of a decision of a person, which a look tells."""

    class Told(error):  # type: ignore[misc, valid-type]
        pgcode = CODES[error]

    told = explained(Told("x"), OF_A_QUESTION)
    assert ("nothing was changed" in told) is is_known
    assert ("changed whole, or not at all: look, and if it has not, try again once the server is there" in told) is (
        not is_known
    )


def test_a_lost_connection_is_explained_by_the_error_that_came_first():
    first = psycopg2.OperationalError("server closed the connection unexpectedly")
    later = psycopg2.InterfaceError("connection already closed")
    later.__context__ = first
    assert may_pass(first) and may_pass(later)
    assert explained(later) == explained(first)
    assert explained(first).startswith("the connection to the warehouse was lost (server closed the connection")


def test_a_server_that_cannot_be_reached_says_so_itself():
    assert explained(UnreachableError("cannot reach the warehouse at x: refused")).startswith("cannot reach")
    assert may_pass(UnreachableError("refused"))
