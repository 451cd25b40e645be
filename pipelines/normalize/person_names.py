"""The parts of a person's name, however it was written.

Read are ``Family, Given``, ``Given Family``, ``Family GN`` (initials last) and the personal headings of
MARC 21 (X00: names, numeration, titles, dates, fuller form, relators).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pipelines.normalize.direct_names import (
    divide_direct_name,
    is_particle,
    split_trailing_suffix,
    without_final_stop,
)
from pipelines.normalize.life_dates import DATES_AT_END, DATES_AT_START, LifeDates, parse_life_dates
from pipelines.normalize.name_words import (
    DEGREES,
    HONORIFICS,
    LOWER_PARTICLES,
    PLAIN_SUFFIX,
    SUFFIXES,
    TITLES_OF_LONE_NAMES,
    UNDIVIDED_SCRIPTS,
)
from pipelines.normalize.roles import relator_code
from pipelines.normalize.scripts import script_of
from pipelines.normalize.text import fold_name

_BRACKETED: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_BRACKET: Final = re.compile(r"[()\[\]]")
_COMMA: Final = re.compile(r"[,،，]")
_FOOTNOTE: Final = re.compile(
    r"(?<=[^\W\d_])\d{1,2}(?=\s|$)|^\d{1,2}(?:\s+|(?=[^\W\d_]))(?!(?:st|nd|rd|th|d)\b)|(?<=\S)\s\d{1,2}$"
)
_DIGIT: Final = re.compile(r"\d")
_LOOSE_HYPHEN: Final = re.compile(r"(?<=\w) - (?=\w)|(?<=\.) -(?=[^\W\d])")
_BETWEEN_NAMES: Final = re.compile(r"[\s.\-‐‑–·・=]+")
_VOWEL: Final = re.compile(r"[AEIOUY]")
_TITLED: Final = re.compile(r"^[\w-]+ (?:of|de|di|von|zu|da|do|du|d[’'])\b", re.IGNORECASE)
_EDGES: Final = ' ,;:/*&\\"“”«»-–_?!+='


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts; see :class:`pipelines.normalize.headings.Heading`.

    ``family_key`` and ``given_key`` are the folded forms under which spellings meet.
    """

    name: str
    family_name: str
    given_names: str | None
    suffix: str | None
    dates: LifeDates | None
    role: str | None
    family_key: str
    given_key: str


@dataclass(slots=True)
class _Found:
    """What has been told apart of a heading so far. A lone name has a title or epithet and no given name."""

    entry: str = ""
    given: str | None = None
    fuller: str | None = None
    suffixes: list[str] = field(default_factory=list)
    dates: LifeDates | None = None
    role: str | None = None
    is_lone: bool = False


def parse_person_name(text: str) -> PersonName | None:
    """Read a clean personal heading; None where there is no name in it but only a title, a role or a number."""
    found = _Found()
    bare = _LOOSE_HYPHEN.sub("-", _take_brackets(text, found))
    pieces = [piece for part in _COMMA.split(bare) if any(map(str.isalnum, piece := part.strip(" ;:/")))]
    if len(pieces) > 1 and pieces[0].rstrip(".") in {"Jr", "Sr", "jr", "sr"} and " " in pieces[1]:
        found.suffixes.append(SUFFIXES[_bare(pieces.pop(0))])
    while pieces and not any(map(str.isalpha, pieces[0])):
        pieces.pop(0)
    if not pieces:
        return None
    found.entry = _tidy(_take_dates(pieces[0], found))
    for piece in pieces[1:]:
        _place(piece, found)
    return _assemble(found) if fold_name(found.entry) else None


def _take_brackets(text: str, found: _Found) -> str:
    """The text without what stands in brackets: roles, dates, and the fuller form of the name (MARC $q)."""
    rest = _BRACKET.sub(" ", _BRACKETED.sub("", text))
    if not any(map(str.isalpha, rest)):
        return _BRACKET.sub(" ", text)
    for inner in _BRACKETED.findall(text):
        if code := relator_code(inner):
            found.role = found.role or code
        elif dates := parse_life_dates(inner):
            found.dates = found.dates or dates
        elif found.fuller is None and any(map(str.isalpha, inner)):
            found.fuller = " ".join(_COMMA.sub(" ", inner).split()).strip(_EDGES) or None
    return rest


def _take_dates(piece: str, found: _Found) -> str:
    """The piece without dates that stand at its end or start."""
    if not _DIGIT.search(piece):
        return piece
    match = DATES_AT_END.match(piece) or DATES_AT_START.match(piece)
    if match is None or found.dates is not None:
        return piece
    found.dates = parse_life_dates(match["dates"])
    return match["rest"]


def _place(piece: str, found: _Found) -> None:
    """Tell what a piece after the first comma is, and put it there."""
    if dates := parse_life_dates(piece):
        found.dates = found.dates or dates
        return
    piece = _take_dates(piece, found)
    if _is_suffix(piece, found):
        found.suffixes.append(SUFFIXES[_bare(piece)])
    elif _is_dropped_title(piece, found):
        return
    elif (code := relator_code(piece)) and _may_be_role(piece, found):
        found.role = found.role or code
    elif found.given is None and not found.is_lone and not _is_epithet(piece):
        found.given = _tidy(piece) or None
    else:
        found.suffixes.append(_tidy(piece))
        found.is_lone = found.given is None


def _bare(word: str) -> str:
    return word.casefold().strip(". ")


def _is_suffix(piece: str, found: _Found) -> bool:
    """A suffix, unless it may be the given name itself ("Ramakrishnan, IV", "Neto, Nelson")."""
    if _bare(piece) not in SUFFIXES or "." in piece[:-1]:
        return False
    if found.given is not None:
        return True
    is_plain = PLAIN_SUFFIX.match(piece) is not None
    return is_plain and (" " in found.entry or not piece.isupper() or piece in {"II", "III"})


def _may_be_role(piece: str, found: _Found) -> bool:
    """After a lone family name "Ed." is a given name, "ed." and "editor" are not."""
    return found.given is not None or piece[0].islower() or len(piece) > 5


def _is_dropped_title(piece: str, found: _Found) -> bool:
    bare = _bare(piece).replace(" ", "")
    if found.given is None:
        # "da Fonseca, J. D." has initials there, "John Smith, Ph.D." has not.
        return " " in found.entry and bare in DEGREES and (bare == "ph.d" or "." not in bare)
    words = [_bare(word) for word in piece.split()]
    if bare in DEGREES or piece == "MD":
        return True
    return words[0] in HONORIFICS and all(word in HONORIFICS or word in LOWER_PARTICLES for word in words)


def _is_epithet(piece: str) -> bool:
    """Words that are no given name: "of Messene", "von Köln", "King of Navarre", "Saint"."""
    words = piece.split()
    first = _bare(words[0])
    if len(words) == 1:
        return first in TITLES_OF_LONE_NAMES and not piece.isupper()
    if words[0].islower() and first in LOWER_PARTICLES:
        return not all(map(is_particle, words))
    is_title = not HONORIFICS.isdisjoint(map(_bare, words[0].split("-")))
    return is_title and _TITLED.match(piece) is not None


def _tidy(piece: str) -> str:
    if _DIGIT.search(piece):
        piece = _FOOTNOTE.sub("", piece)
    return without_final_stop(piece.strip(_EDGES).lstrip("."))


def _assemble(found: _Found) -> PersonName:
    entry, given = found.entry, found.given
    if given is None and not found.is_lone and script_of(entry) not in UNDIVIDED_SCRIPTS:
        direct = divide_direct_name(entry)
        entry, given = direct.family, direct.given
        found.suffixes[:0] = direct.suffixes
    elif given is not None:
        entry, suffixes = split_trailing_suffix(entry, least=1)
        given, more = split_trailing_suffix(given, least=1)
        found.suffixes[:0] = suffixes + more
    family, given_names = _move_particles(entry, given)
    family_key, given_key = fold_name(family), given_name_key(given_names or "", is_shouted=entry.isupper())
    if given_names and script_of(entry) in UNDIVIDED_SCRIPTS and script_of(given_names) in UNDIVIDED_SCRIPTS:
        family_key, given_key = fold_name(family + given_names), ""
    elif found.fuller and (expanded := expanded_key(given_key, found.fuller)):
        given_names, given_key = found.fuller, expanded
    suffix = ", ".join(dict.fromkeys(filter(None, found.suffixes))) or None
    name = entry + (f", {given}" if given else "") + (f" ({found.fuller})" if found.fuller else "")
    name += f", {suffix}" if suffix else ""
    return PersonName(name, family, given_names, suffix, found.dates, found.role, family_key, given_key)


def _move_particles(entry: str, given: str | None) -> tuple[str, str | None]:
    """Family name and given names with the particles before the family name ("Berg, Jan van der")."""
    if given is None:
        return entry, None
    words = given.split()
    start = len(words)
    while start and words[start - 1].islower() and is_particle(words[start - 1]) and entry[:1] != entry[:1].lower():
        start -= 1
    if start == len(words):
        return entry, given
    particles = " ".join(words[start:])
    joint = "" if particles.endswith(("'", "’")) else " "
    return particles + joint + entry, " ".join(words[:start]) or None


@lru_cache(maxsize=16384)
def given_name_key(given: str, *, is_shouted: bool = False) -> str:
    """Given names folded, one blank between names and between initials: ``J.K.``, ``J. K.`` and ``JK`` are one.

    Where the family name too ``is_shouted`` (all capitals), two or three capitals are initials only if
    they cannot be spoken.
    """
    names: list[str] = []
    for name in _BETWEEN_NAMES.split(given):
        run_together = name.isalpha() and name.isupper() and 2 <= len(name) <= 3
        if run_together and not (is_shouted and _VOWEL.search(name)):
            names.extend(map(fold_name, name))
        else:
            names.append(fold_name(name))
    return " ".join(filter(None, names))


def expanded_key(given_key: str, fuller: str) -> str | None:
    """The key of the fuller form, where it spells out the given names ("Charles E. (Charles Erehart)")."""
    names, full_names = given_key.split(), given_name_key(fuller).split()
    if not names or len(full_names) < len(names):
        return None
    is_expansion = all(full.startswith(name) for name, full in zip(names, full_names, strict=False))
    return " ".join(full_names) if is_expansion else None
