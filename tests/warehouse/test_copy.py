"""Frames go into Postgres and come back as they were, whatever stands in them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import psycopg2
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse import copy
from pipelines.warehouse.connection import libpq_url
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.copy import array_literals, copy_frames, csv_text, read_frame

FRAME = pa.schema(
    [
        pa.field("number", pa.int64()),
        pa.field("text", pa.string()),
        pa.field("texts", pa.list_(pa.string())),
        pa.field("raw", pa.binary()),
        pa.field("flag", pa.bool_()),
        pa.field("score", pa.float32()),
    ]
)
NASTY = [
    "", " ", "NULL", "null", '"', '""', "'", "\\", "\\\\", "\\.", "\\N", "a\n\\.\nb", "\n", "\r", "\r\n", "\t", ",",
    "a,b", "{", "}", "{}", '{"a"}', "{a,b}", "\\x00", "é", "日本語", "العربية", "👩‍🔬", "e\u0301", "\u2028",
    "\x1b[31m", "\x1f", "\ufeff", "';--", "%s", "%(name)s", "$1", "$$", "E'\\n'",
]  # fmt: skip
texts = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("\"'\\,{}\n\r\tNUL "),
    max_size=12,
)
rows = st.fixed_dictionaries(
    {
        "number": st.none() | st.integers(-(2**63), 2**63 - 1),
        "text": st.none() | texts,
        "texts": st.none() | st.lists(st.none() | texts, max_size=4),
        "raw": st.none() | st.binary(max_size=8) | st.sampled_from([b"", b"\\x", b"\0", b'"', b"\\."]),
        "flag": st.none() | st.booleans(),
        "score": st.none() | st.floats(width=32),
    }
)


@pytest.fixture
def connection(warehouse_url: str) -> Iterator[Connection]:
    connection = psycopg2.connect(libpq_url(parse_url(warehouse_url)))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE held (line serial, number bigint, text text, texts text[], raw bytea,"
            " flag boolean, score real)"
        )
    connection.commit()
    yield connection
    connection.close()


def held(connection: Connection) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, text, texts, raw, flag, score FROM held ORDER BY line")
        return [
            {
                name: bytes(value) if isinstance(value, memoryview) else value
                for name, value in zip(FRAME.names, row, strict=True)
            }
            for row in cursor.fetchall()
        ]


def copied(connection: Connection, *frames: pa.Table) -> list[dict[str, Any]]:
    connection.rollback()
    assert copy_frames(connection, sql.Identifier("held"), frames, FRAME.names) == sum(map(len, frames))
    return held(connection)


def same(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> bool:
    """Whether rows are equal; repr tells NaN from nothing and -0.0 from 0.0, and a real from the double beside it."""

    def shown(given_rows: list[dict[str, Any]]) -> str:
        return repr(
            [[np.float32(row[name]) if name == "score" else row[name] for name in FRAME.names] for row in given_rows]
        )

    return shown(one) == shown(other)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rows, max_size=6))
def test_every_value_goes_into_postgres_as_it_is(connection: Connection, given_rows: list[dict[str, Any]]):
    assert same(copied(connection, pa.Table.from_pylist(given_rows, FRAME)), given_rows)


def test_a_nasty_text_stays_itself_alone_and_in_a_list(connection: Connection):
    given_rows = [{"text": value, "texts": [value, None, value]} for value in NASTY]
    found = copied(connection, pa.Table.from_pylist(given_rows, FRAME))
    assert [{"text": row["text"], "texts": row["texts"]} for row in found] == given_rows


def test_null_and_nothing_are_told_apart(connection: Connection):
    given_rows = [
        {"text": None, "texts": None},
        {"text": "", "texts": []},
        {"text": "NULL", "texts": [None, "", "NULL"]},
    ]
    assert [(row["text"], row["texts"]) for row in copied(connection, pa.Table.from_pylist(given_rows, FRAME))] == [
        (None, None),
        ("", []),
        ("NULL", [None, "", "NULL"]),
    ]


@pytest.mark.parametrize(
    ("lists", "literals"),
    [
        ([["a", "b"]], ['{"a","b"}']),
        ([[]], ["{}"]),
        ([None], [None]),
        ([[None]], ["{NULL}"]),
        ([["NULL"]], ['{"NULL"}']),
        ([['a"b\\c']], ['{"a\\"b\\\\c"}']),
        ([["{x,y}"], None, []], ['{"{x,y}"}', None, "{}"]),
    ],
)
def test_lists_become_array_literals(lists: list[Any], literals: list[str | None]):
    assert array_literals(pa.array(lists, pa.list_(pa.string()))).to_pylist() == literals


def test_slices_and_chunks_of_lists_have_only_their_own_values():
    lists = pa.array([["a"], ["b", "c"], None, [], ["d"]], pa.list_(pa.string()))
    assert array_literals(lists.slice(1, 3)).to_pylist() == ['{"b","c"}', None, "{}"]
    assert array_literals(lists.slice(2, 0)).to_pylist() == []
    chunked = pa.chunked_array([lists.slice(4, 1), lists.slice(0, 1)])
    assert array_literals(chunked).to_pylist() == ['{"d"}', '{"a"}']
    assert array_literals(pa.chunked_array([], pa.list_(pa.string()))).to_pylist() == []


def test_the_text_is_csv_without_a_header():
    frame = pa.table({"a": [1, None], "b": ["x", ""], "c": pa.array([b"\x00\xff", None], pa.binary())})
    assert csv_text(frame) == b'"1","x","\\x00ff"\n,"",\n'


def test_frames_longer_than_a_buffer_arrive_whole_and_in_order(connection: Connection, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(copy, "BYTES_A_BUFFER", 200)
    frames = [pa.Table.from_pylist([{"number": i, "texts": [str(i)]} for i in part], FRAME) for part in
              (range(40), range(40, 40), range(40, 53))]  # fmt: skip
    assert [(row["number"], row["texts"]) for row in copied(connection, *frames)] == [(i, [str(i)]) for i in range(53)]


def test_no_frames_are_no_rows(connection: Connection):
    assert copied(connection) == []


def test_an_error_of_the_frames_is_raised_and_nothing_stays(connection: Connection):
    def frames() -> Iterator[pa.Table]:
        yield pa.Table.from_pylist([{"number": 1}], FRAME)
        raise LookupError("the second frame is lost")

    with pytest.raises((LookupError, psycopg2.Error), match="the second frame is lost"):
        copy_frames(connection, sql.Identifier("held"), frames(), FRAME.names)
    connection.rollback()
    assert held(connection) == []


def test_a_refusal_of_the_server_is_raised_and_no_thread_stays(connection: Connection):
    frame = pa.table({"number": ["not a number"] * 1000})
    with pytest.raises(psycopg2.errors.InvalidTextRepresentation):
        copy_frames(connection, sql.Identifier("held"), [frame] * 20, ["number"])
    assert [thread for thread in threading.enumerate() if thread.name == "csv"] == []


READ = pa.schema([pa.field("number", pa.int64()), pa.field("text", pa.string()), pa.field("flag", pa.bool_())])
read_rows = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.none() | st.integers(-(2**63), 2**63 - 1),
            "text": st.none() | texts,
            "flag": st.none() | st.booleans(),
        }
    ),
    max_size=6,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(read_rows)
def test_every_value_comes_out_of_postgres_as_it_is(connection: Connection, given_rows: list[dict[str, Any]]):
    frame = pa.Table.from_pylist(given_rows, READ)
    connection.rollback()
    copy_frames(connection, sql.Identifier("held"), [frame], READ.names)
    query = sql.SQL("SELECT number, text, flag FROM held ORDER BY line")
    assert read_frame(connection, query, READ).to_pylist() == given_rows


@pytest.mark.parametrize(
    ("array", "read"),
    [
        ("ARRAY['a', 'b']", ["a", "b"]),
        ("ARRAY['a,b', '\"', 'c\\d']", ["a,b", '"', "c\\d"]),
        ("ARRAY[]::text[]", []),
        ("NULL::text[]", None),
    ],
)
def test_lists_come_out_of_postgres(connection: Connection, array: str, read: list[str] | None):
    query = sql.SQL(f"SELECT 1, array_to_string({array}, E'\\x1f')")
    schema = pa.schema([pa.field("number", pa.int64()), pa.field("texts", pa.list_(pa.string()))])
    assert read_frame(connection, query, schema).column("texts").to_pylist() == [read]


def test_a_row_of_one_null_is_a_row(connection: Connection):
    query = sql.SQL("SELECT NULL::text UNION ALL SELECT 'a'")
    assert read_frame(connection, query, pa.schema({"text": pa.string()})).to_pylist() == [
        {"text": None},
        {"text": "a"},
    ]


def test_a_value_of_megabytes_with_line_ends_comes_out(connection: Connection):
    query = sql.SQL("SELECT n, repeat(E'line\\n', 600000) FROM generate_series(1, 2) AS n")
    read = read_frame(connection, query, pa.schema({"number": pa.int64(), "text": pa.string()}))
    assert read.to_pylist() == [{"number": n, "text": "line\n" * 600_000} for n in (1, 2)]


def test_no_rows_are_an_empty_frame_and_parameters_are_values(connection: Connection):
    query = sql.SQL("SELECT 1, %(text)s::text, true WHERE %(text)s = '''; DROP TABLE held; --'")
    schema = READ
    assert read_frame(connection, query, schema, {"text": "other"}) == schema.empty_table()
    assert read_frame(connection, query, schema, {"text": "'; DROP TABLE held; --"}).num_rows == 1
