"""What Europe PMC's REST API answers in JSON, and the files that getpapers makes of it.

Reference: https://europepmc.org/RestfulWebService ("search", result types ``lite`` and ``core``). getpapers puts each
value into a list of its own. Answers may follow one another; results alone may come in an array or a line each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson
import pyarrow as pa

from pipelines.readers import json_lines
from pipelines.readers.answers import Answer
from pipelines.readers.byte_spans import BYTE_ORDER_MARK, Positions, count_byte
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.europe_pmc_columns import table_of_results
from pipelines.readers.europe_pmc_paths import RESULT
from pipelines.readers.json_answers import Answers
from pipelines.readers.json_batches import parse_batches
from pipelines.readers.json_documents import DocumentSplitter
from pipelines.readers.json_exact import NotADocumentError, decoded, to_row
from pipelines.readers.json_heads import (
    ARRAY,
    FirstObjects,
    begins_over_lines,
    first_lines,
    objects_behind_others,
    objects_in_lines,
    prefix_length,
)
from pipelines.readers.json_paths import objects
from pipelines.readers.json_tables import read_objects
from pipelines.readers.streams import ByteStream

_ANSWER: Final = re.compile(rb'\s*\{\s*"version"\s*:\s*"[^"]*"\s*,\s*"hitCount"\s*:\s*[0-9]')
_SURELY: Final = re.compile(_ANSWER.pattern.removeprefix(rb"\s*"))
_ANSWER_IN_A_LINE: Final = re.compile(rb"\n" + _SURELY.pattern)
_SOURCES: Final = ("MED", "PMC", "PPR", "AGR", "CBA", "CTX", "ETH", "HIR", "NBK", "PAT")
_NAMES: Final = ("id", "source")
_RESULT: Final = re.compile(
    rb'\s*+(?:\[\s*+)?\{\s*+"id"\s*+:\s*+(?:\[\s*+)?"[^"]{1,99}"\s*+(?:\]\s*+)?,'
    rb'\s*+"source"\s*+:\s*+(?:\[\s*+)?"(?:' + "|".join(_SOURCES).encode() + rb')"'
)
#: What is odd before the first objects of an array.
_SCALARS: Final = re.compile(rb'\s*\[(?:\s*(?:null|true|false|-?[0-9.]{1,99}|"[^"\\]{0,999}")\s*,)*')
#: So much of a file, and so many lines of it, tell whether a result stands in each line.
_HEAD: Final = 256 << 10
_LINES: Final = 20
#: Of a first result that is broken so many objects within it may stand before the next result.
_PLACES: Final = 1000
_FEWEST: Final = 2
#: What answers have and results have not.
_IN_ANSWERS: Final = b'"hitCount"'
#: How many results a search has.
_SAID: Final = re.compile(rb'(?<!\\)"hitCount"\s*:\s*(?P<announced>[0-9]+)')
_ANSWERS: Final = Answers(
    _ANSWER,
    _SURELY,
    _SURELY,
    b"result",
    rb'"resultList"\s*:\s*\{\s*',
    "an answer of Europe PMC without results",
    _SAID,
)


@dataclass(frozen=True, slots=True)
class EuropePmc:
    """The format: see the module."""

    name: str = "europe pmc"

    def recognises(self, head: bytes) -> bool:
        """An answer with a count of hits, or results that begin with an id and one of Europe PMC's sources.

        Answers may stand in an array. Where the first is broken, or something else stands before it, several others
        tell as much.
        """
        start = prefix_length(head)
        array = ARRAY.match(head, start)
        if _ANSWER.match(head, array.end() if array else start) or _RESULT.match(head, start):
            return True
        if _ANSWERS.are_in(head):
            return True
        if array:
            begun = _SCALARS.match(head, start).end()  # type: ignore[union-attr]
            found = list(islice(FirstObjects(head, begun), _LINES))
            if found:
                is_odd = head[array.end() : begun].strip() != b"" or _is_odd(found[:1])
                return is_odd and _tell([_is_of_europe_pmc(one) for one in found])
            # Objects within results have no id, but for some that name results.
            behind = (one for one in objects_behind_others(head, start, _PLACES) if "id" in one)
            if told := [_is_of_europe_pmc(one) for one in islice(behind, _LINES)]:
                return all(told)
        if _ANSWER_IN_A_LINE.search(head) and not head[start:].lstrip().startswith((b"{", b"<")):
            return True
        lines = _first_lines(head[start:])
        return _is_odd(objects_in_lines(lines[:1])) and _tell(list(map(_is_result, lines)))

    def split(
        self, file: str, member: str, stream: ByteStream, chunk_bytes: int
    ) -> Iterator[Piece | Unreadable | Answer]:
        """Pieces hold results, one a line, with blanks for all that stood between them.

        Where half of the first lines are results, so are all others taken to be: a broken one is a line in quarantine.
        A line that is an answer holds the results of that.
        """
        if _stand_a_line_each(stream.peek(_HEAD)[:_HEAD]):
            for part in json_lines.FORMAT.split(file, member, stream, chunk_bytes):
                yield from _without_answers(part, chunk_bytes) if isinstance(part, Piece) else (part,)
            return
        yield from DocumentSplitter(file, member, stream, chunk_bytes, answers=_ANSWERS).run()

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A document a result; what is none is quarantined."""
        return parse_batches(
            pieces, lambda results, _: table_of_results(objects(results)), _refuse, _map_lines if IS_COMPILED else None
        )


FORMAT: Final = EuropePmc()


def _first_lines(head: bytes) -> list[bytes]:
    """The first lines of a file that are there whole, without those that are blank."""
    return first_lines(head[:_HEAD].removeprefix(BYTE_ORDER_MARK), _LINES, is_whole=len(head) < _HEAD)


def _tell(are_ours: list[bool]) -> bool:
    """Whether so many of the first objects or lines are of Europe PMC that all are."""
    return sum(are_ours) >= _FEWEST and 2 * sum(are_ours) >= len(are_ours)


def _is_odd(first: list[dict[str, Any]]) -> bool:
    """Whether the first object, if there is one, is none of another catalogue: it has no id, or names no source."""
    return not any(isinstance(one.get("id"), str) and isinstance(one.get("source"), str) for one in first)


def _is_of_europe_pmc(one: dict[str, Any]) -> bool:
    """Whether an object has an id and one of the sources, each in a list of its own or not."""
    number, source = (value[0] if isinstance(value := one.get(name), list) and value else value for name in _NAMES)
    return isinstance(number, str) and number != "" and source in _SOURCES


def _stand_a_line_each(head: bytes) -> bool:
    """Whether half of the first lines of a file are whole results; of one alone it cannot be told what follows."""
    start = prefix_length(head)
    if start > len(BYTE_ORDER_MARK) or begins_over_lines(head, start):
        return False
    return _tell(list(map(_is_result, _first_lines(head))))


def _without_answers(piece: Piece, chunk_bytes: int) -> Iterator[Piece | Unreadable | Answer]:
    """The lines of a piece, and in the place of those that are answers the results of these."""
    data, begun = piece.data, 0
    found = data.find(_IN_ANSWERS)
    while found >= 0:
        start, end = data.rfind(b"\n", 0, found) + 1, data.find(b"\n", found) + 1 or len(data)
        if _ANSWER.match(data, start, end):
            if begun < start:
                yield _lines_of(piece, begun, start)
            answer = ByteStream(iter([data[start:end]]))
            offset = piece.offset + start
            yield from DocumentSplitter(
                piece.file, piece.member, answer, chunk_bytes, offset=offset, answers=_ANSWERS
            ).run()
            begun = end
        found = data.find(_IN_ANSWERS, end)
    if begun < len(data):
        yield _lines_of(piece, begun, len(data))


def _lines_of(piece: Piece, start: int, end: int) -> Piece:
    if (start, end) == (0, len(piece.data)):
        return piece
    line = piece.line + count_byte(piece.data[:start], b"\n")
    return Piece(piece.file, piece.member, piece.offset + start, line, piece.data[start:end])


def _is_result(line: bytes) -> bool:
    if not _RESULT.match(line):
        return False
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _map_lines(text: bytes, starts: Positions, ends: Positions) -> tuple[pa.Table, Positions]:
    """The results that are as the API's reference says, or as getpapers writes them."""
    results, rows = read_objects(text, starts, ends, RESULT)
    table, found = table_of_results(results)
    return table, rows[found]


def _refuse(line: bytes) -> dict[str, Any]:
    """Say what is wrong with a line that is no result, or one without an id."""
    decoded(line)
    try:
        result = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise NotADocumentError(f"not JSON: {error}") from error
    if not isinstance(result, dict):
        raise NotADocumentError("not a result: no object")
    if "errMsg" in result:
        raise NotADocumentError(f"an error of Europe PMC: {result['errMsg']}")
    found = objects([result])
    source, number = found.text("source")[0].as_py(), found.text("id")[0].as_py()
    return to_row({"id": f"{source}/{number}" if source and number else number or None})
