"""How exactly and how fast pages are read: ``make benchmark-readers [DATA=dir]``, or any pages beside their truth.

DATA holds sets: ``NAME.truth.jsonl[.zst]`` beside ``NAME.*`` or the folder ``NAME``, or ``truth.jsonl[.zst]`` beside
``pages`` or ``pages.*``, in the folder or in one within. A line of truth is ``{"page": name of the file, "doc": Solr
document}``, or the Solr document itself, which is then found by its id. Printed are, for each field of the truth: how
many of its documents are read exactly, uncut (the values of a field have run together), wrongly, or not at all; how
many documents have the field though the truth has not. Blanks are folded in fields of one value and kept in others.
Speed is CPU time in one process, beside that of only parsing the same bytes in the same run: of these pages, and of
every format on made-up documents (:mod:`benchmarks.reading_speed`).
``--without-keys`` reads pages as text without the work keys in them, and counts names: how many of the headings of
the truth stand apart at their place, by how the field was cut.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path, PurePosixPath
from typing import Any, Final

import orjson
from backports import zstd
from rich.console import Console
from rich.table import Table

from benchmarks.reading_speed import DOCUMENTS_BY_CLOCK, print_speed_of_chunks, print_speeds
from benchmarks.written_formats import WRITERS
from pipelines.readers.chunks import Chunk, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import read_chunks
from pipelines.readers.second_look import read_batches
from pipelines.records import MULTI_VALUED_FIELDS

_MULTI: Final = frozenset(MULTI_VALUED_FIELDS)
_CREDITS: Final = ("author", "author2", "author_corporate", "author_facet")
_OUTCOMES: Final = ("exact", "uncut", "wrong", "missing", "not in truth")
_KEYS_ROW: Final = re.compile(rb"^work_keys_str_mv \|[^\n]*\n?", re.MULTILINE)

Document = dict[str, Any]


@dataclass(slots=True)
class Score:
    """What became of the fields of one set."""

    fields: dict[str, Counter[str]] = field(default_factory=dict)
    documents: int = 0
    unknown: int = 0
    quarantined: int = 0
    credits: Counter[str] = field(default_factory=Counter)
    names: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, expected: Document, found: Document, field_cuts: Iterable[str] = ()) -> None:
        """Compare one document with its truth; ``field_cuts`` says how its fields were cut."""
        marks = dict(one.rsplit(" ", 1) for one in field_cuts)
        for name in _CREDITS[:3]:
            if expected.get(name):
                names = self.names.setdefault(marks.get(name, "given"), Counter())
                names["all"] += len(expected[name])
                names["exact"] += count_names(expected[name], found.get(name) or [])
        self.documents += 1
        keyed = bool(expected.get("work_keys_str_mv"))
        for name in expected.keys() | found.keys():
            outcome = compare_field(name, expected.get(name), found.get(name))
            self.fields.setdefault(name, Counter())[outcome] += 1
            if keyed and name in _CREDITS and name in expected:
                self.credits[outcome] += 1


def main() -> None:
    """Measure every set and print a table of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", help="folder of sets")
    parser.add_argument("--pages", type=Path, help="a file, an archive or a folder of pages")
    parser.add_argument("--truth", type=Path, help="the documents behind these pages")
    parser.add_argument("--documents", type=int, default=4_000, help="documents on which the speed is measured")
    parser.add_argument(
        "--without-keys", action="store_true", help="drop the work keys from pages as text, count names"
    )
    arguments = parser.parse_args()
    if (arguments.pages is None) != (arguments.truth is None) or (arguments.data is None) == (arguments.pages is None):
        parser.error("give a folder of sets, or --pages and --truth")
    sets = [(arguments.pages, arguments.truth)] if arguments.pages else list(find_sets(arguments.data))
    if not sets:
        parser.error(f"no set in {arguments.data}: a set is NAME.truth.jsonl or NAME.truth.jsonl.zst beside NAME.*")
    console = Console(width=120)
    for pages, truth in sets:
        if arguments.without_keys:
            with tempfile.TemporaryDirectory() as folder:
                if keyless := without_keys(pages, Path(folder)):
                    _measure_set(console, keyless, truth)
        else:
            _measure_set(console, pages, truth)
    if not arguments.without_keys:
        print_speeds(console, list(WRITERS), arguments.documents, DOCUMENTS_BY_CLOCK)


def find_sets(data: Path) -> Iterator[tuple[Path, Path]]:
    """The sets of a folder, by name: pages and truth."""
    for truth in sorted([*data.glob("*truth.jsonl*"), *data.glob("*/*truth.jsonl*")]):
        name = truth.name.split("truth.jsonl")[0].rstrip(".") or "pages"
        beside = [path for path in sorted(truth.parent.glob(f"{name}*")) if path.name[len(name) :][:1] in {"", "."}]
        pages = [path for path in beside if "truth.jsonl" not in path.name]
        if pages:
            yield pages[0], truth


def read_truth(path: Path) -> dict[str, Document]:
    """The documents of a file of truth, by the name of their page, or by id where it names none."""
    written = path.read_bytes()
    if path.suffix == ".zst":
        written = zstd.decompress(written)
    documents = {}
    for line in written.splitlines():
        read = orjson.loads(line)
        if "page" in read:
            documents[str(read["page"])] = read["doc"]
        else:
            documents[str(read["id"])] = read
    return documents


def without_keys(pages: Path, folder: Path) -> Path | None:
    """The pages as text in ``folder``, each a file, without their work keys; ``None`` where there are none."""
    for chunk in read_chunks(pages):
        if not isinstance(chunk, Chunk):
            continue
        for piece in (piece for run in chunk.runs if run.format == "page text" for piece in run.pieces):
            with (folder / PurePosixPath(piece.member or piece.file).name).open("ab") as page:
                page.write(_KEYS_ROW.sub(b"", piece.data))
    return folder if any(folder.iterdir()) else None


def count_names(expected: list[str], found: list[str]) -> int:
    """How many of the expected headings stand in what was found, made of the same words of the text."""
    return len(_spans(expected) & _spans(found))


def _spans(headings: list[str]) -> set[tuple[int, int]]:
    ends = list(accumulate(len(heading.split()) for heading in headings))
    return set(zip([0, *ends], ends, strict=False))


def compare_field(name: str, expected: object, found: object) -> str:
    """How a field was read: one of the outcomes that the tables show."""
    if found in (None, []):
        return "exact" if expected in (None, []) else "missing"
    if expected in (None, []):
        return "not in truth"
    if name not in _MULTI and not isinstance(expected, list) and not isinstance(found, list):
        return "exact" if _folded(expected) == _folded(found) else "wrong"
    wanted, values = _as_list(expected), _as_list(found)
    if wanted == values:
        return "exact"
    if len(values) < len(wanted) and _folded(" ".join(wanted)) == _folded(" ".join(values)):
        return "uncut"
    return "wrong"


def _folded(value: object) -> str:
    return " ".join(str(value).split())


def _as_list(value: object) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def _measure_set(console: Console, pages: Path, truth: Path) -> None:
    expected = read_truth(truth)
    chunks = [part for part in read_chunks(pages) if isinstance(part, Chunk)]
    score = Score()
    missing = set(expected)
    for batch in read_batches(pages):
        if isinstance(batch, Unreadable):
            score.quarantined += 1
            continue
        score.quarantined += batch.quarantined.num_rows
        for document in to_documents(batch.documents):
            lineage = document.pop("_lineage")
            key = _truth_of(expected, lineage, document)
            if key is None:
                score.unknown += 1
                continue
            missing.discard(key)
            score.count(expected[key], document, lineage.get("field_cuts") or ())
    for key in missing:
        for name in expected[key]:
            score.fields.setdefault(name, Counter())["missing"] += 1
    _print(console, pages, score, len(missing))
    print_speed_of_chunks(console, chunks)


def _truth_of(expected: dict[str, Document], lineage: dict[str, Any], document: Document) -> str | None:
    path = lineage["member"] or lineage["file"]
    return next((key for key in (path, PurePosixPath(path).name, document["id"]) if key in expected), None)


def _print(console: Console, pages: Path, score: Score, lost: int) -> None:
    title = f"{pages.name}: {score.documents:,} documents, {score.quarantined:,} quarantined"
    table = Table(title=f"{title}, {lost:,} of the truth without a page read, {score.unknown:,} without truth")
    table.add_column("field")
    for outcome in (*_OUTCOMES, "exact %"):
        table.add_column(outcome, justify="right")
    total: Counter[str] = Counter()
    for name in sorted(score.fields):
        total.update(score.fields[name])
        table.add_row(name, *_figures(score.fields[name]))
    table.add_section()
    table.add_row("all fields", *_figures(total))
    console.print(table)
    if score.credits.total():
        share = score.credits["exact"] / score.credits.total()
        console.print(f"author fields of records with work keys: {score.credits.total():,}, exact {share:.2%}")
    for mark, names in sorted(score.names.items()):
        console.print(f"names in fields marked {mark}: {names['all']:,}, exact {names['exact'] / names['all']:.2%}")
    exact, everything = (sum(names[one] for names in score.names.values()) for one in ("exact", "all"))
    if everything:
        console.print(f"names: {everything:,}, exact {exact / everything:.2%}")


def _figures(counts: Counter[str]) -> list[str]:
    share = counts["exact"] / (counts.total() or 1)
    return [f"{counts[outcome]:,}" if counts[outcome] else "" for outcome in _OUTCOMES] + [f"{share:.2%}"]


if __name__ == "__main__":
    main()
