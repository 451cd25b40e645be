"""Where a dump lies: a path, an address that fsspec opens (``s3://``, ``https://``, ``memory://`` …), standard input.

Places are looked at as paths are, and opened only when they are read. What lets in to an address (user and password,
signatures and keys in its query) never shows: the text of a place is without it, and so is what an error says.
"""

from __future__ import annotations

import glob
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

import fsspec
from fsspec.core import url_to_fs
from fsspec.registry import known_implementations

#: How standard input is written on the command line.
STANDARD_INPUT: Final = "-"

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:://|::)")
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
_GLOB: Final = re.compile(r"[*?\[]")
#: Schemes of one file on a web server, which lists no folders, and whose ``?`` begins a query.
_WEB: Final = ("http", "https")

#: Names of what lets in, in the queries of signed addresses and of APIs; and values that look like it.
_SECRET_NAME: Final = re.compile(
    r"sig|token|key|secret|pass|pwd|auth|cred|policy|session|jwt|code|^s[a-z]$|^x-(amz|goog|ms)-", re.IGNORECASE
)
_SECRET_VALUE: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[\w+/=.~-]{20,}")


class PlaceError(OSError):
    """A place cannot be looked at or read; the message names it, without what lets in, and says why."""


def shown(text: str) -> str:
    """An address without user, password, fragment, and what in its query may let in."""
    return "::".join(_shown(part) for part in text.split("::"))


def _shown(address: str) -> str:
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address.split("?", maxsplit=1)[0].rpartition("@")[2]
    told = "&".join(f"{quote(name, safe='[]')}={_hidden(name, value)}" for name, value in query)
    if any(not value and _SECRET_VALUE.fullmatch(name) for name, value in query):
        told = "***"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, told, ""))


def _hidden(name: str, value: str) -> str:
    secret = _SECRET_NAME.search(name) or _SECRET_VALUE.fullmatch(value)
    return "***" if secret else quote(value, safe=":/,")


@dataclass(frozen=True)
class Remote:
    """A file or folder at an address. ``uri`` may hold what lets in; the text of the place does not."""

    uri: str = field(repr=False)

    def __str__(self) -> str:
        return shown(self.uri)

    @property
    def scheme(self) -> str:
        """How it is reached; of a chain (``zip://a::https://…``) the first link."""
        return re.split("://|::", self.uri, maxsplit=1)[0].lower()

    @property
    def _path(self) -> PurePosixPath:
        parts = urlsplit(self.uri.split("::")[0])
        return PurePosixPath("/", parts.netloc.rpartition("@")[2], unquote(parts.path).strip("/"))

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self._path.name

    @property
    def folder(self) -> str:
        """The name of the folder that it lies in, or of the host or bucket."""
        return self._path.parent.name

    def exists(self) -> bool:
        """Whether there is such a file or folder; what a web server has, only reading tells."""
        if self.scheme in _WEB:
            return True
        with _driver(self) as (filesystem, path):
            return bool(filesystem.exists(path))

    def is_dir(self) -> bool:
        """Whether it is a folder; what a web server gives is none."""
        if self.scheme in _WEB:
            return False
        with _driver(self) as (filesystem, path):
            return bool(filesystem.isdir(path))

    def is_file(self) -> bool:
        """Whether it is a file."""
        if self.scheme in _WEB:
            return True
        with _driver(self) as (filesystem, path):
            return bool(filesystem.isfile(path))

    def size(self) -> int | None:
        """Its size in bytes, None where the server does not tell."""
        with _driver(self) as (filesystem, path):
            size = filesystem.info(path).get("size")
            return None if size is None else int(size)

    def iterdir(self) -> Iterator[Remote]:
        """What lies in the folder."""
        with _driver(self) as (filesystem, path):
            inside = filesystem.ls(path, detail=False)
        for entry in sorted(inside):
            name = entry.rstrip("/").rpartition("/")[2]
            if name and entry.rstrip("/") != str(path).rstrip("/"):
                yield Remote(f"{self.uri.rstrip('/')}/{quote(name) if '%' in self.uri else name}")

    def matching(self) -> list[Remote]:
        """The files and folders of a pattern, by name; the place itself where it is none."""
        if self.scheme in _WEB or not _GLOB.search(self.uri.split("::")[0]):
            return [self]
        with _driver(self) as (filesystem, path):
            return [Remote(filesystem.unstrip_protocol(found)) for found in sorted(filesystem.glob(path))]

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Its bytes, read from the front to the end: nothing is fetched before it is read."""
        with _driver(self) as (filesystem, path):
            # A web server is asked once, for all of it, not for each block by itself, nor before for the size.
            options: dict[str, Any] = {"block_size": 0, "size": 1} if self.scheme in _WEB else {}
            with filesystem.open(path, "rb", **options) as stream:
                yield stream


@contextmanager
def _driver(place: Remote) -> Iterator[tuple[fsspec.AbstractFileSystem, str]]:
    """The driver of a place and the place as that calls it; whatever goes wrong with it is a :class:`PlaceError`."""
    try:
        yield url_to_fs(place.uri, **_options(place))
    except PlaceError:
        raise
    except FileNotFoundError as error:
        # That a server cannot be asked is none of these to fsspec, which keeps the reason.
        reason = error.__cause__
        is_missing = reason is None or getattr(reason, "status", None) == HTTPStatus.NOT_FOUND
        what = "no such file or folder" if is_missing else _without_secrets(place, reason or error)
        raise PlaceError(f"{place}: {what}") from None
    except ImportError:
        raise PlaceError(f"{place}: {_missing(place)}") from None
    except Exception as error:  # noqa: BLE001 - each driver has errors of its own, and their text may hold what lets in
        raise PlaceError(f"{place}: {_without_secrets(place, error)}") from None


def _without_secrets(place: Remote, error: BaseException) -> str:
    """What an error says, of addresses only what may be shown."""
    what = _ADDRESS.sub(lambda found: shown(found[0]), str(error).replace(place.uri, str(place))).strip()
    return what or type(error).__name__


def _options(place: Remote) -> dict[str, Any]:
    if place.scheme not in _WEB:
        return {}
    import aiohttp  # noqa: PLC0415 - it takes a second to load, and few dumps come from the web

    # A dump may take hours; only a server that says nothing is given up. Proxies are those of the environment.
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=300)
    return {"client_kwargs": {"timeout": timeout, "trust_env": True}}


def _missing(place: Remote) -> str:
    """What to install for a scheme; fsspec knows who drives what."""
    driver = known_implementations.get(place.scheme, {}).get("class", "")
    package = {"gcsfs": "gcsfs", "s3fs": "s3fs", "adlfs": "adlfs"}.get(driver.split(".")[0])
    told = known_implementations.get(place.scheme, {}).get("err", "")
    return f"{place.scheme}:// needs a driver; pip install {package}" if package else f"a driver is missing: {told}"


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

    Raises :class:`PlaceError` for standard input that nobody gave.
    """
    if text in _GIVEN:
        return _GIVEN[text]
    if text == STANDARD_INPUT:
        raise PlaceError("standard input can be read once, by the command that it was given to")
    if text.startswith(("file://", "local://")):
        return Path(unquote(urlsplit(text).path))
    return Remote(text) if _SCHEME.match(text) else Path(text)


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
        elif isinstance(place, Path) and _GLOB.search(text) and not place.exists():
            # Path.glob() takes no absolute pattern.
            found = _each_once([Path(one) for one in sorted(glob.glob(text, recursive=True))])  # noqa: PTH207
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
    known = _GIVEN.setdefault(str(place), place)
    if isinstance(place, Remote) and known != place:
        raise PlaceError(f"{place}: two addresses differ only in what is hidden: give each to its own command")
    _GIVEN[str(place)] = place
    return str(place)


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
