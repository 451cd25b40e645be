"""Which dumps a path holds: ``<dumps root>/<source>/<dump name>``, or any part of that road."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.readers.registry import is_page

#: Endings that say how a dump is packed or written, not what it is called.
_ENDINGS: Final = re.compile(
    r"(\.(jsonl|ndjson|json|xml|mrc|marc|csv|txt|html|htm|zip|tar|tgz|tbz2|txz|gz|zst|bz2|xz))+$", re.IGNORECASE
)

#: Characters that Dagster or a file system gives a meaning of their own.
_UNSAFE: Final = re.compile(r"[^\w.\- ]+")


#: A record page is small; a larger file is never looked into as one.
_LARGEST_PAGE: Final = 4 << 20


class SameNameError(ValueError):
    """Two files or folders would be the same dump."""


class UnsafeNameError(ValueError):
    """What a catalogue was to be called cannot be a folder's name."""


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


@dataclass(frozen=True)
class Survey:
    """What a path holds: dumps that can be ingested, and what stands in the way of others."""

    dumps: list[FoundDump]
    troubles: list[SameNameError | OSError]


def is_safe_name(name: str) -> bool:
    """Whether a source or a dump can be called so: one plain folder name, which no cleaning changes."""
    return name == _clean(name) != "" and name not in {".", ".."}


def _clean(name: str) -> str:
    return _UNSAFE.sub("-", name).strip()


def dump_name(path: Path) -> str:
    """The name of a dump: that of its file or folder, without the endings that say how it is packed."""
    name = _clean(path.name if path.is_dir() else _ENDINGS.sub("", path.name))
    if not is_safe_name(name):  # a file called "..json" is not the dump "."
        name = _clean(path.name)
    return name if is_safe_name(name) else "dump"


def find_dumps(path: Path, source: str | None = None) -> list[FoundDump]:
    """The dumps that ``path`` holds, by source and name.

    As :func:`survey`, but raises what stands in the way: :class:`SameNameError` where two files would be one dump,
    OSError where a folder cannot be read.
    """
    found = survey(path, source)
    if found.troubles:
        raise found.troubles[0]
    return found.dumps


def find_all_dumps(paths: Sequence[Path], source: str | None = None) -> list[FoundDump]:
    """The dumps of several paths, path by path; one that two of the paths hold is there once.

    Raises as :func:`find_dumps`, also where dumps of different paths would be one.
    """
    found = dict.fromkeys(dump for path in paths for dump in find_dumps(path, source))
    _, clashes = _apart(list(found))
    if clashes:
        raise clashes[0]
    return list(found)


def survey(path: Path, source: str | None = None) -> Survey:
    """The dumps that ``path`` holds, by source and name, and the troubles with others.

    A file is a dump of ``source``, else of the catalogue that its folder is named after. A folder of record
    pages, or of small files with answers of an API or a harvest, is one dump. Another folder with files is a
    catalogue, each entry of it a dump; a folder with folders only is a dumps root, or a catalogue whose dumps
    are folders of pages. Hidden files are passed
    over, and so is what is neither file nor folder. With ``source`` all that is found belongs to it. Files that
    would be one dump, and what cannot be read, are troubles and no dumps. Raises FileNotFoundError where there is no
    such path and :class:`UnsafeNameError` for a ``source`` that cannot be a folder's name.
    """
    owner = None if source is None else source_name(source)
    # A name such as ".." must not become a dump's or a catalogue's.
    path = path.resolve() if ".." in path.parts else path.absolute()
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file or folder")
    unreadable: list[OSError] = []
    found = sorted(_find(path, owner, unreadable), key=lambda dump: (dump.source, dump.name))
    dumps, clashes = _apart(found)
    return Survey(dumps, [*clashes, *unreadable])


def source_name(source: str) -> str:
    """The name of a catalogue as a person gave it, cleaned as a folder's is.

    Raises :class:`UnsafeNameError` for a path, and for what is no name at all.
    """
    name = _clean(source)
    if "/" in source or not is_safe_name(name):
        raise UnsafeNameError(f"a catalogue cannot be called {source!r}: give a plain name, without /")
    return name


def _apart(found: Sequence[FoundDump]) -> tuple[list[FoundDump], list[SameNameError]]:
    """Dumps that have their name for themselves, and an error for each name that several have."""
    named: dict[str, list[FoundDump]] = {}
    for dump in found:
        named.setdefault(dump.partition, []).append(dump)
    clashes = [
        SameNameError(
            f"{' and '.join(str(dump.path) for dump in same)} would be the same dump {partition}: rename one of them"
        )
        for partition, same in named.items()
        if len(same) > 1
    ]
    return [same[0] for same in named.values() if len(same) == 1], clashes


def _find(path: Path, source: str | None, unreadable: list[OSError]) -> Iterator[FoundDump]:
    try:
        yield from _look_into(path, source, unreadable)
    except OSError as error:
        unreadable.append(error)


def _look_into(path: Path, source: str | None, unreadable: list[OSError]) -> Iterator[FoundDump]:
    folder = _clean(path.parent.name)
    owner = source or (folder if is_safe_name(folder) else "catalogue")
    if path.is_file():
        yield FoundDump(owner, dump_name(path), path)
        return
    if not path.is_dir():  # a link to nowhere, a pipe
        return
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    files = [entry for entry in entries if entry.is_file()]
    if _are_pages(files):
        yield FoundDump(owner, dump_name(path), path)
        return
    for entry in entries:
        yield from _find(entry, source, unreadable)


def _are_pages(files: Sequence[Path]) -> bool:
    """Whether the files of a folder are record pages or answers of an API, by the first few of them."""
    looked_at = files[:3]
    return bool(looked_at) and any(path.stat().st_size <= _LARGEST_PAGE and is_page(path) for path in looked_at)
