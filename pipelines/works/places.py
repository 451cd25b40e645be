"""Where in its container a text stands: volume, issue, pages and edition, as written -> as compared."""

from __future__ import annotations

import re
from typing import Final

from pipelines.folding import fold
from pipelines.works.han_titles import han_words, has_han
from pipelines.works.numerals import COUNTED, ORDINALS, roman_number
from pipelines.works.title_words import STOP_WORDS

_NUMBER_LABEL: Final = re.compile(
    r"^(?:volume|vol|v|number|no|nr|issue|iss|band|bd|heft|tome|tomo|part|pt|pages|page|pp|p|seiten|seite)(?=\d)"
)
_LEADING_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")
_EDITION_NOISE: Final = frozenset(
    """
    edition editions edicion edicao edizione edn ed eds auflage aufl ausgabe izdanie izd wyd
    """.split()  # noqa: SIM905
)
#: Revised, enlarged, expanded, updated, abridged, illustrated, international.
_ABBREVIATED: Final = frozenset({"rev", "enl", "exp", "upd", "abr", "ill", "int"})
_WORD: Final = re.compile(r"[^\W_]+")

#: What stands behind the number of a volume and divides it.
_PART: Final = re.compile(
    r"\d\S* (?:.* )?(pts?|parts?|partie|parte|teil|supplement|suppl?|s) ?(\d+|[ivx]+|[a-z])(?: |$)"
)

#: Pages of one numbering: letters before the number, first page, last page where it is told.
_PAGES: Final = re.compile(r"^([a-z]*)\s*0*(\d+)[a-z]?(?:\s*[-–—‐‑−]+\s*[a-z]*\s*0*(\d+))?")


def numbering_key(text: str) -> str:
    """A volume, issue or page without label and zeros: ``Vol. 012`` -> ``12``, ``12-13`` -> ``12 13``, ``S1`` stays.

    ``第十二卷`` is 12 as well.
    """
    if not text.isascii() and has_han(text):
        text = han_words(text)
    words = " ".join(filter(None, (fold(word) for word in _WORD.findall(text))))
    words = re.sub(r"^([a-z]+) (?=\d)", r"\1", words)
    return _LEADING_ZEROS.sub("", _NUMBER_LABEL.sub("", words))


def volume_key(text: str) -> str:
    """The first number of a volume or issue with the letters before it: ``143 Supplement 3`` -> ``143``."""
    return numbering_key(text).partition(" ")[0]


def part_key(text: str) -> str:
    """The part or supplement that a volume tells behind its number: ``v. 1 pt. 2`` -> ``part 2``, else none.

    ``143 Suppl 3`` -> ``supplement 3``; ``v. 2 pt. B`` -> ``part b``.
    """
    if text.isdecimal():
        return ""
    part = _PART.search(numbering_key(text))
    if not part:
        return ""
    kind = "supplement" if part.group(1).startswith("s") else "part"
    return f"{kind} {roman_number(part.group(2)) or COUNTED.get(part.group(2)) or part.group(2)}"


def page_key(text: str) -> str:
    """A start page, or the first page of a range: ``pp. 0123-130`` -> ``123``; what has no digit tells none."""
    page = numbering_key(text).partition(" ")[0]
    return page if any(map(str.isdigit, page)) else ""


def page_range(text: str) -> tuple[str, int, int]:
    """Letters of the numbering, first and last page: ``S417-29`` -> ``("s", 417, 429)``; ``("", 0, 0)`` for none.

    A last page that is told short (``1325-32``) takes the missing digits from the first.
    """
    written = re.sub(r"^(?:pages|page|pp|p|seiten|seite)\.?\s*(?=[a-z]?\d)", "", text.strip(" \t\"'[(").lower())
    found = _PAGES.match(written)
    if not found:
        return "", 0, 0
    letters, first, last = found.group(1), found.group(2)[:9], (found.group(3) or found.group(2))[:9]
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return letters, int(first), max(int(first), int(last))


def edition_key(text: str) -> str:
    """The number of an edition (``2nd ed.``, ``Second edition``, ``2. Aufl.`` -> ``2``), else its words.

    Words are cut to three letters where cataloguers abbreviate (``Rev. ed.``, ``Revised edition`` -> ``rev``).
    """
    words = [fold(word) for word in _WORD.findall(text)]
    for word in words:
        digits = re.match(r"0*(\d{1,3})(?!\d)", word)
        if digits:
            return digits.group(1)
        if word in ORDINALS:
            return ORDINALS[word]
    kept = [word for word in words if word and word not in _EDITION_NOISE | STOP_WORDS]
    return " ".join(word[:3] if word[:3] in _ABBREVIATED else word for word in kept)
