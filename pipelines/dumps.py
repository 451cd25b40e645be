"""Which dumps a path holds: ``<dumps root>/<source>/<dump name>``, or any part of that road."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from pipelines.readers.registry import is_page

#: Endings that say how a dump is packed or written, not what it is called.
_ENDINGS: Final = re.compile(r"(\.(jsonl|ndjson|json|txt|tar|tgz|tbz2|txz|gz|zst|bz2|xz))+$", re.IGNORECASE)

#: Characters that Dagster or a file system gives a meaning of their own.
_UNSAFE: Final = re.compile(r"[^\w.\- ]+")


#: A record page is small; a larger file is never looked into as one.
_LARGEST_PAGE: Final = 4 << 20


class SameNameError(ValueError):
    """Two files or folders would be the same dump."""


@dataclass(frozen=True)
class FoundDump:
    """A dump on disk: the catalogue it comes from, its name, where it lies."""

    source: str
    name: str
    path: Path

    @property
    def partition(self) -> str:
        """Its key among Dagster's partitions."""
        return f"{self.source}/{self.name}"


def dump_name(path: Path) -> str:
    """The name of a dump: that of its file or folder, without the endings that say how it is packed."""
    name = path.name if path.is_dir() else _ENDINGS.sub("", path.name)
    return _UNSAFE.sub("-", name or path.name).strip() or "dump"


def find_dumps(path: Path, source: str | None = None) -> list[FoundDump]:
    """The dumps that ``path`` holds, by source and name.

    A file is a dump of ``source``, else of the catalogue that its folder is named after. A folder of record
    pages is one dump. Another folder with files is a catalogue, each entry of it a dump; a folder with
    folders only is a dumps root, or a catalogue whose dumps are folders of pages. Hidden files are passed
    over. With ``source`` all that is found belongs to it. Raises FileNotFoundError where there is no such path
    and :class:`SameNameError` where two files would be one dump.
    """
    path = path.absolute()
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file or folder")
    found = sorted(_find(path, source), key=lambda dump: (dump.source, dump.name))
    for one, other in pairwise(found):
        if one.partition == other.partition:
            raise SameNameError(
                f"{one.path} and {other.path} would both be the dump {one.partition}: rename one of them"
            )
    return found


def _find(path: Path, source: str | None) -> Iterator[FoundDump]:
    owner = source or _UNSAFE.sub("-", path.parent.name).strip() or "catalogue"
    if path.is_file():
        yield FoundDump(owner, dump_name(path), path)
        return
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    files = [entry for entry in entries if entry.is_file()]
    if _are_pages(files):
        yield FoundDump(owner, dump_name(path), path)
        return
    for entry in entries:
        yield from _find(entry, source)


def _are_pages(files: Sequence[Path]) -> bool:
    """Whether the files of a folder are record pages, by the first few of them."""
    looked_at = files[:3]
    return bool(looked_at) and any(path.stat().st_size <= _LARGEST_PAGE and is_page(path) for path in looked_at)
