"""Which dumps a path holds: ``<dumps root>/<source>/<dump name>``, or any part of that road."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipelines.dump_names import cleaned_name, given_name, is_safe_name
from pipelines.readers.folders import RECORD_ENDINGS, contents_of, entries_of, what_is_no_file
from pipelines.readers.looks import look_at
from pipelines.readers.places import Place, folder_of

#: Endings that say how a dump is packed or written, not what it is called.
_ENDINGS: Final = re.compile(rf"(\.({'|'.join(sorted(RECORD_ENDINGS | {'txt'}))}))+$", re.IGNORECASE)


class SameNameError(ValueError):
    """Two files or folders would be the same dump, or two folders the same catalogue."""


@dataclass(frozen=True)
class FoundDump:
    """A dump that was found: the catalogue it comes from, its name, where it lies.

    ``folder`` is the name of the folder that the catalogue is called after, "" where somebody has named it.
    """

    source: str
    name: str
    path: Place
    folder: str = field(default="", compare=False)

    @property
    def partition(self) -> str:
        """Its key among Dagster's partitions."""
        return f"{self.source}/{self.name}"


@dataclass(frozen=True)
class Survey:
    """What a path holds: dumps that can be ingested, and what stands in the way of others.

    ``skipped`` are files of no known format, and what is no file (pipes, links to nowhere or to where one is), each
    with what it seems to be: a folder holds more than dumps.
    """

    dumps: list[FoundDump]
    troubles: list[SameNameError | OSError]
    skipped: list[tuple[Place, str]]


def dump_name(path: Place) -> str:
    """The name of a dump: that of its file or folder, without the endings that say how it is packed."""
    name = cleaned_name(path.name if path.is_dir() else _ENDINGS.sub("", path.name))
    if not is_safe_name(name):  # a file called "..json" is not the dump "."
        name = cleaned_name(path.name)
    return name if is_safe_name(name) else "dump"


def find_dumps(path: Place, source: str | None = None) -> list[FoundDump]:
    """The dumps that ``path`` holds, where nothing stands in the way of any; else raises what does."""
    found = survey(path, source)
    if found.troubles:
        raise found.troubles[0]
    return found.dumps


def dumps_of(paths: Sequence[Place]) -> Survey:
    """The dumps of several paths, path by path, whatever they are called: names are for who keeps what they hold."""
    _refuse_missing(paths)
    walk = _Walk(None, Survey([], [], []))
    for path in paths:
        walk.run(path)
    return walk.found


def survey_all(paths: Sequence[Place], source: str | None = None) -> Survey:
    """The dumps of several paths, path by path, as :func:`survey` finds them; one that two paths hold is there once.

    Dumps of different paths that would be one are troubles too.
    """
    owner = None if source is None else given_name(source, "a catalogue")
    _refuse_missing(paths)
    surveys = [_survey(path, owner) for path in paths]
    dumps, clashes = _apart(list(dict.fromkeys(dump for each in surveys for dump in each.dumps)))
    troubles = dict.fromkeys(trouble for each in surveys for trouble in each.troubles)
    skipped = dict.fromkeys(file for each in surveys for file in each.skipped)
    return Survey(dumps, [*clashes, *troubles], list(skipped))


def survey(path: Place, source: str | None = None) -> Survey:
    """The dumps that ``path`` holds, by source and name, and the troubles with others.

    A file is a dump of ``source``, else of the catalogue that its folder is named after. A folder of record
    pages, or of small files with answers of an API or a harvest, is one dump. Another folder with files is a
    catalogue, each entry of it a dump, but for files of no known format; pages in it are a dump together, called as
    the folder. A folder with folders only is a dumps root, or a catalogue whose dumps are folders of pages. Hidden
    files are passed over; what is neither file nor folder is skipped. A link to a folder is another name of it: no
    folder is gone into twice, and none that one is in. With ``source`` all that is found belongs to it. Files that
    would be one dump, and what cannot be read, are troubles and no dumps.

    Raises FileNotFoundError where there is no such path, OSError where an address cannot be asked, and
    :class:`UnsafeNameError` for a ``source`` that cannot be a folder's name.
    """
    owner = None if source is None else given_name(source, "a catalogue")
    _refuse_missing([path])
    return _survey(path, owner)


def _refuse_missing(paths: Sequence[Place]) -> None:
    """Raise FileNotFoundError for those that are not there; with it is told which could not be asked, if any."""
    missing: list[str] = []
    failed: OSError | None = None
    for path in paths:
        try:
            if not _resolved(path).exists():
                missing.append(f"{path}: no such file or folder")
        except OSError as error:
            failed = error
    if missing:
        raise FileNotFoundError("; ".join([*missing, str(failed)] if failed else missing))
    if failed:
        raise failed


def _resolved(path: Place) -> Place:
    """The place, a path without ``..`` in it: that must not become a dump's or a catalogue's name."""
    if not isinstance(path, Path):
        return path
    return path.resolve() if ".." in path.parts else path.absolute()


def _survey(path: Place, owner: str | None) -> Survey:
    """What :func:`survey` says of a path that is there."""
    path = _resolved(path)
    found = Survey([], [], [])
    _Walk(owner, found).run(path)
    dumps, clashes = _apart(sorted(found.dumps, key=lambda dump: (dump.source, dump.name)))
    return Survey(dumps, [*clashes, *found.troubles], found.skipped)


def _apart(found: Sequence[FoundDump]) -> tuple[list[FoundDump], list[SameNameError]]:
    """Dumps that have their name for themselves, and an error for each name that several have.

    So it is with catalogues: of two whose folders differ in signs alone that no name has, one would end the other.
    """
    folders: dict[str, dict[str, None]] = {}
    for dump in found:
        if dump.folder:
            folders.setdefault(dump.source, {})[dump.folder] = None
    mixed = {source: names for source, names in folders.items() if len(names) > 1}
    clashes = [
        SameNameError(f"the folders {' and '.join(names)} would be the same catalogue {source}: rename one of them")
        for source, names in mixed.items()
    ]
    named: dict[str, list[FoundDump]] = {}
    for dump in found:
        if dump.source not in mixed:
            named.setdefault(dump.partition, []).append(dump)
    clashes += [
        SameNameError(
            f"{' and '.join(str(dump.path) for dump in same)} would be the same dump {partition}: rename one of them"
        )
        for partition, same in named.items()
        if len(same) > 1
    ]
    return [same[0] for same in named.values() if len(same) == 1], clashes


@dataclass
class _Walk:
    """Goes through paths for their dumps, into no folder twice: ``seen`` are the real ones that it has been in.

    ``links`` to folders wait until all else has been gone through: what a link leads to may lie here as well, and is
    then known by its own name.
    """

    source: str | None
    found: Survey
    seen: set[Path] = field(default_factory=set)
    links: list[Path] = field(default_factory=list)

    def run(self, path: Place) -> None:
        """Find what a path holds; links in it to folders are followed, but for those that lead back."""
        self._find(path)
        while self.links:
            link = self.links.pop(0)
            if refusal := self._refusal(link):
                self.found.skipped.append((link, refusal))
            else:
                self._find(link)

    def _refusal(self, folder: Path) -> str:
        """Why a folder is not gone into; "" where it is."""
        what = "a link to a folder" if folder.is_symlink() else "a folder"
        real = folder.resolve()
        if folder.parent.resolve().is_relative_to(real):
            return f"{what} that it lies in"
        return f"{what} that is read already" if real in self.seen else ""

    def _find(self, path: Place) -> None:
        try:
            if path.is_file():
                self.found.dumps.append(_alone(path, self.source))
            elif path.is_dir():
                self._look_into(path)
            else:
                self.found.skipped.append((path, what_is_no_file(path)))
        except OSError as error:
            self.found.troubles.append(error)

    def _enter(self, folder: Place) -> None:
        if not isinstance(folder, Path):
            self._find(folder)
        elif folder.is_symlink():
            self.links.append(folder)
        elif refusal := self._refusal(folder):  # it was gone into by a link
            self.found.skipped.append((folder, refusal))
        else:
            self._find(folder)

    def _look_into(self, folder: Place) -> None:
        source, found = self.source, self.found
        if isinstance(folder, Path):
            self.seen.add(folder.resolve())
        contents = contents_of(folder, look_at)
        self.seen.update(below.resolve() for below in contents.folders if isinstance(below, Path))
        found.skipped.extend(contents.skipped)
        found.dumps.extend(_alone(file, source) for file in contents.dumps)
        if not contents.pages:
            for entry in entries_of(folder):
                if entry.is_dir():
                    self._enter(entry)
        elif not contents.dumps:
            found.dumps.append(_of(source, folder_of(folder), folder))
        elif len(contents.pages) == 1:
            found.dumps.append(_alone(contents.pages[0][0], source))
        else:
            found.dumps.append(_of(source, folder.name, folder))


def _alone(file: Place, source: str | None) -> FoundDump:
    """A file that is a dump of its own."""
    return _of(source, folder_of(file), file)


def _of(source: str | None, folder: str, path: Place) -> FoundDump:
    """The dump at a path, of a catalogue that somebody has named, else of the one that is called as the folder."""
    if source:
        return FoundDump(source, dump_name(path), path)
    return FoundDump(_owner(folder), dump_name(path), path, folder)


def _owner(folder: str) -> str:
    """The catalogue that a folder is named after."""
    name = cleaned_name(folder)
    return name if is_safe_name(name) else "catalogue"
