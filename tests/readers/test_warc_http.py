"""Answers of HTTP out of a crawl: what is read of plain ones is what fastwarc reads of them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.warc_http import HttpAnswer, _read_by_fastwarc, _with_usual_newlines, read_answer

STATUSES = ["200 OK", "404 Not Found", "301 ", "200", "099 x", "20 OK", "2000 OK", "200  two", "abc OK", "200 é"]
LINES = [
    "Content-Type: text/html; charset=utf-8",
    "content-type:text/html",
    "CONTENT-TYPE:  Application/XHTML+xml ; Charset=\"ISO-8859-1\"",
    "Content-Type: text/html; charset=nonsense",
    "Content-Type: ",
    "X-Content-Type: text/plain",
    "Content-Type-Options: nosniff",
    "Content-Type : text/plain",
    "Content-Encoding: identity",
    "Transfer-Encoding: ",
    "Vary: Accept-Encoding",
    "Content-Length: 3",
    "Date: Wed, 01 May 2024 10:00:00 GMT",
    "Set-Cookie: a=b; Path=/",
    "no colon",
    ": no name",
    " goes on",
    "Odd\tName: x",
    "Title: é",
]  # fmt: skip


def read(block: bytes, way: object) -> tuple[object, ...]:
    """What is read of an answer among others, in one of the ways."""
    others = b"HTTP/1.1 500 x\r\n\r\n"
    try:
        answer: HttpAnswer = way(others + block + others, len(others), len(others) + len(block))  # type: ignore[operator]
        return answer.status, answer.content_type, answer.charset, answer.is_encoded, answer.body()
    except NotADocumentError as error:
        return (str(error),)


def by_fastwarc(text: bytes, start: int, end: int) -> HttpAnswer:
    """What it reads of an answer whose lines end as it wants them to."""
    return _read_by_fastwarc(*_with_usual_newlines(text, start, end))


@given(
    st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2", "http/1.1"]),
    st.sampled_from(STATUSES),
    st.lists(st.sampled_from(LINES), max_size=4),
    st.sampled_from(["\r\n", "\r\n", "\n"]),
    st.sampled_from(["<html>", "", "\r\n\r\nx", "a: b\r\n\r\nc", "\0é"]),
)
@example("HTTP/1.1", "200 OK", LINES[:1], "\r\n", "<html>")
@example("HTTP/1.1", "200 OK", [], "\r\n", "<html>")
@example("HTTP/1.1", "200 OK", LINES[4:6], "\r\n", "")
def test_a_plain_answer_is_read_as_fastwarc_reads_it(
    version: str, status: str, lines: list[str], newline: str, body: str
):
    block = newline.join([f"{version} {status}", *lines, "", body]).encode()
    assert read(block, read_answer) == read(block, by_fastwarc)


@given(st.lists(st.sampled_from(LINES), max_size=4), st.sampled_from(["<html>", "", "\r\n\r\nx", "a: b\n\nc"]))
def test_lines_of_an_answer_end_as_they_like(lines: list[str], body: str):
    bare, usual = (newline.join(["HTTP/1.1 200 OK", *lines, "", body]).encode() for newline in ("\n", "\r\n"))
    assert read(bare, read_answer) == read(usual, read_answer)


@given(st.integers(0, 60), st.integers(0, 3), st.binary(max_size=4))
def test_so_it_is_where_bytes_are_lost_or_others(at: int, lost: int, put: bytes):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html></html>"
    block = block[:at] + put + block[at + lost :]
    assert read(block, read_answer) == read(block, by_fastwarc)


def test_what_is_no_answer_is_refused():
    with pytest.raises(NotADocumentError, match="not HTTP"):
        read_answer(b"<html>", 0, 6)
