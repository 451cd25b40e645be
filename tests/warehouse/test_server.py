"""The embedded server as its users meet it: started, shared, stopped, found."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from pipelines.warehouse.server import Server, ServerError, client_program, running_server, server_status
from pipelines.warehouse.server_cluster import server_settings

QUICK = {"fsync": "off"}


def ask(server: Server, question: str) -> Any:
    engine = sqlalchemy.create_engine(server.url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        answer = connection.exec_driver_sql(question)
        return answer.scalar() if answer.returns_rows else None


def test_the_warehouse_outlives_the_server(server_home: Path) -> None:
    home = server_home / "not" / "made yet"
    with running_server(home, settings=QUICK) as server:
        ask(server, "CREATE TABLE shelf AS SELECT 'kept' AS book")
        first = server.pid
    with running_server(home, settings=QUICK) as server:
        assert ask(server, "SELECT book FROM shelf") == "kept"
        assert server.version == "18.6"
        assert server.data_directory == home.resolve() / "postgres-18"
    with running_server(home) as server:
        assert server.pid != first
    assert (home / "server.log").exists()


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        pytest.param('cat\'s "alogue" of the Bibliothèque  目录', False, id="blanks, quotes and letters"),
        pytest.param("a,b", True, id="a comma, at which libpq splits hosts"),
        pytest.param("long" * 25, True, id="longer than a socket's path may be"),
    ],
)
def test_a_home_may_have_any_name(server_home: Path, name: str, beside: bool) -> None:
    with running_server(server_home / name, settings=QUICK) as server:
        assert ask(server, "SELECT current_database()") == "warehouse"
        psql = [client_program("psql"), server.libpq_url, "-XAtc", "SELECT 42"]
        assert subprocess.run(psql, capture_output=True, text=True, check=True).stdout == "42\n"
        assert server.socket_directory.stat().st_mode & 0o777 == 0o700
        assert (server.socket_directory != server.data_directory) == beside
        if beside:
            assert server.socket_directory.parent == Path(tempfile.gettempdir())
    if beside:
        for _ in range(3000):
            if not server.socket_directory.exists():
                return
            threading.Event().wait(0.01)
        pytest.fail("the socket's folder is left behind")


def test_a_home_with_a_line_break_is_refused(server_home: Path) -> None:
    with pytest.raises(ServerError, match="line break"), running_server(server_home / "a\nb"):
        pytest.fail("entered")


def test_neither_locale_nor_postgres_variables_of_the_caller_matter(
    server_home: Path, start_user: Callable[..., Any]
) -> None:
    foreign = {"PGHOST": "nowhere.invalid", "PGPORT": "1", "PGUSER": "x", "PGDATA": "/nowhere", "PGREQUIREAUTH": "gss"}
    foreign |= {"PGDATABASE": "x", "PGOPTIONS": "-c nonsense=1", "PGSSLMODE": "verify-full", "PGSERVICE": "nowhere"}
    start_user(server_home, LC_ALL="xx_YY.ISO-8859-9", LANG="tr_TR", LANGUAGE="de", TZ="Asia/Tokyo", **foreign)
    with running_server(server_home) as server:
        provider = "SELECT datlocprovider::text || ' ' || datlocale || ' ' || datcollate FROM pg_database"
        assert ask(server, f"{provider} WHERE datname = 'warehouse'") == "b C.UTF-8 C"
        assert ask(server, "SELECT string_agg(t, '' ORDER BY t) FROM unnest('{a,B,ä,b,Z}'::text[]) AS t") == "BZabä"
        assert ask(server, "SELECT upper('ä i')") == "Ä I"
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert ask(server, "SHOW timezone") == "UTC"
        assert ask(server, "SHOW lc_messages") == "C"


def test_nobody_can_come_in_but_through_the_socket(warehouse_home: Path) -> None:
    with running_server(warehouse_home, settings=QUICK) as server:
        assert ask(server, "SHOW listen_addresses") == ""
        methods = "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules WHERE type "
        assert ask(server, methods + "= 'local'") == "trust"
        assert ask(server, methods + "<> 'local'") == "reject"
        assert server.data_directory.stat().st_mode & 0o777 == 0o700


def test_processes_that_enter_at_the_same_moment_share_one_server(server_home: Path) -> None:
    go = server_home / "go"
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom pipelines.warehouse.server import running_server\n"
        f"while not Path({str(go)!r}).exists(): time.sleep(0.001)\n"
        "with running_server(Path(sys.argv[1]), settings={'fsync': 'off'}) as server:\n"
        "    print(server.pid, flush=True)\n    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, server_home / "var"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    users: list[subprocess.Popen[str]] = [subprocess.Popen(command, **pipes) for _ in range(8)]  # type: ignore[call-overload]
    go.touch()
    try:
        pids = {user.stdout.readline() for user in users if user.stdout}
        status = server_status(server_home / "var")
        assert status is not None
        assert pids == {f"{status.server.pid}\n"}
    finally:
        for user in users:
            user.communicate()
    assert (server_home / "var" / "server.log").read_text().count("starting PostgreSQL") == 1
    assert all(user.returncode == 0 for user in users)


def test_the_server_runs_until_the_last_user_has_left(warehouse_home: Path, start_user: Callable[..., Any]) -> None:
    with running_server(warehouse_home, settings=QUICK) as outer:
        with running_server(warehouse_home) as inner:
            assert inner == outer
        other = start_user(warehouse_home)
        assert other.line == str(outer.pid)
        assert ask(outer, "SELECT 1") == 1
    for _ in range(20):
        assert server_status(warehouse_home) is not None
    other.leave()


def test_a_thread_may_enter(warehouse_home: Path) -> None:
    """Where Python allows no signal handlers, and no other thread may be disturbed."""
    seen: list[object] = []

    def use() -> None:
        with running_server(warehouse_home, settings=QUICK) as server:
            seen.append(ask(server, "SELECT 1"))

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1, 1, 1]


def test_status_tells_of_a_running_server_and_starts_none(warehouse_home: Path) -> None:
    nowhere = warehouse_home / "not made"
    assert server_status(nowhere) is None
    assert not nowhere.exists()
    assert server_status(warehouse_home) is None
    with running_server(warehouse_home, settings=QUICK) as server:
        status = server_status(warehouse_home)
        assert status is not None
        assert (status.server, status.state) == (server, "ready")
        assert status.started_at.tzinfo is not None


def test_a_failed_start_says_where_why_and_what_to_do(warehouse_home: Path) -> None:
    with pytest.raises(ServerError) as caught, running_server(warehouse_home, settings={"max_connections": "-7"}):
        pytest.fail("entered")
    message = str(caught.value)
    assert str(warehouse_home) in message
    assert "max_connections" in message
    assert "WAREHOUSE_URL" in message
    with running_server(warehouse_home, settings=QUICK) as server:
        assert ask(server, "SELECT 1") == 1


def test_data_of_another_major_version_are_not_passed_over(server_home: Path) -> None:
    (server_home / "postgres-17").mkdir()
    with pytest.raises(ServerError, match=r"postgres-17 was made by another version"), running_server(server_home):
        pytest.fail("entered")


def test_a_folder_that_is_a_file_is_an_error_of_the_server(server_home: Path) -> None:
    (server_home / "var").touch()
    with pytest.raises(ServerError, match="WAREHOUSE_URL"), running_server(server_home / "var"):
        pytest.fail("entered")


def test_the_half_made_cluster_of_a_killed_start_is_cleared_away(server_home: Path) -> None:
    half_made = server_home / "postgres-18.new-abcdefgh"
    (half_made / "base").mkdir(parents=True)
    with running_server(server_home, settings=QUICK):
        assert not half_made.exists()
        assert not list(server_home.glob("*.new-*"))


def test_client_programs_come_with_the_server() -> None:
    for name in ("psql", "pg_dump", "pg_restore"):
        assert os.access(client_program(name), os.X_OK)
    with pytest.raises(ServerError, match="no Postgres program pg_nonsense"):
        client_program("pg_nonsense")


@pytest.mark.parametrize(
    ("gigabytes", "shared_buffers", "work_mem", "maintenance_work_mem"),
    [(0.1, "32MB", "4MB", "32MB"), (2, "512MB", "16MB", "128MB"), (64, "8192MB", "64MB", "512MB")],
)
def test_settings_fit_the_memory(
    gigabytes: float, shared_buffers: str, work_mem: str, maintenance_work_mem: str
) -> None:
    settings = server_settings(int(gigabytes * 2**30))
    assert settings["shared_buffers"] == shared_buffers
    assert settings["work_mem"] == work_mem
    assert settings["maintenance_work_mem"] == maintenance_work_mem
    assert settings["wal_level"] == "minimal"
    assert settings["synchronous_commit"] == "on"


def test_the_settings_reach_the_server(warehouse_home: Path) -> None:
    with running_server(warehouse_home, settings=QUICK | {"application_name": "it's"}) as server:
        assert ask(server, "SHOW dynamic_shared_memory_type") == "mmap"
        assert ask(server, "SHOW max_wal_size") == "4GB"
        assert ask(server, "SHOW jit") == "off"
        boot = "SELECT reset_val FROM pg_settings WHERE name = 'application_name'"
        assert ask(server, boot) == "it's"


def test_each_test_has_an_empty_database(warehouse_url: str) -> None:
    engine = sqlalchemy.create_engine(warehouse_url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar()
        connection.exec_driver_sql("CREATE TABLE leftover (id int)")
    assert found == 0


test_no_test_sees_what_another_left = test_each_test_has_an_empty_database
