"""What of an index heading belongs to a work key: the name alone.

VuFind makes the author of a key from MARC 100ab (name and numeration), while its index holds 100abcd and
some catalogues add the fuller form (``q``) and relators (``e``). ``Aurand, Samuel Herbert, 1854-`` and
``Norton, R. D. (Roger David), 1940- author`` must give the keys of ``Aurand, Samuel Herbert,`` and
``Norton, R. D.``. Source: VuFind 10, ``import/marc.properties`` (``getWorkKeys``, ``author``).
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

#: $e: what a person did for the publication; always last and in lower case, so that ``Smith, Ed`` stays whole.
_RELATOR: Final = (
    r"[,;.]?\s+\(?(?:author|editor|translator|illustrator|compiler|contributor|photographer|artist|composer|"
    r"narrator|director|producer|publisher|writer of (?:introduction|foreword|preface)|joint (?:author|editor)|"
    r"aut|edt|trl|ill|ed|eds|tr|comp|illus)\b\.?\)?\s*$"
)

#: $d: dates of a person, by the words that RDA and AACR2 allow in them.
_MONTH: Final = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|oct|nov|dec"
)
_DATE_WORD: Final = (
    rf"(?:active|approximately|about|before|after|between|born|died|or|and|century|cent|jh|ca|fl|b|d|c|st|nd|rd|th|"
    rf"b\.?\s?c|a\.?\s?d|ad|bc|{_MONTH})"
)
_DATES: Final = rf"(?i)[,;]\s*(?:{_DATE_WORD}\.?\s*|[-–?/.\s]+)*[-–]?\d(?:\d|{_DATE_WORD}\b\.?|[-–?/.,\s])*$"

#: $q: the fuller form of a person's name; only after a comma, so that ``Paris (France)`` stays whole.
_FULLER_FORM: Final = r"^([^,(]+,[^(]*?)\s*\([^()\d]*\)[\s,.]*$"

#: $c: titles and words that come with a name; only after family and given name (``Li, Ma`` is a name).
_TITLE_OF_PERSON: Final = (
    r"(?i)^([^,]+,[^,]+),\s*(?:jr|sr|dr|drs|mrs|mr|ms|miss|sir|dame|lady|lord|rev|saint|prof|prof\. dr|esq|"
    r"ph\.?\s?d|m\.?\s?d|m\.?\s?a|j\.?\s?d|r\.?\s?n|s\.?\s?j|rabbi|pseud|pope)\.?\s*$"
)
_FROM_OLD_CATALOG: Final = r"(?i)\s*\[from old catalog\]\s*$"

#: What each of the patterns above needs: a digit, a bracket, a second comma, or a last word in lower case.
_MAY_BE_MORE: Final = r"(?s)[\d(\[]|,.*,|\s\(?[a-z][a-z\s]*\.?\)?\s*$"


def may_be_more_than_a_name(headings: pa.Array) -> pa.Array:
    """Whether :func:`name_of_person` may change a heading: a quick look, which may say so where it does not."""
    return pc.match_substring_regex(headings, _MAY_BE_MORE)


def name_of_person(headings: pa.Array) -> pa.Array:
    """The name in each personal heading: without relators, dates, fuller form and titles of the person.

    ``headings`` is a string array, null stays null. Apply it to ``author`` and ``author2``; corporate
    headings keep their qualifiers, which VuFind's 110ab keeps as well.
    """
    names = headings
    for pattern in (_FROM_OLD_CATALOG, _RELATOR, _DATES, _FULLER_FORM, _TITLE_OF_PERSON):
        replacement = r"\1" if pattern in (_FULLER_FORM, _TITLE_OF_PERSON) else ""
        names = pc.replace_substring_regex(names, pattern, replacement)
    return names
