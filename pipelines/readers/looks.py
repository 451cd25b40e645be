"""What a file that lies in a folder seems to be, by its beginning."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from pipelines.readers import (
    folders,
    formats,
    harvest_folder,
    marcxml,
    page_html,
    pubmed_xml,
    solr_pages,
    streams,
    wacz,
)
from pipelines.readers.addresses import PlaceError
from pipelines.readers.chunks import HEAD
from pipelines.readers.folders import Kind, Look
from pipelines.readers.formats import PAGE_FORMATS
from pipelines.readers.places import Place, size_of
from pipelines.readers.reading import DumpError, stream_of
from pipelines.readers.streams import ByteStream
from pipelines.readers.unknown_files import describe

#: What lies beside data that somebody has packed as a data package, and is none of them.
PACKAGE: Final = "the description of a data package"
#: What is wrong with a file that has no byte.
EMPTY_FILE: Final = "an empty file"


def look_at(place: Place) -> Look:
    """What a file in a folder seems to be, by its beginning; the ids of deleted records by their file's name alone.

    MARCXML is a dump, and a page where VuFind's harvester gave the file its name. Raises OSError where it cannot be
    read.
    """
    if not isinstance(place, Path):
        return _look(place)
    stat = place.stat()
    return _look_at_path(place, stat.st_ino, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4096)
def _look_at_path(path: Path, inode: int, size: int, changed: int) -> Look:
    """A folder is gone through before, while and after it is read, and a file that has not changed looks the same."""
    return _look(path)


def _look(place: Place) -> Look:
    if harvest_folder.holds_deletions(place.name):
        return Look(Kind.DELETIONS if harvest_folder.has_time(place.name) else Kind.PERHAPS_PAGE)
    harvested = harvest_folder.is_harvested(place.name)
    size = size_of(place)
    try:
        entry = next(streams.unpack(stream_of(place)), None)
        head = entry.stream.peek(HEAD) if entry else b""
    except DumpError as error:
        raise PlaceError(str(error)) from None
    if entry is None or entry.refusal or entry.member:
        return Look(Kind.PERHAPS_PAGE if harvested and not head else Kind.DUMP)
    if told := wacz.what_it_tells(place.name, head):
        return Look(Kind.NOTE, told)
    if wacz.is_package(place.name, head):
        return Look(Kind.NOTE, PACKAGE)
    kind = _kind_of_known(place.name, head, entry.stream, size, harvested=harvested)
    return Look(kind) if kind else _look_at_unknown(place.name, head, entry.stream.damage, harvested=harvested)


def _kind_of_known(name: str, head: bytes, stream: ByteStream, size: int | None, *, harvested: bool) -> Kind | None:
    """The kind of a file by its format; None where that is not known."""
    if size is not None and size <= folders.LARGEST_PAGE:
        pages = (*PAGE_FORMATS, marcxml.FORMAT) if harvested else PAGE_FORMATS
        if any(one.recognises(head) for one in pages) or page_html.FORMAT.shows_record(head):
            return Kind.PAGE
        if page_html.FORMAT.recognises(head):
            return Kind.PERHAPS_PAGE
    known = next((one for one in formats.FORMATS if one.recognises(head)), None)
    if known is pubmed_xml.FORMAT and len(head) < HEAD and pubmed_xml.is_one_article(name, head):
        return Kind.PAGE
    if known in solr_pages.FORMATS and size is not None and size <= solr_pages.LARGEST_PAGE:
        return solr_pages.kind_of_answer(known, stream)
    return Kind.DUMP if known else None


def _look_at_unknown(name: str, head: bytes, damage: str, *, harvested: bool) -> Look:
    """What a file of no known format is, or one that holds nothing."""
    if harvest_folder.is_about_the_harvest(name, head):
        return Look(Kind.NOTE, "a note of VuFind's harvester")
    if harvested and not head:
        return Look(Kind.PERHAPS_PAGE)
    if damage:
        return Look(Kind.BROKEN, damage)
    return Look(Kind.OTHER, describe(head)) if head else Look(Kind.EMPTY, EMPTY_FILE)
