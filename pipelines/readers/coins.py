"""ContextObjects in Spans (COinS): what a record page says of its record to citation managers.

VuFind has one on each record's page (RecordDriver/DefaultRecord, getCoinsOpenUrl), in a page without a staff view
the only place of some fields as they are indexed. Keys: ANSI/NISO Z39.88-2004, the formats ``journal``, ``book`` and
``dc``.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs

from selectolax.lexbor import LexborHTMLParser

#: Keys by field; of a field with several the first that says something counts.
_KEYS: Final = (
    ("rft.atitle", "title"), ("rft.btitle", "title"), ("rft.title", "title"), ("rft.au", "author"),
    ("rft.creator", "author"), ("rft.date", "publishDate"), ("rft.pub", "publisher"), ("rft.format", "format"),
    ("rft.language", "language"), ("rft.isbn", "isbn"), ("rft.issn", "issn"), ("rft.jtitle", "container_title"),
    ("rft.volume", "container_volume"), ("rft.issue", "container_issue"), ("rft.spage", "container_start_page"),
    ("rft.edition", "edition"), ("rft.series", "series"),
)  # fmt: skip
#: What VuFind's translations say where a record has no language.
_PLACEHOLDERS: Final = frozenset({"ohne angabe", "unknown", "undetermined", "not specified"})


def told_to_citation_managers(page: LexborHTMLParser) -> dict[str, list[str]]:
    """The fields of the one record that a page has a context object of; nothing where it has none or several."""
    spans = page.css("span.Z3988[title]")
    if len(spans) != 1:
        return {}
    try:
        said = parse_qs(spans[0].attributes.get("title") or "", errors="strict")
    except ValueError:
        return {}
    found: dict[str, list[str]] = {}
    for key, name in _KEYS:
        values = [text for value in said.get(key, ()) if (text := " ".join(value.split()))]
        if values and name not in found:
            found[name] = values
    if found.get("language", [""])[0].lower() in _PLACEHOLDERS:
        del found["language"]
    return found
