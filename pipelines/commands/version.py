"""The option ``--version``: what to say of the program when asking for help."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer


def _tell(wanted: bool) -> None:
    if not wanted:
        return
    # Only here: they are slow to load, and every command comes by.
    from pipelines.readers.compiled import IS_COMPILED
    from pipelines.stages.extraction import VERSIONS
    from pipelines.warehouse.migrations import SCHEMA_VERSION

    compiled = "with compiled readers" if IS_COMPILED else "readers were not compiled when it was installed"
    typer.echo(f"vufind-warehouse {version('vufind-warehouse')} (schema {SCHEMA_VERSION}, {VERSIONS}; {compiled})")
    raise typer.Exit


Version = Annotated[
    bool,
    typer.Option(
        "--version", callback=_tell, is_eager=True, help="Tell the version of the program and of its rules, and exit."
    ),
]
