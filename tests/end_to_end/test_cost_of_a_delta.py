"""What a delta reads of the warehouse follows what it brings, and not how much the warehouse holds."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pipelines.records import BELONGING_HASHES
from pipelines.warehouse.tables import SUMS
from tests.end_to_end.road import Road, books, contents, stamped

HELD = 6_000
BROUGHT = 10

#: Rows read of each table: by reading it whole, and through its indexes.
ROWS_READ = (
    "SELECT tables.schemaname || '.' || tables.relname, tables.seq_tup_read + SUM(indexes.idx_tup_read)::bigint"
    " FROM pg_stat_user_tables AS tables INNER JOIN pg_stat_user_indexes AS indexes USING (relid)"
    " GROUP BY tables.schemaname, tables.relname, tables.seq_tup_read"
)


def word(number: int) -> str:
    """A word of its own for each number."""
    return "".join("bdfgklmnprst"[number // 12**place % 12] + "aeiou"[number // 5**place % 5] for place in range(5))


def document(number: int, title: str) -> dict[str, Any]:
    return {
        "id": str(number),
        "title": f"{title} {word(number)} {word(number * 7919)} {word(number * 104_729)}",
        "author": [f"{word(number * 31).capitalize()}, Ottilie", f"Vane, Ben {number % 997}"],
        "publishDate": [str(1900 + number % 120)],
        "format": ["Article"],
        "doi_str_mv": [f"10.5555/river.{number}"],
        "url": [f"https://weir.example/{number}"],
        "work_keys_str_mv": [f"AT {word(number * 31)} {title.lower()}{word(number)}"],
    }


def rows_read(road: Road) -> dict[str, int]:
    """How many rows of each table the server has read so far."""
    [version] = road.values("SELECT current_setting('server_version_num')::integer")
    if version < 150_000:
        # Counts went through a process of their own, which writes them twice a second.
        time.sleep(1.5)
    return dict(road.rows(ROWS_READ))


def test_a_delta_reads_no_table_that_grows_with_the_catalogue(road: Road):
    road.ingest("city", "2020", [document(number, "Silt") for number in range(HELD)])
    deltas = {
        "changed": [document(number, "Sand") for number in range(BROUGHT)],
        "new": [document(HELD + number, "Silt") for number in range(BROUGHT)],
        "deleted": b"<delete>%s</delete>" % b"".join(b"<id>%d</id>" % number for number in range(BROUGHT)),
    }
    for kind, brought in deltas.items():
        before = rows_read(road)
        road.ingest("city", f"2021 {kind}", brought)
        read = {table: rows - before[table] for table, rows in rows_read(road).items()}
        assert sum(read.values()) > BROUGHT
        # A table that is read whole shows as HELD rows and more; what hangs on what is brought is far less.
        assert {table: rows for table, rows in read.items() if rows > HELD // 3} == {}, kind
    assert road.values("SELECT count(*) FROM catalog.records WHERE deleted_at IS NOT NULL") == [BROUGHT]


def test_a_change_of_one_field_writes_its_record_and_nothing_else(road: Road):
    documents = [document(number, "Silt") | {"description": "Of slow rivers."} for number in range(20)]
    road.ingest("city", "2020", documents)
    # The same publications, and another version of each work: every record has evidence, and shares its groups.
    road.ingest("town", "2020", [each | {"publishDate": ["2021"], "doi_str_mv": []} for each in documents])
    before = stamped(road)
    counts = {
        table.name: road.rows(f"SELECT xmin::text, t::text FROM ops.{table.name} AS t ORDER BY 2") for table in SUMS
    }
    assert all(before[name] for name in ("works", "publications", "work_evidence", "record_work_keys"))
    road.ingest("city", "2021", [documents[0] | {"description": "Of rapid rivers."}])
    after = stamped(road)
    records = after.pop("records")
    assert len(set(records) - set(before.pop("records"))) == 1
    assert after == before
    for name, rows in counts.items():
        assert road.rows(f"SELECT xmin::text, t::text FROM ops.{name} AS t ORDER BY 2") == rows
    changed = "SELECT changed_columns FROM ops.record_changes ORDER BY warehouse_version DESC LIMIT 1"
    assert road.values(changed) == [{"description": ["Of slow rivers.", "Of rapid rivers."]}]


@pytest.mark.parametrize("is_known", [True, False], ids=["a hash", "none, as of an earlier version of the program"])
def test_what_hangs_on_a_changed_record_is_compared_where_its_hash_is_another_or_not_known(road: Road, is_known: bool):
    first = document(1, "Silt") | {"description": "Of slow rivers."}
    road.ingest("city", "2020", [first, document(2, "Silt")])
    if not is_known:
        road.execute(f"UPDATE catalog.records SET {', '.join(f'{name} = NULL' for name in BELONGING_HASHES)}")
    # Nobody but a load writes such rows: so it shows which are looked at.
    road.execute("UPDATE catalog.record_authors SET role = 'not looked at'")
    road.execute("UPDATE catalog.links SET host = 'not.looked.at'")
    hashes = f"SELECT {', '.join(BELONGING_HASHES)} FROM catalog.records ORDER BY record_id"
    before = road.rows(hashes)
    road.ingest("city", "2021", [first | {"description": "Of rapid rivers.", "url": ["https://weir.example/first"]}])
    of_first = " INNER JOIN catalog.records USING (record_id) WHERE source_record_id = '1'"
    assert road.values(f"SELECT url || ' ' || host FROM catalog.links{of_first}") == [
        "https://weir.example/first weir.example"
    ]
    assert road.values(f"SELECT DISTINCT role FROM catalog.record_authors{of_first}") == (
        ["not looked at"] if is_known else [None]
    )
    # What the load wrote has its hashes, and no other record gets any.
    after = road.rows(hashes)
    assert sum(None not in row for row in after) == (2 if is_known else 1)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


@pytest.mark.parametrize(
    ("hashed", "change"),
    [
        ("record_authors_hash", {"author2_role": ["translator"]}),
        ("links_hash", {"url": ["https://weir.example/first"]}),
        ("record_identifiers_hash", {"isbn": ["0-306-40615-2"]}),
        ("record_work_keys_hash", {"work_keys_str_mv": ["AT roe reeds"]}),
        ("record_matching_keys_hash", {"container_volume": "8"}),
    ],
)
def test_where_one_kind_alone_of_what_hangs_on_a_record_changes_it_is_as_rebuilt(
    road: Road, hashed: str, change: dict[str, Any]
):
    held = {
        "id": "1", "title": "Of reeds and silt", "author2": ["Roe, Jane"], "author2_role": ["editor"],
        "url": ["https://weir.example/1"], "isbn": ["9780306406157"], "work_keys_str_mv": ["AT roe silt"],
        "publishDate": ["2001"], "container_volume": "7", "container_start_page": "12",
    }  # fmt: skip
    hashes = f"SELECT {', '.join(BELONGING_HASHES)} FROM catalog.records"
    road.ingest("city", "2020", [held])
    (before,) = road.rows(hashes)
    road.ingest("city", "2021", [held | change])
    (after,) = road.rows(hashes)
    assert [name for name, *both in zip(BELONGING_HASHES, before, after, strict=True) if len({*both}) > 1] == [hashed]
    changed = contents(road), books(road)["matching keys"]
    road.clear()
    road.ingest("city", "2021", [held | change])
    assert (contents(road), books(road)["matching keys"]) == changed
