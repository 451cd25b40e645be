"""Whether answers of Solr are pages of a list, so that the files of an export page by page are one dump."""

from __future__ import annotations

from typing import Final

from pipelines.readers import solr_json, solr_xml
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Format
from pipelines.readers.folders import Kind
from pipelines.readers.streams import ByteStream

#: Formats in which Solr says how many documents there are.
FORMATS: Final[tuple[Format, ...]] = (solr_json.FORMAT, solr_xml.FORMAT)

#: A larger file is never taken for one of many pages: it is read whole for that.
LARGEST_PAGE: Final = 64 << 20

_CHUNK: Final = 4 << 20


def kind_of_answer(found: Format, stream: ByteStream) -> Kind:
    """What a file of one of ``FORMATS`` is in a folder.

    A page of a list has fewer documents than it says there are, or says that more follow. One without any document
    may be what follows the last page of a list, or stand before a list that is there whole.
    """
    answers = [part for part in found.split("", "", stream, _CHUNK) if isinstance(part, Answer)]
    paged = [one for one in answers if (one.more if one.announced is None else one.records < one.announced)]
    if not paged:
        return Kind.DUMP
    return Kind.PAGE if any(one.records or one.more for one in paged) else Kind.PERHAPS_PAGE
