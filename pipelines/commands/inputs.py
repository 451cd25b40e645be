"""What the command line names to be read: files, folders, patterns, addresses, standard input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from pipelines.commands.console import fail, notify
from pipelines.dump_names import UnsafeNameError, given_name
from pipelines.plain import printable

if TYPE_CHECKING:
    from pipelines.dumps import Survey
    from pipelines.readers.places import Place

Paths = Annotated[
    list[str],
    typer.Argument(
        help="File, folder, quoted pattern, address that fsspec opens, or - for standard input.", metavar="PATH..."
    ),
]

#: Files that are skipped and named one by one.
_NAMED: Final = 20


def found_dumps(paths: Sequence[str], source: str | None, name: str | None) -> Survey:
    """The dumps that are to be ingested; where there is none at all, the command was misused."""
    from pipelines.dumps import survey_all
    from pipelines.readers.places import StandardInput

    try:
        places = _places(paths, name or "")
        if any(isinstance(place, StandardInput) for place in places) and not (source and name):
            raise typer.BadParameter(
                "of standard input, or a pipe, say which dump it is: --source CATALOGUE --name NAME"
            )
        found = survey_all(places, source)
        if name is not None:
            if len(found.dumps) + len(found.troubles) > 1:
                raise typer.BadParameter("--name is for one dump, and here are more", param_hint="--name")
            found = replace(found, dumps=[replace(dump, name=given_name(name, "a dump")) for dump in found.dumps])
    except (OSError, UnsafeNameError) as error:
        _misused(error)
    _tell_skipped(found)
    if not found.dumps:
        _misused("; ".join(map(str, found.troubles)) or f"no dump in {', '.join(map(str, places))}")
    return found


def dumps_to_read(paths: Sequence[str], name: str) -> Survey:
    """The dumps that are to be read and not to be kept."""
    from pipelines.dumps import dumps_of

    try:
        found = dumps_of(_places(paths, name))
    except OSError as error:
        fail(str(error))
    _tell_skipped(found)
    return found


def _places(paths: Sequence[str], name: str) -> list[Place]:
    from pipelines.readers.places import STANDARD_INPUT, given_places

    if list(paths).count(STANDARD_INPUT) > 1:
        raise typer.BadParameter("standard input can be read once")
    return given_places(paths, name)


def _misused(what: object) -> NoReturn:
    raise typer.BadParameter(printable(str(what))) from None


def _tell_skipped(found: Survey) -> None:
    for file, what in found.skipped[:_NAMED]:
        notify(f"skipped: {file}: {what}")
    if found.skipped:
        more = len(found.skipped) - _NAMED
        unnamed = f", {more:,} of them not named" * (more > 0)
        notify(f"{len(found.skipped):,} skipped, of no known format or no file at all{unnamed}")
