"""Standard numbers of libraries: ISBN, ISSN, LCCN, OCLC number and ORCID iD, out of what surrounds them.

Each rule takes a text of a field and returns every number in it, in its normal form, valid or not.
Check digits are python-stdnum's.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum import ean, isbn, issn
from stdnum.iso7064 import mod_11_2

from pipelines.normalize.columns import Checked

_LONGEST_INVALID: Final = 255
_HYPHENS: Final = re.compile("[-\u00ad\u2010-\u2015\u2212]")
_ISBN: Final = re.compile(r"(?<![0-9A-Z])(?:[0-9]{13}|[0-9]{9}[0-9X])(?![0-9A-Z])")
_ISSN: Final = re.compile(r"(?<![0-9A-Z])[0-9]{4}[- ]?[0-9]{3}[0-9X](?![0-9A-Z])")
_LABEL: Final = re.compile(r"(?:\b|(?<=_))(?:E-?|P-?|L-?)?ISB?S?N(?:[- ]?1[03])?\b[:\s]*")
_GAP: Final = re.compile(r"(?<=[0-9])\s+(?=[0-9X])")
_LCCN: Final = re.compile(
    r"[0-9]{8}|[a-z][0-9]{8}|(?:[a-z]{2}|[0-9]{2})[0-9]{8}|[a-z](?:[a-z]{2}|[0-9]{2})[0-9]{8}|[a-z]{2}[0-9]{10}"
)
_LCCN_LABEL: Final = re.compile(r"^(?:https?://lccn\.loc\.gov/|info:lccn/|lccn[:\s]*)", re.IGNORECASE)
_OCLC_LABEL: Final = re.compile(r"^\s*(?:\(OCoLC\)|OCLC|ocm|ocn|on(?=\d))[\s:#=-]*(?:ocm|ocn|on)?\s*", re.IGNORECASE)
_OCLC: Final = re.compile(r"0*([1-9]\d{0,13})\s*")
_WORLDCAT: Final = re.compile(
    r"^\s*https?://(?:[\w-]+\.)*worldcat\.org/(?:title/)?(?:[^?#]*/)?oclc/0*([1-9]\d{0,13})\b", re.IGNORECASE
)
_ORCID: Final = re.compile(r"(?<!\d)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?!\d)")
_URL_ISBN: Final = re.compile(r"(?:^urn:isbn:|/isbn/|[?&]isbn=|[?&]vid=isbn:?)([-0-9Xx]{9,17})", re.IGNORECASE)

#: Control numbers as they are mostly written, for RE2, by their letters and digits: see ``find_plain``.
PLAIN_LCCN: Final = r"^ *(?:([a-z]{0,3}) *([0-9]{8})|([a-z]{0,2}) *([0-9]{10})) *$"


def find_isbns(text: str) -> tuple[Checked, ...]:
    """Each ISBN of ``text`` as ISBN-13 without hyphens; ISBN-10 is converted (ISO 2108).

    Labels and qualifiers (``ISBN``, ``(pbk.)``) are taken away. Reasons: ``check digit``, ``prefix`` (13
    digits that do not begin with 978 or 979), ``ismn`` (9790, printed music), ``length``, ``no number``.
    """
    bare = _LABEL.sub(" ", _HYPHENS.sub("", text.upper()))
    numbers = _ISBN.findall(bare) or _ISBN.findall(_GAP.sub("", bare))
    if numbers:
        return tuple(_checked_isbn(number) for number in numbers)
    before_qualifier = re.split(r"[(:;,]", bare.strip(" (:;,"), maxsplit=1)[0]
    compact = re.sub(r"[^0-9A-Z]", "", before_qualifier)
    return _nothing_in(text, compact)


def find_issns(text: str) -> tuple[Checked, ...]:
    """Each ISSN of ``text`` as ``1234-567X`` (ISO 3297). Reasons: ``check digit``, ``length``, ``no number``."""
    bare = _LABEL.sub(" ", re.sub("[\u2010-\u2015\u2212]", "-", text.upper()))
    numbers = [re.sub("[- ]", "", number) for number in _ISSN.findall(bare)]
    if numbers:
        return tuple(
            Checked(
                f"{number[:4]}-{number[4:]}",
                None if issn.calc_check_digit(number[:-1]) == number[-1] else "check digit",
            )
            for number in numbers
        )
    return _nothing_in(text, re.sub(r"[^0-9A-Z]", "", bare))


def find_lccns(text: str) -> tuple[Checked, ...]:
    """The Library of Congress control number of ``text``, normalised as the Library does for ``info:lccn``.

    Blanks go, a slash and what follows goes (revision marks), digits behind a hyphen are filled with
    zeros to six. Reason: ``structure``. Source: https://www.loc.gov/marc/lccn-namespace.html
    """
    bare = _LCCN_LABEL.sub("", text.strip())
    compact = "".join(bare.split()).split("/", 1)[0].lower()
    year, hyphen, serial = compact.partition("-")
    if hyphen and serial.isascii() and serial.isdigit() and len(serial) <= 6:
        compact = year + serial.zfill(6)
    if not compact:
        return ()
    return (Checked(compact[:_LONGEST_INVALID], None if _LCCN.fullmatch(compact) else "structure"),)


def find_oclc_numbers(text: str) -> tuple[Checked, ...]:
    """The OCLC number of a value of ``oclc_num``: digits alone, without labels and zeros in front.

    Reason: ``structure``. Source: MARC 21, 035, and OCLC's "ocm", "ocn", "on" prefixes.
    """
    if not text.strip():
        return ()
    number = _OCLC.fullmatch(_OCLC_LABEL.sub("", text.strip(), count=1))
    return (Checked(number.group(1)),) if number else (_refused(text, "structure"),)


def find_labelled_oclc_numbers(text: str) -> tuple[Checked, ...]:
    """The OCLC number of a control number that says it is one: ``(OCoLC)ocm47013195``, ``ocn123``."""
    return find_oclc_numbers(text) if _OCLC_LABEL.match(text) else ()


def find_oclc_number_in_address(text: str) -> tuple[Checked, ...]:
    """The OCLC number that a WorldCat URL is about."""
    address = _WORLDCAT.match(text)
    return (Checked(address.group(1)),) if address else ()


def find_isbns_in_address(text: str) -> tuple[Checked, ...]:
    """The ISBN that a URN or a URL (``/isbn/…``, ``?isbn=…``) is about."""
    address = _URL_ISBN.search(text)
    return find_isbns(address.group(1)) if address else ()


def find_orcids(text: str) -> tuple[Checked, ...]:
    """Each ORCID iD of ``text`` as ``0000-0002-1825-0097`` (ISO 27729, ISO 7064 MOD 11-2). Reason: ``check digit``."""
    numbers = ("-".join(groups).upper() for groups in _ORCID.findall(text))
    return tuple(
        Checked(number, None if mod_11_2.is_valid(number.replace("-", "")) else "check digit") for number in numbers
    )


def find_orcids_in_address(text: str) -> tuple[Checked, ...]:
    """The ORCID iD that a URL of orcid.org is about."""
    return find_orcids(text) if re.match(r"\s*https?://(?:www\.)?orcid\.org/", text, re.IGNORECASE) else ()


def _checked_isbn(number: str) -> Checked:
    if len(number) == 10:
        if not isbn.is_valid(number):
            return Checked(number, "check digit")
        body = "978" + number[:-1]
        return Checked(body + ean.calc_check_digit(body))
    if not number.startswith(("978", "979")):
        return Checked(number, "prefix")
    if number.startswith("9790"):
        return Checked(number, "ismn")
    return Checked(number, None if ean.calc_check_digit(number[:-1]) == number[-1] else "check digit")


def _nothing_in(text: str, compact: str) -> tuple[Checked, ...]:
    """What to say of a field without a number: nothing of a blank one."""
    if not text.strip():
        return ()
    has_digits = any(character.isdigit() for character in compact)
    return (_refused(compact if has_digits else text, "length" if has_digits else "no number"),)


def _refused(value: str, reason: str) -> Checked:
    return Checked(value.strip()[:_LONGEST_INVALID], reason)
