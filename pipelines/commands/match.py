"""The verb ``match``: the citations of a file, without a warehouse."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipelines.commands.console import fail, notify
from pipelines.outputs import named_output
from pipelines.plain import printable

if TYPE_CHECKING:
    import pyarrow as pa

#: Citations without title, and columns, that are named.
_NAMED: Final = 5


def match(
    file: Annotated[
        str,
        typer.Argument(
            help="CSV, BibTeX (.bib) or RIS (.ris) file, an address that fsspec opens, or - for standard input.",
            metavar="FILE",
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="File for id,publication,work; else standard output.")] = None,
    evidence: Annotated[
        Path | None, typer.Option(help="File for the pairs decided, each with rule and reason, and why not followed.")
    ] = None,
    border: Annotated[
        list[str] | None,
        typer.Option(
            help="What pairs on a border are, as editions=duplicate; may be given again.", metavar="NAME=VERDICT"
        ),
    ] = None,
    name: Annotated[
        str, typer.Option(help="What standard input is called; its ending says the format.")
    ] = "standard-input.csv",
) -> None:
    """Match the citations of a file: which are one publication, which publications are one work. No database.

    Of a CSV the columns id, source, title, author ("A and B", "A; B", "Roe RE, Doe SS"), year, journal, booktitle,
    volume, number, pages, doi, pmid, arxiv, isbn, issn, edition, type and abstract count; only title is needed.
    publication and work are the id of their first citation. What cannot be read, and what has no title, is told on
    standard error.

    Exits with 1 when the file cannot be read.

    Examples:
        vufind-warehouse match references.csv --out clusters.csv --evidence evidence.csv

        vufind-warehouse match library.bib > clusters.csv

        vufind-warehouse match library.bib --border preprint_and_article=duplicate

        cat *.ris | vufind-warehouse match - --name all.ris > clusters.csv
    """
    import pyarrow.compute as pc

    from pipelines.match import match_file
    from pipelines.readers.citation_error import CitationError
    from pipelines.works.borders import BorderError, Borders

    for given in filter(None, (out, evidence)):
        if not given.absolute().parent.is_dir():
            raise typer.BadParameter(printable(f"{given}: there is no folder {given.absolute().parent}"))
        if given.exists() and Path(file).exists() and given.samefile(file):
            raise typer.BadParameter(printable(f"{given}: this would overwrite the file to match"))
    if out and evidence and out.absolute() == evidence.absolute():
        raise typer.BadParameter(printable(f"{out}: --out and --evidence are one file"))
    try:
        borders = Borders.parse(", ".join(border or ()))
    except BorderError as error:
        raise typer.BadParameter(printable(str(error)), param_hint="--border") from error
    with _on_disk(file, name) as (path, called):
        try:
            matched = match_file(path, borders)
        except CitationError as error:
            fail(str(error).replace(str(path), called))
        for line in matched.unreadable:
            notify(f"not read: {line.replace(str(path), called)}")
    if matched.unused:
        notify(f"columns that are not looked at: {_some(matched.unused)}")
    if matched.untitled:
        count = len(matched.untitled)
        notify(f"without title, so that only identifiers match: {count:,} citations ({_some(matched.untitled)})")
    _write(matched.clusters, out)
    if evidence:
        _write(matched.evidence, evidence)
    passed_over = pc.sum(pc.not_equal(matched.evidence["passed_over"], "")).as_py() or 0
    publications, works = (len(set(matched.clusters[level].to_pylist())) for level in ("publication", "work"))
    notify(
        f"{len(matched.clusters):,} citations, {publications:,} publications, {works:,} works; "
        f"{len(matched.evidence):,} pairs decided, {passed_over:,} of them passed over, "
        f"{len(matched.unreadable):,} rows not read"
    )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + ", …" * (len(names) > _NAMED)


def _write(rows: pa.Table, path: Path | None) -> None:
    """Rows as CSV in a file, or on standard output. Raises OSError that names it."""
    import pyarrow.csv as pacsv

    with named_output(path), path.open("wb") if path else nullcontext(sys.stdout.buffer) as sink:
        pacsv.write_csv(rows, sink)


@contextmanager
def _on_disk(file: str, name: str) -> Iterator[tuple[Path, str]]:
    """The file as one on disk, for as long as it is needed, and what a person calls it."""
    from pipelines.readers.places import given_places, opened

    if "://" not in file and file != "-" and not Path(file).is_fifo():
        if not Path(file).exists():
            raise typer.BadParameter(printable(f"{file}: no such file"))
        yield Path(file), file
        return
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-match-") as folder:
        try:
            [place] = given_places([file], name)
            copy = Path(folder, Path(place.name).name or "citations")
            with opened(place) as source, copy.open("wb") as sink:
                shutil.copyfileobj(source, sink)
        except (OSError, ValueError) as error:
            fail(str(error))
        yield copy, str(place) if file != "-" else name
