"""Whether the file of a dump still lies where it was read, and is as it was."""

from __future__ import annotations

from typing import Final, Literal

from pipelines.readers.addresses import PlaceError
from pipelines.readers.places import StandardInput, place_of
from pipelines.readers.reading import DumpError
from pipelines.readers.registry import dump_bytes, fingerprint

#: ``same size`` is what can be said without reading it.
State = Literal["same size", "unchanged", "changed", "gone", "unknown"]

SAME_SIZE: Final[State] = "same size"


def state_of_file(path: str, sha256: str, size: int, *, check: bool) -> State:
    """The state of what was read from ``path`` with this fingerprint and ``size`` in bytes.

    With ``check`` it is read, if it has the size that it had.
    """
    try:
        place = place_of(path)
        if isinstance(place, StandardInput):
            return "unknown"
        if not place.exists():
            return "gone"
        found = dump_bytes(place)
        if found is not None and found != size:
            return "changed"
        if check:
            return "unchanged" if fingerprint(place) == sha256 else "changed"
    except (DumpError, PlaceError, PermissionError):
        return "unknown"
    return SAME_SIZE if found is not None else "unknown"
