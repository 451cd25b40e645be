"""What benchmarks measure by: processor time of what has ended, deltas that lie anywhere in a catalogue, and causes of
what MARC and documents differ in.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import orjson
import psutil
import pymarc
import pytest
import sqlalchemy
from backports import zstd

from benchmarks import measure
from benchmarks.documents import write_delta
from benchmarks.marc_agreement import EXACT, FOLDED, UNEXPLAINED, NotTheSameError, compare
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


#: Fields of a record of MARC, what the document has, and how they agree in the title, in authors and in bodies.
_AGREEMENTS = [
    ("245 $aMud", {"title": "Mud"}, (EXACT, EXACT, EXACT)),
    ("245 $aMud /$cby Jane Doe. 100 $aDoe, Jane.", {"title": "Mud", "author": ["Doe, Jane."]}, (FOLDED, FOLDED, EXACT)),
    (
        "245 $aMud.$n2,$pWet mud :$bdeep. 100 $aDoe, Jane,$eeditor.",
        {"title": "Mud. 2, Wet mud : deep", "author": ["Doe, Jane,"]},
        (
            "the documents have 245 $n and $p, VuFind's title is 245ab",
            "the documents have 100 whatever its relator, VuFind none with this one",
            EXACT,
        ),
    ),
    (
        "245 $aMud 700 $aRoe, Jo,$eauthor. 710 $aClub.$bMeeting$n(2nd)",
        {"title": "Mud", "author_corporate": ["Club. Meeting (2nd)"]},
        (EXACT, "VuFind has 700 by its relator, the documents never", "the documents have 710abn, VuFind 710ab"),
    ),
    (
        "245 $aMud.$pWet 100 $aDoe, Jane. 111 $aMeeting",
        {"title": "Mud. Dry", "author": ["Doe, John."]},
        (UNEXPLAINED, UNEXPLAINED, "VuFind has 111, the documents never"),
    ),
]


def _compared(folder: Path, ids: list[str]) -> dict[str, list[str]]:
    """The outcomes by field, in the order of the records; the documents have these ids."""
    marc, documents = folder / "records.mrc", folder / "documents.jsonl"
    with marc.open("wb") as written:
        for number, (fields, _, _) in enumerate(_AGREEMENTS):
            record = pymarc.Record(leader="00000nam a2200000 a 4500")
            record.add_field(pymarc.Field("001", data=f"0000{number}"))
            for tag, _, coded in (part.partition(" $") for part in re.split(r" (?=[0-9]{3} \$)", fields)):
                subfields = [pymarc.Subfield(one[0], one[1:]) for one in coded.split("$")]
                record.add_field(pymarc.Field(tag, pymarc.Indicators("1", "0"), subfields))
            written.write(record.as_marc())
    lines = ({"id": each, **document} for each, (_, document, _) in zip(ids, _AGREEMENTS, strict=False))
    documents.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return {name: list(agreement.outcomes.elements()) for name, agreement in compare(marc, documents).items()}


def test_what_marc_and_documents_differ_in_has_a_cause_only_where_the_record_shows_it(tmp_path: Path):
    found = _compared(tmp_path, [f"loc-0000{number}" for number in range(len(_AGREEMENTS))])
    for at, name in enumerate(("title", "author", "author_corporate")):
        assert Counter(found[name]) == Counter(outcomes[at] for _, _, outcomes in _AGREEMENTS), name


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["loc-00000", "loc-00002"], "record 2 is 00001 in one, loc-00002 in the other"),
        (["loc-00000"], "documents.jsonl ends before record 2 of the other"),
    ],
    ids=["another record", "fewer records"],
)
def test_marc_and_documents_of_other_records_are_not_compared(tmp_path: Path, ids: list[str], said: str):
    with pytest.raises(NotTheSameError, match=said):
        _compared(tmp_path, ids)
