"""Frames go into Postgres and come back as they were, whatever stands in them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import psycopg2
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812

from pipelines.warehouse import answers, copy
from pipelines.warehouse.answers import ROWS_A_VALUE, read_frame, read_numbers
from pipelines.warehouse.connection import libpq_url
from pipelines.warehouse.connection import warehouse_url as parse_url
from pipelines.warehouse.copy import Copy, copies_made_ahead, copy_frames
from tests.postgres import wait_until

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


def test_slices_and_chunks_have_only_their_own_values(connection: Connection):
    given_rows = [
        {"number": 1, "text": "a", "texts": ["a"], "raw": b"a", "flag": True, "score": 1.0},
        {"number": 2, "text": None, "texts": ["b", None, "c"], "raw": None, "flag": None, "score": None},
        {"number": None, "text": "", "texts": None, "raw": b"", "flag": False, "score": 0.0},
        {"number": 4, "text": "d", "texts": [], "raw": b"d", "flag": True, "score": 4.0},
    ]
    whole = pa.Table.from_pylist(given_rows, FRAME)
    assert same(copied(connection, whole.slice(1, 2)), given_rows[1:3])
    assert copied(connection, whole.slice(2, 0)) == []
    chunked = pa.concat_tables([whole.slice(3, 1), whole.slice(0, 2)])
    assert same(copied(connection, chunked), [given_rows[3], *given_rows[:2]])


def test_a_null_list_brings_nothing_of_what_its_offsets_span(connection: Connection):
    lists = pa.ListArray.from_arrays(pa.array([0, 2, 3]), pa.array(["a", "b", "c"]), mask=pa.array([True, False]))
    frame = pa.table({"texts": lists})
    copy_frames(connection, sql.Identifier("held"), [frame], ["texts"])
    assert [row["texts"] for row in held(connection)] == [None, ["c"]]


MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "arrow", "values"),
    [
        ("smallint", pa.int16(), [-(2**15), None, 2**15 - 1]),
        ("integer", pa.int32(), [-(2**31), None, 2**31 - 1]),
        ("bigint", pa.int32(), [-1, None, 7]),
        ("double precision", pa.float64(), [-0.5, None, 1e300]),
        ("date", pa.date32(), [date(1, 1, 1), None, date(1999, 12, 31), date(2000, 1, 1), date(9999, 12, 31)]),
        ("timestamptz", pa.timestamp("us", "UTC"), [MOMENT, None, datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC)]),
        ("jsonb", pa.string(), ['{"a": ["b", null]}', None, '"\\u00e9"']),
        ("text", pa.dictionary(pa.int32(), pa.string()), ["a", None, "b", "a"]),
        ("text", pa.large_string(), ["a", None, ""]),
    ],
)
def test_every_type_of_the_tables_is_written(connection: Connection, kind: str, arrow: pa.DataType, values: list[Any]):
    connection.rollback()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE typed (line serial, value {kind}) ON COMMIT DROP")
        cursor.execute("SET LOCAL timezone = 'UTC'")
        frame = pa.table({"value": pa.array(values, arrow)})
        assert copy_frames(connection, sql.Identifier("typed"), [frame], ["value"]) == len(values)
        cursor.execute("SELECT value FROM typed ORDER BY line")
        read = [row[0] for row in cursor.fetchall()]
    assert read == ([None if value is None else json.loads(value) for value in values] if kind == "jsonb" else values)


def test_what_does_not_fit_is_refused(connection: Connection):
    with pytest.raises((pa.ArrowInvalid, psycopg2.Error), match="not in range"):
        connection.rollback()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE narrow (value smallint) ON COMMIT DROP")
        copy_frames(connection, sql.Identifier("narrow"), [pa.table({"value": [2**15]})], ["value"])


def test_a_type_that_is_not_written_is_named(connection: Connection):
    connection.rollback()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE shapes (value point) ON COMMIT DROP")
    with pytest.raises(TypeError, match="point"):
        copy_frames(connection, sql.Identifier("shapes"), [], ["value"])


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

    with pytest.raises(LookupError, match="the second frame is lost"):
        copy_frames(connection, sql.Identifier("held"), frames(), FRAME.names)
    connection.rollback()
    assert held(connection) == []


def test_an_interrupt_while_rows_are_sent_is_an_interrupt(connection: Connection, monkeypatch: pytest.MonkeyPatch):
    def raising() -> Iterator[pa.Buffer]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(copy, "_ahead", lambda _: nullcontext(raising()))
    with pytest.raises(KeyboardInterrupt):
        copy_frames(connection, sql.Identifier("held"), [pa.Table.from_pylist([{"number": 1}], FRAME)], FRAME.names)


def test_a_refusal_of_the_server_is_raised_and_no_thread_stays(connection: Connection):
    frame = pa.table({"text": ["Postgres holds no NUL: \0"] * 1000})
    with pytest.raises(psycopg2.errors.CharacterNotInRepertoire):
        copy_frames(connection, sql.Identifier("held"), [frame] * 20, ["text"])
    assert no_thread_is_left()


def a_copy(*numbers: int) -> Copy:
    frame = pa.Table.from_pylist([{"number": number} for number in numbers], FRAME)
    return Copy(sql.Identifier("held"), lambda: [frame], FRAME.names)


def no_thread_is_left() -> bool:
    return not [thread for thread in threading.enumerate() if thread.name == "rows"]


def test_copies_that_are_made_ahead_go_in_one_by_one_in_their_order(connection: Connection):
    with copies_made_ahead(connection, [a_copy(1, 2), a_copy(), a_copy(3)]) as copy_next:
        assert [copy_next(), [row["number"] for row in held(connection)]] == [2, [1, 2]]
        assert [copy_next(), copy_next()] == [0, 1]
    assert [row["number"] for row in held(connection)] == [1, 2, 3]
    assert no_thread_is_left()


def test_rows_are_made_before_they_are_asked_for(connection: Connection):
    asked = threading.Event()

    def frames() -> Iterator[pa.Table]:
        asked.set()
        yield from a_copy(2).frames()

    with copies_made_ahead(connection, [a_copy(1), replace(a_copy(), frames=frames)]):
        wait_until(asked.is_set, "the second COPY is made though the first was not taken")


def test_what_goes_wrong_with_frames_is_raised_by_their_copy_and_not_by_one_before(connection: Connection):
    def frames() -> Iterator[pa.Table]:
        raise LookupError("the second is lost")
        yield

    with copies_made_ahead(connection, [a_copy(1), replace(a_copy(), frames=frames)]) as copy_next:
        assert copy_next() == 1
        with pytest.raises(LookupError, match="the second is lost"):
            copy_next()
    assert no_thread_is_left()


def test_copies_that_nobody_takes_leave_no_thread(connection: Connection):
    with pytest.raises(ZeroDivisionError), copies_made_ahead(connection, [a_copy(1)] * 20):
        raise ZeroDivisionError
    assert no_thread_is_left()


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


def test_an_answer_of_many_blocks_is_one_frame(connection: Connection, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(answers, "BYTES_A_BLOCK", 64)
    query = sql.SQL("SELECT n, (ARRAY['new', 'changed'])[1 + n % 2], 'a' || chr(31) || n FROM generate_series(1, 99) n")
    schema = pa.schema(
        [
            pa.field("number", pa.int64()),
            pa.field("status", pa.dictionary(pa.int32(), pa.string())),
            pa.field("texts", pa.list_(pa.string())),
        ]
    )
    read = read_frame(connection, query, schema)
    assert read.schema == schema
    assert read.column("status").num_chunks > 10
    assert read.to_pylist() == [
        {"number": n, "status": ("new", "changed")[n % 2], "texts": ["a", str(n)]} for n in range(1, 100)
    ]


def test_no_rows_are_an_empty_frame_and_parameters_are_values(connection: Connection):
    query = sql.SQL("SELECT 1, %(text)s::text, true WHERE %(text)s = '''; DROP TABLE held; --'")
    schema = READ
    assert read_frame(connection, query, schema, {"text": "other"}) == schema.empty_table()
    assert read_frame(connection, query, schema, {"text": "'; DROP TABLE held; --"}).num_rows == 1


@pytest.mark.parametrize("rows", [0, 1, ROWS_A_VALUE, 2 * ROWS_A_VALUE + 1])
def test_numbers_are_read_in_values_of_many_rows(connection: Connection, rows: int):
    least = -(2**63)
    query = sql.SQL(
        "-- A comment, as statements of files have it.\nSELECT {least} + number AS one, number AS other"
        " FROM generate_series(1::bigint, {rows}) AS number;\n"
    ).format(least=sql.Literal(least), rows=sql.Literal(rows))
    one, other = read_numbers(connection, query, ("one", "other"))
    assert sorted(other.tolist()) == list(range(1, rows + 1))
    assert (one - least).tolist() == other.tolist()
