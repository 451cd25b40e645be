"""What the files of a folder are to each other: pages that are a dump together, dumps, and what is neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Final

from pipelines.readers.addresses import Remote
from pipelines.readers.places import Place

#: A record page is small; a larger file is never taken for one of many pages.
LARGEST_PAGE: Final = 4 << 20

#: Of more files with one ending only some are looked at, unless these are not all pages.
FEW: Final = 200
SAMPLE: Final = 3

_PACKINGS: Final = frozenset({"gz", "zst", "bz2", "xz"})
#: Endings of files that hold records, whatever else lies in the folder.
RECORD_ENDINGS: Final = _PACKINGS | {
    "json", "jsonl", "ndjson", "xml", "mrc", "marc", "csv", "html", "htm", "nbib", "warc", "parquet",
    "tar", "tgz", "tbz2", "txz", "zip", "wacz",
}  # fmt: skip
#: Endings that text has too, whatever it says: a file of them is one of records that came out without a byte.
_ENDINGS_OF_EMPTY: Final = RECORD_ENDINGS | {"txt"}
#: How marks begin that programs leave beside what they have written (``_SUCCESS``).
_MARK: Final = "_"


class Kind(Enum):
    """What a file in a folder seems to be."""

    PAGE = "a record page, or one of many answers of an API or a repository"
    DELETIONS = "the ids of deleted records, called as VuFind's harvester calls them"
    PERHAPS_PAGE = (
        "other ids of deleted records, an HTML page or an answer that shows no record, or an empty file of a harvest"
    )
    DUMP = "a dump of its own"
    NOTE = "what a program that harvests keeps beside its pages"
    BROKEN = "of no known format, but packed and damaged, or called as files of records are"
    EMPTY = "a file without a byte, packed or not"
    OTHER = "of no known format"


#: What belongs to the pages of a folder where there are any.
_OF_PAGES: Final = frozenset({Kind.PAGE, Kind.DELETIONS, Kind.PERHAPS_PAGE, Kind.NOTE, Kind.BROKEN})


@dataclass(frozen=True)
class Look:
    """The kind of a file; of one of no known format ``what`` says what it seems to be."""

    kind: Kind
    what: str = ""


LookAt = Callable[[Place], Look]


@dataclass
class Contents:
    """The files of a folder: ``pages`` that are a dump together, ``dumps``, and the ``skipped``, with what they are.

    ``folders`` are those below it in which pages were looked for.
    """

    pages: list[tuple[Place, str]] = field(default_factory=list)
    dumps: list[Place] = field(default_factory=list)
    skipped: list[tuple[Place, str]] = field(default_factory=list)
    folders: list[Place] = field(default_factory=list)


def files_of(folder: Place, look_at: LookAt) -> Iterator[tuple[Place, str]]:
    """The files of a folder that is a dump, each with its name in it: its pages if there are any, else all files.

    A link to a folder is not followed, so that no folder is read twice. Raises OSError.
    """
    pages = contents_of(folder, look_at).pages
    yield from pages or _all_files(folder, "")


def contents_of(folder: Place, look_at: LookAt) -> Contents:
    """Tell the files of a folder apart; where pages lie in it, those of the folders below it too.

    A file of no known format is broken where its ending is one of ``RECORD_ENDINGS``, or that of a page or dump beside
    it: it is a page where there are pages, else a dump, so that it is quarantined. So is an empty one, also of ``txt``,
    unless it is a mark. Any other is skipped, and so is what is neither file nor folder.
    """
    found = Contents()
    files = _files_in(folder, found)
    looks = _looks(files, look_at)
    if not (any(look.kind is Kind.PAGE for look in looks.values()) or _are_deletions_alone(folder, looks)):
        _sort_out(files, _with_broken(looks, _endings(looks)), found, frozenset({Kind.PAGE}), "")
        return found
    _gather(folder, "", look_at, found, looks, frozenset())
    return found


def _are_deletions_alone(folder: Place, looks: Mapping[Place, Look]) -> bool:
    """Whether all that a harvest has brought are deletions: they are a dump together, as its pages are.

    Not where folders lie beside them: those are dumps of their own.
    """
    kinds = {look.kind for look in looks.values()} - {Kind.NOTE, Kind.EMPTY, Kind.OTHER}
    return kinds == {Kind.DELETIONS} and not any(entry.is_dir() for entry in entries_of(folder))


def entries_of(folder: Place) -> list[Place]:
    """What lies in a folder, by name, but for hidden files."""
    entries: list[Place] = list(folder.iterdir())
    return sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)


def what_is_no_file(place: Place) -> str:
    """What a place is that is neither file nor folder."""
    if not isinstance(place, Path):
        return "neither a file nor a folder"
    if place.is_symlink() and not place.exists():
        return "a link to nowhere"
    return "a named pipe" if place.is_fifo() else "a socket or a device"


def _files_in(folder: Place, found: Contents) -> list[Place]:
    """The files that lie in a folder; what is neither file nor folder is added to what is skipped."""
    entries = entries_of(folder)
    is_file = [entry.is_file() for entry in entries]
    others = [entry for entry, is_one in zip(entries, is_file, strict=True) if not (is_one or entry.is_dir())]
    found.skipped.extend((entry, what_is_no_file(entry)) for entry in others)
    return [entry for entry, is_one in zip(entries, is_file, strict=True) if is_one]


def ending(name: str) -> str:
    """How a file's name ends, without how it is packed; empty where it has no ending."""
    endings = [each.lower() for each in name.split(".")[1:]]
    while len(endings) > 1 and endings[-1] in _PACKINGS:
        endings.pop()
    return endings[-1] if endings else ""


def _endings(looks: Mapping[Place, Look]) -> frozenset[str]:
    """How the files are called that are known to hold records."""
    return frozenset(ending(file.name) for file, look in looks.items() if look.kind in {Kind.PAGE, Kind.DUMP})


def _with_broken(looks: Mapping[Place, Look], endings: Iterable[str]) -> dict[Place, Look]:
    """The looks, with those that are called as files of records and show none taken for broken ones."""
    of_records = {Kind.OTHER: RECORD_ENDINGS.union(endings), Kind.EMPTY: _ENDINGS_OF_EMPTY.union(endings)}

    def is_broken(name: str, kind: Kind) -> bool:
        return ending(name) in of_records.get(kind, ()) and not (kind is Kind.EMPTY and name.startswith(_MARK))

    return {
        file: replace(look, kind=Kind.BROKEN) if is_broken(file.name, look.kind) else look
        for file, look in looks.items()
    }


def _gather(
    folder: Place, prefix: str, look_at: LookAt, found: Contents, looks: dict[Place, Look], above: frozenset[str]
) -> None:
    """Sort out a folder and those below it; ``above`` are the endings of pages and dumps in those it lies in."""
    endings = above | _endings(looks)
    looks = _with_broken(looks, endings)
    for entry in entries_of(folder):
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            if isinstance(entry, Path) and entry.is_symlink():
                found.skipped.append((entry, "a link to a folder, not followed among pages"))
            else:
                found.folders.append(entry)
                files = _files_in(entry, found)
                _gather(entry, f"{name}/", look_at, found, _looks(files, look_at), endings)
        elif entry in looks:
            _sort_out([entry], looks, found, _OF_PAGES, prefix)


def _sort_out(
    files: Sequence[Place], looks: dict[Place, Look], found: Contents, pages: frozenset[Kind], prefix: str
) -> None:
    for file in files:
        look = looks[file]
        if look.kind in pages:
            found.pages.append((file, f"{prefix}{file.name}"))
        elif look.kind in (Kind.NOTE, Kind.EMPTY, Kind.OTHER):
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
