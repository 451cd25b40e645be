"""Identifiers that repositories give: arXiv, PubMed, PubMed Central, the Handle System.

Each rule returns the identifiers of a text in their normal form, valid or not, and nothing where the
text is about something else.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.normalize.columns import Checked

_NCBI: Final = r"^\s*https?://(?:www\.)?ncbi\.nlm\.nih\.gov/"
_PMID: Final = re.compile(
    rf"(?:{_NCBI}(?:m/|entrez/)?pubmed/(?:\?term=)?|^\s*https?://(?:www\.)?pubmed\.(?:ncbi\.nlm\.nih\.gov|gov|com)/|{_NCBI}pmc/articles/pmid/"
    r"|^\s*https?://(?:www\.)?europepmc\.org/(?:article|abstract)/MED/|^\s*(?:info:pmid/|pmid:\s*))0*(\d+)(?![\d.\w])",
    re.IGNORECASE,
)
_PMCID: Final = re.compile(
    rf"(?:{_NCBI}(?:labs/)?pmc/articles/|^\s*https?://pmc\.ncbi\.nlm\.nih\.gov/articles/|^\s*https?://(?:www\.)?"
    r"(?:pubmedcentral\.(?:nih\.gov|gov|org)|europepmc\.org)/(?:articles?/)?(?:PMC/)?(?:articlerender\.fcgi\?artid=)?)"
    r"(?:PMC)?0*(\d+)(?![\d\w])",
    re.IGNORECASE,
)
_PMC_RECORD_ID: Final = re.compile(
    r"(?:oai:(?:europe)?pubmedcentral[\w.]*:(?:PMC)?|(?:.*[^A-Za-z0-9])?PMC)0*([1-9]\d{0,8})"
)
_ARXIV_ADDRESS: Final = re.compile(
    r"^\s*(?:https?://(?:[a-z]+\.)*(?:arxiv\.org|xxx\.lanl\.gov)/(?:abs|pdf|ps|html|format|e-print)/|arxiv:\s*|"
    r"(?:(?:https?://)?(?:dx\.)?(?:doi\.org/|doi:\s*))?10\.48550/arxiv\.)(?=\S)",
    re.IGNORECASE,
)
_ARXIV_RECORD_ID: Final = re.compile(r"^(?:arxiv[-:.]|oai:arxiv\.org:)(?=\S)", re.IGNORECASE)
_ARXIV_NEW: Final = re.compile(r"(\d{2})(\d{2})\.(\d{4,5})(?:v\d+)?", re.IGNORECASE)
_ARXIV_OLD: Final = re.compile(r"([a-z]+(?:-[a-z]+)*)(?:\.[a-z]{2})?/(\d{2})(\d{2})(\d{3})(?:v\d+)?", re.IGNORECASE)
_HANDLE: Final = re.compile(
    r"^\s*(?:https?://hdl\.(?:handle\.net|loc\.gov)/+(?:api/handles/)?|hdl:\s*|info:hdl/)([^\s/?#]+/[^\s?#]+)",
    re.IGNORECASE,
)
_DSPACE: Final = re.compile(r"^\s*https?://[^\s?#]+?/handle/(\d[\d.]*/\d+)(?![\w.])", re.IGNORECASE)

#: Addresses as they are mostly written, for RE2, with the identifier as their only group: see ``find_plain``.
PLAIN_PMID_ADDRESS: Final = (
    r"^https?://(?:(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/([1-9][0-9]{0,7})/?$"
)
PLAIN_PMCID_ADDRESS: Final = r"^https?://(?:(?:www\.)?ncbi\.nlm\.nih\.gov/pmc/articles|pmc\.ncbi\.nlm\.nih\.gov/articles)/(PMC[1-9][0-9]{0,7})/?$"
#: Ids of the new form, from April 2007 to the end of 2014 with four digits, since then with five; and of the old one.
PLAIN_ARXIV_ID: Final = (
    r"(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4])(?:0[1-9]|1[0-2]))\.[0-9]{4}|"
    r"(?:1[5-9]|[2-9][0-9])(?:0[1-9]|1[0-2])\.[0-9]{5}|"
    r"[a-z]+(?:-[a-z]+)*/(?:(?:9[1-9]|0[0-6])(?:0[1-9]|1[0-2])|070[1-3])[0-9]{3}"
)
PLAIN_ARXIV_ADDRESS: Final = rf"^https?://arxiv\.org/abs/({PLAIN_ARXIV_ID})$"
PLAIN_ARXIV_RECORD_ID: Final = rf"^(?i:arxiv[-:.]|oai:arxiv\.org:)({PLAIN_ARXIV_ID})$"


def find_pmids(text: str) -> tuple[Checked, ...]:
    """The PubMed id that a URL or URI is about: digits. Reason: ``range`` (0, or more than eight digits)."""
    address = _PMID.match(text)
    return (_checked_number(address.group(1), ""),) if address else ()


def find_pmcids(text: str) -> tuple[Checked, ...]:
    """The PubMed Central id that a URL is about: ``PMC`` and digits. Reason: ``range``."""
    address = _PMCID.match(text)
    return (_checked_number(address.group(1), "PMC"),) if address else ()


def find_pmcid_in_record_id(text: str) -> tuple[Checked, ...]:
    """The PubMed Central id in a record id that names it (``PMC123``, ``oai:pubmedcentral.nih.gov:123``).

    ``pubmed-123`` is not believed: catalogues write PubMed ids and PubMed Central ids in this form, and a
    URL of the record gives the same number with its meaning.
    """
    identifier = _PMC_RECORD_ID.fullmatch(text)
    return (Checked("PMC" + identifier.group(1)),) if identifier else ()


def find_arxiv_ids(text: str) -> tuple[Checked, ...]:
    """The arXiv id that a URL, URI or DataCite DOI is about: ``1501.00001`` or ``hep-th/9901001``, without version.

    The subject class of an old id is dropped (``math.GT/0309136`` is ``math/0309136``). Reasons: ``month``,
    ``length`` (an id that passed through a number lost its last zeros), ``structure``. Source: https://info.arxiv.org/help/arxiv_identifier.html
    """
    address = _ARXIV_ADDRESS.match(text)
    return (_checked_arxiv_id(text[address.end() :]),) if address else ()


def find_arxiv_id_in_record_id(text: str) -> tuple[Checked, ...]:
    """The arXiv id in the id of a record: ``arxiv-hep-th/9901001``, ``oai:arXiv.org:1501.00001``."""
    label = _ARXIV_RECORD_ID.match(text)
    return (_checked_arxiv_id(text[label.end() :]),) if label else ()


def find_handles(text: str) -> tuple[Checked, ...]:
    """The handle that a URL, URI or DSpace page is about: ``2027/mdp.39015``. DOIs (``10.…``) are left to them.

    Source: RFC 3651; the prefix is lower-cased, the suffix kept as written.
    """
    address = _HANDLE.match(text) or _DSPACE.match(text)
    if not address or address.group(1).startswith("10."):
        return ()
    prefix, _, suffix = address.group(1).partition("/")
    suffix = suffix.rstrip(".,;)\"'/ ")
    return (Checked(f"{prefix.lower()}/{suffix}"[:1000]),) if suffix else ()


def _checked_number(digits: str, prefix: str) -> Checked:
    return Checked((prefix + digits)[:255], None if digits != "0" and len(digits) <= 8 else "range")


def _checked_arxiv_id(text: str) -> Checked:
    candidate = re.sub(
        r"(?:\.(?:pdf|ps|gz))+$", "", re.split(r"[\s?#]", text.strip(), maxsplit=1)[0], flags=re.IGNORECASE
    )
    candidate = candidate.rstrip(".,;:)/\"'")
    new = _ARXIV_NEW.fullmatch(candidate)
    if new:
        year, month, number = new.groups()
        # The new form began in April 2007; since 2015 the number has five digits.
        known_month = "01" <= month <= "12" and year + month >= "0704"
        right_length = (len(number) == 5) == (year >= "15")
        return Checked(
            f"{year}{month}.{number}", None if known_month and right_length else "length" if known_month else "month"
        )
    old = _ARXIV_OLD.fullmatch(candidate)
    if old:
        archive, year, month, number = old.groups()
        in_use = year >= "91" or year + month <= "0703"
        return Checked(
            f"{archive.lower()}/{year}{month}{number}", None if "01" <= month <= "12" and in_use else "month"
        )
    return Checked(candidate[:255] or text.strip()[:255], "structure")
