"""Files and folders at an address that fsspec opens: ``s3://``, ``https://``, ``memory://``.

They are looked at as paths are, and opened only when they are read. What lets in to an address (user and password,
signatures and keys in its query) never shows: the text of a place is without it, and so is what an error says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

import fsspec
from fsspec.core import url_to_fs
from fsspec.registry import known_implementations

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
#: What makes a pattern of a path or an address.
PATTERN: Final = re.compile(r"[*?\[]")
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
        if self.scheme in _WEB or not PATTERN.search(self.uri.split("::")[0]):
            return [self]
        # Of a chain (``tar://*.jsonl::https://…``) the pattern stands in the first link.
        _, chained, rest = self.uri.partition("::")
        with _driver(self) as (filesystem, path):
            found = sorted(filesystem.glob(path))
            return [Remote(f"{filesystem.unstrip_protocol(one)}{chained}{rest}") for one in found]

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
