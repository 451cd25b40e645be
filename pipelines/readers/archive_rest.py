"""Members of an archive that surely hold no record: what macOS puts in, a README, an image. All else that no reader
knows is quarantined: an archive is one dump, and a part of it that is not read must be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from pipelines.readers.answers import MOST_NAMED, Answer
from pipelines.readers.chunks import FILE, Unreadable
from pipelines.readers.folders import ending
from pipelines.readers.unknown_files import UNKNOWN
from pipelines.readers.wacz import is_package

#: Names, without an ending and in lower case, of files that tell of others.
_TELL_OF_OTHERS: Final = frozenset(
    {"readme", "license", "licence", "copying", "notice", "changelog", "manifest", "checksums", "md5sums", "sha256sums"}
    | {"_success", "thumbs", "desktop"}
)
_ENDINGS: Final = frozenset(
    {"md", "pdf", "png", "jpg", "jpeg", "gif", "svg", "ico", "css", "js", "md5", "sha1", "sha256", "sha512"}
)
#: Where macOS puts what only it reads.
_OF_MACOS: Final = "__MACOSX"


@dataclass(slots=True)
class ArchiveRest:
    """What of the members of one file was skipped: how many, and the first of them, each with what it seems to be."""

    skipped: int = 0
    named: list[tuple[str, str]] = field(default_factory=list)

    def skips(self, part: object) -> bool:
        """Whether a part of the file is a member that holds no record; it is counted then."""
        if not isinstance(part, Unreadable) or part.part != FILE or not part.member or not _holds_no_record(part):
            return False
        self.skipped += 1
        if self.skipped <= MOST_NAMED:
            self.named.append((f"{part.file}!{part.member}", part.reason.removeprefix(UNKNOWN)))
        return True

    def answer(self) -> Answer:
        """What is told of it."""
        return Answer(0, skipped=self.skipped, named=tuple(self.named))


def _holds_no_record(row: Unreadable) -> bool:
    """Whether a member that no reader knows is none that should have been read."""
    path = PurePosixPath(row.member)
    if path.name.startswith(".") or _OF_MACOS in path.parts or is_package(path.name, row.raw):
        return True
    return path.name.partition(".")[0].lower() in _TELL_OF_OTHERS or ending(path.name) in _ENDINGS
