"""What the files of a folder are to each other: pages that are a dump together, dumps, and what is neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from pipelines.readers.places import Place, Remote

#: A record page is small; a larger file is never taken for one of many pages.
LARGEST_PAGE: Final = 4 << 20

#: Of more files with one ending only some are looked at, unless these are not all pages.
FEW: Final = 200
SAMPLE: Final = 3


class Kind(Enum):
    """What a file in a folder seems to be."""

    PAGE = "a record page, or one of many answers of an API or a repository"
    PERHAPS_PAGE = "an HTML page that shows no record, or an empty file of a harvest"
    DUMP = "a dump of its own"
    TEXT = "a text of no known format"
    OTHER = "of no known format, and no text"


@dataclass(frozen=True)
class Look:
    """The kind of a file; of one of no known format ``what`` says what it seems to be."""

    kind: Kind
    what: str = ""


LookAt = Callable[[Place], Look]


@dataclass
class Contents:
    """The files of a folder: ``pages`` that are a dump together, ``dumps``, and the ``skipped``, with what they are."""

    pages: list[tuple[Place, str]] = field(default_factory=list)
    dumps: list[Place] = field(default_factory=list)
    skipped: list[tuple[Place, str]] = field(default_factory=list)


def files_of(folder: Place, look_at: LookAt) -> Iterator[tuple[Place, str]]:
    """The files of a folder that is a dump, each with its name in it: its pages if there are any, else all files.

    A link to a folder is not followed, so that no folder is read twice. Raises OSError.
    """
    pages = contents_of(folder, look_at).pages
    yield from pages or _all_files(folder, "")


def contents_of(folder: Place, look_at: LookAt) -> Contents:
    """Tell the files of a folder apart; where pages lie in it, those of the folders below it too.

    A text of no known format beside pages is taken for one that is broken, so that it is quarantined with them.
    """
    files = [entry for entry in entries_of(folder) if entry.is_file()]
    looks = _looks(files, look_at)
    found = Contents()
    has_pages = any(look.kind is Kind.PAGE for look in looks.values())
    if not has_pages:
        _sort_out(files, looks, found, {Kind.PAGE}, "")
        return found
    _gather(folder, "", look_at, found, looks)
    return found


def entries_of(folder: Place) -> list[Place]:
    """What lies in a folder, by name, but for hidden files."""
    entries: list[Place] = list(folder.iterdir())
    return sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)


def _gather(folder: Place, prefix: str, look_at: LookAt, found: Contents, looks: dict[Place, Look]) -> None:
    for entry in entries_of(folder):
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            if not (isinstance(entry, Path) and entry.is_symlink()):
                files = [each for each in entries_of(entry) if each.is_file()]
                _gather(entry, f"{name}/", look_at, found, _looks(files, look_at))
        elif entry in looks:
            _sort_out([entry], looks, found, {Kind.PAGE, Kind.PERHAPS_PAGE, Kind.TEXT}, prefix)


def _sort_out(files: Sequence[Place], looks: dict[Place, Look], found: Contents, pages: set[Kind], prefix: str) -> None:
    for file in files:
        look = looks[file]
        if look.kind in pages:
            found.pages.append((file, f"{prefix}{file.name}"))
        elif look.kind in (Kind.TEXT, Kind.OTHER):
            found.skipped.append((file, look.what))
        else:
            found.dumps.append(file)


def _looks(files: Sequence[Place], look_at: LookAt) -> dict[Place, Look]:
    """What the files are; of very many with one ending all are what the first and last of them are."""
    alike: dict[str, list[Place]] = {}
    for file in files:
        alike.setdefault(file.name.rpartition(".")[2].lower(), []).append(file)
    looks: dict[Place, Look] = {}
    for group in alike.values():
        if len(group) > FEW:
            sampled = [look_at(file) for file in (*group[:SAMPLE], group[len(group) // 2], *group[-SAMPLE:])]
            if all(look.kind is Kind.PAGE for look in sampled):
                looks.update(dict.fromkeys(group, sampled[0]))
                continue
        looks.update((file, look_at(file)) for file in group)
    return looks


def _all_files(folder: Place, prefix: str) -> Iterator[tuple[Place, str]]:
    entries: list[Place | Remote] = sorted(folder.iterdir(), key=lambda entry: entry.name)
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if entry.is_file():
            yield entry, name
        elif entry.is_dir() and not (isinstance(entry, Path) and entry.is_symlink()):
            yield from _all_files(entry, f"{name}/")
