"""The bytes of a dump's files, wherever they lie: counted, and in the end known by their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pipelines.readers.addresses import PlaceError
from pipelines.readers.byte_stream import BLOCK, ByteStream
from pipelines.readers.places import Place, opened


class DumpError(Exception):
    """The dump as a whole cannot be read: there is none, it is empty, or the disk refuses."""


def dump_error(place: Place, error: OSError) -> DumpError:
    """What the disk or a server says of a place; a :class:`PlaceError` names it already."""
    return DumpError(str(error) if isinstance(error, PlaceError) else f"{place}: {error.strerror or error}")


class Reading:
    """Counts the bytes read of a dump, and knows in the end what they were where it is to take their ``fingerprint``.

    That is the SHA-256 over names and SHA-256s of the files, wherever they lie.
    """

    def __init__(self, *, fingerprint: bool = False) -> None:
        self.bytes_read = 0
        self._files = hashlib.sha256() if fingerprint else None

    @property
    def fingerprint(self) -> str:
        """Of all files that have been read to their end."""
        return self._files.hexdigest() if self._files else ""

    def blocks(self, place: Place, name: str = "") -> Iterator[bytes]:
        """The bytes of a file. Raises :class:`DumpError` where the disk refuses."""
        digest = hashlib.sha256() if self._files else None
        try:
            with opened(place) as file:
                while block := file.read(BLOCK):
                    self.bytes_read += len(block)
                    if digest:
                        digest.update(block)
                    yield block
        except OSError as error:
            raise dump_error(place, error) from None
        if digest and self._files:
            self._files.update(f"{name}\x1f{digest.hexdigest()}\x1f".encode(errors="surrogateescape"))


def stream_of(place: Place) -> ByteStream:
    """The bytes of a file; reading them raises :class:`DumpError` where the disk refuses."""
    return ByteStream(Reading().blocks(place))
