"""The embedded server on TCP: only when asked, and never without a password."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from pipelines.warehouse.server import Server, ServerError, running_server, server_status
from pipelines.warehouse.server_listening import Listening, give_password, reader_password

QUICK = {"fsync": "off"}
READER = "warehouse_reader"
PASSWORD = "s3cret/wörd '\\"  # noqa: S105 - of nobody


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


def through_socket(server: Server, question: str) -> Any:
    with psycopg2.connect(server.libpq_url) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else None


def over_tcp(port: int, user: str, password: str, question: str = "SELECT current_user") -> Any:
    address = {"host": "127.0.0.1", "port": port, "dbname": "warehouse", "user": user}
    # psycopg2 takes an empty password for none, and none from the environment or ~/.pgpass.
    connection = psycopg2.connect(**address, password=password, passfile="/dev/null", require_auth="scram-sha-256")
    with connection, connection.cursor() as cursor:
        cursor.execute(question)
        rows = cursor.fetchall()
    connection.close()
    return rows


def test_who_proves_a_password_comes_in_over_tcp_and_nobody_else(
    warehouse_home: Path, port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PGPASSWORD", raising=False)
    listening = Listening("127.0.0.1", port)
    with running_server(warehouse_home, settings=QUICK | {"log_statement": "all"}, listening=listening) as server:
        through_socket(server, f"CREATE ROLE {READER} LOGIN; CREATE ROLE analyst LOGIN")
        for password in ("", PASSWORD):
            with pytest.raises(psycopg2.OperationalError):
                over_tcp(port, READER, password)
        with psycopg2.connect(server.libpq_url) as connection:
            for role in (READER, "postgres"):
                give_password(connection, role, PASSWORD)
        connection.close()
        assert over_tcp(port, READER, PASSWORD) == [(READER,)]
        # The superuser does not come in at all, and no role without a password, nor into another database.
        for user, password in ((READER, "wrong"), (READER, ""), ("postgres", PASSWORD), ("analyst", "")):
            with pytest.raises(psycopg2.OperationalError):
                over_tcp(port, user, password)
        with pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg2.connect(host="127.0.0.1", port=port, user=READER, password=PASSWORD, dbname="template1")
        assert through_socket(server, "SHOW listen_addresses") == [("127.0.0.1",)]
        assert server.socket_directory.stat().st_mode & 0o777 == 0o700
        log = server.log_file.read_text(encoding="utf-8")
        assert "ALTER ROLE" in log
        assert PASSWORD not in log
        assert "s3cret" not in log
        # Whoever asks for nothing, or for the same, shares it; for another address it would have to be started anew.
        for same in (None, listening):
            with running_server(warehouse_home, listening=same) as inner:
                assert inner == server
        with (
            pytest.raises(ServerError, match=f"listens on 127.0.0.1:{port}: end the commands"),
            running_server(warehouse_home, listening=Listening("127.0.0.1", port + 1)),
        ):
            pytest.fail("entered")


def test_a_server_that_is_not_asked_listens_on_no_address(warehouse_home: Path, port: int):
    methods = "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules WHERE type <> 'local'"
    with running_server(warehouse_home, settings=QUICK, listening=Listening("localhost", port)) as server:
        assert through_socket(server, methods) == [("reject scram-sha-256",)]
        first = server.pid
    while server_status(warehouse_home) is not None:
        pass
    # What one start was asked for does not hold for the next.
    with running_server(warehouse_home, settings=QUICK) as server:
        assert server.pid != first
        assert through_socket(server, "SHOW listen_addresses") == [("",)]
        assert through_socket(server, methods) == [("reject",)]
        with (
            pytest.raises(ServerError, match="listens on no address"),
            running_server(warehouse_home, listening=Listening("localhost", port)),
        ):
            pytest.fail("entered")


def test_a_port_that_is_taken_is_told(warehouse_home: Path, port: int):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with (
            pytest.raises(ServerError, match=r"(?s)in use.*Way out: another --port"),
            running_server(warehouse_home, listening=Listening("127.0.0.1", port)),
        ):
            pytest.fail("entered")


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True)]
    + [(host, False) for host in ("0.0.0.0", "*", "10.1.2.3", "localhost.example.org", "::")],  # noqa: S104
)
def test_only_the_machine_itself_comes_in_unless_told_otherwise(host: str, *, is_loopback: bool):
    listening = Listening(host, 5432)
    assert listening.is_loopback == is_loopback
    lines = listening.access("warehouse", "postgres").splitlines()
    over = [line.split() for line in lines if line.startswith("host")]
    assert over[0] == ["host", "all", "postgres", "all", "reject"]
    assert {(line[3], line[4]) for line in over[1:]} == {
        (address, "scram-sha-256") for address in (("127.0.0.1/32", "::1/128") if is_loopback else ("all",))
    }


@pytest.mark.parametrize("host", ["", "a,b", "a b", "'", "*,1", "a\nb"])
def test_what_is_no_host_is_refused(host: str):
    with pytest.raises(ServerError, match="no host"):
        Listening(host, 5432)


def test_a_password_is_made_up_once_and_kept_for_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("WAREHOUSE_READER_PASSWORD", "WAREHOUSE_READER_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)
    password, kept_in = reader_password(tmp_path)
    file = tmp_path / "reader-password"
    assert (len(password), kept_in, file.stat().st_mode & 0o777) == (43, str(file), 0o600)
    assert reader_password(tmp_path) == (password, kept_in)
    file.chmod(0o644)
    with pytest.raises(ServerError, match="chmod 600"):
        reader_password(tmp_path)
    (tmp_path / "other").mkdir()
    assert reader_password(tmp_path / "other")[0] != password
    # A link is followed nowhere: the folder may be somebody else's than root's.
    file.unlink()
    file.symlink_to(tmp_path / "other" / "reader-password")
    with pytest.raises(ServerError, match=r"(?s)cannot be had.*Way out: a file with the password"):
        reader_password(tmp_path)


def test_a_password_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("WAREHOUSE_READER_PASSWORD_FILE", str(secret))
    for mode in (0o644, 0o604, 0o660):
        secret.chmod(mode)
        with pytest.raises(ServerError, match="others may read this secret; chmod 600"):
            reader_password(tmp_path)
    secret.chmod(0o400)
    assert reader_password(tmp_path) == (PASSWORD, str(secret))
    monkeypatch.setenv("WAREHOUSE_READER_PASSWORD", "another")
    assert reader_password(tmp_path) == ("another", "WAREHOUSE_READER_PASSWORD")
    monkeypatch.setenv("WAREHOUSE_READER_PASSWORD", "")
    secret.chmod(0o600)
    for content in ("", "\n"):
        secret.write_text(content, encoding="utf-8")
        with pytest.raises(ServerError, match="no password in"):
            reader_password(tmp_path)
    secret.unlink()
    with pytest.raises(ServerError, match="cannot be had"):
        reader_password(tmp_path)
    assert not (tmp_path / "reader-password").exists()


@contextmanager
def served(home: Path, port: int) -> Iterator[str]:
    """The command ``serve`` at work: the line it has said. It ends by a signal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("WAREHOUSE_", "PGPASS"))}
    program = "from pipelines.start import main; main()"
    command = [sys.executable, "-c", program, "--home", home, "serve", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as serving:
        assert serving.stderr is not None
        told = serving.stderr.readline()
        yield told
        serving.send_signal(signal.SIGTERM)
        told += serving.stderr.read()
    assert serving.returncode == 0
    assert (home / "reader-password").read_text().strip() not in told


def test_serve_lets_programs_read_until_it_is_ended(server_home: Path, port: int):
    with served(server_home, port) as told:
        password = (server_home / "reader-password").read_text().strip()
        assert told == (
            f"postgresql://{READER}@127.0.0.1:{port}/warehouse   password: {server_home / 'reader-password'}"
            "   (Ctrl-C ends it)\n"
        )
        assert over_tcp(port, READER, password, "SELECT count(*) FROM reporting.works") == [(0,)]
        for refused in ("DELETE FROM catalog.works RETURNING 1", "SELECT count(*) FROM ops.quarantine"):
            with pytest.raises(psycopg2.Error):
                over_tcp(port, READER, password, refused)
    assert password not in (server_home / "server.log").read_text()


def test_what_a_reader_makes_of_its_account_lasts_until_it_is_served_anew(server_home: Path, port: int):
    changes = (
        "SET statement_timeout = '1234ms'",
        "IN DATABASE warehouse SET work_mem = '64kB'",
        "SET default_transaction_read_only = off",
        "PASSWORD 'mine'",
    )
    ask = (
        "SELECT current_setting('statement_timeout'), current_setting('work_mem') = '64kB',"
        " current_setting('default_transaction_read_only'), current_setting('idle_in_transaction_session_timeout')"
    )
    with served(server_home, port):
        password = (server_home / "reader-password").read_text().strip()
        writable = "SET default_transaction_read_only = off; COMMIT; "
        for change in changes:
            over_tcp(port, READER, password, f"{writable} ALTER ROLE {READER} {change}; SELECT 1")
        assert over_tcp(port, READER, "mine", ask) == [("1234ms", True, "off", "15min")]
    with served(server_home, port):
        assert over_tcp(port, READER, password, ask) == [("0", False, "on", "15min")]
