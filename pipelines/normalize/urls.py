"""URLs in the one form in which browsers know them, and the broken ones told apart.

Source of the form: the WHATWG URL Standard (https://url.spec.whatwg.org), by can_ada.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import can_ada
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import matching

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
#: Schemes of addresses that a reader can follow.
_FOLLOWED: Final = frozenset({"http", "https", "ftp"})
_SCHEMELESS: Final = re.compile(
    r"(?:www\d?\.[^\s/]+\.[^\s/]+|(?:dx\.)?doi\.org/|hdl\.handle\.net/|arxiv\.org/)", re.IGNORECASE
)
#: Names by which a host can be found (RFC 1123, 2.1; some have a low line or end with a hyphen), and addresses.
_HOST: Final = re.compile(r"(?:[a-z0-9_][a-z0-9_-]*\.)*[a-z0-9_][a-z0-9_-]*\.?|\[[0-9a-f:.]+\]")
_AUTHORITY: Final = re.compile(r"[A-Za-z]+://[^\s/?#\\]")
_DAMAGE: Final = re.compile("[\\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffd]")
#: A URL that the standard leaves as it is, for RE2: no upper case, port, digits at the end or Punycode
#: in the host; no character that gets escaped; no dot segment (excluded by the second pattern).
_CANONICAL: Final = (
    r"^(?:https?|ftp)://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+"
    r"(?:/(?:[A-Za-z0-9._~!$&()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)"
    r"(?:\?(?:[A-Za-z0-9._~!$&()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#[A-Za-z0-9._~!$&()*+,;=:@/?-]*)?$"
)
_NOT_SURELY: Final = r"//xn--|\.xn--|/\.|%2[eE]"


class CanonicalUrl(NamedTuple):
    """A URL in canonical form and its host; or, with a reason, the text as written."""

    url: str
    host: str | None
    invalid_reason: str | None

    @property
    def is_valid(self) -> bool:
        """Whether the text is an address that can be followed."""
        return self.invalid_reason is None


class CanonicalUrls(NamedTuple):
    """:class:`CanonicalUrl` in columns, all of the length of the column they came from."""

    urls: pa.Array
    hosts: pa.Array
    invalid_reasons: pa.Array


def canonical_url(text: str) -> CanonicalUrl:
    """The WHATWG form of ``text``; a broken one stays as written (but for blanks around it) with a reason.

    An address without scheme is taken for https where it is surely one (``www.…``, ``doi.org/…``): the
    sites that matter redirect to it, and http would give one page two URLs. Browsers would mend more than
    is mended here: a blank inside, or one slash too few, mostly means that the address is wrong, so it is
    kept and flagged. Reasons: ``empty``, ``no scheme``, ``scheme`` (not http, https or ftp), ``no host``,
    ``blank``, ``host``, ``syntax``.
    """
    written = text.strip()
    candidate = "https://" + written if _SCHEMELESS.match(written) else written
    reason = _damage(candidate)
    if reason:
        return CanonicalUrl(written, None, reason)
    try:
        parsed = can_ada.parse(candidate)
    except ValueError:
        return CanonicalUrl(written, None, "syntax")
    host = str(parsed.hostname)
    if host in _FOLLOWED or not _HOST.fullmatch(host):
        # "http://http://…" makes a host of the second scheme, "http://a.org;http://b.org" of what is before that.
        return CanonicalUrl(written, None, "host")
    return CanonicalUrl(str(parsed.href), host, None)


def canonical_urls(texts: pa.Array) -> CanonicalUrls:
    """:func:`canonical_url` of each text of a string column; null stays null (with no reason).

    What is provably canonical passes through in columns; only the distinct rest is parsed.
    """
    surely = matching(texts, _CANONICAL) & ~matching(texts, _NOT_SURELY)
    hosts = pc.replace_substring_regex(texts, r"^[a-z]+://([^/]+)/.*$", r"\1")
    if surely.all():
        return CanonicalUrls(texts, hosts, pa.nulls(len(texts), pa.string()))
    rest_mask = pa.array(~surely)
    encoded = texts.filter(rest_mask).dictionary_encode()
    parsed = [canonical_url(text) for text in encoded.dictionary.to_pylist()]
    url, host, reason = (
        pa.array(list(column), pa.string()).take(encoded.indices)
        for column in (zip(*parsed, strict=True) if parsed else ([], [], []))
    )
    empty = pa.nulls(len(texts), pa.string())
    return CanonicalUrls(
        pc.replace_with_mask(texts, rest_mask, url),
        pc.replace_with_mask(hosts, rest_mask, host),
        pc.replace_with_mask(empty, rest_mask, reason),
    )


def _damage(candidate: str) -> str | None:
    """Why ``candidate`` is no address to follow, as far as its letters tell."""
    if not candidate:
        return "empty"
    scheme = _SCHEME.match(candidate)
    if not scheme:
        return "no scheme"
    if scheme.group().lower() not in _FOLLOWED:
        # "example.org:8080/x" and "http.//x" have no scheme, whatever stands before a colon.
        return "no scheme" if "." in scheme.group() else "scheme"
    if _DAMAGE.search(candidate):
        return "blank"
    return None if _AUTHORITY.match(candidate) else "no host"
