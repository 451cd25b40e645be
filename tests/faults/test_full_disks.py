"""A full disk, of the frames, of the database, of the whole home: said so, nothing half, and it goes on with room."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest
import sqlalchemy

from pipelines.warehouse.connection import connect
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import running_server
from tests.faults.commands import Place
from tests.faults.conftest import Databases, struck_at
from tests.faults.warehouse import Struck, json_lines, write_dump
from tests.postgres import wait_until

MEGABYTE = 1 << 20


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of so many megabytes; skips where this user may not mount one."""
    folder = Path(tempfile.mkdtemp(prefix="vufind-warehouse-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if mounted.returncode:
        folder.rmdir()
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill(disk: Path, leaving: int) -> Path:
    """Fill a disk but for so many bytes; what fills it can be removed."""
    state = os.statvfs(disk)
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - leaving)
    return ballast


#: Records of a dump that need more than half a megabyte of the database.
LARGE = 1500


def write_large_dump(struck: Struck, name: str, records: int) -> None:
    documents = [
        {"id": f"{name}-{number}", "title": f"Tides of harbour {number}", "description": f"{number} " * 60}
        for number in range(records)
    ]
    write_dump(struck.dump(name), {"a.jsonl": json_lines(documents)})


#: Where to stop so that the frames of the stages before are whole, and no more.
STAGES = {
    "raw": None,
    "normalized": Place("pipelines.parts:Parts.clear", "/normalized/"),
    "planned": Place("pipelines.warehouse.planning:make_plan"),
}


def test_a_full_disk_of_the_frames_is_said_and_left_as_it_was(databases: Databases):
    """Whichever stage finds no room."""
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck, small_disk(4) as disk:
        struck.commands.environment["VUFIND_WAREHOUSE_FRAMES"] = str(disk / "frames")
        before = struck.state()
        for stage, place in STAGES.items():
            if place:
                struck.start_road(stop=place).is_killed()
            ballast = fill(disk, leaving=4096)
            run = struck.start_road()
            assert run.wait() == 1, stage
            assert f"PartsError: there is no room for the frames in {disk}/frames/{stage}/library/2021" in run.told
            assert "nothing was loaded; make room, or set VUFIND_WAREHOUSE_FRAMES" in run.told
            assert not [path for path in disk.glob(f"frames/{stage}/library/2021/**/*") if path.is_file()]
            ballast.unlink()
        assert struck.state() == before
        struck.take_road()
        assert struck.state() == expected[0]
        struck.assert_nothing_is_left()


@pytest.fixture
def own_server(warehouse_home: Path) -> Iterator[sqlalchemy.URL]:
    with running_server(warehouse_home, settings={"fsync": "off"}) as server:
        yield sqlalchemy.make_url(server.url)


@pytest.fixture
def small_database(own_server: sqlalchemy.URL, zygote: Popen[str]) -> Iterator[tuple[Struck, Path]]:
    """A database whose tables lie on a small disk, and the disk. Its server can make no checkpoint while it is full."""
    engine = sqlalchemy.create_engine(own_server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    name = f"test_small_{os.getpid()}"
    with small_disk(40) as disk, engine.connect() as connection:
        if not Path(str(connection.exec_driver_sql("SHOW data_directory").scalar())).exists():
            pytest.skip("the server is on another machine")
        place = disk / "tables"
        place.mkdir()
        owner = Path(str(connection.exec_driver_sql("SHOW data_directory").scalar())).stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        connection.exec_driver_sql(f"CREATE TABLESPACE {name} LOCATION '{place}'")
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' TABLESPACE {name}")
            url = parse_url(own_server.set(database=name).render_as_string(hide_password=False))
            with struck_at(url, zygote) as struck:
                yield struck, disk
        finally:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"DROP TABLESPACE {name}")


def test_a_full_disk_of_the_database_leaves_nothing_of_a_first_load_or_a_later_one(
    databases: Databases, small_database: tuple[Struck, Path]
):
    struck, disk = small_database
    with connect(struck.url) as connection:
        prepare(connection)
    with databases.copy() as undisturbed:
        for name in ("2020", "2021"):
            write_large_dump(struck, name, LARGE)
            write_large_dump(undisturbed, name, LARGE)
            before = struck.state()
            ballast = fill(disk, leaving=MEGABYTE // 2)
            run = struck.start_road(name)
            assert run.wait() == 1, name
            assert "No space left on device" in run.told
            assert struck.state() == before, name
            struck.assert_nothing_is_left()
            ballast.unlink()
            struck.take_road(name)
            undisturbed.take_road(name)
            assert struck.state() == undisturbed.state(), name


def test_a_command_whose_databases_disk_is_full_says_what_to_do(small_database: tuple[Struck, Path]):
    struck, disk = small_database
    with connect(struck.url) as connection:
        prepare(connection)
    write_large_dump(struck, "2020", LARGE)
    fill(disk, leaving=MEGABYTE // 2)
    run = struck.start("2020")
    assert run.wait() == 1, run.told
    assert "the disk of the warehouse's server is full" in run.out
    assert "nothing was loaded; make room there, and ingest the dump again" in run.out
    assert "Traceback" not in run.told


def test_a_full_disk_of_the_home_is_told_in_a_line(databases: Databases, tmp_path: Path):
    """Dagster's files lie there, in which it keeps its runs: it can do nothing without."""
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck, small_disk(4) as disk:
        before = struck.state()
        struck.commands.environment |= {
            "VUFIND_WAREHOUSE_HOME": str(disk / "home"),
            "VUFIND_WAREHOUSE_FRAMES": str(tmp_path / "frames"),
        }
        ballast = fill(disk, leaving=400_000)
        run = struck.start()
        assert run.wait() == 1, run.told
        assert run.told.startswith(f"error: Dagster cannot write its files in {disk}/home/dagster (database or disk is")
        assert "Traceback" not in run.told
        assert struck.state() == before
        ballast.unlink()
        struck.take_road()
        assert struck.state() == expected[0]


@pytest.mark.slow
def test_a_server_whose_log_has_no_room_crashes_and_goes_on_with_room(databases: Databases, zygote: Popen[str]):
    """Postgres gives up where it cannot write its log; what was committed is there when it has room again."""
    expected = databases.undisturbed("2020", "2021")[0]
    with small_disk(120) as disk:
        home = disk / "home"
        home.mkdir(mode=0o755)
        with running_server(home) as server, struck_at(parse_url(server.url), zygote) as struck:
            with connect(struck.url) as connection:
                prepare(connection)
            struck.take_road("2020")
            write_large_dump(struck, "2021-large", LARGE)
            ballast = fill(disk, leaving=MEGABYTE)
            assert struck.start_road("2021-large").wait() == 1
            ballast.unlink()
            with running_server(home):
                struck.take_road("2021")
                assert struck.state() == expected
                struck.assert_nothing_is_left()
        wait_until(lambda: not list(home.rglob("postmaster.pid")), "the server stops")
