"""The command ``ingest``: of which kind it takes a dump, and what it says of that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Serve
from tests.end_to_end.road import Road
from tests.end_to_end.test_pages_of_one_record import DETAILS, RECORD
from tests.end_to_end.test_replay import marc21

LIVING = "SELECT source_record_id FROM catalog.records WHERE source = 'city' AND deleted_at IS NULL ORDER BY 1"


def put(name: str, *ids: str) -> None:
    path = Path("dumps/city") / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"id": each, "title": f"Tides {each}"}) + "\n" for each in ids))


@pytest.fixture
def full(command: Command, serve: Serve) -> Iterator[Road]:
    """A warehouse in which a full dump has ended the record 2."""

    def delta_and_full_dump(road: Road) -> None:
        put("2024-01", "1", "2")
        put("2024-02", "1")
        assert command("ingest", "dumps/city/2024-01.jsonl").code == 0
        assert command("ingest", "dumps/city/2024-02.jsonl", "--kind", "full", "--allow-shrink").code == 0
        assert road.values(LIVING) == ["1"]

    with serve(delta_and_full_dump, by_command=True) as road:
        yield road


def test_a_full_dump_that_comes_again_stays_full_where_no_kind_is_said(command: Command, full: Road):
    answer = command("ingest", "dumps/city")
    assert answer.code == 0
    assert full.values(LIVING) == ["1"]
    assert full.rows("SELECT name, kind FROM ops.dumps WHERE source = 'city' ORDER BY 1") == [
        ("2024-01", "delta"),
        ("2024-02", "full"),
    ]
    assert "now counts as" not in answer.out
    assert "Next:" not in answer.told, "only who makes a warehouse is told what to do with it"


def test_so_it_does_when_its_file_was_corrected(command: Command, full: Road):
    put("2024-02", "1", "3")
    assert command("ingest", "dumps/city/2024-02.jsonl").code == 0
    assert full.values(LIVING) == ["1", "3"]


def test_a_kind_that_is_said_changes_that_of_a_dump_that_is_in_and_a_line_tells_so(command: Command, full: Road):
    delta = command("ingest", "dumps/city/2024-02.jsonl", "--kind", "delta")
    assert full.values(LIVING) == ["1", "2"]
    assert "city/2024-02: this dump was in as full and now counts as delta: it ends none any more" in (delta.out)
    again = command("ingest", "dumps/city/2024-02.jsonl", "--kind", "full", "--allow-shrink")
    assert full.values(LIVING) == ["1"]
    assert "city/2024-02: this dump was in as delta and now counts as full: records that it lacks have ended" in (
        again.out
    )


def test_a_file_that_takes_the_place_of_another_is_told(command: Command, full: Road):
    put("2024&03", "1", "2")
    put("2024%03", "1", "4")
    first = command("ingest", "dumps/city/2024&03.jsonl")
    again = command("ingest", "dumps/city/2024&03.jsonl")
    assert "took the place" not in first.out + again.out
    other = command("ingest", "dumps/city/2024%03.jsonl")
    assert "city/2024-03: it took the place of" in other.out
    assert "dumps/city/2024&03.jsonl, which was in under this name" in other.out


def test_a_full_dump_that_cannot_be_read_whole_says_that_it_ends_nothing_also_where_no_kind_is_said(
    command: Command, full: Road
):
    with Path("dumps/city/2024-02.jsonl").open("a") as dump:
        dump.write("broken\n")
    answer = command("ingest", "dumps/city/2024-02.jsonl")
    assert full.values(LIVING) == ["1", "2"]
    assert "this dump was in as full and now counts as delta" in answer.out
    assert "this full dump ended nothing; it counts as a delta" in answer.out


def test_a_full_dump_of_which_pages_are_missing_says_what_is_there_and_that_it_ends_nothing(
    command: Command, full: Road
):
    path = Path("dumps/city/2024-03.json")
    path.write_text(json.dumps({"resultCount": 1500, "records": [{"id": "3"}], "status": "OK"}))
    answer = command("ingest", str(path), "--kind", "full", "--allow-shrink")
    assert full.values(LIVING) == ["1", "3"]
    told = (
        "city/2024-03: this is not the whole of what was asked for: only 1 of the 1,500 records that the server "
        "announced are there\n"
        "city/2024-03: what is not there has not ended, so this full dump ended nothing; it counts as a delta"
    )
    assert told in answer.out


def test_a_full_dump_that_would_end_too_much_is_refused_with_what_it_lacks_and_what_to_do(
    command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch
):
    put("2024-01", *(str(number) for number in range(10)))
    put("2024-02", *(str(number) for number in range(8)))
    assert command("ingest", "dumps/city/2024-01.jsonl", "--kind", "full").code == 0
    refused = command("ingest", "dumps/city/2024-02.jsonl", "--kind", "full")
    assert refused.code == 1
    assert (
        "this full dump lacks 2 of the 10 living records of its source (20%, more than the 10% that may end unasked): "
        "if they are really gone, ingest it with --allow-shrink; if the dump is a part of the catalogue, with --kind "
        "delta (in the UI, the configuration of raw_records: allow_shrink: true, or kind: delta)"
    ) in refused.out
    assert len(warehouse.values(LIVING)) == 10
    assert warehouse.values("SELECT name FROM ops.dumps WHERE source = 'city'") == ["2024-01"]
    monkeypatch.setenv("WAREHOUSE_SHRINK_LIMIT", "0.2")
    assert command("ingest", "dumps/city/2024-02.jsonl", "--kind", "full").code == 0
    assert len(warehouse.values(LIVING)) == 8
    monkeypatch.delenv("WAREHOUSE_SHRINK_LIMIT")
    put("2024-03", "1")
    assert command("ingest", "dumps/city/2024-03.jsonl", "--kind", "full").code == 1
    assert command("ingest", "dumps/city/2024-03.jsonl", "--kind", "full", "--allow-shrink").code == 0
    assert warehouse.values(LIVING) == ["1"]


def test_a_limit_that_is_no_share_is_refused(command: Command, warehouse: Road, monkeypatch: pytest.MonkeyPatch):
    put("2024-01", "1")
    monkeypatch.setenv("WAREHOUSE_SHRINK_LIMIT", "10 %")
    refused = command("ingest", "dumps/city/2024-01.jsonl")
    assert refused.code == 1
    assert "WAREHOUSE_SHRINK_LIMIT must be a share from 0 to 1, such as 0.1, and is '10 %'" in refused.told


@pytest.mark.parametrize("name", ["WAREHOUSE_SHRINK_LIMIT", "WAREHOUSE_CHANGES_KEPT_DAYS", "WAREHOUSE_WORKERS"])
def test_what_a_variable_cannot_be_is_told_before_anything_is_read(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str
):
    put("2024-01", "1")
    monkeypatch.setenv(name, "often")
    refused = command("ingest", "dumps/city/2024-01.jsonl")
    assert refused.code == 1
    assert refused.told.startswith(f"error: {name} ")
    assert "'often'" in refused.told
    assert not Path("var").exists()


def test_a_dump_whose_work_keys_no_known_rule_makes_is_in_and_a_line_tells_so(command: Command, warehouse: Road):
    path = Path("dumps/town/2024-03.jsonl")
    path.parent.mkdir(parents=True)
    documents = [
        {"id": str(each), "title": f"Tides {each}", "work_keys_str_mv": [f"AT local rule {each}"]} for each in range(20)
    ]
    path.write_text("".join(json.dumps(document) + "\n" for document in documents))
    answer = command("ingest", str(path))
    assert answer.code == 0
    told = "town/2024-03: 20 of 20 records bring work keys that no known rule makes of them; the keys are used all the"
    assert told in " ".join(answer.out.split())
    assert warehouse.values("SELECT count(*) FROM catalog.record_work_keys WHERE origin = 'given'") == [20]


def test_records_of_which_less_is_known_now_than_before_are_told(command: Command, warehouse: Road):
    Path("dumps/city").mkdir(parents=True)
    Path("dumps/city/crawl-0.html").write_bytes(DETAILS + DETAILS.replace(b"<td>1<", b"<td>2<"))
    Path("dumps/city/crawl-1.html").write_bytes(RECORD)
    answer = command("ingest", "dumps/city/crawl-0.html", "dumps/city/crawl-1.html")
    assert warehouse.rows("SELECT source_record_id, title FROM catalog.records WHERE source = 'city' ORDER BY 1") == [
        ("1", "Record"),
        ("2", "Details"),
    ]
    told = "known records it has no more than a page without staff view"
    assert f"city/crawl-1: of 1 {told}" in answer.out
    assert answer.out.count(told) == 1
    assert told not in command("ingest", "dumps/city/crawl-1.html").out
    Path("dumps/city/crawl-2.html").write_bytes(RECORD.replace(b'"Record"', b'"Once more"'))
    answer = command("ingest", "dumps/city/crawl-2.html")
    assert warehouse.values("SELECT title FROM catalog.records WHERE source = 'city' ORDER BY 1") == [
        "Details",
        "Once more",
    ]
    assert told not in answer.out, "nothing more was known of it"


def test_records_that_lost_characters_are_counted_to_the_end(command: Command, warehouse: Road):
    Path("dumps/city").mkdir(parents=True)
    good, bad = marc21("1", "Rivers"), marc21("{}", "Flüsse").replace("ü".encode(), "üü".encode("latin-1"))
    records = [bad.replace(b"{}", b"1%d" % number) for number in range(3)]
    Path("dumps/city/2024.mrc").write_bytes(good + b"".join(records))
    answer = command("ingest", "dumps/city/2024.mrc")
    assert answer.code == 0
    assert "city/2024: 3 records lost characters: their leader names another encoding than they are in" in answer.out
    assert len(warehouse.values(LIVING)) == 4


def test_json_of_something_else_is_told_by_its_records_without_titles(command: Command, warehouse: Road):
    Path("dumps/city").mkdir(parents=True)
    packages = "".join(f'{{"id": "p{number}", "description": "A package"}}\n' for number in range(3))
    Path("dumps/city/2024.jsonl").write_text(packages + '{"id": "1", "title": "Rivers"}\n')
    answer = command("ingest", "dumps/city/2024.jsonl")
    assert (answer.code, len(warehouse.values(LIVING))) == (0, 4)
    assert "city/2024: 3 records have no title; if the dump is not of a catalogue" in answer.out


def test_holdings_among_the_records_of_a_full_dump_are_told_and_leave_it_full(command: Command, warehouse: Road):
    Path("dumps/city").mkdir(parents=True)
    holdings = marc21("9", "Stacks").replace(b"nam", b"nx ", 1).replace(b"245", b"852", 1)
    Path("dumps/city/2024.mrc").write_bytes(marc21("1", "Rivers") + marc21("2", "Lakes") + holdings)
    assert command("ingest", "dumps/city/2024.mrc").code == 0
    Path("dumps/city/2025.mrc").write_bytes(holdings + marc21("1", "Rivers"))
    answer = command("ingest", "--kind", "full", "dumps/city/2025.mrc", "--allow-shrink")
    assert answer.code == 0
    told = "1 records passed over that are no bibliographic ones, but of holdings (1)"
    assert f"city/2025: {told}" in answer.out
    assert warehouse.values(LIVING) == ["1"]
    assert told in command("extract", "dumps/city/2025.mrc").told
    Path("dumps/city/2026.mrc").write_bytes(holdings)
    answer = command("ingest", "dumps/city/2026.mrc")
    assert (answer.code, warehouse.values(LIVING)) == (1, ["1"])
    assert f"city/2026: {told}" in answer.out
