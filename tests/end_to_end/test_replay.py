"""What lies in quarantine goes the whole road again after a fix, as a part of the dump it came from."""

from __future__ import annotations

import gzip
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.readers import formats as known_formats
from pipelines.readers.chunks import Batch, Format, Piece, Unreadable, quarantine_table, unreadable
from pipelines.readers.streams import ByteStream
from pipelines.stages import Progress, Replayed, extraction, replay, rereading
from pipelines.warehouse.changes import Dump
from tests.end_to_end.road import Road, contents, stamped
from tests.end_to_end.road import json_lines as lines
from tests.readers.test_second_look import page as page_text

RIVERS = {"id": "1", "title": "A study of rivers", "author": ["Núñez, Ana"]}
LAKES = {"id": "2", "title": "A study of lakes", "author": ["Hansen, Bo"]}
SEAS = {"id": "3", "title": "A study of seas", "author": ["Okafor, Ben"]}
DUMP = Dump("library", "2020", "delta")
FLAW = "an older reader's flaw"


@dataclass(frozen=True)
class OlderFormat:
    """A format as an older program read it: records with one of the ``flaws`` in them were refused."""

    newer: Format
    flaws: tuple[bytes, ...]

    @property
    def name(self) -> str:
        return self.newer.name

    def recognises(self, head: bytes) -> bool:
        return self.newer.recognises(head)

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        yield from self.newer.split(file, member, stream, chunk_bytes)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        batch = self.newer.parse(pieces)
        text = {(piece.file, piece.member, piece.offset): piece.data for piece in pieces}
        taken, refused = [], []
        for row in batch.documents.to_pylist():
            [(begin, data)] = [
                (row["offset"] - offset, data)
                for (file, member, offset), data in text.items()
                if (file, member) == (row["file"], row["member"]) and 0 <= row["offset"] - offset < len(data)
            ]
            raw = data[begin : begin + row["length"]]
            taken.append(not any(flaw in raw for flaw in self.flaws))
            if not taken[-1]:
                refused.append(unreadable(row["file"], row["member"], row["offset"], row["line"], FLAW, raw))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        return Batch(batch.documents.filter(taken), quarantine_table(refused))


@contextmanager
def an_older_program(*flaws: bytes, without: str = "") -> Iterator[None]:
    """The program before a fix: its readers refuse records with one of ``flaws`` (b"lakes" where none is given).

    It has no format called ``without``.
    """
    formats = tuple(OlderFormat(one, flaws or (b"lakes",)) for one in known_formats.FORMATS if one.name != without)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_formats, "FORMATS", formats)
        patch.setattr(known_formats, "BY_NAME", {one.name: one for one in formats})
        patch.setattr(extraction, "VERSIONS", f"older than {extraction.VERSIONS}")
        yield


def again(road: Road, source: str = "library", name: str = "2020", report: Any = lambda _: None) -> Replayed:
    return replay(road.url, road.frames("replay", Dump(source, name, "")), source, name, report)


def titles(road: Road) -> dict[str, str]:
    return dict(road.rows("SELECT source_record_id, title FROM catalog.records WHERE deleted_at IS NULL"))


def sightings(road: Road) -> list[Any]:
    return road.rows("SELECT to_jsonb(t) FROM ops.record_sightings AS t ORDER BY record_id")


def counts_of_dump(road: Road, name: str = "2020") -> dict[str, int]:
    columns = ("read", "new", "changed", "unchanged", "outdated", "repeated", "quarantined")
    listed = ", ".join(f"records_{column}" for column in columns)
    [row] = road.rows(f"SELECT {listed} FROM ops.dumps WHERE name = %s", name)
    found = dict(zip(columns, row, strict=True))
    assert found["read"] == sum(found[column] for column in columns[1:])
    return found


XML = "<doc><str name='id'>{id}</str><str name='title'>{title}</str></doc>"
MARC_XML = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
    '<controlfield tag="001">{id}</controlfield><datafield tag="245" ind1="1" ind2="0">'
    '<subfield code="a">{title} é</subfield></datafield></record>'
)
OAI = (
    "<record><header><identifier>{id}</identifier></header><metadata>"
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"><dc:title>{title}</dc:title></oai_dc:dc>'
    "</metadata></record>"
)
PAGE = (
    "<!DOCTYPE html><html><body><table><tr><th>id</th><td>{id}</td></tr>"
    "<tr><th>title</th><td>{title}</td></tr></table></body></html>\n"
)


def marc21(id: str, title: str) -> bytes:  # noqa: A002
    fields = [b"%s\x1e" % id.encode(), b"10\x1fa%s\x1e" % title.encode()]
    directory = b"001%04d%05d245%04d%05d\x1e" % (len(fields[0]), 0, len(fields[1]), len(fields[0]))
    base = 24 + len(directory)
    body = directory + b"".join(fields) + b"\x1d"
    return b"%05dnam a22%05d a 4500" % (24 + len(body), base) + body


def each(template: str) -> list[bytes]:
    return [template.format(**document).encode() for document in (RIVERS, LAKES, SEAS)]


FILES: Mapping[str, bytes] = {
    "json lines": lines([RIVERS, LAKES, SEAS]),
    "json array": b"[" + b",\n".join(lines([one]).strip() for one in (RIVERS, LAKES, SEAS)) + b"]",
    "answer of solr": b'{"response":{"docs":[' + b",".join(lines([d]).strip() for d in (RIVERS, LAKES, SEAS)) + b"]}}",
    "solr xml": b"<response><result>" + b"\n".join(each(XML)) + b"</result></response>",
    "solr csv": b"id,title,title_short,author,publishDate\n"
    + b"".join(each('{id},{title},{title},"{author[0]}",2020\n')),
    "marc 21": b"".join(marc21(one["id"], one["title"]) for one in (RIVERS, LAKES, SEAS)),
    "marcxml": b"<collection>" + b"\n".join(each(MARC_XML)) + b"</collection>",
    "marcxml in latin-1": b'<?xml version="1.0" encoding="ISO-8859-1"?><collection>'
    + b"\n".join(text.decode().encode("latin-1") for text in each(MARC_XML))
    + b"</collection>",
    "dublin core": b'<OAI-PMH><request metadataPrefix="oai_dc"/><ListRecords>'
    + b"".join(each(OAI))
    + b"</ListRecords></OAI-PMH>",
    "answer of vufind": b'{"resultCount":3,"records":['
    + b",".join(b'{"id":"%s","title":"%s"}' % (d["id"].encode(), d["title"].encode()) for d in (RIVERS, LAKES, SEAS))
    + b"]}",
    "pages": b"".join(each(PAGE)),
}


@pytest.mark.parametrize("name", FILES)
def test_a_record_that_is_read_now_stands_as_if_it_had_been_read_at_once(road: Road, name: str):
    road.ingest("library", "2020", {"dump": FILES[name]})
    expected, where = contents(road), sightings(road)
    assert len(titles(road)) == 3
    road.clear()
    with an_older_program():
        road.again("library", "2020")
    assert road.values("SELECT reason FROM ops.quarantine") == [FLAW]
    assert len(titles(road)) == 2
    replayed = again(road)
    assert (replayed.rows, replayed.documents, replayed.stay) == (1, 1, 0)
    assert contents(road) == expected
    assert sightings(road) == where
    assert road.values("SELECT count(*) FROM ops.quarantine") == [0]
    assert counts_of_dump(road) == {"read": 3, "new": 3, "quarantined": 0} | dict.fromkeys(
        ("changed", "unchanged", "outdated", "repeated"), 0
    )
    assert road.values("SELECT kind FROM ops.loads ORDER BY warehouse_version") == ["delta", "replay"]


@pytest.mark.parametrize("more", [0, 500], ids=["kept whole", "kept in part"])
def test_a_file_that_a_newer_program_knows_is_read_from_the_bytes_that_are_there(road: Road, more: int):
    rows = b"".join(b"%d,A title,A title,Somebody,2020\n" % number for number in range(10, 10 + more))
    files = {"a.jsonl": lines([RIVERS]), "b.csv.gz": gzip.compress(FILES["solr csv"] + rows)}
    with an_older_program(without="solr csv"):
        road.ingest("library", "2020", files)
    [reason] = road.values("SELECT reason FROM ops.quarantine")
    assert reason.startswith("not a known format")
    replayed = again(road)
    assert (replayed.rows, replayed.documents, replayed.stay) == (1, 3 + more, 0)
    assert len(titles(road)) == 3 + more
    assert counts_of_dump(road)["read"] == 4 + more


@pytest.mark.parametrize("is_folder", [False, True], ids=["a file", "a file in a folder"])
def test_what_was_kept_in_part_is_found_under_a_name_that_is_no_text(road: Road, is_folder: bool):
    rows = b"".join(b"%d,A title,A title,Somebody,2020\n" % number for number in range(10, 510))
    folder = road.folder / os.fsdecode(b"biblioth\xe8que")
    folder.mkdir()
    file = folder / os.fsdecode(b"caf\xe9.csv")
    file.write_bytes(FILES["solr csv"] + rows)
    with an_older_program(without="solr csv"):
        road.ingest("library", "2020", folder if is_folder else file)
    replayed = again(road)
    assert (replayed.rows, replayed.documents, replayed.stay) == (1, 503, 0)


@pytest.mark.parametrize("change", ["gone", "another"])
def test_what_was_kept_in_part_stays_where_the_dump_is_no_more_what_it_was(road: Road, change: str):
    rows = b"".join(b"%d,A title,A title,Somebody,2020\n" % number for number in range(500))
    with an_older_program(without="solr csv"):
        road.ingest("library", "2020", FILES["solr csv"] + rows)
    path = road.dumps["library", "2020"]
    path.write_bytes(b"x" * 100_000)
    if change == "gone":
        path.unlink()
    before = road.rows("SELECT * FROM ops.quarantine")
    assert again(road) == Replayed(1, 0, 1, None)
    assert road.rows("SELECT * FROM ops.quarantine") == before


def test_what_still_cannot_be_read_stays_with_the_reason_of_now(road: Road):
    with an_older_program(b"2"):
        road.ingest("library", "2020", lines([RIVERS, LAKES]) + b'{"id": "21", "title": \n')
    with an_older_program(b"rivers"):
        road.ingest("library", "2021", lines([RIVERS]))
    road.execute("UPDATE ops.quarantine SET reason = 'as it was said once' WHERE raw LIKE %s", b'{"id": "21"%')
    replayed = again(road)
    assert (replayed.rows, replayed.documents, replayed.stay) == (2, 1, 1)
    rows = road.rows("SELECT dumps.name, reason FROM ops.quarantine JOIN ops.dumps USING (dump_id) ORDER BY 1")
    assert [name for name, _ in rows] == ["2020", "2021"]
    assert "not JSON" in rows[0][1]
    assert rows[1][1] == FLAW
    assert counts_of_dump(road)["quarantined"] == 1


def test_a_record_that_is_of_another_kind_leaves_quarantine(road: Road):
    holdings = marc21("9", "Stacks").replace(b"nam", b"nx ", 1).replace(b"245", b"852", 1)
    refused = holdings.replace(b"nx ", b"nam", 1).replace(b"001", b"002", 1)
    road.ingest("library", "2020", marc21("1", "Rivers") + refused)
    assert counts_of_dump(road)["quarantined"] == 1
    road.execute("UPDATE ops.quarantine SET reason = 'a holdings record', raw = %s", holdings)
    before = contents(road)
    assert again(road).stay == 0
    assert (road.rows("SELECT reason FROM ops.quarantine"), counts_of_dump(road)["quarantined"]) == ([], 0)
    assert contents(road) == before
    assert again(road) == Replayed(0, 0, 0, None)


def test_a_second_replay_changes_nothing(road: Road):
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES]) + b"broken\n")
    assert again(road).documents == 1
    before = stamped(road), road.rows("SELECT t::text FROM ops.quarantine AS t"), counts_of_dump(road)
    assert again(road) == Replayed(1, 0, 1, None)
    assert (stamped(road), road.rows("SELECT t::text FROM ops.quarantine AS t"), counts_of_dump(road)) == before
    assert road.values("SELECT version FROM ops.warehouse_version") == [2]


@pytest.mark.parametrize("order", [("2020", "2021"), ("2021", "2020")])
def test_a_newer_dump_keeps_its_word(road: Road, order: tuple[str, str]):
    newer = {**LAKES, "title": "Lakes, second edition"}
    dumps = {"2020": lines([RIVERS, LAKES, SEAS]), "2021": lines([newer])}
    for name in order:
        with an_older_program(b"A study of lakes"):
            road.ingest("library", name, dumps[name])
    again(road)
    after = contents(road), sightings(road)
    assert titles(road)["2"] == "Lakes, second edition"
    assert counts_of_dump(road)["outdated"] == 1
    road.clear()
    for name in order:
        road.again("library", name)
    assert (contents(road), sightings(road)) == after


def test_an_older_dumps_version_gives_way_to_what_is_replayed(road: Road):
    road.ingest("library", "2019", lines([{**LAKES, "title": "Lakes in 2019"}]))
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES]))
    assert titles(road)["2"] == "Lakes in 2019"
    again(road)
    assert titles(road)["2"] == LAKES["title"]
    assert counts_of_dump(road)["changed"] == 1


def test_what_a_newer_full_dump_lacks_has_ended_when_it_is_replayed(road: Road):
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES]))
    road.ingest("library", "2021", lines([RIVERS]), "full")
    again(road)
    assert titles(road) == {"1": RIVERS["title"]}
    assert road.values("SELECT source_record_id FROM catalog.records WHERE deleted_at IS NOT NULL") == ["2"]


def test_a_replay_ends_nothing_though_the_dump_was_said_to_be_full(road: Road):
    road.ingest("library", "2019", lines([SEAS]))
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES]), "full")
    again(road)
    assert sorted(titles(road)) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ("A study of lakes", "Lakes, corrected", "Lakes, corrected"),
        ("Lakes, corrected", "A study of lakes", "A study of lakes"),
    ],
    ids=["refused first", "refused last"],
)
@pytest.mark.parametrize("files", [1, 2])
def test_of_an_id_that_stands_twice_in_the_dump_the_last_counts(
    road: Road, first: str, second: str, title: str, files: int
):
    texts = [lines([{**LAKES, "title": each}, {**SEAS, "id": each}]) for each in (first, second)]
    content = {"a/1": texts[0], "b/0": texts[1]} if files == 2 else {"a": b"".join(texts)}
    with an_older_program(b'"2", "title": "A study'):
        road.ingest("library", "2020", content)
    replayed = again(road)
    assert (replayed.documents, replayed.stay) == (1, 0)
    assert titles(road)["2"] == title
    found = contents(road)
    counts_of_dump(road)
    road.clear()
    road.again("library", "2020")
    assert contents(road) == found


@pytest.mark.parametrize("files", [1, 3])
@pytest.mark.parametrize("refused", [each for count in (1, 2, 3) for each in itertools.combinations(range(3), count)])
def test_of_an_id_that_stands_often_in_the_dump_the_last_counts_whichever_were_refused(
    road: Road, refused: tuple[int, ...], files: int
):
    """The last of those that are read now gives way to what is in: so do all of them."""
    texts = [lines([{**LAKES, "title": f"Version {number}"}, {**SEAS, "id": f"x{number}"}]) for number in range(3)]
    content = {str(number): text for number, text in enumerate(texts)} if files == 3 else {"a": b"".join(texts)}
    with an_older_program(*(f'"Version {number}"'.encode() for number in refused)):
        road.ingest("library", "2020", content)
    replayed = again(road)
    assert (replayed.documents, replayed.stay) == (len(refused), 0)
    assert titles(road)["2"] == "Version 2"
    found = contents(road)
    counts_of_dump(road)
    road.clear()
    road.again("library", "2020")
    assert contents(road) == found


def test_what_broke_off_is_not_taken_for_whole(road: Road):
    noise = random.Random(0).randbytes(400_000).hex().encode()  # noqa: S311 - it only has to be long
    whole = gzip.compress(lines([RIVERS, LAKES]) + noise, mtime=0)
    with an_older_program():
        road.ingest("library", "2020", whole[:-1000])
    parts = dict(road.rows("SELECT part, count(*) FROM ops.quarantine GROUP BY 1"))
    assert parts == {"record": 1, "torn": 1}
    replayed = again(road)
    assert (replayed.documents, replayed.stay) == (1, 1)
    assert road.values("SELECT part FROM ops.quarantine") == ["torn"]


def steps_of(road: Road, fail: Callable[[], None], step: int) -> Callable[[Progress], None]:
    count = iter(range(1_000))

    def report(_: Progress) -> None:
        if next(count) == step:
            fail()

    return report


def test_a_replay_that_fails_at_any_step_leaves_nothing_and_goes_in_the_next_time(road: Road):
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES, SEAS]) + b"broken\n")
    ops = ("dumps", "loads", "quarantine", "record_sightings", "warehouse_version", "work_key_profiles")

    def state() -> Any:
        return stamped(road), [sorted(road.rows(f"SELECT t::text FROM ops.{table} AS t")) for table in ops]

    before = state()

    def fail() -> None:
        raise RuntimeError("the power is gone")

    for step in range(1_000):
        try:
            again(road, report=steps_of(road, fail, step))
        except RuntimeError:
            assert state() == before
        else:
            break
    assert step > 8
    assert sorted(titles(road)) == ["1", "2", "3"]


_REPLAY_AND_STOP = """
import sys, time
from pipelines.parts import Parts
from pipelines.stages import replay
from pipelines.warehouse.connection import warehouse_url

def report(progress):
    if progress.doing == "keeping the books":
        print("there", flush=True)
        time.sleep(600)

replay(warehouse_url(sys.argv[1]), Parts(sys.argv[2]), "library", "2020", report)
"""


def test_a_replay_that_is_killed_leaves_nothing_and_goes_in_the_next_time(road: Road, warehouse_url: str):
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES]))
    before = stamped(road), counts_of_dump(road)
    frames = road.frames("replay", DUMP).uri
    process = subprocess.Popen(
        [sys.executable, "-c", _REPLAY_AND_STOP, warehouse_url, frames], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    process.kill()
    process.communicate()
    assert Path(frames).exists()
    assert (stamped(road), counts_of_dump(road)) == before
    assert again(road).documents == 1
    assert sorted(titles(road)) == ["1", "2"]
    assert not Path(frames).exists()


def test_a_dump_that_comes_again_meanwhile_is_read_as_it_is_then(road: Road):
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES]))
    said: list[str] = []

    def report(progress: Progress) -> None:
        if progress.stage == "normalize" and "normalising" not in said:
            with an_older_program(b"seas"):
                road.ingest("library", "2020", lines([RIVERS, SEAS]))
        said.append(progress.doing)

    replayed = again(road, report=report)
    assert "the dump was ingested meanwhile, reading again" in said
    assert (replayed.documents, replayed.stay) == (1, 0)
    # What only the dump's first version held is not replayed: it is no more a part of the dump.
    assert sorted(titles(road)) == ["1", "3"]


def test_a_dump_that_is_ingested_again_after_a_replay_brings_nothing_new(road: Road):
    with an_older_program():
        road.ingest("library", "2020", lines([RIVERS, LAKES]))
    again(road)
    outcome = road.again("library", "2020")
    assert not outcome.is_repetition  # the replay's readers are newer than those that read the rest
    assert outcome.counts.records_unchanged == 2
    assert road.again("library", "2020").is_repetition
    assert counts_of_dump(road)["quarantined"] == 0


def test_what_says_that_records_are_deleted_waits_for_the_dump_to_come_again(road: Road):
    update = (
        b"<update><add><doc><field name='id'>1</field><field name='title'>A study of rivers</field></doc></add>"
        b"<delete><id>2</id></delete></update>"
    )
    road.ingest("library", "2019", [LAKES])
    with an_older_program(b"<delete>"):
        road.ingest("library", "2020", update)
    assert (again(road).stay, titles(road).keys()) == (1, {"1", "2"})
    road.again("library", "2020")
    assert titles(road).keys() == {"1"}
    assert counts_of_dump(road)["quarantined"] == 0


def solr_update(*parts: Mapping[str, Any] | str) -> bytes:
    """An update of Solr: documents, and ids that are deleted, in order."""
    texts = [
        f"<delete><id>{part}</id></delete>" if isinstance(part, str) else f"<add>{XML.format(**part)}</add>"
        for part in parts
    ]
    return f"<update>{''.join(texts)}</update>".encode()


def test_what_the_dump_deleted_stays_ended_when_another_record_of_it_is_replayed(road: Road):
    road.ingest("library", "2019", lines([RIVERS, SEAS]))
    with an_older_program():
        road.ingest("library", "2020", solr_update(LAKES, "1"))
    assert titles(road).keys() == {"3"}
    assert again(road).documents == 1
    assert titles(road).keys() == {"2", "3"}
    after = contents(road)
    road.clear()
    for name in ("2019", "2020"):
        road.again("library", name)
    assert contents(road) == after


@pytest.mark.parametrize(
    ("parts", "living"),
    [
        ((LAKES, SEAS, "2"), {"3"}),
        ((SEAS, "2", LAKES), {"2", "3"}),
    ],
    ids=["deleted after it", "deleted before it"],
)
@pytest.mark.parametrize("earlier", [[LAKES], []], ids=["known", "unknown"])
def test_what_the_same_dump_deletes_later_stays_deleted(
    road: Road, parts: tuple[Any, ...], living: set[str], earlier: list[Any]
):
    road.ingest("library", "2019", lines([RIVERS, *({**one, "title": "Of 2019"} for one in earlier)]))
    with an_older_program(b"study of lakes"):
        road.ingest("library", "2020", solr_update(*parts))
    assert again(road).stay == 0
    assert titles(road).keys() == {"1", *living}
    after = contents(road), road.values("SELECT source_record_id FROM ops.record_deletions")
    deletions = road.values("SELECT deletions FROM ops.dumps ORDER BY name")
    counts_of_dump(road)
    road.clear()
    for name in ("2019", "2020"):
        road.again("library", name)
    assert (contents(road), road.values("SELECT source_record_id FROM ops.record_deletions")) == after
    assert road.values("SELECT deletions FROM ops.dumps ORDER BY name") == deletions


def captured(kind: str, address: str, body: bytes) -> bytes:
    """A record of a WARC with an answer of HTTP in it."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    header = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    header += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    return header.encode() + http + b"\r\n\r\n"


def test_what_was_passed_over_in_a_crawl_is_counted_beside_quarantine(road: Road):
    crawl = [captured("response", f"http://x/Record/{n}", text) for n, text in enumerate(each(PAGE))]
    crawl += [captured("request", f"http://x/{n}", b"q" * 400) for n in range(3)]
    with an_older_program():
        road.ingest("library", "2020", b"".join(crawl), "full")
    assert counts_of_dump(road)["read"] == 3
    assert again(road).documents == 1
    assert counts_of_dump(road) == counts_of_dump(road) | {"read": 3, "quarantined": 0}
    told = "a crawl is never known to be whole; 3 passed over in a crawl, since no record is shown there: request (3)"
    assert road.rows("SELECT kind, missing FROM ops.dumps") == [("delta", told)]
    road.ingest("library", "2020", b"".join(crawl), "full")
    assert road.rows("SELECT kind, missing FROM ops.dumps") == [("delta", told)]


def test_a_row_of_an_earlier_version_that_only_counts_stays_until_the_dump_comes_again(road: Road):
    crawl = b"".join(captured("response", f"http://x/{n}", text) for n, text in enumerate(each(PAGE)[:2]))
    with an_older_program():
        road.ingest("library", "2020", crawl)
    road.execute("UPDATE ops.quarantine SET part = 'passed', raw = ''")
    before = contents(road), road.rows("SELECT t::text FROM ops.quarantine AS t"), counts_of_dump(road)
    assert again(road) == Replayed(1, 0, 1, None)
    assert (contents(road), road.rows("SELECT t::text FROM ops.quarantine AS t"), counts_of_dump(road)) == before
    road.again("library", "2020")
    assert road.rows("SELECT part FROM ops.quarantine") == []


def test_what_is_refused_anew_within_a_stretch_can_be_replayed_in_its_turn(road: Road):
    with an_older_program():
        pages = [captured("response", f"http://x/{n}", text) for n, text in enumerate(each(PAGE)[:2])]
        road.ingest("library", "2020", b"".join(pages))
    stretch = captured("response", "http://x/3", each(PAGE)[2]) + b"no record of a crawl\n"
    road.execute(
        "UPDATE ops.quarantine SET part = 'stretch', member = '', raw = %s, byte_length = %s", stretch, len(stretch)
    )
    assert (again(road).documents, counts_of_dump(road)["quarantined"]) == (1, 1)
    assert road.rows("SELECT part, format FROM ops.quarantine") == [("stretch", "warc")]
    assert again(road) == Replayed(1, 0, 1, None)


@pytest.mark.parametrize("bound", [1, 32 << 20], ids=["written in parts", "held"])
def test_a_file_with_deletions_behind_its_documents_stays_and_blocks_no_other(
    road: Road, bound: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rereading, "BYTES_A_PART", bound)
    monkeypatch.setattr("pipelines.readers.rereading.CHUNK", 2048)
    many = [{**LAKES, "id": str(number)} for number in range(100, 140)]
    files = {"a.jsonl": lines([RIVERS, SEAS]), "b.xml": solr_update(*many, "3"), "c.jsonl": lines([LAKES])}
    with an_older_program(without="solr xml"):
        road.ingest("library", "2020", files)
    replayed = again(road)
    assert (replayed.rows, replayed.documents, replayed.stay) == (2, 1, 1)
    assert titles(road).keys() == {"1", "2", "3"}


@pytest.mark.parametrize("is_there", [True, False], ids=["the dump is there", "the dump is gone"])
def test_a_page_that_only_the_whole_dump_can_cut_is_cut_by_it_or_stays(road: Road, is_there: bool):
    pages = [page_text(number, "Núñez Ruiz, Ana") for number in range(1, 9)]
    pages += [page_text(number, "Li Xu, An") for number in range(10, 18)]
    pages.append(page_text(99, "Wu, Bo", "Núñez Ruiz, Ana", "Li Xu, An", topic="lakes"))
    files = {f"{number:03}.txt": text.encode() for number, text in enumerate(pages)}
    road.ingest("library", "2020", files)
    expected, cuts = contents(road), road.values("SELECT value_cuts FROM ops.dumps")
    assert cuts[0]["author"] == {"exact": 16, "inferred": 1}
    road.clear()
    with an_older_program():
        road.again("library", "2020")
    assert road.values("SELECT value_cuts FROM ops.dumps") != cuts
    if is_there:
        assert again(road).stay == 0
        assert contents(road) == expected
        assert road.values("SELECT value_cuts FROM ops.dumps") == cuts
    else:
        (road.dumps["library", "2020"] / "000.txt").unlink()
        assert again(road) == Replayed(1, 0, 1, None)


def test_what_only_an_earlier_version_of_the_dump_held_stands_behind_no_replayed_record(road: Road):
    with an_older_program():
        road.ingest("library", "2020", [RIVERS, SEAS, LAKES | {"title": "Of an earlier version"}])
        road.ingest("library", "2020", [LAKES, RIVERS, SEAS])
    assert titles(road)["2"] == "Of an earlier version"
    again(road)
    assert titles(road)["2"] == "A study of lakes"
    assert road.values("SELECT count(*) FROM ops.quarantine") == [0]
