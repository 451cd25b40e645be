"""The cookbook: questions in SQL with what the shipped sample answers.

``make cookbook`` writes it to ``docs/cookbook.md``, from a warehouse that is made for it and thrown away. The questions
are ``sql/cookbook``: a comment that says what is asked, then one statement.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from pipelines import stages
from pipelines.dumps import FoundDump, find_dumps
from pipelines.home import Home
from pipelines.plain import plain, printable
from pipelines.warehouse.changes import Dump
from pipelines.warehouse.reader import ask
from pipelines.warehouse.statements import statements_of

PROJECT: Final = Path(__file__).parents[1]
SAMPLE: Final = PROJECT / "dumps" / "sample"
PAGE: Final = PROJECT / "docs" / "cookbook.md"

#: Seconds after which a question of the cookbook is given up.
_TIMEOUT: Final = 60

_HEAD: Final = """# Cookbook
Questions in SQL, with what the shipped sample answers (`make ingest`). Ask with `vufind-warehouse query "SELECT …"`,
or in any program that speaks Postgres. This page is made by `make cookbook` from `sql/cookbook`; a test fails when it
is behind the views. [dictionary.md](dictionary.md) explains every column."""


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-cookbook-") as folder:
        Path(folder).chmod(0o755)
        home = Home(Path(folder), None)
        with home.warehouse(print) as url:
            for found in find_dumps(SAMPLE):
                _ingest(home, url, found)
            PAGE.write_text(cookbook(url, embedded=True), encoding="utf-8")
    print(f"written: {PAGE.relative_to(Path.cwd())}")


def _ingest(home: Home, url: URL, found: FoundDump) -> None:
    dump = Dump(found.source, found.name, "delta")
    raw, normalized, planned = (home.parts(stage, found.partition) for stage in ("raw", "normalized", "planned"))
    stages.extract(found.path, dump.kind, raw)
    stages.normalize(raw, normalized, dump.source)
    stages.deduplicate(url, raw, normalized, planned, dump)
    stages.load(url, raw, normalized, planned, dump)


def cookbook(url: URL, *, embedded: bool) -> str:
    """The page, in Markdown: each question of ``sql/cookbook`` with the answer of the warehouse at ``url``."""
    return "\n".join([_HEAD, *_recipes(url, embedded=embedded)]) + "\n"


def _recipes(url: URL, *, embedded: bool) -> Iterator[str]:
    for number, (_, text) in enumerate(statements_of("cookbook"), start=1):
        lines = text.string.strip().splitlines()
        first = next(place for place, line in enumerate(lines) if not line.startswith("--"))
        title, _, more = " ".join(line.removeprefix("--").strip() for line in lines[:first]).partition("? ")
        yield from ("", f"## {number}. {title}{'?' if more else ''}", *([more] if more else []))
        question = "\n".join(lines[first:])
        yield from ("```sql", question, "```")
        with ask(url, question.rstrip(";"), _TIMEOUT, embedded=embedded, warn=print) as (columns, rows):
            yield f"| {' | '.join(columns)} |"
            yield f"|{'---|' * len(columns)}"
            for row in rows:
                yield f"| {' | '.join(_cell(plain(value)) for value in row)} |"


def _cell(text: str) -> str:
    """Text in a cell of a Markdown table, as it is."""
    shown = printable(text).replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*")
    return shown.replace("<", "&lt;")


if __name__ == "__main__":
    main()
