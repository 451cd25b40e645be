"""Members of an archive that are of no known format: as in a folder, what is not called as records are is skipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from pipelines.readers.answers import MOST_NAMED, Answer
from pipelines.readers.chunks import FILE, Unreadable
from pipelines.readers.folders import Kind, ending, is_called_as_records
from pipelines.readers.looks import EMPTY_FILE
from pipelines.readers.unknown_files import UNKNOWN
from pipelines.readers.wacz import is_package

#: So many rows wait for what is beside them; each holds the first bytes of a member.
_HELD: Final = 1_000


@dataclass(slots=True)
class ArchiveRest:
    """Of the members of one file those that no reader knows, until it is known what lies beside them.

    ``endings`` are those of members that a reader knows: without any, all else stays in quarantine, for the file was
    to be a dump, and nobody else says why it is none.
    """

    endings: set[str] = field(default_factory=set)
    held: list[Unreadable] = field(default_factory=list)
    skipped: int = 0
    named: list[tuple[str, str]] = field(default_factory=list)

    def is_of_the_rest(self, member: str, format_name: str, part: object) -> bool:
        """Hold a part of the file if it is such a member, and tell whether it is."""
        if isinstance(part, Unreadable) and part.part == FILE and part.member:
            self.held.append(part)
            return True
        if format_name:
            self.endings.add(ending(PurePosixPath(member).name))
        return False

    def settled(self, *, is_end: bool) -> Iterator[Unreadable | Answer]:
        """The rows of those that are broken and, at the end of the file, what was skipped."""
        if is_end or len(self.held) >= _HELD:
            for row in self.held:
                if self._is_broken(row):
                    yield row
                    continue
                self.skipped += 1
                if self.skipped <= MOST_NAMED:
                    self.named.append((f"{row.file}!{row.member}", row.reason.removeprefix(UNKNOWN)))
            self.held.clear()
        if is_end and self.skipped:
            yield Answer(0, skipped=self.skipped, named=tuple(self.named))

    def _is_broken(self, row: Unreadable) -> bool:
        name = PurePosixPath(row.member).name
        if not self.endings:
            return True
        if name.startswith(".") or is_package(name, row.raw):
            return False
        return is_called_as_records(name, Kind.EMPTY if row.reason == EMPTY_FILE else Kind.OTHER, self.endings)
