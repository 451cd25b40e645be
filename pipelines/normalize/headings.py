"""Author headings: what kind of name it is, its parts, and the key under which its spellings meet.

Sources: MARC 21 X00, X10, X11; RDA 9 and 11; IFLA, Names of Persons. A library writes ``Family, Given``,
so what follows the first comma is a given name unless it can be nothing of the kind (``Ahmadi, Mahdi``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from stdnum import isni

from pipelines.normalize.life_dates import LifeDates
from pipelines.normalize.name_words import (
    CORPORATE_QUALIFIER,
    LEADING_TITLE,
    LINKING_WORDS,
    MEETING,
    NOT_A_MEETING,
    ORGANISATION_PARTS,
    ORGANISATION_WORDS,
    SURNAMES_OR_ORGANISATIONS,
)
from pipelines.normalize.person_names import PersonName, parse_person_name
from pipelines.normalize.scripts import NO_SCRIPT, compose_tex_accents, script_of, unmix_scripts
from pipelines.normalize.text import clean_text, fold_name

Kind = Literal["person", "corporate", "meeting"]

_ORCID: Final = re.compile(
    r"[\s,;(\[]*(?:(?:https?://)?(?:www\.)?orcid(?:\.org/|\s*(?:iD)?\s*:?\s*))?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b[/)\]]*",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"[\w'’-]+")
_LITTER: Final = re.compile(
    r"^(?:\\and\b|and\s|[\s;:/,.&*•]+|on behalf of (?:the )?|for (?:the )?(?=.*\b(?:Collaboration|Consortium)))+"
)
#: That there are more authors, and no name (AACR2 1.1F5, RDA 2.4.1.5, in the languages of catalogues).
OTHERS: Final = r"et\.? al(?:ii|iae|ia)?|(?:and )?others|und andere|et autres|y otros|e outros|e altri|и др"
_AND_OTHERS: Final = re.compile(rf"[\[(\"'…. ]*(?:(?i:{OTHERS})|u\. ?a|等)[\])\"'…,;. ]*")
#: The Library of Congress marks headings it took over unrevised.
_CATALOGUE_NOTE: Final = re.compile(r"[\s.,]*\[from old catalog\]\.?", re.IGNORECASE)
_LEADING_ARTICLE: Final = re.compile(r"^the\s+", re.IGNORECASE)
_ENDING_STOP: Final = re.compile(r"(?<=[^\W\d]{4})\.$|(?<=\))\.$|(?<=\.)\.$")
_ABBREVIATED_END: Final = re.compile(r"\b(?:corp|bros|dept|univ|assoc|hnos)\.$", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Heading:
    """One author heading.

    ``name`` is its display form, a person's without dates and role. ``family_name`` is the entry element:
    the family name with its particles, or the whole of a name that cannot be divided. ``suffix`` is what
    else tells namesakes apart (Jr., III, of Messene). ``birth_year`` and ``death_year`` are negative before
    Christ. ``script`` is an ISO 15924 code, ``role`` a MARC relator code.
    """

    kind: Kind
    name: str
    family_name: str | None
    given_names: str | None
    suffix: str | None
    birth_year: int | None
    death_year: int | None
    orcid: str | None
    script: str
    role: str | None
    heading_key: str


def parse_heading(written: str, field: str = "author") -> Heading | None:
    """Read the heading ``written`` in the Solr field ``field``; None where it has no letter, or says ``et al.`` alone.

    Headings of the field ``author_corporate`` are corporate unless they name a meeting.
    """
    text = clean_text(written)
    if text is None:
        return None
    text, orcid = _take_orcid(unmix_scripts(compose_tex_accents(text)))
    if not any(map(str.isalpha, text)):
        return None
    stripped = _LITTER.sub("", _CATALOGUE_NOTE.sub("", text))
    text = stripped if any(map(str.isalpha, stripped)) else text
    if _AND_OTHERS.fullmatch(text):
        return None
    script = script_of(text)
    kind = heading_kind(text, field)
    if kind == "person" and (person := parse_person_name(text)):
        return _person_heading(person, script, orcid)
    name = corporate_name(text)
    folded = fold_name(_LEADING_ARTICLE.sub("", name).replace("&", " and ")) or name.casefold()
    key = heading_key(kind, folded, orcid=orcid)
    return Heading(kind, name, None, None, None, None, None, orcid, script, None, key)


def heading_kind(text: str, field: str = "author") -> Kind:
    """Whether a clean heading names a person, a body or a meeting."""
    text = text.rstrip(" .,:;/")
    if MEETING.search(text) and not NOT_A_MEETING.search(text):
        return "meeting"
    return "corporate" if field == "author_corporate" or _is_corporate(text) else "person"


def _is_corporate(text: str) -> bool:
    text = LEADING_TITLE.sub("", text.rstrip(" ,;:/"))
    if ORGANISATION_PARTS.search(text) or CORPORATE_QUALIFIER.search(text):
        return True
    # What follows the second comma qualifies a person ("Teubner, Ernst, Richter am Oberlandesgericht").
    named = _BRACKETED.sub("", ",".join(text.split(",", 2)[:2])) if "," in text else text
    words = [fold_name(word) for word in _WORDS.findall(named)]
    if not ORGANISATION_WORDS.isdisjoint(words):
        return True
    if "," in text:
        return bool(re.search(r"(?:&|\band) (?:co|company|sons|bros)\b", text, re.IGNORECASE))
    if " & " in text or text.startswith("the ") or "). " in text:
        return True
    if len(words) == 1:
        return bool(re.fullmatch(r"[A-Z]{3,6}\.?", text))
    return not SURNAMES_OR_ORGANISATIONS.isdisjoint(words) and not LINKING_WORDS.isdisjoint(words[1:])


def corporate_name(text: str) -> str:
    """The name of a body or meeting without the punctuation that only joined it to what followed."""
    text = text.rstrip(" ,;:/")
    if text.count("(") > text.count(")"):
        text = text.rstrip(" ,;:/(.") + ("" if text.endswith("(") else ")")
    return text if _ABBREVIATED_END.search(text) else _ENDING_STOP.sub("", text)


def _person_heading(person: PersonName, script: str, orcid: str | None) -> Heading:
    dates = person.dates or LifeDates(None, None, "")
    key = heading_key(
        "person",
        person.family_key,
        given=person.given_key,
        suffix=fold_name(person.suffix or ""),
        dates=dates.key,
        orcid=orcid,
    )
    return Heading(
        "person", person.name, person.family_name, person.given_names, person.suffix,
        dates.birth, dates.death, orcid, script or NO_SCRIPT, person.role, key,
    )  # fmt: skip


def heading_key(
    kind: Kind, entry: str, *, given: str = "", suffix: str = "", dates: str = "", orcid: str | None = None
) -> str:
    """The natural key of a heading from its folded parts: ``person|ahmadi|mahdi||``.

    The parts are kind, entry element, given names (words apart), suffix and dates; an ORCID, where there
    is one, is a sixth.
    """
    key = f"{kind}|{entry}|{given}|{suffix}|{dates}"
    return f"{key}|{orcid}" if orcid else key


def _take_orcid(text: str) -> tuple[str, str | None]:
    """The heading without its ORCID, and the ORCID where its check digit is right (ISO 7064 MOD 11-2)."""
    # Four groups have three hyphens between them, and few names have as many.
    match = _ORCID.search(text) if text.count("-") >= 3 else None
    if match is None or not isni.is_valid(match[1].replace("-", "").upper()):
        return text, None
    return clean_text(text[: match.start()] + " " + text[match.end() :]) or "", match[1].upper()
