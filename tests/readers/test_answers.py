"""Whether the pages of a server's lists are all there: told by each format, counted over all files of a dump."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.answers import Answer, Completeness
from pipelines.readers.registry import read_chunks

#: Long enough for a window of the walk to end within it.
FACETS = json.dumps({"facet_fields": {"topic": [f"value {number}" for number in range(9_000)]}})


def solr(*ids: str, found: int | None = None, header: str = "{}", after: str = "") -> str:
    docs = json.dumps([{"id": each} for each in ids])
    announced = "" if found is None else f'"numFound":{found},"start":0,'
    return f'{{"responseHeader":{header},"response":{{{announced}"docs":{docs}}}{after}}}'


def api(*ids: str, found: int) -> str:
    return json.dumps({"resultCount": found, "records": [{"id": each} for each in ids], "status": "OK"})


def api_with_the_count_last(*ids: str, found: int) -> str:
    return json.dumps({"records": [{"id": each} for each in ids], "resultCount": found, "status": "OK"})


def solr_xml(*ids: str, found: int) -> str:
    docs = "".join(f'<doc><str name="id">{each}</str></doc>' for each in ids)
    return (
        f'<response><lst name="responseHeader"/><result name="response" numFound="{found}">{docs}</result></response>'
    )


def oai(*ids: str, asked: str | None = None, more: str | None = None, size: int | None = None) -> str:
    records = "".join(
        f"<record><header><identifier>{each}</identifier></header><metadata>"
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"/></metadata></record>'
        for each in ids
    )
    token = "" if asked is None else f' resumptionToken="{asked}"'
    whole = "" if size is None else f' completeListSize="{size}" cursor="0"'
    end = "" if more is None else f"<resumptionToken{whole}>{more}</resumptionToken>"
    request = f'<request verb="ListRecords" metadataPrefix="oai_dc"{token}>https://example.org/oai</request>'
    return f"<OAI-PMH>{request}<ListRecords>{records}{end}</ListRecords></OAI-PMH>"


WHOLE = ""
SOME = "only {} of the {} records that the server announced are there"
TWICE = "only {} different records are there of the {} that the server announced"
NO_END = "the server says that more follows, and the last page is not there"
PARTIAL = "the server says of 1 answer that it is partial: a part of it did not answer, or not in time"
PARTIALS = "the server says of 2 answers that they are partial: a part of it did not answer, or not in time"
NO_PAGE = "the server says that more follows, and 1 of the pages that it leads to are not there"


@pytest.mark.parametrize("chunk_bytes", [64, 1 << 20])
@pytest.mark.parametrize(
    ("files", "missing"),
    [
        # Solr
        ([solr("a", "b", found=2)], WHOLE),
        ([solr("a", "b", found=5)], SOME.format(2, 5)),
        ([solr("a", "b", found=5), solr("c", "d", found=5)], SOME.format(4, 5)),
        ([solr("a", "b", found=5), solr("c", "d", found=5), solr("e", found=5)], WHOLE),
        ([solr("a", "b", found=5) + solr("c", "d", found=5) + solr("e", found=5)], WHOLE),
        ([solr("a", found=1), solr("b", found=1)], WHOLE),
        ([solr("a", found=1), solr("b", "c", found=40)], SOME.format(2, 40)),
        ([solr("a", "b", found=2), solr("c", found=3)], SOME.format(1, 3)),
        ([solr("a", "b"), solr("c")], WHOLE),
        ([solr("a", found=2), solr("a", found=2)], TWICE.format(1, 2)),
        ([solr(found=2), solr("a", "b", found=2)], WHOLE),
        ([solr("a", found=20, after=f',"facet_counts":{FACETS}')], SOME.format(1, 20)),
        ([solr("a", header=f'{{"numFound":7,"x":{FACETS}}}', found=1)], WHOLE),
        ([solr("a", header='{"params":{"q":"\\"numFound\\":9"}}', found=1)], WHOLE),
        ([solr("a", after=',"highlighting":{"a":{"b":{"numFound":9}}}', found=1)], WHOLE),
        # A part of the index did not answer
        ([solr("a", "b", header='{"partialResults":true,"status":0}', found=2)], PARTIAL),
        ([solr("a", header='{"status":0,"partialResults":"omitted"}', found=1), solr("b", found=1)], PARTIAL),
        ([solr(header='{"partialResults":true}', found=0), solr("b", found=1)], PARTIAL),
        ([solr(each, header='{"partialResults":true}', found=1) for each in "ab"], PARTIALS),
        ([solr("a", header='{"partialResults":false}', found=1)], WHOLE),
        ([solr("a", header='{"params":{"q":"\\"partialResults\\":true"}}', found=1)], WHOLE),
        (
            [solr_xml("a", found=1).replace("/>", '><bool name="partialResults">true</bool></lst>', 1)],
            PARTIAL,
        ),
        (
            [solr_xml("a", found=1).replace("/>", '><str name="partialResults">omitted</str></lst>', 1)],
            PARTIAL,
        ),
        # A cursor
        ([solr("a", after=',"nextCursorMark":"A=="')], NO_END),
        ([solr("a", after=f',"x":{FACETS},"nextCursorMark":"A==","y":{FACETS}')], NO_END),
        ([solr("a", found=1, after=',"nextCursorMark":"A=="')], WHOLE),
        ([solr("a", header='{"params":{"cursorMark":"*"}}', after=',"nextCursorMark":"A=="')], NO_PAGE),
        (
            [
                solr("a", header='{"params":{"cursorMark":"*"}}', after=',"nextCursorMark":"A=="'),
                solr("b", header='{"params":{"cursorMark":"A=="}}', after=',"nextCursorMark":"A=="'),
            ],
            WHOLE,
        ),
        # Solr's XML
        ([solr_xml("a", "b", found=2)], WHOLE),
        ([solr_xml("a", "b", found=3)], SOME.format(2, 3)),
        ([solr_xml("a", "b", found=3), solr_xml("c", found=3)], WHOLE),
        ([solr_xml("a", "b", found=3) + solr_xml("c", found=3)], WHOLE),
        # VuFind's API
        ([api("a", "b", found=2)], WHOLE),
        ([api("a", "b", found=1000)], SOME.format(2, "1,000")),
        ([api_with_the_count_last("a", "b", found=1000)], SOME.format(2, "1,000")),
        ([api("a", "b", found=3), api("c", found=3)], WHOLE),
        ([api("a", found=1), api("b", found=1), api("c", found=1)], WHOLE),
        # While a catalogue is read page by page it grows.
        ([api(*map(str, range(50)), found=100), api(*map(str, range(50, 101)), found=101)], WHOLE),
        ([api(*map(str, range(50)), found=100), api(*map(str, range(50, 100)), found=101)], SOME.format(100, 101)),
        # OAI-PMH
        ([oai("a", "b")], WHOLE),
        ([oai("a", more="t1")], NO_END),
        ([oai("a", more="t1", size=2), oai("b", more="", size=2)], WHOLE),
        ([oai("a", more="t1", size=3), oai("b", more="", size=3)], SOME.format(2, 3)),
        ([oai("a", more="t1"), oai("b", asked="t1", more="t2"), oai("c", asked="t2", more="")], WHOLE),
        ([oai("c", asked="t2", more=""), oai("b", asked="t1", more="t2"), oai("a", more="t1")], WHOLE),
        ([oai("a", more="t1"), oai("b", asked="t1", more="t2")], NO_PAGE),
        ([oai("a", more="t1"), oai("c", asked="t2", more="")], NO_PAGE),
        ([oai("a", more="t&amp;1", size=9), oai("b", asked="t&amp;1")], WHOLE),
        ([oai("a", more="t"), oai("b", asked="t", more="t")], WHOLE),
    ],
)
def test_what_is_missing_is_counted_over_all_files(tmp_path: Path, files: list[str], missing: str, chunk_bytes: int):
    for number, text in enumerate(files):
        (tmp_path / f"page {number}").write_text(text)
    completeness = Completeness()
    ids = []
    for chunk in read_chunks(tmp_path, chunk_bytes):
        for answer in chunk.answers:
            completeness.add(answer)
        ids += [part for piece in chunk.pieces for part in _ids(piece.data)]
    assert completeness.missing(lambda: len(set(ids))) == missing


def _ids(data: bytes) -> list[bytes]:
    return [part.split(b'"')[0].split(b"<")[0] for mark in (b'"id": "', b'"id">') for part in data.split(mark)[1:]]


answers = st.builds(
    Answer,
    st.integers(0, 9),
    st.none() | st.integers(0, 20),
    st.booleans(),
    st.sampled_from(["", "a", "b", "c"]),
    st.sampled_from(["", "a", "b", "c"]),
    st.booleans(),
)


@given(st.lists(answers, max_size=6), st.randoms())
def test_the_order_of_the_pages_does_not_matter(pages: list[Answer], random: object):
    told = []
    for _ in range(2):
        completeness = Completeness()
        for page in pages:
            completeness.add(page)
        told.append(completeness.missing(lambda: 7))
        random.shuffle(pages)  # type: ignore[attr-defined]
    assert told[0] == told[1]


@given(st.integers(2, 50), st.integers(1, 4), st.data())
def test_of_several_lists_of_one_size_none_may_be_cut_off(size: int, lists: int, data: st.DataObject):
    def missing(pages: list[int]) -> str:
        completeness = Completeness()
        for records in pages:
            completeness.add(Answer(records, size))
        return completeness.missing(lambda: size * lists)

    pages = []
    for _ in range(lists):
        first = data.draw(st.integers(1, size - 1))
        pages += [first, size - first]
    assert missing(pages) == WHOLE
    pages.pop(data.draw(st.integers(0, len(pages) - 1)))
    assert missing(pages) != WHOLE


@pytest.mark.parametrize(("different", "told"), [(200, WHOLE), (199, "only 199"), (230, "260 records of lists of 200")])
def test_of_a_list_all_of_which_is_there_pages_may_lie_there_twice(different: int, told: str):
    completeness = Completeness()
    for _ in range(13):
        completeness.add(Answer(20, 200))
    missing = completeness.missing(lambda: different)
    assert missing == told if told == WHOLE else missing.startswith((told, "260 records of lists of 200"))


def test_of_two_lists_of_one_size_the_one_that_is_cut_off_is_told():
    completeness = Completeness()
    for _ in range(3):
        completeness.add(Answer(500, 1000))
    assert completeness.missing(lambda: 1500) == (
        "1,500 records of lists of 1,000 are there: one of the lists is not whole, or a page is there twice"
    )
