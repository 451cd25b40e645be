"""Arrays, Solr answers and single documents: each document is found whatever stands around it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import json_lines, solr_json
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.streams import ByteStream

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures" / "vufind_solr"

Read = tuple[list[dict[str, Any]], list[Unreadable | dict[str, Any]]]


def read(data: bytes, chunk_bytes: int = 1 << 20) -> Read:
    pieces: list[Piece] = []
    refused: list[Any] = []
    for part in solr_json.FORMAT.split("f", "m", ByteStream(iter([data])), chunk_bytes):
        if isinstance(part, Answer):
            continue
        if isinstance(part, Piece):
            assert len(data[part.offset :][: len(part.data)]) == len(part.data)
            pieces.append(part)
        else:
            refused.append(part)
    found: list[dict[str, Any]] = []
    for piece in pieces:
        batch = solr_json.FORMAT.parse((piece,))
        refused += [Unreadable(**row) for row in batch.quarantined.to_pylist()]
        found += to_documents(batch.documents)
    for document in found:
        lineage = document.pop("_lineage")
        raw = data[lineage["offset"] :][: lineage["length"]]
        assert json.loads(raw)["id"] == document["id"]
        assert lineage["line"] == 0
    return found, refused


@pytest.mark.parametrize("chunk_bytes", [1, 16, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("[]", ""),
        ('[{"id":"a"}]', "a"),
        ('\ufeff [ {"id":"a"} ,\n\n{"id":"b"}\n]\n', "ab"),
        ('{"id":"a"}', "a"),
        ('{\n  "id": "a",\n  "x": {"id": "n", "y": [{}]}\n}\n{\n"id": "b"}', "ab"),
        ('{"id":"a"}{"id":"b"}', "ab"),
        ('{\n"id":"a"\n}\n\ufeff{\n"id":"b"\n}\ufeff[{"id":"c"}]', "abc"),
        # Of an array that was cut into files.
        ('{\n"id":"a"\n},\n{\n"id":"b"\n},\n', "ab"),
        ('{\n"id":"a"\n}\n,\n{\n"id":"b"\n}', "ab"),
        ('[{"id":"a"}],\n[{"id":"b"}]', "ab"),
        ('{"responseHeader":{"status":0,"params":{"q":"\\"docs\\":["}},"response":{"docs":[{"id":"a"}]}}', "a"),
        ('{"response":{"docs":[{"id":"a","t":"]}\\\\\\"{"}]},"highlighting":{"a":{"t":["]"]}}}', "a"),
        ('{"responseHeader":{},"match":{"docs":[{"id":"a"}]},"response":{"docs":[{"id":"b"},{"id":"c"}]}}', "abc"),
        ('{"response":{"docs":[{"id":"a"}]}}\n{"response":{"docs":[]}}\n{"response":{"docs":[{"id":"b"}]}}', "ab"),
        ('{"docs":[{"id":"a"}]}', "a"),
        ('{"responseHeader":{},"response":\n{"numFound":1,"start":0,"docs":[{"id":"a"}]},"facets":\n{}}', "a"),
        ('{"numFound":2,"start":0,"docs":[{"id":"a"}]}\n{\n "numFound" : 2,\n "start":1,"docs":[{"id":"b"}]}', "ab"),
        ('{"numFound":1,"id":"a","title":"t"}', "a"),
        ('{"numFound":3,"docs":"see annex","id":"a","title":"t"}', "a"),
        ('{"numFound":3,"start":"p. 5","id":"a","title":"t"}', "a"),
        ('{"numFound":1,"numFoundExact":true,"docs":[{"id":"a"}]}', "a"),
        ('{"result-set":{"docs":[{"id":"a"},\n{"id":"b","EOF":true},\n{"EOF":true,"RESPONSE_TIME":7}]}}', "ab"),
        ('{\n"result-set":{"docs":[{"EOF":true}]}}', ""),
        ('[{"id":"a"}]\n{"id":"b"}\n[{"id":"c"}]', "abc"),
        # Pages that are arrays, put together by ``jq -s .``.
        ('[[{"id":"a"},{"id":"b"}],[{"id":"c"}],[]]', "abc"),
        ('[\n  [\n    {"id":"a"}\n  ],\n  [\n    [ {"id":"b"} ], {"id":"c"}\n  ]\n]', "abc"),
        ('[{"id":"a"},[{"id":"b"}],{"id":"c"},[{"id":"d"}]]', "abcd"),
        ('[\n{"id":"a"},\n{"docs":["x"],"id":"b"},\n{"response":{"x":1},"id":"c"},\n{"id":"d"}\n]', "abcd"),
        ('[{"docs":["x"],"id":"b"},{"id":"c"}]', "bc"),
        ('{"response":{"docs":[\n{"error":{"msg":"x"},"id":"a"},\n{"match":{"y":"x"},"id":"b"}\n]}}', "ab"),
        ('HTTP/1.1 200 OK\r\nServer: Jetty\r\n\r\n{"responseHeader":{},"response":{"docs":[{"id":"a"}]}}', "a"),
        ('HTTP/1.1 200 OK\nServer: Jetty\n\n[{"id":"a"}]', "a"),
        ('{"facet_counts":{"facet_fields":{"x":["docs",2]}},"response":{"docs":[{"id":"a"}],"numFound":1}}', "a"),
        ('{"facet_counts":{},"response":{"docs":[{"id":"a"}]}}{"response":{"docs":[{"id":"b"}]}}', "ab"),
        ('{"facets":{"format":{"buckets":[{"count":1,"val":"x"}]},"count":1},"response":{"docs":[{"id":"a"}]}}', "a"),
        ('{"facets":{"count":0},"response":{"docs":[{"id":"a"}]}}', "a"),
        ('{"debug":{"QParser":"x","explain":{}},\n"response":{"docs":[{"id":"a"}]}}', "a"),
        ('{"highlighting":{"a":{"title":["<em>]</em>"]}},"response":{"docs":[{"id":"a"}]}}', "a"),
        ('{"highlighting":{"a":{}},"response":{"docs":[{"id":"a"}]}}', "a"),
        ('{"expanded":{"x":{"docs":[{"id":"b"}],"numFound":1}},"response":{"docs":[{"id":"a"}]}}', "ba"),
        ('{"nextCursorMark":"AoE=","response":{"docs":[{"id":"a"}]}}', "a"),
        # Fields of a document that are called as parts of an answer are.
        ('{"debug":{"level":"x"},"facets":{"x":{"y":1}},"id":"a","title":"t"}', "a"),
        ('{"facet_counts":{"x":1},"id":"a","title":"t"}', "a"),
        ('{"facets":["x"],"id":"a","title":"t"}', "a"),
        ('{"highlighting":{"x":{"y":1}},"id":"a","title":"t"}', "a"),
        ('{"error":{"x":1},"id":"a","title":"t"}', "a"),
        ('{"nextCursorMark":"AoE=","id":"a","title":"t"}', "a"),
        ('{"docs":"x","id":"a","title":"t"}', "a"),
    ],
)  # fmt: skip
def test_finds_every_document(text: str, ids: str, chunk_bytes: int):
    assert solr_json.FORMAT.recognises(text.encode())
    found, refused = read(text.encode(), chunk_bytes)
    assert "".join(one["id"] for one in found) == ids
    assert refused == []


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids", "refused"),
    [
        ('[{"id":"a"},{"id":"b"', "a", [(11, ',{"id":"b"', "the JSON is cut off")]),
        ('[{"id":"a"}', "a", [(11, "", "the JSON is cut off")]),
        ('[{"id":"a"},{"id":"b', "a", [(11, ',{"id":"b', "the JSON is cut off")]),
        ('{"responseHeader":{"status":0}', "", [(29, "}", "the JSON is cut off")]),
        ('[1,{"id":"a"}]', "a", [(1, "1", "not an object but something else in the array")]),
        ('[{"id":"a"},"x",{"id":"b"}]', "ab", [(12, '"x"', "not an object but something else in the array")]),
        ('[{"id":"a"},["n"],{"id":"b"}]', "ab", [(12, '["n"]', "not an object but a list")]),
        ('[{"id":"a"},"x":[{"id":"n"}],{"id":"b"}]', "ab",
         [(12, '"x":', "not an object but something else in the array"),
          (16, '[{"id":"n"}]', "what an object without its bracket holds")]),
        ('[{"id":"a"},[{"id":"b"},{"id":"c"}]', "abc", [(35, "", "the JSON is cut off")]),
        ('[{"id":"a"},]"title":"x","id":"b"},{"id":"d"}]', "ad",
         [(12, "]", "not an object but something else in the array"),
          (13, '"title":"x","id":"b"', "not an object but something else in the array"),
          (45, "]", "not JSON: neither an object nor an array")]),
        ('[{"id":"a"},{"id":"b"},[{"id":"c"}', "abc", [(34, "", "the JSON is cut off")]),
        ('[{"id":"a"} {"id":"b"}]', "ab", [(11, "", "a comma is missing or in excess")]),
        ('[{"id":"a"},{"EOF":true}]', "a", [(12, '{"EOF":true}', "no id")]),
        ('{"result-set":{"docs":[{"id":"a"},{"EXCEPTION":"no \\"x\\"","EOF":true,"RESPONSE_TIME":1}]}}', "a",
         [(34, '{"EXCEPTION":"no \\"x\\"","EOF":true,"RESPONSE_TIME":1}', "Solr broke the export off")]),
        ('[{"id":"a"},]', "a", [(11, ",", "a comma is missing or in excess")]),
        ('[{"id":"a"}] nonsense {', "a", [(13, "nonsense {", "not JSON: neither an object nor an array")]),
        ('[{"id":"a"},{"x":1},{"id":"b"}]', "ab", [(12, '{"x":1}', "no id")]),
        ('{"error":{"code":400,"msg":"x"},"responseHeader":{}}', "",
         [(0, '{"error":{"code":400,"msg":"x"},"responseHeader":{}}', "an answer of Solr without documents")]),
        # Whole, so that what went wrong can be read.
        ('{"responseHeader":{"status":400},"error":{"msg":"x"}}', "",
         [(0, '{"responseHeader":{"status":400},"error":{"msg":"x"}}', "an answer of Solr without documents")]),
    ],
)  # fmt: skip
def test_what_is_no_document_is_quarantined_where_it_stands(
    text: str, ids: str, refused: list[tuple[int, str, str]], chunk_bytes: int
):
    found, rows = read(text.encode(), chunk_bytes)
    assert "".join(one["id"] for one in found) == ids
    shown = [(row.offset, row.raw.decode(), row.reason.split(" (")[0]) for row in rows]
    if text.startswith('{"responseHeader":{"status":0}'):
        # How much of an answer is let go before its first document depends on how it was read.
        assert [reason for _, _, reason in shown] == ["the JSON is cut off"]
    else:
        assert shown == refused


_LIST = (
    '{"response":{"numFound":4,"docs":[{"id":"1"},\n{"id":"2","a":["x"]},\n{"id":"3"},\n{"id":"4"}]},"facets":[{},{}]}'
)
_GROUPS = '{"grouped":{"f":{"groups":[{"doclist":{"docs":[{"id":"1"}]}},{"doclist":{"docs":[{"id":"4"}]}}]}}}'


@pytest.mark.parametrize("chunk_bytes", [1, 16, 1 << 20])
@pytest.mark.parametrize(
    ("written", "instead", "ids"),
    [
        ('"x"]}', '"x"]]}', "134"),
        ('"x"]}', '"x"]}]}', "1234"),
        ('"x"]}', '"x"]}}', "1234"),
        ('"x"]}', '"x"]}} } , }', "1234"),
        ('"x"]}', '"x"}}', "134"),
        ('{"id":"2","a"', '{"id":"2"}],"b":1},"a"', "1234"),
        ('{"id":"2","a"', '{"id":"2"}}],"a"', "1234"),
        (_LIST, _GROUPS, "14"),
        ("", "", "1234"),
    ],
)
def test_a_bracket_too_many_takes_no_other_document_along(written: str, instead: str, ids: str, chunk_bytes: int):
    text = _LIST.replace(written, instead, 1).encode()
    documents, refused = read(text, chunk_bytes)
    assert "".join(one["id"] for one in documents) == ids
    assert bool(refused) is bool(written and written != _LIST)
    # Whatever came with the documents is in a row, or was said of the answer.
    for one in refused:
        assert isinstance(one, Unreadable)
        assert text[one.offset : one.offset + one.length] == one.raw


@given(
    st.integers(1, 26), st.sampled_from(["{", "}", "[", "]", '"', ",", ":", "\\", ""]), st.integers(0, 1), st.booleans()
)
def test_whatever_sign_is_lost_or_too_many_nothing_vanishes(place: int, sign: str, cut: int, in_lines: bool):
    between = ",\n" if in_lines else ","
    before, third, after = ('{"id":"id1","t":["x"]}', '{"id":"id3","t":["y"],"u":"v"}', '{"id":"id4"}')
    damaged = third[:place] + sign + third[place + cut :]
    documents, refused = read(
        f'{{"response":{{"numFound":3,"docs":[{before}{between}{damaged}{between}{after}]}}}}'.encode()
    )
    shown = [str(one["id"]) for one in documents] + [one.raw.decode() for one in refused if isinstance(one, Unreadable)]
    for name in ("id1", "id4"):
        assert any(name in one for one in shown)


@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 20])
@pytest.mark.parametrize("indent", [None, 1])
def test_an_answer_whose_keys_are_sorted_says_what_it_said(indent: int | None, chunk_bytes: int):
    docs = [{"id": str(number), "title": "A title"} for number in range(5)]
    answer = {
        "responseHeader": {"status": 0, "params": {"cursorMark": "*"}},
        "response": {"numFound": 5, "start": 0, "docs": docs},
        "nextCursorMark": "AoE=",
        "facet_counts": {"facet_fields": {"format": [f"Book {number}" for number in range(2_000)]}},
        "debug": {"QParser": "LuceneQParser"},
    }
    text = json.dumps(answer, sort_keys=True, indent=indent).encode()
    assert not json_lines.FORMAT.recognises(text)
    parts = list(solr_json.FORMAT.split("f", "m", ByteStream(iter([text])), chunk_bytes))
    assert [part for part in parts if isinstance(part, Answer)] == [Answer(5, 5, asked="*", more="AoE=")]
    found, refused = read(text, chunk_bytes)
    assert ([one["id"] for one in found], refused) == (list("01234"), [])


def test_what_an_answer_says_is_heard_wherever_the_text_is_held_up_to():
    # The first 64 KiB are held at once: their end goes through the keys and their values.
    for padding in range(65_430, 65_530):
        said = {"q": "x" * padding, "z": 7, "cursorMark": "AoEfghijklm", "rows": 5}
        text = json.dumps({"responseHeader": said, "response": {"numFound": 1, "docs": [{"id": "a"}]}}).encode()
        parts = list(solr_json.FORMAT.split("f", "m", ByteStream(iter([text])), 1))
        assert [part for part in parts if isinstance(part, Answer)] == [Answer(1, 1, asked="AoEfghijklm")]


def test_a_raw_newline_in_a_string_stays_wrong():
    found, rows = read(b'[{"id":"a","t":"x\ny"},{"id":"b"}]')
    assert [one["id"] for one in found] == ["b"]
    assert b"".join(row.raw for row in rows) == b'{"id":"a","t":"xy"}'


_DOCUMENTS = st.lists(
    st.fixed_dictionaries(
        {"id": st.text("ab1", min_size=1)},
        optional={
            "title": st.text(st.sampled_from('{}[]",:\\\n é'), max_size=12),
            "author": st.lists(st.text(max_size=3)),
        },
    ),
    max_size=6,
)


@given(_DOCUMENTS, st.integers(1, 200), st.sampled_from([None, 1]), st.booleans(), st.booleans())
def test_any_array_is_read_in_any_chunks(
    written: list[dict[str, Any]], chunk_bytes: int, indent: int | None, answer: bool, ascii_only: bool
):
    content: object = {"responseHeader": {"docs": 1}, "response": {"docs": written}} if answer else written
    data = json.dumps(content, indent=indent, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    found, refused = read(data, chunk_bytes)
    assert refused == []
    assert found == written


@given(
    st.lists(st.tuples(_DOCUMENTS, st.sampled_from([None, 1]), st.integers(0, 20_000)), max_size=6),
    st.sampled_from(["", "\n", " \r\n\t"]),
    st.integers(1, 40_000),
    st.integers(1, 40_000),
)
def test_any_answers_behind_one_another_are_read_in_any_chunks(
    written: list[tuple[list[dict[str, Any]], int | None, int]], between: str, chunk_bytes: int, block_bytes: int
):
    texts = [
        json.dumps(
            {"responseHeader": {"q": ']}"{[' * (padding // 5)}, "response": {"numFound": number, "docs": documents}},
            indent=indent,
        )
        for number, (documents, indent, padding) in enumerate(written)
    ]
    data = between.join(texts).encode()
    blocks = (data[start : start + block_bytes] for start in range(0, len(data), block_bytes))
    parts = list(solr_json.FORMAT.split("f", "m", ByteStream(blocks), chunk_bytes))
    said = [(part.records, part.announced) for part in parts if isinstance(part, Answer)]
    assert said == [(len(documents), number) for number, (documents, _, _) in enumerate(written)]
    pieces = [part for part in parts if isinstance(part, Piece)]
    lines = [line for piece in pieces for line in piece.data.splitlines() if line.strip()]
    assert list(map(json.loads, lines)) == [document for documents, _, _ in written for document in documents]
    ends = [piece.offset + len(piece.data) for piece in pieces]
    assert all(end <= piece.offset for end, piece in zip(ends, pieces[1:], strict=False))


@pytest.mark.skipif(not FIXTURES.exists(), reason="the shared fixtures are not on this machine")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("search.json", 40), ("search-title.json", 5), ("search-author.json", 2), ("single-record", 1),
        ("multi-record", 3), ("morelikethis", 6), ("testbug1.json", 1), ("testbug2.json", 1),
        ("preview_result.json", 1),
    ],
)  # fmt: skip
def test_reads_what_vufind_got_from_solr(name: str, count: int):
    batches = [parse_chunk(chunk) for chunk in read_chunks(FIXTURES / name) if not isinstance(chunk, Unreadable)]
    assert sum(batch.documents.num_rows for batch in batches) == count
    assert sum(batch.quarantined.num_rows for batch in batches) == 0
