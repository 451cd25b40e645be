"""DOIs, out of all the ways in which they are written.

Source of the syntax: ISO 26324 and the DOI Handbook, section 2 (prefix ``10.`` registrant, slash,
suffix; compared without regard to ASCII case, so stored in lower case). No network is asked.
"""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import Checked, Found, as_mask, find_in_texts

#: A DOI on which no rule below changes anything but the case: for RE2 and ``re`` alike.
_PLAIN: Final = r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[A-Za-z0-9_.:/-]*[A-Za-z0-9]"
_PLAIN_DOI: Final = re.compile(_PLAIN)
_RESOLVER_PREFIX: Final = r"https?://(?:dx\.)?doi\.org/"

#: A resolver, alone or behind a proxy (``doi-org.proxy.lib.x.edu``, ``…/login?url=https://doi.org``).
_RESOLVER: Final = re.compile(
    r"(?:^|[/=.\s(<\"'])(?:www\.)?(?:dx[.-])?doi[.-][a-z0-9.-]*[a-z](?::\d+)?/+(?:doi[:/]\s*)?(?=\d*\.?\d)"
)
_HANDLE_PROXY: Final = re.compile(r"^\s*https?://hdl\.handle\.net/+(?=10\.)")
_PUBLISHER_PATH: Final = re.compile(
    r"^\s*(?:https?:)?//(?P<host>[^/\s?#]+)/(?:[^\s?#]*/)?doi/(?:[a-z]+/){0,2}(?=10\.\d)|"
    r"^\s*https?://link\.springer\.com/(?:content/pdf|[a-z]+)/(?=10\.\d)"
)
_LABELLED: Final = re.compile(r"\s*(?:(?:urn:|info:)?doi[:/]\s*)10\.")
_BARE: Final = re.compile(r"\s*10\.\s*\d")
#: What publishers write behind the DOI in the path of their pages.
_PAGE_TAIL: Final = re.compile(
    r"(?:/(?:abstract|full|fulltext|full-text|pdf|epdf|pdfdirect|epub|html|summary|references|meta|figures|"
    r"suppl_file|suppinfo|citedby|issuetoc|tables)|\.(?:pdf|epub|html?))+/?$"
)
#: Where the path of a URL ends; the check character of a SICI may itself be ``#``.
_PATH_END: Final = re.compile(r"\?|&(?=[\w.]+=)|(?<!co;2-)#|#(?=.)")
_FRAGMENT: Final = re.compile(r"(?<!co;2-)#[a-z].*$", re.DOTALL)
_LABEL: Final = re.compile(r"^\W*(?:(?:urn|info|https?)\s*:/{0,2}\s*)?doi\s*(?:\.org)?[\s:/=.)]*")
_START: Final = re.compile(r"(?<![\d.])10\.\d{4,9}(?:\.\d+)*/")
_NEXT_DOI: Final = re.compile(
    r"(?:\s*[;,|]\s*|\s+)(?=(?:https?://\S*?/|doi:\s*)?10\.\d{4,9}(?:\.\d+)*/\S)", re.IGNORECASE
)
_ESCAPE: Final = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});")
_TAG: Final = re.compile(r"[\"']\s*/?>|</|<(?:a|br|p|i|b|u|em|sub|sup|span|div|font|strong)(?=[\s/>])")
_BRACKETED_LABEL: Final = re.compile(r"\s*\[(?:doi|pii)\]?$")
#: Other dashes, and digits as they are set among Chinese characters.
_FOLDED: Final = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-")
    | dict(zip("０１２３４５６７８９", "0123456789", strict=True))
)
_UNSEEN: Final = re.compile("[\x00\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_OPENINGS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_SYNTAX: Final = re.compile(r"10\.([0-9]+(?:\.[0-9]+)*)/(.+)", re.DOTALL)
_REGISTRANT: Final = re.compile(r"[0-9]{4,9}(?:\.[0-9]+)*")
_LONGEST: Final = 1000
_LONGEST_INVALID: Final = 255


def clean_doi(text: str) -> Checked:
    """The DOI written in ``text``, in lower case, or what stands there instead and why it is none.

    Resolver and publisher URLs, proxies, labels, percent escapes, HTML entities and tags, wrong dashes,
    and punctuation around are taken away; angle brackets, semicolons and parentheses of SICI suffixes
    stay. Reasons: ``empty``, ``handle``, ``prefix``, ``registrant``, ``suffix``, ``blank``, ``character``,
    ``length``. A value that is valid comes back as it is (idempotent).
    """
    if _PLAIN_DOI.fullmatch(text):
        return Checked(text.lower()) if len(text) <= _LONGEST else _refused(text, "length")
    candidate, before = _address_removed(text.lower()), None
    # Each round shortens the candidate or leaves it; that it is stable makes the rule idempotent.
    while candidate != before:
        candidate, before = _unwrapped(_readable(candidate)), candidate
    reason = _reason_against(candidate)
    if reason is None:
        return Checked(candidate)
    if reason == "prefix" and re.search(r"hdl\.handle\.net|^\s*hdl:", text, re.IGNORECASE):
        reason = "handle"
    return _refused(candidate or text, reason)


def find_dois(text: str) -> tuple[Checked, ...]:
    """Each DOI of a value of a DOI field, valid or not; several may stand behind one another."""
    if _PLAIN_DOI.fullmatch(text):
        return (clean_doi(text),)
    parts: list[str] = []
    for part in _NEXT_DOI.split(text):
        # What stands before the first DOI is its label, not a DOI of its own.
        if parts and not _START.search(parts[-1]):
            parts[-1] += " " + part
        else:
            parts.append(part)
    return tuple(clean_doi(part) for part in parts if part.strip())


def find_doi_in_address(text: str) -> tuple[Checked, ...]:
    """The DOI that a URL or URI is about; none where it is about something else."""
    if _is_doi_address(text):
        checked = clean_doi(text)
        # A resolver's own pages (https://doi.org/) claim no DOI.
        return () if checked.invalid_reason in {"empty", "prefix"} else (checked,)
    return ()


def clean_dois(texts: pa.Array, *, addresses: bool = False) -> Found:
    """:func:`find_dois` (of ``addresses``: :func:`find_doi_in_address`) of each text of a string column.

    Plain DOIs, bare or behind the resolver, are cleaned in columns; only the rest one by one.
    """
    pattern = f"^(?:{_RESOLVER_PREFIX})({_PLAIN})$" if addresses else f"^(?:{_RESOLVER_PREFIX})?({_PLAIN})$"
    plain = as_mask(pc.and_(pc.match_substring_regex(texts, pattern), pc.less_equal(pc.binary_length(texts), _LONGEST)))
    values = pc.ascii_lower(pc.replace_substring_regex(texts.filter(pa.array(plain)), f"^{_RESOLVER_PREFIX}", ""))
    rest_at = np.flatnonzero(~plain)
    rest = find_in_texts(texts.take(pa.array(rest_at)), find_doi_in_address if addresses else find_dois)
    return Found(
        np.concatenate([np.flatnonzero(plain), rest_at[rest.positions]]),
        pa.concat_arrays([values, rest.values]),
        pa.concat_arrays([pa.nulls(len(values), pa.string()), rest.invalid_reasons]),
    )


def _is_doi_address(text: str) -> bool:
    lowered = text.lower()
    patterns = (_RESOLVER.search, _HANDLE_PROXY.match, _PUBLISHER_PATH.match, _LABELLED.match)
    return any(pattern(lowered) for pattern in patterns)


def _address_removed(text: str) -> str:
    """Lower-case ``text`` from the DOI on, without the query and fragment of the URL it stood in."""
    if _BARE.match(text):
        return text
    resolver = _RESOLVER.search(text) or _HANDLE_PROXY.match(text)
    if resolver:
        return _path_of(text[resolver.end() :])
    publisher = _PUBLISHER_PATH.match(text)
    if publisher:
        path = _PAGE_TAIL.sub("", _path_of(text[publisher.end() :]))
        # Oxford's pages end in a number of their own behind the DOI.
        return re.sub(r"/\d+$", "", path) if publisher["host"] == "academic.oup.com" else path
    return text


def _path_of(rest: str) -> str:
    end = _PATH_END.search(rest)
    return rest[: end.start()] if end else rest


def _readable(text: str) -> str:
    """Lower case, with one layer of escapes and entities undone, hyphens for dashes, LaTeX unescaped."""
    if _ESCAPE.search(text):
        text = unquote(text, errors="replace")
    text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    return _UNSEEN.sub("", text.translate(_FOLDED)).replace("\\_", "_").lower()


def _unwrapped(text: str) -> str:
    """``text`` without labels in front and litter around."""
    tag = _TAG.search(text)
    text = _BRACKETED_LABEL.sub("", (text[: tag.start()] if tag else text).strip())
    if not _BARE.match(text):
        text = _LABEL.sub("", text, count=1).lstrip("\"'“”‘’«»([{<:;,= \t\n")
    text = re.sub(r"^10\.\s+(?=\d)", "10.", text)
    text = re.sub(r"^(10\.[\d.]+)\s*/\s*", r"\1/", text)
    start = None if _BARE.match(text) else _START.search(text)
    if start:
        text = re.split(r"\s", text[start.start() :], maxsplit=1)[0]
    return _tail_stripped(_FRAGMENT.sub("", text))


def _tail_stripped(text: str) -> str:
    """``text`` without punctuation at its end, and without a closing bracket that nothing opened."""
    while text:
        last = text[-1]
        unopened = last in _OPENINGS and text.count(last) > text.count(_OPENINGS[last])
        if not (unopened or last.isspace() or last in ".,;:/\\\"'“”‘’«»`|"):
            break
        text = text[:-1]
    return text


def _reason_against(candidate: str) -> str | None:
    if not candidate:
        return "empty"
    syntax = _SYNTAX.fullmatch(candidate)
    if not syntax:
        return "suffix" if re.fullmatch(r"10\.\d{4,9}(?:\.\d+)*", candidate) else "prefix"
    registrant, suffix = syntax.groups()
    checks = (
        ("registrant", bool(_REGISTRANT.fullmatch(registrant))),
        ("blank", not re.search(r"\s", suffix)),
        # Crossref and DataCite register printable ASCII; anything else is damage or a pasted remark.
        ("character", suffix.isascii() and suffix.isprintable()),
        ("suffix", any(character.isalnum() for character in suffix)),
        ("length", len(candidate) <= _LONGEST),
    )
    return next((reason for reason, passed in checks if not passed), None)


def _refused(value: str, reason: str) -> Checked:
    return Checked(value[:_LONGEST_INVALID].strip(), reason)
