"""Whether an answer of Solr is one page of a list, so that the files of an export page by page are one dump."""

from __future__ import annotations

from typing import Final

from pipelines.readers import solr_json, solr_xml
from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Format
from pipelines.readers.streams import ByteStream

#: Formats in which Solr says how many documents there are.
FORMATS: Final[tuple[Format, ...]] = (solr_json.FORMAT, solr_xml.FORMAT)

#: A larger file is never taken for one of many pages: it is read whole for that.
LARGEST_PAGE: Final = 64 << 20

_CHUNK: Final = 4 << 20


def is_page_of_a_list(found: Format, stream: ByteStream) -> bool:
    """Whether a file of one of ``FORMATS`` has fewer documents than it says there are, or says that more follow."""
    answers = (part for part in found.split("", "", stream, _CHUNK) if isinstance(part, Answer))
    return any(one.more != "" if one.announced is None else one.records < one.announced for one in answers)
