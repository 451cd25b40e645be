"""Where a dump lies: a path, an address (:mod:`pipelines.readers.addresses`), standard input or a pipe.

Places are looked at as paths are, and opened only when they are read.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote, unquote_to_bytes

from pipelines.readers.addresses import PATTERN, PlaceError, Remote

#: How standard input is written on the command line.
STANDARD_INPUT: Final = "-"

#: How addresses of files on this machine begin.
_LOCAL: Final = ("file://", "local://")
_ENCODED: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:://|::)")


@dataclass(frozen=True)
class StandardInput:
    """Standard input, or the named pipe at ``path``: it can be read once. ``name`` is what the file in it is called."""

    name: str = "standard-input"
    folder: str = ""
    path: Path | None = None

    def __str__(self) -> str:
        return str(self.path or STANDARD_INPUT)

    def is_dir(self) -> bool:
        """It is none."""
        return False

    def is_file(self) -> bool:
        """It is one."""
        return True

    def exists(self) -> bool:
        """It is there."""
        return True

    def iterdir(self) -> Iterator[StandardInput]:
        """Nothing lies in it."""
        return iter(())

    def size(self) -> int | None:
        """Nobody knows."""
        return None

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its bytes. Raises OSError."""
        if self.path is None:
            yield sys.stdin.buffer
        else:
            with self.path.open("rb", buffering=0) as pipe:
                yield pipe


Place = Path | Remote | StandardInput

#: What the command was given, by the text that may show: a run's configuration and the books hold only that.
_GIVEN: Final[dict[str, Place]] = {}


def place_of(text: str) -> Place:
    """The place that a text names, with what lets in to it where the command was given that in this process.

    Raises :class:`PlaceError` for standard input that nobody gave, and for a ``file://`` address of another host.
    """
    if text in _GIVEN:
        return _GIVEN[text]
    if text == STANDARD_INPUT:
        raise PlaceError("standard input can be read once, by the command that it was given to")
    if text.startswith(_LOCAL):
        return Path(_unquoted(_local_path(text)))
    return Remote(text) if _SCHEME.match(text) else Path(text)


def written(place: Place) -> str:
    """The text of a place for the books, by which :func:`place_of` finds it again, if need be in another process.

    A path is written as it is. One whose bytes are no text, such as a name in Latin-1, is a ``file://`` address.
    """
    text = str(place.absolute() if isinstance(place, Path) else place)
    try:
        text.encode()
    except UnicodeEncodeError:
        return f"file://{quote(os.fsencode(text))}"
    return text


def _unquoted(text: str) -> str:
    """The name of a file without percent-encoding, whatever bytes it has."""
    return os.fsdecode(unquote_to_bytes(text))


def _local_path(address: str) -> str:
    """The path of a ``file://`` address. Raises :class:`PlaceError` where it names a host, or is not absolute."""
    host, _, path = address.partition("://")[2].partition("/")
    if host.lower() not in {"", "localhost"}:
        raise PlaceError(f"{address}: the path behind file:// is an absolute one: file:///{host}/{path}")
    return f"/{path}"


def _unquoted_pattern(path: str) -> str:
    """A pattern without percent-encoding: what was encoded is no sign of a pattern."""
    return _ENCODED.sub(lambda found: glob.escape(_unquoted(found[0])), path)


def given_places(texts: Sequence[str], name: str = "") -> list[Place]:
    """The places that the command line names: patterns become what they match, by name; ``name`` is standard input's.

    A named pipe, as the shell makes one of ``<(zcat export.json.gz)``, is read as standard input is.

    Raises FileNotFoundError for a pattern that nothing matches, :class:`PlaceError` where an address cannot be asked.
    """
    places: list[Place] = []
    for text in texts:
        if text == STANDARD_INPUT or _is_pipe(text):
            path = None if text == STANDARD_INPUT else Path(text)
            remember(StandardInput(name, path=path) if name else StandardInput(path=path))
        place = place_of(text)
        if isinstance(place, Remote):
            found: Sequence[Place] = place.matching()
        elif isinstance(place, Path) and PATTERN.search(text) and not place.exists():
            pattern = _unquoted_pattern(_local_path(text)) if text.startswith(_LOCAL) else text
            # Path.glob() takes no absolute pattern.
            found = _each_once([Path(one) for one in sorted(glob.glob(pattern, recursive=True))])  # noqa: PTH207
        else:
            found = [place]
        if not found:
            raise FileNotFoundError(f"{place}: nothing matches this pattern")
        places += found
    return places


def _is_pipe(text: str) -> bool:
    return not _SCHEME.match(text) and Path(text).is_fifo()


def _each_once(paths: Sequence[Path]) -> list[Path]:
    """The paths without those that lead by a link to a folder where a shorter one leads: ``**`` follows any link."""
    shortest: dict[Path, Path] = {}
    for path in sorted(paths, key=lambda path: len(path.parts)):
        shortest.setdefault(path.parent.resolve() / path.name, path)
    kept = set(shortest.values())
    return [path for path in paths if path in kept]


def remember(place: Place) -> str:
    """The text by which :func:`place_of` knows a place again in this process; nothing that lets in shows in it.

    Raises :class:`PlaceError` where another address has that text, since one would be taken for the other.
    """
    text = written(place)
    known = _GIVEN.setdefault(text, place)
    if isinstance(place, Remote) and known != place:
        raise PlaceError(f"{place}: two addresses differ only in what is hidden: give each to its own command")
    _GIVEN[text] = place
    return text


def size_of(place: Place) -> int | None:
    """Its size in bytes, None where it is not known. Raises OSError."""
    return place.stat().st_size if isinstance(place, Path) else place.size()


def folder_of(place: Place) -> str:
    """The name of the folder that it lies in, "" for none."""
    return place.parent.name if isinstance(place, Path) else place.folder


@contextmanager
def opened(place: Place) -> Iterator[BinaryIO]:
    """Its bytes. Raises OSError."""
    if isinstance(place, Path):
        with place.open("rb", buffering=0) as file:
            yield file
    else:
        with place.opened() as stream:
            yield stream
