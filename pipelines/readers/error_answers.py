"""What an answer says that holds an error in place of records: of a repository, Solr, VuFind's API, a web server.

Such answers are saved as dumps when a harvest or an export fails in the night. Sources: OAI-PMH 2.0, 3.6; Solr's
reference guide, "Response Writers"; VuFind's API (``status``, ``statusMessage``); the HTML standard (``title``).
"""

from __future__ import annotations

import html
import re
from typing import Final

_LOOKED_AT: Final = 64 << 10
_LONGEST: Final = 200

_TEXT: Final = rb'"((?:[^"\\]|\\.)*)"'
_JSON: Final = re.compile(rb"\s*\{")
_JSON_ERRORS: Final = (
    re.compile(rb'"error"\s*:\s*\{(?:[^{}]|\{[^{}]*\})*?"msg"\s*:\s*' + _TEXT),
    re.compile(rb'"statusMessage"\s*:\s*' + _TEXT),
    re.compile(rb'"EXCEPTION"\s*:\s*' + _TEXT),
    re.compile(rb'"error"\s*:\s*' + _TEXT),
)
_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_OAI_ERROR: Final = re.compile(
    rb"""<(?:[\w.-]+:)?error\s[^<>]*?code\s*=\s*["'](\w+)["'][^<>]*?(?:/>|>(.*?)</(?:[\w.-]+:)?error\s*>)""", re.DOTALL
)
_SOLR_ERROR: Final = re.compile(rb'<lst name="error">.*?<str name="msg">(.*?)</str>', re.DOTALL)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_HEADINGS: Final = (
    re.compile(rb"<title[^<>]*>(.*?)</title", re.IGNORECASE | re.DOTALL),
    re.compile(rb"<h1[^<>]*>(.*?)</h1", re.IGNORECASE | re.DOTALL),
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
        return ": ".join(filter(None, (error[1].decode(), _line(error[2] or b""))))
    if error := _SOLR_ERROR.search(text):
        return _line(error[1])
    if _HTML.search(text[:1024]):
        headings = (pattern.search(text) for pattern in _HEADINGS)
        return next((line for each in headings if each and (line := _line(each[1]))), "")
    return ""


def _line(text: bytes) -> str:
    line = " ".join(html.unescape(_TAG.sub("", text.decode(errors="replace"))).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
