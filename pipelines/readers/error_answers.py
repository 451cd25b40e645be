"""What an answer says that holds an error in place of records: of a repository, Solr, VuFind's API, a web server.

Such answers are saved as dumps when a harvest or an export fails in the night. Sources: OAI-PMH 2.0, 3.6; Solr's
reference guide, "Response Writers"; VuFind's API (``status``, ``statusMessage``); the HTML standard (``title``).
"""

from __future__ import annotations

import html
import re
from typing import Final

from pipelines.readers import page_html

_LOOKED_AT: Final = 64 << 10
_LONGEST: Final = 200

_TEXT: Final = rb'"((?:[^"\\]|\\.)*)"'
_JSON: Final = re.compile(rb"\s*\{")
_JSON_ERRORS: Final = (
    re.compile(rb'"error"\s*:\s*\{(?:[^{}]|\{[^{}]{0,2000}\}){0,2000}?"msg"\s*:\s*' + _TEXT),
    re.compile(rb'"statusMessage"\s*:\s*' + _TEXT),
    re.compile(rb'"EXCEPTION"\s*:\s*' + _TEXT),
    re.compile(rb'"error"\s*:\s*' + _TEXT),
)
_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_OAI_ERROR: Final = re.compile(
    rb"""<(?:[\w.-]{1,60}:)?error\s[^<>]{0,1000}?code\s*=\s*["'](\w+)["'][^<>]{0,1000}?(/)?>"""
)
_OAI_ERROR_END: Final = re.compile(rb"</(?:[\w.-]{1,60}:)?error\s*>")
_SOLR_ERROR: Final = re.compile(rb'<lst name="error">')
_SOLR_MESSAGE: Final = re.compile(rb'<str name="msg">')
_SOLR_MESSAGE_END: Final = re.compile(rb"</str>")
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_HEADINGS: Final = tuple(
    (re.compile(rb"<%b[^<>]{0,1000}>" % name, re.IGNORECASE), re.compile(rb"</%b" % name, re.IGNORECASE))
    for name in (b"title", b"h1")
)
_TAG: Final = re.compile(r"<[^<>]*>|<!\[CDATA\[|\]\]>")
_ESCAPED: Final = re.compile(r'\\(["\\/])|\\[nrt]')


def error_said(raw: bytes) -> str:
    """The message of an answer that is an error, in a line; "" where there is none."""
    text = raw[:_LOOKED_AT]
    if _JSON.match(text):
        found = next(filter(None, (pattern.search(text) for pattern in _JSON_ERRORS)), None)
        return _ESCAPED.sub(lambda sign: sign[1] or " ", _line(found[1])) if found else ""
    if not _MARKUP.match(text):
        return ""
    if error := _OAI_ERROR.search(text):
        message = b"" if error[2] else _until(text, error.end(), _OAI_ERROR_END)
        return ": ".join(filter(None, (error[1].decode(), _line(message))))
    if (error := _SOLR_ERROR.search(text)) and (begun := _SOLR_MESSAGE.search(text, error.end())):
        return _line(_until(text, begun.end(), _SOLR_MESSAGE_END))
    if _HTML.search(text[:1024]) and not page_html.FORMAT.shows_record(raw):
        headings = (_until(text, begun.end(), end) for begins, end in _HEADINGS if (begun := begins.search(text)))
        return next(filter(None, map(_line, headings)), "")
    return ""


def _until(text: bytes, start: int, end: re.Pattern[bytes]) -> bytes:
    """What stands from a place to the first end behind it; nothing where there is none."""
    found = end.search(text, start)
    return text[start : found.start()] if found else b""


def _line(text: bytes) -> str:
    line = " ".join(html.unescape(_TAG.sub("", text.decode(errors="replace"))).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
