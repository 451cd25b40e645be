"""Addresses on a record page: which record it is of, and which lead out of the catalogue to what it describes."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipelines.readers.surroundings import Surroundings

#: What is offered for a record, and not for each of a list.
_ACTION: Final = re.compile(r"/Record/([^/?#]+)/(?:Cite|SMS|Email|Export)(?=[?#]|$)")
_ADDRESS: Final = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
#: Pages of VuFind that are none of a record.
_OF_THE_CATALOGUE: Final = re.compile(
    r"/(?:AJAX|Alphabrowse|Author|Browse|Cart|Content|Cover|Feedback|Help|MyResearch|QRCode|Search|Tag)(?:/|$)"
)
#: An address of which the path is what stands there, as of nearly all: to take one apart takes many times as long.
_PLAIN_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.:-]+(/[!\"$->@-~]*)(?:[?#][!-~]*)?")
_RECORD_PATH: Final = re.compile(r"/(?:Record|Collection)/([^/]+)(?:/[A-Za-z]*)?$")


def record_id(page: LexborHTMLParser, around: Surroundings | None = None) -> str | None:
    """The record that a page is of, by its canonical address, else by what VuFind's scripts read it from.

    Else by what can be done with it (``/Record/ID/Cite``), as is offered for the record of the page alone.
    """
    for selector, attribute in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        for node in page.css(selector):
            if found := id_of_address(node.attributes.get(attribute) or ""):
                return found
    hidden = {node.attributes.get("value") or "" for node in page.css(".record .hiddenId, #record_id")}
    if len(hidden) == 1:
        return next(iter(hidden)) or None
    ids = acted_on(page, around or Surroundings())
    return next(iter(ids)) if len(ids) == 1 else None


def acted_on(page: LexborHTMLParser, around: Surroundings) -> set[str]:
    """The records with which something can be done on a page, but for those beside its record."""
    links = (node for node in page.css('a[href*="/Record/"]') if not around.is_aside(node))
    actions = [_ACTION.search(node.attributes.get("href") or "") for node in links]
    try:
        return {unquote(action[1], errors="strict") for action in actions if action}
    except ValueError:
        return set()


def id_of_address(address: str) -> str | None:
    """The record that an address of VuFind is of."""
    try:
        plain = _PLAIN_ADDRESS.fullmatch(address)
        found = _RECORD_PATH.search(plain[1] if plain else urlsplit(address.strip()).path)
        return unquote(found[1], errors="strict") if found else None
    except ValueError:
        return None


def host_of(page: LexborHTMLParser) -> str:
    """The host of the catalogue, by the page's canonical address; "" where it has none."""
    node = page.css_first('link[rel="canonical"]')
    try:
        return (urlsplit(node.attributes.get("href") or "").hostname or "") if node is not None else ""
    except ValueError:
        return ""


def leading_out(address: str, host: str) -> str:
    """An address of what the record describes; "" for one of its page, or of another in the catalogue."""
    whole = f"https:{address}" if address.startswith("//") else address
    try:
        parts = urlsplit(whole)
        may_be_own = parts.hostname == host or not host
    except ValueError:
        return ""
    is_record = id_of_address(whole) is not None
    is_page = host != "" and _OF_THE_CATALOGUE.search(parts.path) is not None
    return "" if not _ADDRESS.match(whole) or (may_be_own and (is_record or is_page)) else whole
