"""Memory and time of reading what is large: ``python -m benchmarks.reading_size`` (``make benchmark-size``).

A file of GIGABYTES in Solr's JSON lines and in Solr's XML, plain and gzipped, and a folder of PAGES small files, are
written to SCRATCH, extracted as ``ingest`` does it, and deleted. Printed are the seconds, the largest memory of any
process, and when the first progress was told.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.documents import make_block
from benchmarks.measure import MEBIBYTE, measured
from benchmarks.written_formats import WRITERS, page_html
from pipelines.parts import Parts
from pipelines.stages.extraction import extract
from pipelines.stages.progress import Progress

#: Documents that are written over and over, which is faster than making as many.
_DOCUMENTS: Final = 2_000
_XML_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n<response>\n<result>\n'
_XML_TAIL: Final = b"</result>\n</response>\n"


def _write_file(path: Path, size: int, head: bytes, block: bytes, tail: bytes, *, packed: bool) -> None:
    """A file of ``size`` bytes before it is packed. A block packed once is a gzip member like each other."""
    pack: Callable[[bytes], bytes] = (lambda data: gzip.compress(data, 1)) if packed else bytes
    repeated = pack(block)
    with path.open("wb") as file:
        file.write(pack(head))
        for _ in range(size // len(block)):
            file.write(repeated)
        file.write(pack(tail))


def _write_folder(folder: Path, count: int) -> None:
    pages = [page_html(one) for one in make_block(0, _DOCUMENTS)]
    for number in range(count):
        if number % 1000 == 0:
            (folder / f"{number // 1000:04}").mkdir(parents=True)
        (folder / f"{number // 1000:04}" / f"{number:07}.html").write_bytes(pages[number % len(pages)])


def _extracted(table: Table, name: str, dump: Path, scratch: Path) -> None:
    told: list[tuple[float, Progress]] = []
    with measured(None) as usage:
        began = time.monotonic()
        manifest = extract(
            dump, "delta", Parts(str(scratch / "parts")), lambda one: told.append((time.monotonic() - began, one))
        )
    shutil.rmtree(scratch / "parts")
    first = next((when for when, one in told if one.done), 0.0)
    table.add_row(
        name,
        f"{manifest['bytes'] / 1e6:,.0f}",
        f"{manifest['documents']:,}",
        f"{manifest['quarantined']:,}",
        f"{usage.seconds:,.1f}",
        f"{usage.client_cpu:,.1f}",
        f"{usage.client_peak / MEBIBYTE:,.0f}",
        f"{first:.1f}",
    )


def main() -> None:
    """Write, extract and delete each, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=5)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--scratch", type=Path, default=Path("var/benchmark-size"))
    parser.add_argument("--only", default="", help="part of the name of what to measure")
    arguments = parser.parse_args()
    size, scratch = int(arguments.gigabytes * 1e9), arguments.scratch
    table = Table(title="extract: frames from a dump, in worker processes")
    table.add_column("dump")
    for column in ("MB", "documents", "quarantined", "seconds", "CPU s", "largest process, MiB", "first progress, s"):
        table.add_column(column, justify="right")
    documents = make_block(0, _DOCUMENTS)
    xml = WRITERS["solr xml"](documents)
    frames = {
        "JSON lines": (b"", WRITERS["json lines"](documents), b""),
        "Solr XML": (_XML_HEAD, xml[xml.index(b"<doc>") : xml.rindex(b"</result>")], _XML_TAIL),
    }
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        for name, (head, block, tail) in frames.items():
            for packed in (False, True):
                label = f"{name}{', gzip' if packed else ''}"
                if arguments.only.lower() not in label.lower():
                    continue
                _write_file(scratch / "dump", size, head, block, tail, packed=packed)
                _extracted(table, label, scratch / "dump", scratch)
                (scratch / "dump").unlink()
        if arguments.only.lower() in "pages":
            _write_folder(scratch / "pages", arguments.pages)
            _extracted(table, f"pages: {arguments.pages:,} files", scratch / "pages", scratch)
    finally:
        shutil.rmtree(scratch)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
