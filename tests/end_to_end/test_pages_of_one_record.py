"""A crawl meets a record on several pages: one that shows its staff view counts, whatever else comes after it."""

from __future__ import annotations

from functools import partial
from itertools import combinations, permutations

import pytest

from pipelines.stages import extraction, rereading
from tests.end_to_end.road import Road, contents, json_lines
from tests.end_to_end.test_history import LAKES, counts
from tests.end_to_end.test_replay import again, an_older_program, counts_of_dump

#: Pages of the record ``1``: with a staff view, and as VuFind shows its other tabs.
STAFF = (
    b'<!DOCTYPE html><html><body><table class="citation"><tr><th>id</th><td>1</td></tr>'
    b"<tr><th>title</th><td>%s</td></tr><tr><th>isbn</th><td>9780306406157</td></tr></table></body></html>\n"
)
OTHER = (
    b'<!DOCTYPE html><html><head><link rel="canonical" href="https://library.example/Record/1%s">'
    b'<meta name="citation_title" content="%s"></head><body><h1>A page</h1></body></html>\n'
)
DETAILS, RECORD, SIMILAR = STAFF % b"Details", OTHER % (b"", b"Record"), OTHER % (b"/Similar", b"Similar")
#: The same as text: without staff view the id of a page is that of its address.
TEXT_DETAILS = "Loading…\nDetails\nMain Author: | |\n---|---|\n_version_ | 1 |\n---|---|\nid | 1 |\ntitle | Details |\n"
TEXT_RECORD = "Loading…\nRecord\nMain Author: | |\n---|---|\nFormat: | Book\nLanguage: | English\nPublished: | 2020 |\n"

KINDS = {
    "html": (DETAILS, RECORD, SIMILAR),
    "rows of text": tuple(
        json_lines([{"text": text, "url": f"https://library.example/Record/1/{tab}"}])
        for text, tab in [(TEXT_DETAILS, "Details"), (TEXT_RECORD, ""), (TEXT_RECORD.replace("Record", "Similar"), "")]
    ),
}
ORDERS = list(permutations(range(3)))


def record(road: Road) -> list[tuple[str, str | None]]:
    return road.rows("SELECT title, extra ->> 'staff_view' FROM catalog.records WHERE source_record_id = '1'")


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20], ids=["a part each", "one part"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_with_a_staff_view_counts_wherever_it_stands(
    road: Road, monkeypatch: pytest.MonkeyPatch, kind: str, order: tuple[int, ...], chunk_bytes: int
):
    monkeypatch.setattr(extraction, "read_chunks", partial(extraction.read_chunks, chunk_bytes=chunk_bytes))
    outcome = road.ingest("library", "crawl", b"".join(KINDS[kind][number] for number in order))
    assert counts(outcome) == {"read": 3, "new": 1, "repeated": 2}
    assert record(road) == [("Details", None)]


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20], ids=["a part each", "one part"])
@pytest.mark.parametrize("kind", KINDS)
def test_of_pages_that_show_none_the_last_counts(
    road: Road, monkeypatch: pytest.MonkeyPatch, kind: str, chunk_bytes: int
):
    monkeypatch.setattr(extraction, "read_chunks", partial(extraction.read_chunks, chunk_bytes=chunk_bytes))
    _, first, second = KINDS[kind]
    outcome = road.ingest("library", "crawl", first + second)
    assert counts(outcome) == {"read": 2, "new": 1, "repeated": 1}
    assert record(road) == [("Similar", "lacking")]


def test_of_pages_with_a_staff_view_the_last_counts(road: Road):
    pages = (RECORD, STAFF % b"First", SIMILAR, STAFF % b"Second", RECORD)
    outcome = road.ingest("library", "crawl", b"".join(pages))
    assert counts(outcome) == {"read": 5, "new": 1, "repeated": 4}
    assert record(road) == [("Second", None)]


def test_what_hangs_on_the_record_is_that_of_the_page_that_counts(road: Road):
    other = RECORD.replace(b"</head>", b'<meta name="citation_author" content="Okafor, Ben"></head>')
    road.ingest("library", "crawl", {"1.html": DETAILS, "2.html": other})
    assert road.values("SELECT value FROM catalog.record_identifiers") == ["9780306406157"]
    assert road.values("SELECT name FROM catalog.authors") == []


def test_a_later_dump_counts_whatever_it_shows(road: Road):
    """What the catalogue said last is true: a record may have changed since its staff view was seen."""
    road.ingest("library", "2020", DETAILS)
    assert counts(road.ingest("library", "2021", RECORD)) == {"read": 1, "changed": 1}
    assert record(road) == [("Record", "lacking")]


#: What a title tells pages apart by: addresses have `Similar` in them too.
FLAWS = {"Details": b">Details<", "Record": b'content="Record', "Similar": b'content="Similar'}
REFUSED = [each for count in (1, 2) for each in combinations(FLAWS, count)]


@pytest.mark.parametrize("refused", REFUSED)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("part_bytes", [1, 1 << 20], ids=["a part each", "one part"])
def test_so_it_is_where_some_of_them_are_replayed(
    road: Road, monkeypatch: pytest.MonkeyPatch, order: tuple[int, ...], refused: tuple[str, ...], part_bytes: int
):
    monkeypatch.setattr(rereading, "BYTES_A_PART", part_bytes)
    pages = (DETAILS, RECORD, SIMILAR)
    with an_older_program(*(FLAWS[each] for each in refused)):
        road.ingest("library", "2020", b"".join(pages[number] for number in order))
    assert again(road).stay == 0
    assert record(road) == [("Details", None)]
    # What takes the place of another is counted as a change of it.
    assert counts_of_dump(road)["repeated"] == 2 - ("Details" in refused)
    found = contents(road)
    road.clear()
    road.again("library", "2020")
    assert contents(road) == found


@pytest.mark.parametrize("pages", list(permutations([DETAILS, RECORD, SIMILAR])))
def test_so_it_is_where_another_dump_is_taken_out(road: Road, pages: tuple[bytes, ...]):
    road.ingest("library", "2020", b"".join(pages))
    road.ingest("library", "2021", [LAKES, {"id": "1", "title": "Of 2021"}])
    road.forget_frames()
    road.remove("library", "2021")
    assert record(road) == [("Details", None)]


def test_what_is_deleted_before_such_a_page_stays_so(road: Road):
    """A deletion says more than a page without staff view, which gives way to all else."""
    road.ingest("library", "2020", {"1.delete": b"1", "2.html": RECORD})
    assert record(road) == []
