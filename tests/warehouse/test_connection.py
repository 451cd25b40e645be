"""The URL of the warehouse: what it means to libpq, and what of it may be shown."""

from __future__ import annotations

import psycopg2
import pytest
from sqlalchemy import make_url

from pipelines.warehouse import connection
from pipelines.warehouse.connection import libpq_environment, shown, warehouse_url


@pytest.mark.parametrize(
    ("url", "public", "environment"),
    [
        (
            "postgresql://h/?user=u&password=p&dbname=d&options=-c%20a%3Db",
            "postgresql://u:***@h/d?options=-c%20a%3Db",
            {"PGHOST": "h", "PGUSER": "u", "PGPASSWORD": "p", "PGDATABASE": "d", "PGOPTIONS": "-c a=b"},
        ),
        (
            "postgresql:///d?host=/run/pg&port=5433",
            "postgresql:///d?host=%2Frun%2Fpg&port=5433",
            {"PGHOST": "/run/pg", "PGPORT": "5433", "PGDATABASE": "d"},
        ),
        (
            "postgresql://u@%2Frun%2Fpg:5433/d",
            "postgresql://u@/d?host=%2Frun%2Fpg&port=5433",
            {"PGHOST": "/run/pg", "PGPORT": "5433", "PGUSER": "u", "PGDATABASE": "d"},
        ),
        (
            "postgres://a:b@g:1/c?user=u&host=h&port=2&sslmode=require&sslpassword=k&target_session_attrs=any",
            "postgresql://u:***@h:2/c?sslmode=require&sslpassword=%2A%2A%2A&target_session_attrs=any",
            {
                "PGHOST": "h", "PGPORT": "2", "PGUSER": "u", "PGPASSWORD": "b", "PGDATABASE": "c",
                "PGSSLMODE": "require", "PGTARGETSESSIONATTRS": "any",
            },
        ),
    ],
)  # fmt: skip
def test_psql_opens_the_very_database_of_the_url(url: str, public: str, environment: dict[str, str]):
    assert shown(warehouse_url(url)) == public
    assert libpq_environment(warehouse_url(url)) == environment


@pytest.mark.parametrize(
    ("answers", "is_there"),
    [
        (["FATAL:  the database system is shutting down", "connection refused", "connection refused"], True),
        (["FATAL:  the database system is starting up"], True),
        (["connection refused"], False),
    ],
)
def test_a_server_that_starts_anew_is_waited_for(
    answers: list[str], is_there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, left = object(), [psycopg2.OperationalError(answer) for answer in answers]

    def answered(*_: object, **__: object) -> object:
        if left:
            raise left.pop(0)
        return made

    monkeypatch.setattr(psycopg2, "connect", answered)
    monkeypatch.setattr(connection, "_SECONDS_BETWEEN_TRIES", 0.0)
    if is_there:
        assert connection._connected(make_url("postgresql:///d")) is made
    else:
        with pytest.raises(connection.UnreachableError, match=answers[0]):
            connection._connected(make_url("postgresql:///d"))
