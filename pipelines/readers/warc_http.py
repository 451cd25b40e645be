"""Answers of HTTP as a WARC record holds them: taken apart by fastwarc, plain ones by what stands in them.

A plain answer has lines of printable ASCII, each with its name, and no encoding to be undone. All that has to be known
of it are its status, the type of its content and where that begins.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecord

from pipelines.readers.json_exact import NotADocumentError

#: How what is packed by gzip begins (RFC 1952).
GZIP: Final = b"\x1f\x8b"
#: A page that is longer when its encodings are undone is no page of a record.
LONGEST_PAGE: Final = 64 << 20
_LEAST_READ: Final = 1 << 14

_PLAIN: Final = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2}) [ -~]*\r\n((?:[A-Za-z0-9-]+: [ -~]*\r\n)*)\r\n")
_HEADER: Final = re.compile(rb"HTTP/[0-9.]+ [^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n")
_BARE_NEWLINE: Final = re.compile(rb"(?<!\r)\n")
#: ``100 Continue`` and its like, before the answer itself.
_INTERIM: Final = re.compile(rb"(?:HTTP/[0-9.]+ 1[0-9]{2}[^\n]*\n(?:[^\r\n][^\n]*\n)*\r?\n)++(?=HTTP/)")
_CONTENT_TYPE: Final = re.compile(rb"(?:^|\n)content-type:([^\r\n]*)", re.IGNORECASE)
_FRAME: Final = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http;msgtype=response\r\n"


class HttpAnswer(NamedTuple):
    """What the header of an answer says: ``content_type`` and ``charset`` in lower case, "" where there is none.

    It stands in ``text`` from ``start`` to ``end``, and what it holds from ``begins`` on, where that is known.
    """

    text: bytes
    start: int
    end: int
    status: int
    content_type: str
    charset: str
    is_encoded: bool
    begins: int = -1

    def body(self) -> bytes:
        """What comes after the header, as it was sent. Raises :class:`NotADocumentError` where it cannot be had."""
        return self.text[self.begins : self.end] if self.begins >= 0 else self._read("none")

    def decoded_body(self) -> bytes:
        """The same with its encodings undone. Raises :class:`NotADocumentError` where it cannot be had."""
        return self._read("all")

    def _read(self, decode: Literal["none", "all"]) -> bytes:
        block = self.text[self.start : self.end]
        return _body(_http(block, decode), block)


def read_answer(text: bytes, start: int, end: int) -> HttpAnswer:
    """The header of an answer that stands in a text, behind any that say that it is to come (RFC 9110, 15.2).

    Raises :class:`NotADocumentError` where there is none.
    """
    if interim := _INTERIM.match(text, start, end):
        start = interim.end()
    plain = _PLAIN.match(text, start, end)
    if plain is None:
        return _read_by_fastwarc(*_with_usual_newlines(text, start, end))
    lines = plain[2]
    types = _CONTENT_TYPE.findall(lines)
    if len(types) > 1 or b"-encoding:" in lines.lower():
        return _read_by_fastwarc(text, start, end)
    content_type, charset = _type_and_charset(types[0]) if types else ("", "")
    return HttpAnswer(text, start, end, int(plain[1]), content_type, charset, False, plain.end())


@lru_cache(maxsize=256)
def _type_and_charset(said: bytes) -> tuple[str, str]:
    """What fastwarc reads of a type of content; a crawl has few."""
    answer = _http(b"HTTP/1.1 200 OK\r\nContent-Type:%s\r\n\r\n" % said, "none")
    return (answer.http_content_type or "").lower(), (answer.http_charset or "").lower()


def unpacked(body: bytes) -> bytes:
    """What was packed by gzip. Raises :class:`NotADocumentError` where it is damaged or too long."""
    packed = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body
    return _body(_http(packed, "all"), packed)


def _with_usual_newlines(text: bytes, start: int, end: int) -> tuple[bytes, int, int]:
    """An answer, with the two signs at the end of each line of its header that fastwarc looks for."""
    header = _HEADER.match(text, start, end)
    if header is None or not _BARE_NEWLINE.search(header[0]):
        return text, start, end
    answer = _BARE_NEWLINE.sub(b"\r\n", header[0]) + text[header.end() : end]
    return answer, 0, len(answer)


def _read_by_fastwarc(text: bytes, start: int, end: int) -> HttpAnswer:
    answer = _http(text[start:end], "none")
    fields = answer.http_headers
    if fields is None or fields.status_code is None:
        raise NotADocumentError("a response that is not HTTP")
    encoded = {(fields.get(name, "") or "").strip().lower() for name in ("Transfer-Encoding", "Content-Encoding")}
    return HttpAnswer(
        text,
        start,
        end,
        fields.status_code,
        (answer.http_content_type or "").lower(),
        (answer.http_charset or "").lower(),
        bool(encoded - {"", "identity"}),
    )


def _http(block: bytes, decode: Literal["none", "all"]) -> WarcRecord:
    """What fastwarc reads of an answer of HTTP."""
    stream = io.BytesIO(b"%sContent-Length: %d\r\n\r\n%s\r\n\r\n" % (_FRAME, len(block), block))
    try:
        return next(ArchiveIterator(stream, auto_decode=decode, stream_detect=False))
    except (OSError, StopIteration) as error:
        raise _not_http(error) from error


def _body(answer: WarcRecord, block: bytes) -> bytes:
    # As much memory as is asked for is set aside for each page.
    body, step = b"", max(len(block), _LEAST_READ)
    try:
        while len(body) <= LONGEST_PAGE and (more := answer.reader.read(min(step, LONGEST_PAGE + 1 - len(body)))):
            body = body + more if body else more
            step = max(step, len(body))
    except OSError as error:
        raise _not_http(error) from error
    if len(body) > LONGEST_PAGE:
        raise NotADocumentError(f"a page of more than {LONGEST_PAGE >> 20} MiB")
    return body


def _not_http(error: Exception) -> NotADocumentError:
    return NotADocumentError(f"a response that is not HTTP as it says: {error}")
