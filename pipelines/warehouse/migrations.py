"""The versions of the schema: files of SQL, each of which takes the warehouse one version further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.warehouse.statements import FOLDER, statement


@dataclass(frozen=True)
class Migration:
    """One file of ``sql/migrations``: ``0007_what_it_does.sql`` makes version 7 of a warehouse of version 6."""

    version: int
    name: str

    @property
    def title(self) -> str:
        """What it does, in words."""
        return self.name.replace("_", " ")

    @property
    def text(self) -> str:
        """Its SQL."""
        return statement(f"migrations/{self.version:04}_{self.name}").string


def _migrations() -> tuple[Migration, ...]:
    names = sorted(path.stem for path in (FOLDER / "migrations").glob("*.sql"))
    found = [Migration(int(number), name) for number, _, name in (stem.partition("_") for stem in names)]
    if [each.version for each in found] != list(range(found[0].version, found[0].version + len(found))):
        raise ValueError(f"sql/migrations must be numbered one by one, each number once: {', '.join(names)}")
    return tuple(found)


#: All of them, oldest first. The first makes the tables as they were first released, of an empty database.
MIGRATIONS: Final = _migrations()

#: The oldest version that can be brought to the present one.
OLDEST_VERSION: Final = MIGRATIONS[0].version

#: The version of the tables that this program knows, and that their definitions describe.
SCHEMA_VERSION: Final = MIGRATIONS[-1].version


def pending(version: int | None) -> tuple[Migration, ...]:
    """The migrations that a warehouse of a version lacks; None is an empty database."""
    return tuple(each for each in MIGRATIONS if version is None or each.version > version)
