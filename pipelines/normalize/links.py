"""The links of records: one row for each URL, canonical, with what it leads to."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import codes_of, exploded, is_repeat, matching, one_array
from pipelines.normalize.urls import canonical_urls
from pipelines.records import RECORD_LINKS, conform
from pipelines.stable_ids import UNIT_SEPARATOR

_PUBLISHER_HOSTS: Final = (
    r"aclanthology\.org|dl\.acm\.org|(?:[a-z0-9-]+\.)*(?:sciencedirect|springer|springeropen|biomedcentral|wiley|tandfonline|"
    r"sagepub|nature|mdpi|plos|frontiersin|hindawi|elsevier|aps|aip|iop|acs|rsc|cambridge|oup|degruyter|"
    r"jstor|ieee|ams|siam|karger|thieme|bmj|cell|sciencemag|science|pnas|emerald|worldscientific|"
    r"dovepress|peerj|elifesciences|copernicus|jmir|ahajournals|annualreviews|projecteuclid|muse\.jhu|"
    r"lww|liebertpub|mitpressjournals|iospress|igi-global|brill|intechopen|oxfordjournals)\.(?:com|org|net|edu|ac\.uk)"
)

#: What a URL leads to, by its host and path; the first that matches counts, for RE2 and ``re`` alike.
LINK_KINDS: Final = (
    ("doi", r"^https?://(?:www\.|dx\.)?doi(?:\.org|\.[a-z0-9.-]+|-org\.[a-z0-9.-]+)(?::\d+)?/+10\."),
    ("doi", r"^https?://(?:dx-doi-org\.[a-z0-9.-]+|hdl\.handle\.net)(?::\d+)?/+10\.|^(?:urn:|info:)?doi[:/]\s*10\."),
    ("pmc", r"^https?://(?:(?:www\.)?ncbi\.nlm\.nih\.gov/(?:labs/)?pmc/|pmc\.ncbi\.nlm\.nih\.gov/)"),
    ("pmc", r"^https?://(?:www\.)?(?:europepmc\.org/(?:articles?/)?PMC|pubmedcentral\.)"),
    ("pubmed", r"^https?://(?:(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/|entrez/)?pubmed|(?:www\.)?pubmed\.)"),
    ("pubmed", r"^https?://(?:www\.)?europepmc\.org/(?:article|abstract)/MED/"),
    ("arxiv", r"^https?://(?:(?:[a-z]+\.)*arxiv\.org|xxx\.lanl\.gov)/"),
    ("handle", r"^https?://hdl\.(?:handle\.net|loc\.gov)/|^https?://[^?#]+/handle/[0-9][0-9.]*/"),
    ("license", r"^https?://(?:www\.)?creativecommons\.org/(?:licen[cs]es|publicdomain)/"),
    ("license", r"^https?://(?:www\.)?(?:rightsstatements\.org/|opensource\.org/licen|opendatacommons\.org/licen)"),
    ("license", r"^https?://(?:www\.)?(?:gnu\.org/(?:licen|copyleft)|apache\.org/licen|europeana\.eu/rights/)"),
    ("isbn", r"^urn:isbn:|^https?://[^?#]+/isbn/[0-9]|^https?://[^#]*[?&]isbn=[0-9]"),
    ("full_text", r"^[a-z]+://[^?#]+\.(?:pdf|PDF|epub|ps|ps\.gz|djvu|txt|docx?|PS)(?:[?#]|$)"),
    ("full_text", r"^[a-z]+://[^?#]+/(?:pdf|epdf|fulltext|full|download|bitstream|bitstreams)(?:[/?]|$)"),
    ("full_text", r"^https?://(?:[a-z0-9-]+\.)*(?:gutenberg\.org|archive\.org|hathitrust\.org|gallica\.bnf\.fr)/"),
    ("full_text", r"^https?://babel\.hathitrust\.org/"),
    ("publisher", rf"^https?://(?:{_PUBLISHER_HOSTS})/|^https?://[^/]+/doi/(?:[a-z]+/)?10\."),
)  # fmt: skip
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in LINK_KINDS)


def link_kind(url: str) -> str:
    """What a canonical URL leads to: a kind of :data:`LINK_KINDS`, or ``other``."""
    return next((kind for kind, pattern in _COMPILED if pattern.search(url)), "other")


def link_kinds(urls: pa.Array) -> pa.Array:
    """:func:`link_kind` of each URL of a string column."""
    kinds = np.full(len(urls), "other", dtype=object)
    open_at = np.arange(len(urls))
    for kind, pattern in LINK_KINDS:
        if not len(open_at):
            break
        hit = matching(urls, pattern)
        kinds[open_at[hit]] = kind
        open_at, urls = open_at[~hit], urls.filter(pa.array(~hit))
    return pa.array(kinds, pa.string())


def normalize_links(raw: pa.Table, record_ids: pa.Array) -> pa.Table:
    """The links of ``raw`` (RAW_RECORDS, of it ``url``) as RECORD_LINKS, in the order of the records.

    ``record_ids`` (int64) has one id for each row. Two spellings of one canonical URL in a record are
    one link, at the position of the first; positions count from 1 without gaps. Raises FrameError where
    a record id is null.
    """
    rows, written = exploded(one_array(raw["url"]))
    not_blank = pc.greater(pc.binary_length(pc.utf8_trim_whitespace(written)), 0)
    keep = pc.fill_null(not_blank, False).to_numpy(zero_copy_only=False)
    rows, written = rows[keep], written.filter(not_blank)
    urls, hosts, reasons = canonical_urls(written)
    first = ~is_repeat(rows, codes_of(urls))
    kept = pa.array(first)
    rows, written, urls, hosts = rows[first], written.filter(kept), urls.filter(kept), hosts.filter(kept)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    positions = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows)))) + 1
    ids = record_ids.take(pa.array(rows))
    keys = pc.binary_join_element_wise(pc.cast(ids, pa.string()), urls, UNIT_SEPARATOR)
    return conform(
        pa.table(
            {
                "link_id": pa.array(text_hashes(keys)),
                "record_id": ids,
                "position": pa.array(positions, pa.int32()),
                "url": urls,
                "url_as_written": written,
                "kind": link_kinds(urls),
                "host": hosts,
                "is_valid": pc.is_null(reasons.filter(kept)),
            }
        ),
        RECORD_LINKS,
        "record_links",
    )
