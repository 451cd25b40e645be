"""Nothing that a dump holds is lost, stops the rest, or does anything but stand there as text."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any

import pytest

from pipelines.normalize.text import clean_text
from pipelines.readers.registry import DumpError
from pipelines.records import MULTI_VALUED_FIELDS
from tests.archives import tarred
from tests.end_to_end.road import Road, json_lines

GOOD = [{"id": "1", "title": "A study of rivers", "author": ["Núñez, Ana"]}, {"id": "2", "title": "A study of lakes"}]
PAGE = "A title\nid | {0} |\n---|---|\n"


def quarantine(road: Road) -> list[tuple[str, str, int, bytes]]:
    """File, member, offset and bytes of what could not be read; each must say why."""
    rows = road.rows("SELECT file, member, byte_offset, raw, reason, byte_length FROM ops.quarantine ORDER BY 1, 2, 3")
    assert all(reason for *_, reason, _ in rows)
    assert all(length >= len(raw) for *_, raw, _, length in rows)
    return [(file, member, offset, bytes(raw)) for file, member, offset, raw, _, _ in rows]


def ids(road: Road) -> list[str]:
    return road.values("SELECT source_record_id FROM catalog.records WHERE deleted_at IS NULL ORDER BY 1")


BROKEN_LINES = [
    b'{"id": "3", "title": ',
    b'{"id": "3"} and more',
    b"not JSON at all",
    b'{"title": "without id"}',
    b'{"id": "", "title": "empty id"}',
    b'{"id": null}',
    b"[1, 2, 3]",
    b'"a string"',
    b"42",
    b'{"id": "3", "title": "\xff\xfe"}',
    b"\x00\x01\x02",
]


def test_a_broken_line_is_quarantined_alone_with_its_place(road: Road):
    """Each between two records that are whole."""
    whole = json_lines({"id": f"good {number:02}"} for number in range(len(BROKEN_LINES) + 1)).splitlines(keepends=True)
    content, places = whole[0], []
    for number, line in enumerate(BROKEN_LINES):
        places.append((len(content), line, 2 * number + 2))
        content += line + b"\n" + whole[number + 1]
    outcome = road.ingest("library", "2020.jsonl", content)
    assert ids(road) == [f"good {number:02}" for number in range(len(whole))]
    assert [(*row[:3], row[3].rstrip()) for row in quarantine(road)] == [
        ("2020.jsonl", "", offset, line.rstrip()) for offset, line, _ in places
    ]
    assert outcome.counts.records_read == len(whole) + len(BROKEN_LINES)
    assert outcome.counts.records_quarantined == len(BROKEN_LINES)
    assert outcome.counts.add_up()
    assert road.values("SELECT line FROM reporting.quarantine ORDER BY 1") == [line for *_, line in places]


def test_a_dump_that_comes_again_mended_empties_its_quarantine(road: Road):
    road.ingest("library", "2020", json_lines(GOOD) + b"broken\n")
    assert len(quarantine(road)) == 1
    road.ingest("library", "2020", [*GOOD, {"id": "3"}])
    assert quarantine(road) == []
    assert ids(road) == ["1", "2", "3"]


def test_a_dump_that_comes_again_as_it_was_keeps_its_quarantine(road: Road):
    road.ingest("library", "2020", json_lines(GOOD) + b"broken\n")
    before = road.rows("SELECT * FROM ops.quarantine")
    outcome = road.again("library", "2020")
    assert outcome.counts.records_quarantined == 1
    assert outcome.counts.add_up()
    assert road.rows("SELECT * FROM ops.quarantine") == before


def test_the_same_rubbish_many_times_is_a_row_each(road: Road):
    road.ingest("library", "2020", json_lines(GOOD) + b'{"id": broken}\n' * 50)
    assert len(quarantine(road)) == 50


def test_other_files_among_pages_are_quarantined_and_the_pages_are_in(road: Road):
    shared = Path(__file__).parents[2] / "dumps" / "sample" / "health-sciences" / "2024-02-01"
    pages = {path.name: path.read_bytes() for path in shared.iterdir()}
    rubbish = {
        "README": b"These are pages.",
        "cover.png": b"\x89PNG\r\n\x1a\n" + bytes(30),
        "deep/notes.txt": b"notes",
        "zz.txt": bytes(range(256)),
    }
    outcome = road.ingest("library", "2020", pages | rubbish)
    assert len(ids(road)) == len(pages)
    # What is not called as the pages are is none that is broken: it is skipped, as the command says.
    assert {file for file, *_ in quarantine(road)} == {"deep/notes.txt", "zz.txt"}
    assert outcome.counts.add_up()


def test_an_empty_file_among_others_is_told(road: Road):
    road.ingest("library", "2020", {"a.jsonl": json_lines(GOOD), "b.jsonl": b""})
    assert ids(road) == ["1", "2"]
    assert quarantine(road) == [("b.jsonl", "", 0, b"")]


def test_of_a_torn_archive_all_that_can_be_read_is_in(road: Road):
    rng = random.Random(1)  # noqa: S311
    many = [{"id": f"{i:04}", "title": f"Title {rng.random()}"} for i in range(3000)]
    packed = gzip.compress(json_lines(many))
    outcome = road.ingest("library", "2020.jsonl.gz", packed[: len(packed) // 2])
    found = ids(road)
    assert 0 < len(found) < 3000
    assert found == [document["id"] for document in many[: len(found)]]
    assert len(quarantine(road)) == 1
    assert outcome.counts.add_up()


def test_members_of_an_archive_are_named(road: Road):
    members = (("a/one.jsonl", json_lines(GOOD)), ("a/two.bin", b"\x00\x01"), ("b.jsonl", b"{broken\n"))
    road.ingest("library", "2020.tar.gz", tarred(members, "w:gz"))
    assert ids(road) == ["1", "2"]
    assert [row[:2] for row in quarantine(road)] == [("2020.tar.gz", "a/two.bin"), ("2020.tar.gz", "b.jsonl")]
    assert set(road.values("SELECT member FROM ops.record_sightings")) == {"a/one.jsonl"}


@pytest.mark.parametrize("content", [b"", {"a": b"", "b": b""}])
def test_an_empty_dump_is_refused_and_changes_nothing(road: Road, content: bytes | dict[str, bytes]):
    with pytest.raises(DumpError, match="empty"):
        road.ingest("library", "2020", content)
    assert road.values("SELECT version FROM ops.warehouse_version") == [0]


def test_a_dump_that_is_not_there_is_refused(road: Road):
    with pytest.raises(DumpError, match="no such dump"):
        road.ingest("library", "2020", road.folder / "nowhere")


def test_a_dump_of_which_nothing_can_be_read_is_in_with_its_quarantine_alone(road: Road):
    outcome = road.ingest("library", "2020", b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert ids(road) == []
    assert len(quarantine(road)) == 1
    assert outcome.counts.add_up()
    assert road.values("SELECT name FROM ops.dumps") == ["2020"]
    road.ingest("library", "2021", GOOD)
    assert ids(road) == ["1", "2"]


ATTACKS = [
    "'; DROP TABLE catalog.records; --",
    '"); DELETE FROM catalog.works; --',
    "\\.",
    "a\n\\.\nb",
    "\\N",
    "NULL",
    '{"a","b"}',
    '""',
    "=cmd|' /C calc'!A0",
    "%(name)s %s {columns}",
    "<script>alert(1)</script>",
    "\x1b[2J\x1b]0;title\x07",
    "../../etc/passwd",
    "${HOME} `id` $(id)",
    "\u202egnp.exe",
    "nul\x00byte",
    "𝒜 👩‍🔬 e\u0301",
    "[red]markup[/red]",
    "tab\tand\x1funit",
]
#: Fields of a record that are one cleaned text, by the column they fill.
TEXTS = {
    "title": "title",
    "title_short": "title_short",
    "title_sub": "subtitle",
    "description": "description",
    "edition": "edition",
    "container_title": "container_title",
    "container_volume": "volume",
    "container_issue": "issue",
    "container_start_page": "start_page",
}
LISTS = {"topic": "topics", "series": "series", "format": "format"}


def attacking(number: int, attack: str) -> dict[str, Any]:
    """A record with an attack in every field, in its id, and as the name of a field."""
    everything = {name: [attack, f"x {attack} y"] for name in MULTI_VALUED_FIELDS} | dict.fromkeys(TEXTS, attack)
    everything |= {"local_str": attack, "local_str_mv": [attack], attack.replace("\x00", "") or "x": attack}
    return {**everything, "id": f"{number:02} {attack}"}


def test_an_attack_in_every_field_comes_back_as_the_text_it_is(road: Road):
    documents = [attacking(number, attack) for number, attack in enumerate(ATTACKS)]
    outcome = road.ingest("library", "2020", [*documents, GOOD[0]])
    assert (outcome.counts.records_new, outcome.counts.records_quarantined) == (len(ATTACKS) + 1, 0)
    # The same content again, by way of the merge, changes nothing; other content changes it.
    assert road.ingest("library", "2021", documents).counts.records_unchanged == len(ATTACKS)
    others = [{**document, "local_str": "other"} for document in documents]
    assert road.ingest("library", "2022", others).counts.records_changed == len(ATTACKS)

    columns = [*TEXTS.values(), *LISTS.values()]
    rows = road.rows(
        f"SELECT {', '.join(columns)}, extra ->> 'local_str' FROM catalog.records"
        " WHERE source_record_id <> '1' ORDER BY source_record_id COLLATE \"C\""
    )
    for attack, row in zip(ATTACKS, rows, strict=True):
        found = dict(zip([*columns, "local_str"], row, strict=True))
        cleaned = clean_text(attack.replace("\x00", ""))
        assert {found[column] for column in TEXTS.values()} == {cleaned}, attack
        both = [text for text in (cleaned, clean_text(f"x {attack} y".replace("\x00", ""))) if text]
        assert [found[column] for column in LISTS.values()] == [both] * 3, attack
        assert found["local_str"] == "other", attack


ODD_VALUES = [
    b'{"a": {"b": [1, null, true]}}',
    b"1e400",
    b"1e200000",
    b"-0.0",
    b"123456789012345678901234567890.123456789",
    b'"\\u0000"',
    b'"\\ud800"',
    b'{"\\u0000": 1}',
    b"[" * 900 + b"]" * 900,
]


def test_odd_values_of_local_fields_do_not_stop_a_load(road: Road):
    lines = [b'{"id": "x%d", "local": %s}\n' % (number, value) for number, value in enumerate(ODD_VALUES)]
    outcome = road.ingest("library", "2020", b"".join(lines) + json_lines(GOOD))
    assert outcome.counts.add_up()
    assert outcome.counts.records_new + outcome.counts.records_quarantined == len(ODD_VALUES) + 2
    assert {"1", "2"} <= set(ids(road))


def test_a_value_longer_than_an_index_takes_does_not_stop_a_load(road: Road):
    """A B-tree of Postgres takes 2,704 bytes: as much as a page whose run-together authors could not be cut."""
    fields = ["author", "author_corporate", "title", "url", "isbn", "issn", "doi_str_mv", "ctrlnum", "topic", "format"]
    fields += ["publisher", "language", "publishDate", "container_volume", "work_keys_str_mv"]

    def long(field: str) -> dict[str, str]:
        rng = random.Random(field)  # noqa: S311
        text = " ".join("".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(40)) for _ in range(250))
        return {"id": field, "title": "Long", field: f"http://{text}" if field == "url" else text}

    outcome = road.ingest("library", "2020", [*map(long, fields), *GOOD])
    assert outcome.counts.add_up()
    assert set(ids(road)) == {"1", "2", *fields}


def test_an_id_that_is_none_by_its_length_is_quarantined(road: Road):
    outcome = road.ingest("library", "2020", [{"id": "x" * 5_000, "title": "Long"}, *GOOD])
    assert outcome.counts.add_up()
    assert ids(road) == ["1", "2"]
    assert "longer than 1,000 bytes" in str(road.values("SELECT reason FROM ops.quarantine"))


def test_numbers_of_any_size_are_kept_as_written(road: Road):
    road.ingest(
        "library",
        "2020",
        b'{"id": "x", "title": "t", "big": 12345678901234567890123, "small": 1e-400, "too_great": 1e200000}',
    )
    assert road.values("SELECT extra ->> 'big' FROM catalog.records") == ["12345678901234567890123"]
    assert road.values("SELECT (extra ->> 'small')::numeric = 1e-400 FROM catalog.records") == [True]
    assert road.values("SELECT extra ->> 'too_great' FROM catalog.records") == ["1e200000"]
