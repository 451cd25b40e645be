"""The verb ``extract``: dumps as Solr documents, nothing stored."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.console import notify
from pipelines.commands.inputs import Paths, dumps_to_read
from pipelines.outputs import named_output

if TYPE_CHECKING:
    from pipelines.readers.answers import Completeness
    from pipelines.readers.places import Place


def extract(
    paths: Paths,
    out: Annotated[Path | None, typer.Option(help="File to write to; else standard output.")] = None,
    name: Annotated[str, typer.Option(help="What standard input is called in _lineage.")] = "",
) -> None:
    """Read dumps and write their Solr documents as JSON lines, lineage under _lineage; nothing is stored.

    What cannot be read is told on standard error, with file, offset and reason; so is which records are deleted. Of a
    folder, files of no known format are named and skipped.

    Exits with 1 when a dump failed, or when nothing could be read at all.

    Examples:
        vufind-warehouse extract record-page.txt

        vufind-warehouse extract 'exports/*.mrc' --out documents.jsonl

        curl -s https://example.org/export.json.gz | vufind-warehouse extract -

        vufind-warehouse extract s3://bucket/export.json.gz --out documents.jsonl
    """
    from pipelines.readers.answers import (
        Completeness,
        other_kinds_in_words,
        passed_over_in_words,
        skipped_in_words,
    )
    from pipelines.readers.reading import DumpError

    found = dumps_to_read(paths, name)
    completeness = Completeness()
    other_kinds: Counter[str] = Counter()
    documents = deletions = quarantined = 0
    failures = [str(trouble) for trouble in found.troubles]
    with named_output(out), out.open("wb") if out else nullcontext(sys.stdout.buffer) as sink:
        for dump in found.dumps:
            before = documents + deletions + quarantined
            try:
                for lines, deleted, refused in _read(dump.path, completeness, other_kinds):
                    quarantined += len(refused)
                    deletions += len(deleted)
                    documents += len(lines)
                    sink.writelines(lines)
                    for told in deleted:
                        notify(f"deleted: {told}")
                    for told in refused:
                        notify(f"quarantined: {told}")
                if documents + deletions + quarantined == before:
                    notify(f"{dump.path}: there is no record in it")
            except DumpError as error:
                failures.append(str(error))
    for failure in failures:
        notify(f"not read: {failure}")
    said = f"{deletions:,} deletions, " if deletions else ""
    notify(f"{documents:,} documents, {said}{quarantined:,} in quarantine")
    if completeness.passed_over:
        notify(passed_over_in_words(completeness.passed_over))
    if other_kinds:
        notify(other_kinds_in_words(other_kinds))
    if completeness.skipped:
        notify(skipped_in_words(completeness.skipped, completeness.named))
    if not (documents or deletions) or failures:
        raise typer.Exit(1)


def _read(
    dump: Place, completeness: Completeness, other_kinds: Counter[str]
) -> Iterator[tuple[list[bytes], list[str], list[str]]]:
    """A dump chunk by chunk: documents as lines; which records it says are deleted, and what could not be read, told
    with their places.
    """
    from pipelines.readers.chunks import Unreadable
    from pipelines.readers.deletions import apart
    from pipelines.readers.documents import to_json_lines
    from pipelines.readers.second_look import read_batches

    for batch in read_batches(dump, completeness=completeness):
        if isinstance(batch, Unreadable):
            yield [], [], [_told(batch.file, batch.member, batch.offset, batch.reason)]
            continue
        other_kinds += batch.other_kinds
        rows = batch.quarantined.to_pylist()
        refused = [_told(row["file"], row["member"], row["offset"], row["reason"]) for row in rows]
        deleted = apart(batch.documents)[1].select(["file", "member", "offset", "id"]).to_pylist()
        yield list(to_json_lines(batch.documents)), [_told(*row.values()) for row in deleted], refused


def _told(file: str, member: str, offset: int, reason: str) -> str:
    place = f"{file}!{member}" if member else file
    return f"{place} at byte {offset:,}: {reason}"
