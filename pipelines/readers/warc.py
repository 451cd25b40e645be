"""WARC, in which crawlers keep what they fetched: the HTML pages of records among whatever else a crawl holds.

Standard: ISO 28500, "The WARC Format 1.1". Records are found here, by their headers and lengths, so that one that is
broken takes no other with it; HTTP is taken apart by fastwarc. A page is read as one saved by a browser is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pipelines.readers import page_html
from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import BYTE_ORDER_MARK, is_utf8
from pipelines.readers.chunks import RAW_KEPT, Batch, Piece, Unreadable, unreadable
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.compressions import BETWEEN_RECORDS
from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.page_depth import DEEPEST_PAGE, is_too_deep
from pipelines.readers.staff_source import PLAIN_ID_ROW
from pipelines.readers.stream_walk import StreamWalk
from pipelines.readers.streams import ByteStream
from pipelines.readers.warc_header import WarcHeader, read_header
from pipelines.readers.warc_http import GZIP, HttpAnswer, read_answer, unpacked

if IS_COMPILED:
    from pipelines.readers._warc_records import plain_records

_VERSION: Final = re.compile(rb"WARC/[0-9]+\.[0-9]+[ \t]*\r?\n")
_NEXT_VERSION: Final = re.compile(rb"(?<=\n)WARC/[0-9]+\.[0-9]+[ \t]*\r?\n")
#: What compiled code tells of a plain header.
_SAID: Final = (b"warc-type", b"warc-date", b"warc-target-uri", b"content-type")
_BLANK: Final = b" \t\r\n"
#: What stands before a record as a rule, and how it begins.
_NEXT_RECORD: Final = BETWEEN_RECORDS + b"WARC/"
_BLANKS: Final = re.compile(rb"[ \t\r\n]+")

#: Longer headers are no headers.
_LONGEST_HEADER: Final = 1 << 20
_USUAL_HEADER: Final = 1 << 14
#: A version line that is cut in two at the end of what is held is no longer than this.
_LONGEST_VERSION: Final = 64
#: A block that is no longer is held whole: it is looked into, and a wrong length in its header is mended.
_LONGEST_BLOCK: Final = 16 << 20
_STEP: Final = 1 << 20

#: What a page that may show a record has in it, in lower case: its address, or what scripts read the record from.
_SIGNS: Final = (b"canonical", b"og:url", b"hiddenid", b"record_id")
_ID_ROW: Final = re.compile(rb"<th(?:\s[^>]{0,200})?>\s*id\s*</th>")
_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
#: Of content, before the slash (RFC 6838; the registry of IANA).
_TYPES: Final = frozenset(
    {"application", "audio", "example", "font", "haptics", "image", "message", "model", "multipart", "text", "video"}
)
#: The types of records (ISO 28500, 6).
_KINDS: Final = frozenset(
    {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}
)
_OK: Final = 200
_HTTP: Final = b"HTTP/"


@dataclass(frozen=True, slots=True)
class Warc:
    """The format: see the module."""

    name: str = "warc"

    def recognises(self, head: bytes) -> bool:
        """The version line of a record comes first."""
        return _VERSION.match(head.removeprefix(BYTE_ORDER_MARK).lstrip(_BLANK)) is not None

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """A piece is one page, its encodings undone, under the date and the address of its capture as member.

        Records that hold no page of a VuFind record are counted in one answer; broken ones are a row each.
        """
        yield from _WarcWalk(file, member, stream, chunk_bytes).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """The pieces are a page in HTML each."""
        return page_html.parse_each(pieces)


FORMAT: Final = Warc()


@dataclass(slots=True)
class _WarcWalk(StreamWalk):
    """Walks the stream once; ``at`` is how far ``text`` has been read."""

    at: int = 0
    passed: Counter[str] = field(default_factory=Counter)

    def run(self) -> Iterator[Piece | Unreadable | Answer]:
        """The pages of records, what is broken where it stands, and last how many records were passed over."""
        last: Piece | Unreadable | None = None
        self._hold(_LONGEST_VERSION)
        if self.text.startswith(BYTE_ORDER_MARK):
            self.at = len(BYTE_ORDER_MARK)
        while self._skip_blanks():
            begun = self.at
            for last in self._plain():
                yield last
            if self.at == begun and (found := self._record()):
                last = found
                yield last
        told = isinstance(last, Unreadable) and last.reason.startswith(self._damage())
        if self._damage() and not told:
            yield unreadable(self.file, self.member, self.offset + self.at, 0, self._damage(), b"")
        if self.passed:
            yield Answer(0, passed_over=tuple(sorted(self.passed.items())))

    def _damage(self) -> str:
        return self.stream.damage if self.ended else ""

    def _hold(self, size: int) -> int:
        """Hold ``size`` bytes after ``at``, unless the stream ends before; how many there are."""
        if len(self.text) - self.at < size and not self.ended:
            self.advance(self.at)
            self.at = 0
            self.more(max(size, _STEP))
        return len(self.text) - self.at

    def _skip_blanks(self) -> bool:
        """Go to what is not blank; whether there is any."""
        if self.text.startswith(_NEXT_RECORD, self.at) and len(self.text) - self.at > 2 * _LONGEST_VERSION:
            self.at += len(BETWEEN_RECORDS)
            return True
        while self._hold(_LONGEST_VERSION):
            if blanks := _BLANKS.match(self.text, self.at):
                self.at = blanks.end()
            if self.at < len(self.text):
                return self._hold(_LONGEST_VERSION) > 0
        return False

    def _plain(self) -> Iterator[Piece | Unreadable]:
        """What is to be handed on of the plain records that begin at ``at``, as far as they are held; up to a gap they
        may be cut off.
        """
        if not IS_COMPILED or self.stream.gaps:
            return
        for start, block, end, *said in plain_records(self.text, self.at, _LONGEST_BLOCK):
            fields = {name: text or b"" for name, text in zip(_SAID, said, strict=True)}
            header = WarcHeader(block - start, end - block, fields)
            if found := self._handed_on(header, start, end):
                yield found

    def _record(self) -> Piece | Unreadable | None:
        """What is to be handed on of what stands at ``at``: a record, or what is none up to the next one."""
        if not _VERSION.match(self.text, self.at):
            return self._broken("not a WARC record")
        header: WarcHeader | str = ""
        for size in (_USUAL_HEADER, _LONGEST_HEADER):
            self._hold(size)
            header = read_header(self.text, self.at, size)
            if isinstance(header, WarcHeader):
                break
        if isinstance(header, str):
            return self._broken(header)
        return self._pass_long(header) if header.length > _LONGEST_BLOCK else self._held(header)

    def _held(self, header: WarcHeader) -> Piece | Unreadable | None:
        size = header.size + header.length
        # Two newlines stand behind the block, and then another record.
        is_whole = self._hold(size + 4 + _LONGEST_VERSION) >= size
        # What stands behind a gap is of other records, however it looks.
        if not is_whole or self._gap_within(self.offset + self.at, size) is not None:
            return self._broken("a WARC record that is cut off")
        start, end = self.at, self.at + size
        if not self.text.startswith(BETWEEN_RECORDS, end):
            following = self.text[end : end + 4 + _LONGEST_VERSION].lstrip(_BLANK)
            if following and not _VERSION.match(following):
                return self._broken("a WARC record that is not as long as it says")
        return self._handed_on(header, start, end)

    def _handed_on(self, header: WarcHeader, start: int, end: int) -> Piece | Unreadable | None:
        """What is to be handed on of the whole record that stands there; go on behind it."""
        self.at = end
        try:
            page = _page_of(header, self.text, start + header.size, end)
        except NotADocumentError as error:
            return unreadable(self.file, self.member, self.offset + start, 0, str(error), self.text[start:end])
        if isinstance(page, str):
            self.passed[page] += 1
            return None
        capture = f"{header.text(b'warc-date')} {header.target}".strip()
        return Piece(self.file, f"{self.member}/{capture}" if self.member else capture, 0, 1, page)

    def _pass_long(self, header: WarcHeader) -> Unreadable | None:
        """Go over a block that is too long to be a page, without holding it; no farther than a gap in it."""
        start, size = self.offset + self.at, header.size + header.length
        kept, left, gap = self.text[self.at : self.at + RAW_KEPT], size, None
        while left and (have := min(self._hold(min(left, _STEP)), left)):
            place = self.offset + self.at
            gap = self._gap_within(start, place + have - start)
            have = have if gap is None else gap - place
            if not have:
                break
            self.at += have
            left -= have
        if left:
            reason = (gap is None and self._damage()) or "a WARC record that is cut off"
            return unreadable(self.file, self.member, start, 0, reason, kept, size - left)
        self.passed[f"record of more than {_LONGEST_BLOCK >> 20} MiB"] += 1
        return None

    def _gap_within(self, start: int, size: int) -> int | None:
        """The first place within so many bytes from ``start`` before which some are missing."""
        gaps = self.stream.gaps
        number = bisect_right(gaps, start)
        return gaps[number] if number < len(gaps) and gaps[number] < start + size else None

    def _broken(self, reason: str) -> Unreadable:
        """What stands at ``at`` up to the next version line, as one row."""
        start, kept, length = self.offset + self.at, bytearray(), 0
        while True:
            found = _NEXT_VERSION.search(self.text, self.at + 1)
            # A version line may be cut in two at the end of what is held.
            known = len(self.text) if self.ended else max(self.at, len(self.text) - _LONGEST_VERSION)
            end = found.start() if found else known
            kept += self.text[self.at : min(end, self.at + RAW_KEPT - len(kept))]
            length += end - self.at
            self.at = end
            if found or self.ended:
                break
            self._hold(_LONGEST_VERSION + _STEP)
        if not found and self._damage():
            reason = self._damage()
        return unreadable(self.file, self.member, start, 0, reason, bytes(kept), length)


def _page_of(header: WarcHeader, text: bytes, start: int, end: int) -> bytes | str:
    """The HTML page of a VuFind record that the block of a WARC record holds, or, for counting, what it holds instead.

    The block stands in a text from ``start`` to ``end``.

    Raises :class:`NotADocumentError` where there may be one that cannot be had.
    """
    kind, content_type = (header.text(name).lower() for name in (b"warc-type", b"content-type"))
    is_http = text.startswith(_HTTP, start)
    if kind not in _KINDS and (is_http or content_type.startswith(_HTML_TYPES)):
        kind = "response" if is_http else "resource"
    if kind not in {"resource", "response"}:
        return kind or "record without type"
    if kind == "resource":
        return _shown(text[start:end]) if content_type.startswith(_HTML_TYPES) else kind
    says_http = content_type.startswith("application/http") or (not content_type and header.target.startswith("http"))
    if not is_http and not says_http:
        return "response without HTTP"
    answer = read_answer(text, start, end)
    if answer.status != _OK:
        return f"response with status {answer.status}"
    # A type that there is none of tells nothing.
    if answer.content_type.partition("/")[0] in _TYPES and answer.content_type not in _HTML_TYPES:
        return "response that is no HTML"
    return _shown(_in_charset(_body_of(answer), answer.charset))


def _body_of(answer: HttpAnswer) -> bytes:
    """The page of an answer, with its encodings undone. Raises :class:`NotADocumentError` where it cannot be had."""
    body = answer.body()
    # Some servers do not say that they have packed a page, or call it otherwise.
    if body.startswith(GZIP):
        return unpacked(body)
    # Some crawlers undo the encodings, and leave the header that tells of them.
    if answer.is_encoded and not page_html.FORMAT.recognises(body):
        return answer.decoded_body()
    return body


def _in_charset(body: bytes, charset: str) -> bytes:
    """The page in UTF-8 where HTTP names its encoding; else, or where it is wrong, as it is."""
    codec = page_html.CHARSETS.get(charset)
    if codec is None or is_utf8(body):
        return body
    try:
        return body.decode(codec).encode()
    except UnicodeDecodeError:
        return body


def _shown(body: bytes) -> bytes | str:
    is_plain = PLAIN_ID_ROW in body
    if not is_plain:
        lower = body.lower()
        if not any(sign in lower for sign in _SIGNS) and not _ID_ROW.search(lower):
            return "HTML page that shows no record"
    if is_too_deep(body):
        raise NotADocumentError(f"elements are nested more than {DEEPEST_PAGE:,} deep")
    shows_record = page_html.FORMAT.recognises(body) if is_plain else page_html.FORMAT.shows_record(body)
    return body if shows_record else "HTML page that shows no record"
