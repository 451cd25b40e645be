"""Run a selection of tests on Postgres servers other than the embedded one, each major twice.

    python -m tests.majors BIN [BIN ...] [-- ARGUMENTS OF PYTEST]

A BIN is the ``bin`` folder of a Postgres, with ``initdb`` and ``postgres``. Each gets a cluster of its own, made for
this and thrown away. First a superuser's databases are tested. Then, in a new cluster without any role of ours, those
of a user who may log in and owns databases, and has no other right: no role can be made, no extension, no superuser.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg2

from tests.postgres import make_home, wait_until

#: Schema, roles, loads, history, reports, what else changes the warehouse, and COPY, plans and poolers.
SELECTION: Final = (
    "tests/warehouse/test_migrations.py",
    "tests/warehouse/test_schema.py",
    "tests/warehouse/test_reporting_contract.py",
    "tests/warehouse/test_copy.py",
    "tests/warehouse/test_poolers.py",
    "tests/end_to_end/test_roles.py",
    "tests/end_to_end/test_reporting_views.py",
    "tests/end_to_end/test_record_changes.py",
    "tests/end_to_end/test_search.py",
    "tests/end_to_end/test_narrow_paths.py",
    "tests/end_to_end/test_cost_of_a_delta.py",
    "tests/end_to_end/test_summaries.py",
    "tests/end_to_end/test_recount.py",
    "tests/end_to_end/test_replay.py",
    "tests/end_to_end/test_removal.py",
    "tests/end_to_end/test_backup.py",
    "tests/end_to_end/test_waiting.py",
)

#: What needs none of our roles.
ORDINARY: Final = (
    "tests/warehouse/test_reporting_contract.py",
    "tests/end_to_end/test_ordinary_user.py",
    "tests/end_to_end/test_reporting_views.py",
    "tests/end_to_end/test_record_changes.py",
)

USER: Final = "somebody"


@contextmanager
def cluster(programs: Path, lay: Callable[[Path], Sequence[str]] = lambda _: ()) -> Iterator[str]:
    """The folder with the socket of a new server; its superuser is ``postgres``.

    ``lay`` puts files into the folder, which the server's user then owns, and gives settings that name them.
    """
    # Postgres refuses to run as root.
    account = None if os.geteuid() else next(each for each in pwd.getpwall() if each.pw_name in {"postgres", "nobody"})
    home = make_home()
    try:
        folder = str(home)
        further = lay(home)
        for path in [home, *home.iterdir()] if account else []:
            os.chown(path, account.pw_uid, account.pw_gid)
        options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        data = f"{folder}/data"
        locale = ["--encoding", "UTF8", "--locale", "C", "--auth", "trust", "--no-sync"]
        subprocess.run(
            [programs / "initdb", "--username", "postgres", "--pgdata", data, *locale],
            check=True, capture_output=True, cwd="/", **options,
        )  # fmt: skip
        settings = [
            "fsync=off",
            "full_page_writes=off",
            "listen_addresses=",
            f"unix_socket_directories={folder}",
            *further,
        ]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, *(part for each in settings for part in ("-c", each))],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **options,
        )  # fmt: skip
        try:
            wait_until(lambda: _is_ready(Path(data)), "the server starts")
            yield folder
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(home)


def _is_ready(data: Path) -> bool:
    file = data / "postmaster.pid"
    return file.exists() and file.read_text(encoding="ascii").rstrip().endswith("ready")


def run(socket: str, user: str, files: tuple[str, ...], arguments: list[str]) -> int:
    """The tests of some files, in databases of a user."""
    url = f"postgresql+psycopg2://{user}@/postgres?host={socket}"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files, *arguments]
    return subprocess.run(command, env={**os.environ, "TEST_DATABASE_URL": url}, check=False).returncode


def ask(socket: str, statement: str) -> object:
    """What a statement of the superuser answers."""
    connection = psycopg2.connect(host=socket, user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        answer = cursor.fetchone() if cursor.description else None
    connection.close()
    return answer[0] if answer else None


def main(given: list[str]) -> int:
    """Run all of it; 1 where a test failed."""
    end = given.index("--") if "--" in given else len(given)
    folders, arguments = given[:end], given[end + 1 :]
    outcomes = []
    for folder in folders:
        for user, files in (("postgres", SELECTION), (USER, ORDINARY)):
            with cluster(Path(folder).absolute()) as socket:
                version = ask(socket, "SHOW server_version")
                if user == USER:
                    ask(socket, f"CREATE ROLE {USER} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE")
                code = run(socket, user, files, arguments)
                outcomes.append((f"Postgres {version} as {user}", code))
                print(f"{outcomes[-1][0]}: {'passed' if code == 0 else 'FAILED'}", flush=True)
    print("\n".join(f"{what}: {'passed' if code == 0 else 'FAILED'}" for what, code in outcomes))
    return int(any(code for _, code in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
