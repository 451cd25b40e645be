"""What VuFind's harvester writes beside the records: which of them are deleted, and how far it has come.

https://github.com/vufind-org/vufindharvest: a file ``<time>_<id>.delete`` has the id of a deleted record a line,
``last_harvest.txt`` the date of the newest record, and ``last_state.txt`` is there where the harvest was broken off.
Ids look like anything, so that these files are known by their names; all others are known by what is in them. The
files of records are called ``<time>_<id>.xml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from pipelines.readers import json_lines
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Batch, Piece, Unreadable
from pipelines.readers.deletions import deletion_row
from pipelines.readers.json_exact import decoded
from pipelines.readers.lines import parse_each
from pipelines.readers.streams import ByteStream

_DELETIONS: Final = re.compile(r"(?!\.)[^/]*\.delete", re.IGNORECASE)
#: The time is Unix time, which has ten digits until 2286; dates as numbers have eight, twelve or fourteen.
_HARVESTED: Final = re.compile(r"[0-9]{10}_[^/]*\.xml", re.IGNORECASE)
_TIMED: Final = re.compile(r"[0-9]{10}_[^/]*\.(?:xml|delete)", re.IGNORECASE)
_DATE: Final = re.compile(rb"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[T0-9:.Z+ -]*\s*")
#: Set, token, and the dates between which it harvests.
_STATE: Final = re.compile(rb"[^\t\n]*\t(?P<token>[^\t\n]*)\t[^\n]*\s*")


@dataclass(frozen=True, slots=True)
class HarvestDeletions:
    """The files of deleted records' ids; :func:`holds_deletions` tells them by their names."""

    name: str = "harvest deletions"

    def recognises(self, head: bytes) -> bool:
        """Never by its bytes."""
        return False

    def split(self, file: str, member: str, stream: ByteStream, chunk_bytes: int) -> Iterator[Piece | Unreadable]:
        """Pieces end after a line."""
        yield from json_lines.FORMAT.split(file, member, stream, chunk_bytes)

    def parse(self, pieces: tuple[Piece, ...]) -> Batch:
        """A deletion a line."""
        return parse_each(pieces, _read)


FORMAT: Final = HarvestDeletions()


def _read(line: bytes) -> dict[str, Any]:
    return deletion_row(decoded(line))


def holds_deletions(name: str) -> bool:
    """Whether a file of this name holds ids of deleted records."""
    return _DELETIONS.fullmatch(PurePosixPath(name).name) is not None


def is_harvested(name: str) -> bool:
    """Whether a file is called as the harvester calls those of records; what it is, only its content tells."""
    return _HARVESTED.fullmatch(PurePosixPath(name).name) is not None


def has_time(name: str) -> bool:
    """Whether a file's name begins with the time of the harvest, by which its statements follow one another."""
    return _TIMED.fullmatch(PurePosixPath(name).name) is not None


def is_about_the_harvest(name: str, text: bytes) -> bool:
    """Whether a file tells of the harvest, and holds no record."""
    name = PurePosixPath(name).name
    return (name == "last_harvest.txt" and _DATE.fullmatch(text) is not None) or _broken_off(name, text) is not None


def what_is_missing(name: str, text: bytes) -> Answer | None:
    """What a file that tells of the harvest says of the list that is harvested: that it goes on; None for nothing."""
    state = _broken_off(PurePosixPath(name).name, text)
    return Answer(0, more=state["token"].decode(errors="replace") or "the next page") if state else None


def _broken_off(name: str, text: bytes) -> re.Match[bytes] | None:
    return _STATE.fullmatch(text) if name == "last_state.txt" else None
