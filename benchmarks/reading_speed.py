"""How fast each format is read, beside only parsing the same bytes with the parser of its kind, in the same run.

The documents are made up (:mod:`benchmarks.documents`) and written in each format. Two things are measured:

- CPU time in one process of all that a reader does, from the bytes of the file to columns;
- the clock, which is what users wait for: the stage ``extract`` as ``vufind-warehouse ingest`` runs it, with its
  fingerprints, its worker processes (and their start), lessons for cuts and Parquet, beside only parsing in one
  process. That its documents/s may be more than those of the parser alone is the work of several cores; on a
  machine that does other things besides, which its load tells, the clock says little.

Parsers: orjson for JSON, lxml for XML, pymarc for MARC, lexbor (selectolax) for HTML, and Python's csv. No library
knows VuFind's pages as text; the parser for them is our own that finds fields and values of a staff view row by row,
and does nothing else (no page part, no cuts, no columns). The reader itself uses it for unusual views alone.
"""

from __future__ import annotations

import argparse
import csv
import gc
import io
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
import pymarc
from fastwarc.warc import ArchiveIterator
from lxml import etree
from rich.console import Console
from rich.table import Table
from selectolax.lexbor import LexborHTMLParser

from benchmarks.documents import make_block
from benchmarks.written_articles import ARTICLE_WRITERS
from benchmarks.written_formats import PAYLOAD_WRITERS, WRITERS, Document
from pipelines.memory import use_system_memory
from pipelines.parts import Parts
from pipelines.readers.chunks import Chunk, Piece, Run
from pipelines.readers.formats import FORMATS
from pipelines.readers.page_html import page_spans
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.staff_view import find_table, read_table
from pipelines.stages.extraction import extract
from pipelines.workers import worker_count

_ROUNDS: Final = 5
#: By the clock a dump is read once cold, to start what is started once, and then so often.
_ROUNDS_BY_CLOCK: Final = 2
#: Bytes for which glibc joins all small blocks that are free, before it looks for them.
_LARGE_BLOCK: Final = 1 << 16
#: Documents read by the clock: of fewer, workers get one chunk or none.
DOCUMENTS_BY_CLOCK: Final = 20_000


def _parse_json(text: bytes) -> None:
    orjson.loads(text)


def _parse_json_lines(text: bytes) -> None:
    for line in text.splitlines():
        orjson.loads(line)


def _parse_xml(text: bytes) -> None:
    etree.fromstring(text)


def _parse_elements(text: bytes) -> None:
    """XML elements side by side, as pieces hold them."""
    etree.fromstring(b"<r>" + text + b"</r>", etree.XMLParser(huge_tree=True, resolve_entities=False))


def _parse_xml_or_elements(text: bytes) -> None:
    """A whole file, or elements side by side out of one."""
    (_parse_xml if text.startswith(b"<?xml") else _parse_elements)(text)


def _parse_csv(text: bytes) -> None:
    for _ in csv.reader(io.StringIO(text.decode(), newline="")):
        pass


def _parse_marc(data: bytes) -> None:
    for _ in pymarc.MARCReader(data):
        pass


def _parse_html(text: bytes) -> None:
    for start, end in page_spans(text):
        LexborHTMLParser(text[start:end])


def _parse_text(text: bytes) -> None:
    table = find_table(text)
    while table is not None:
        _, end, _ = read_table(text, table)
        table = find_table(text, end)


def _parse_warc(data: bytes) -> None:
    for record in ArchiveIterator(io.BytesIO(data), auto_decode="all"):
        if record.is_http:
            LexborHTMLParser(record.reader.read())


Writer = Callable[[Sequence[Document]], bytes]


def _answers(write: Writer, size: int) -> Writer:
    """What writes documents as answers of so many, one after the other, a line each."""
    return lambda documents: b"".join(
        write(documents[start : start + size]) + b"\n" for start in range(0, len(documents), size)
    )


def _answer_of_europe_pmc(documents: Sequence[Document]) -> bytes:
    results = ARTICLE_WRITERS["europe pmc"](documents).splitlines()
    begin = b'{"version":"6.9","hitCount":%d,"nextCursorMark":"AoE","resultList":{"result":[' % len(results)
    return begin + b",".join(results) + b"]}}"


#: Answers as servers give them to who asks for as many as they may: of one file with one answer much more is read.
_PAGES: Final[dict[str, Writer]] = {
    "solr json, answers of 1,000": _answers(WRITERS["solr json"], 1_000),
    "vufind api, answers of 100": _answers(WRITERS["vufind api"], 100),
    "europe pmc, answers of 1,000": _answers(_answer_of_europe_pmc, 1_000),
}
#: How to write what is measured, by the name of its format.
MEASURED: Final = WRITERS | PAYLOAD_WRITERS | ARTICLE_WRITERS | _PAGES
#: What only parses a file, by the name of its format.
PARSERS: Final[dict[str, Callable[[bytes], None]]] = {
    "json lines": _parse_json_lines,
    "solr json": _parse_json,
    "vufind api": _parse_json,
    "solr xml": _parse_xml,
    "solr csv": _parse_csv,
    "oai-pmh": _parse_xml,
    "oai-pmh, marc21": _parse_xml,
    "pubmed xml": _parse_xml_or_elements,
    "jats": _parse_xml_or_elements,
    "europe pmc": _parse_json_lines,
    **dict.fromkeys(_PAGES, _parse_json_lines),
    "marc 21": _parse_marc,
    "marcxml": _parse_xml,
    "page html": _parse_html,
    "page html, marc": _parse_html,
    "page text": _parse_text,
    "warc": _parse_warc,
}


@dataclass(frozen=True, slots=True)
class Speed:
    """Megabytes of a format, documents read of it, and the best CPU seconds of reading and of only parsing it."""

    megabytes: float
    documents: int
    reading: float
    parsing: float


@dataclass(frozen=True, slots=True)
class ClockSpeed:
    """Documents of a dump, and the best seconds by the clock of the stage ``extract`` and of one process parsing it."""

    documents: int
    extracting: float
    parsing: float


def main() -> None:
    """Measure every format, or those that are named, and print a table."""
    # As the processes do that read.
    use_system_memory()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", nargs="*", help="formats by name; else all")
    parser.add_argument("--documents", type=int, default=4_000)
    parser.add_argument(
        "--by-clock", type=int, default=DOCUMENTS_BY_CLOCK, help="documents to extract by the clock; 0 for none"
    )
    parser.add_argument("--files", type=Path, nargs="+", help="dumps to measure instead, in whatever format")
    arguments = parser.parse_args()
    if arguments.files:
        for dump in arguments.files:
            print_speed_of_chunks(Console(width=120), [part for part in read_chunks(dump) if isinstance(part, Chunk)])
        return
    names = arguments.formats or list(MEASURED)
    if unknown := [name for name in names if name not in MEASURED]:
        parser.error(f"no such format: {', '.join(unknown)}; there are: {', '.join(MEASURED)}")
    print_speeds(Console(width=140), names, arguments.documents, arguments.by_clock)


def print_speeds(console: Console, names: Sequence[str], count: int, count_by_clock: int) -> None:
    """Print the speed of each of these formats, on ``count`` documents, and by the clock on ``count_by_clock``."""
    documents, more = make_block(0, count), make_block(0, count_by_clock)
    table = Table(
        title=f"{count:,} documents, CPU time in one process, best of {_ROUNDS} rounds; "
        f"by the clock {count_by_clock:,} documents, extract with {worker_count()} workers, "
        f"best of {_ROUNDS_BY_CLOCK} rounds, load of the machine before {os.getloadavg()[0]:.1f}"
    )
    table.add_column("format")
    for column in (
        "MB",
        "documents",
        "CPU: read, MB/s",
        "CPU: only parsed, MB/s",
        "CPU: ratio",
        f"clock: extract, {worker_count()} workers, documents/s",
        "clock: only parsed, 1 process, documents/s",
    ):
        table.add_column(column, justify="right")
    for name in names:
        speed = measure(name, MEASURED[name](documents))
        by_clock = measure_by_clock(name, MEASURED[name](more)) if more else None
        table.add_row(
            name,
            f"{speed.megabytes:,.1f}",
            f"{speed.documents:,}",
            f"{speed.megabytes / speed.reading:,.1f}",
            f"{speed.megabytes / speed.parsing:,.1f}",
            f"{speed.parsing / speed.reading:.2f}",
            f"{by_clock.documents / by_clock.extracting:,.0f}" if by_clock else "",
            f"{by_clock.documents / by_clock.parsing:,.0f}" if by_clock else "",
        )
    console.print(table)
    missing = [one.name for one in FORMATS if one.name not in MEASURED]
    if missing:
        console.print(f"not measured: {', '.join(missing)}")


def measure_by_clock(name: str, data: bytes) -> ClockSpeed:
    """Extract a file of the format ``name`` as ``ingest`` does, and only parse it in this process, by the clock."""
    extracting, parsing = [], []
    documents = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump"
        path.write_bytes(data)
        for number in range(_ROUNDS_BY_CLOCK + 1):
            began = time.perf_counter()
            documents = extract(path, "delta", Parts(f"{folder}/parts-{number}"))["documents"]
            extracting.append(time.perf_counter() - began)
            began = time.perf_counter()
            PARSERS[name](data)
            parsing.append(time.perf_counter() - began)
    return ClockSpeed(documents, min(extracting[1:]), min(parsing[1:]))


def print_speed_of_chunks(console: Console, chunks: Sequence[Chunk]) -> None:
    """Print the speed of each format among these chunks."""
    runs = [run for chunk in chunks for run in chunk.runs]
    for name in sorted({run.format for run in runs}):
        speed = measure_runs([run for run in runs if run.format == name])
        line = f"{name}: {speed.megabytes:.1f} MB, read at {speed.megabytes / speed.reading:,.1f} MB/s of CPU time"
        parsed = f"only parsed at {speed.megabytes / speed.parsing:,.1f} MB/s"
        console.print(f"{line}; {parsed}; ratio {speed.parsing / speed.reading:.2f}\n")


def measure(name: str, data: bytes) -> Speed:
    """Read a file of the format ``name`` and only parse it, round by round."""
    reading, parsing = [], []
    documents = 0
    _hold_still()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump"
        path.write_bytes(data)
        for _ in range(_ROUNDS):
            began = time.process_time()
            PARSERS[name](data)
            parsing.append(time.process_time() - began)
            _settle()
            began = time.process_time()
            documents = 0
            for part in read_chunks(path):
                if isinstance(part, Chunk):
                    documents += parse_chunk(part).documents.num_rows
            reading.append(time.process_time() - began)
    return Speed(len(data) / 1e6, documents, min(reading), min(parsing))


def _hold_still() -> None:
    """Let the collector of garbage pass over all that is there, so that it costs what it would in a process of its own.

    Without that a parser that makes many objects pays for the documents that the benchmark holds: orjson took up to
    twice as long, and as long as it liked.
    """
    gc.collect()
    gc.freeze()


def _settle() -> None:
    """Let the allocator tidy up what was freed before, in nobody's time.

    A tree of lxml leaves hundreds of thousands of small blocks, which glibc joins when the next large one is asked
    for: that took half as long as parsing, and whoever came next paid for it.
    """
    bytearray(_LARGE_BLOCK)


def measure_runs(runs: Sequence[Run]) -> Speed:
    """Parse runs of one format, as :func:`parse_chunk` does and as their parser alone does."""
    pieces: list[Piece] = [piece for run in runs for piece in run.pieces]
    reading, parsing = [], []
    documents = 0
    _hold_still()
    for _ in range(_ROUNDS):
        _settle()
        began = time.process_time()
        documents = sum(parse_chunk(Chunk((run,))).documents.num_rows for run in runs)
        reading.append(time.process_time() - began)
        began = time.process_time()
        for piece in pieces:
            PARSERS[runs[0].format](piece.data)
        parsing.append(time.process_time() - began)
    return Speed(sum(len(piece.data) for piece in pieces) / 1e6, documents, min(reading), min(parsing))


if __name__ == "__main__":
    main()
