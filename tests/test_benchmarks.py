"""What benchmarks measure by: processor time of what has ended, and deltas that lie anywhere in a catalogue."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import orjson
import psutil
import pytest
import sqlalchemy
from backports import zstd

from benchmarks import measure
from benchmarks.documents import write_delta
from benchmarks.measure import measured
from pipelines.warehouse.connection import connect

#: Uses the processor for a quarter of a second in a process of its own and then in one of that.
_BURN = """
import subprocess, sys, time
while time.process_time() < 0.25: pass
if len(sys.argv) == 1: subprocess.run([sys.executable, __file__, "once"], check=True)
"""

_BUSY = "SELECT count(*) FROM generate_series(1, 1500000)"


@pytest.fixture
def _unsampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SAMPLE_EVERY", 60.0)


@pytest.mark.usefixtures("_unsampled")
def test_processes_that_came_and_went_between_two_looks_count(tmp_path: Path):
    script = tmp_path / "burn.py"
    script.write_text(_BURN, encoding="utf-8")
    with measured(None) as usage:
        subprocess.run([sys.executable, script], check=True)
    assert 0.5 <= usage.client_cpu < 5
    assert usage.postgres_cpu == 0


@pytest.mark.usefixtures("_unsampled")
@pytest.mark.parametrize("stays", [True, False], ids=["its session stays", "its session has ended"])
def test_what_postgres_used_counts_as_its_own(server_pid: int, postgres_server: sqlalchemy.URL, *, stays: bool):
    with connect(postgres_server) as connection, connection.cursor() as cursor:
        before = time.process_time()
        with measured(server_pid) as usage:
            cursor.execute(_BUSY)
            if not stays:
                connection.close()
                time.sleep(0.2)  # its parent hears of its end
        used = time.process_time() - before
    assert usage.postgres_cpu > 0.03
    assert usage.client_cpu <= used + 0.1


@pytest.fixture
def server_pid(postgres_server: sqlalchemy.URL) -> int:
    with connect(postgres_server) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone() or (0,)
        if not psutil.pid_exists(backend):
            pytest.skip("the server runs on another machine")
        return psutil.Process(backend).ppid()


def test_a_delta_changes_documents_anywhere_and_others_with_every_number(tmp_path: Path):
    dump = [tmp_path / "a.zst", tmp_path / "b.zst"]
    documents = 4_000
    for file, ids in zip(dump, (range(1_000), range(1_000, documents)), strict=True):
        lines = b"".join(orjson.dumps({"id": str(each), "description": "Of mud."}) + b"\n" for each in ids)
        file.write_bytes(zstd.compress(lines))
    known = []
    for number in (1, 2, 1):
        file = tmp_path / f"delta-{len(known)}.zst"
        assert write_delta(file, dump, documents, 0.1, number) == 400
        rows = [orjson.loads(line) for line in zstd.decompress(file.read_bytes()).splitlines()]
        revised = [int(row["id"]) for row in rows if row["description"] == f"Revised {number}. Of mud."]
        assert len(rows) == len({row["id"] for row in rows}) == 400
        assert len(revised) == 200
        # Each quarter of the catalogue is touched as often as any other, but for chance.
        assert all(
            20 < sum(part <= each < part + 1_000 for each in revised) < 80 for part in range(0, documents, 1_000)
        )
        known.append(revised)
    assert known[0] == known[2] != known[1]
