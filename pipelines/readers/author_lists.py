"""Lists of authors in one text, as citations have them -> names, by what divides them.

``and``, ``;`` and ``|`` divide names and nothing else. A comma divides names too, or the parts of one: which, is told
by how all between the commas are written. Lists in the style of Vancouver (``Zuna RE, Wang SS``), which MEDLINE and
the journals of medicine use, in that of the APA (``Zuna, R. E., & Wang, S. S.``), and of names in their own order
(``Rosemary Zuna, Sophia Wang, Mark Schiffman``) are cut; where a comma may stand within a name, the text stays whole.
Two names in their own order (``Rosemary Zuna, Sophia Wang``) look as one in the catalogue's; the other lists tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import map_distinct
from pipelines.readers.blanks import folded
from pipelines.readers.name_words import PARTICLE_KINDS, kind_of

_APART: Final = re.compile(r"\s*[;|]\s*|\s+and\s+")
#: What says that a list goes on: in BibTeX, and in print.
_OTHERS: Final = r"(?i)(?:\s+and|\s*[;,])\s+others\s*$|\s*[;,]?\s+et(?:\.\s*|\s+)al\.?\s*$"
#: Where a comma may divide names: a part with two commas, initials before a comma or what divides for sure, a name
#: without any comma beside others.
_MAY_BE_CUT: Final = (
    r",[^,\x1f]*,|[^\s,\x1f]\s+\p{Lu}[\p{Lu}-]{0,6}(?: \w+\.?)?\s*[,\x1f]|,.*\x1f[^,\x1f]+(?:$|\x1f)|^[^,\x1f]+\x1f.*,"
)
_COMMA: Final = re.compile(r"\s*,\s*(?:&\s*)?")
_LETTER: Final = r"[^\W\d_]"
#: A family name and initials without points, and a suffix: ``Ramakrishnan IV``, ``van der Berg J-P Jr``.
_VANCOUVER: Final = re.compile(
    rf"(?P<family>{_LETTER}[^\d,.()&]+?)\s+(?P<initials>{_LETTER}(?:-?{_LETTER}){{0,3}})(?:\s+(?P<suffix>Jr|Sr|2nd|3rd|4th)\.?)?"
)
_NO_VOWEL: Final = re.compile("[^AEIOUY]+")
_NUMERAL: Final = re.compile("[IVX]{2,}")
#: As many letters in capitals are a name.
_LONG_INITIALS: Final = 4
#: Initials as the APA writes them.
_INITIALS: Final = re.compile(rf"{_LETTER}\.?(?:[\s-]*{_LETTER}\.)*(?:[\s-]*{_LETTER}\.?)?")
_SUFFIX: Final = re.compile(r"(?i)(?:jr|sr|ii|iii|iv|2nd|3rd|4th)\.?")
#: Words of names of bodies, which have commas of their own.
_OF_BODIES: Final = frozenset(
    """
    of for the on für fur & inc inc. ltd ltd. corp corp. council board committee commission university institute
    department society association office ministry library centre center school college bureau agency foundation group
    team company laboratory hospital museum
    """.split()  # noqa: SIM905
)
_WORD_OF_BODIES: Final = rf"(?i)(?:^|\s)(?:{'|'.join(map(re.escape, sorted(_OF_BODIES)))})(?:\s|$)"
#: A person's name has no more words, as a rule.
_MOST_WORDS: Final = 4
#: So many names in their own order are a list; two may be a family name and given names of two words each.
_FEWEST_NAMES: Final = 3
#: What may be two names in their own order, or one of which both parts have several words.
_PERHAPS_TWO: Final = r"^\s*[^\s,\x1f]+\s+[^,\x1f]+,\s*[^\s,\x1f]+\s+[^,\x1f]+$"
#: Names in a list as JSON or Python writes it, which programs put into one cell.
_BEGINS_QUOTED: Final = r"""^\s*\[\s*["']"""
_QUOTED: Final = r"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
_QUOTED_LIST: Final = re.compile(rf"\s*\[\s*{_QUOTED}(?:\s*,\s*{_QUOTED})*+\s*\]\s*")
#: How Python escapes quotes, the sign itself, and what is no letter (a no-break space); all else stands as it is.
_ESCAPED: Final = re.compile(
    r"""\\(?:(["'\\])|x([0-9a-f]{2})|u((?!d[89a-f])[0-9a-f]{4})|U(000[1-9a-f][0-9a-f]{4}|0010[0-9a-f]{4}))"""
)
#: The number of an author that Scopus writes behind the full name.
_NUMBER_IN_SCOPUS: Final = r"\s*\([0-9]{8,12}\)"
#: A name of one person in its own order, in which no comma is.
_IN_OWN_ORDER: Final = rf"^[^\s,\d]+(?:\s+[^\s,\d]+){{1,{_MOST_WORDS - 1}}}$"
#: How no family name begins; a letter without a point may (``Ó Súilleabháin``, ``D Souza``, ``U Thant``).
_BEGINS_WITH_INITIALS: Final = re.compile(rf"(?:{_LETTER}\.-?){{1,4}}\s")


def author_names(texts: pa.Array) -> pa.Array:
    """The names of each list of authors, as written but for initials, which get their points; null stays null.

    Whether a text is two names in their own order, or one with a comma, all lists together tell.
    """
    texts = pc.replace_substring_regex(_without_quotes(texts), _NUMBER_IN_SCOPUS, "")
    shortened = pc.replace_substring_regex(texts, _OTHERS, "")
    names = pc.split_pattern_regex(shortened, _APART.pattern)
    parts = pc.replace_substring_regex(shortened, _APART.pattern, "\x1f")
    doubtful = pc.fill_null(pc.match_substring_regex(parts, _MAY_BE_CUT), False)
    perhaps_two = pc.and_not(pc.fill_null(pc.match_substring_regex(parts, _PERHAPS_TWO), False), doubtful)
    found = _cut_where(names, shortened, doubtful, cut_authors)
    are_lists = pc.any(perhaps_two).as_py() and _are_in_own_order(found)
    return _cut_where(found, shortened, perhaps_two, partial(_perhaps_two, are_lists=are_lists))


def _without_quotes(texts: pa.Array) -> pa.Array:
    """The texts, with ``;`` between names that stand in them as a list of JSON or Python."""
    quoted = pc.fill_null(pc.match_substring_regex(texts, _BEGINS_QUOTED), False)
    if not pc.any(quoted).as_py():
        return texts
    return pc.replace_with_mask(texts, quoted, map_distinct(texts.filter(quoted), _joined, texts.type))


def _joined(text: str) -> str:
    if not _QUOTED_LIST.fullmatch(text):
        return text
    try:
        names = orjson.loads(text)
    except orjson.JSONDecodeError:
        names = [_ESCAPED.sub(_meant, quoted[1:-1]) for quoted in re.findall(_QUOTED, text)]
    return "; ".join(names)


def _meant(escaped: re.Match[str]) -> str:
    said = escaped[escaped.lastindex or 0]
    return said if escaped.lastindex == 1 else chr(int(said, 16))


def _are_in_own_order(lists: pa.Array) -> bool:
    """Whether names in their own order prevail: lists of three and more are among them, and few names with a comma."""
    names, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    with_comma = len(pc.unique(parents.filter(pc.match_substring(names, ","))))
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    in_order = pc.and_not(
        pc.match_substring_regex(names, _IN_OWN_ORDER), pc.match_substring_regex(names, _WORD_OF_BODIES)
    )
    whole = np.bincount(parents.filter(in_order).to_numpy(), minlength=len(lists)) == lengths
    return bool((whole & (lengths >= _FEWEST_NAMES)).any()) and int((whole & (lengths > 0)).sum()) >= with_comma


def _cut_where(names: pa.Array, texts: pa.Array, where: pa.Array, rule: Callable[[str], list[str]]) -> pa.Array:
    """The names, but ``where`` those that ``rule`` makes of a text, whose blanks are folded."""
    if not pc.any(where).as_py():
        return names
    # Of many blanks in a row an expression would try each.
    cut = map_distinct(folded(texts.filter(where)), rule, pa.list_(pa.string()))
    places = np.arange(len(names))
    places[where.to_numpy(zero_copy_only=False)] = len(names) + np.arange(len(cut))
    return pa.concat_arrays([names, cut.cast(names.type)]).take(pa.array(places))


def cut_authors(text: str) -> list[str]:
    """The names of one list."""
    parts = _APART.split(text)
    if len(parts) > 1 and (names := _vancouver_names(parts)):
        return names
    ends_plain = len(parts) > 1 and "," not in parts[-1] and _may_be_person(parts[-1])
    return [name for part in parts for name in _cut_at_commas(part, of_list=ends_plain)]


def _cut_at_commas(part: str, *, of_list: bool) -> list[str]:
    """The names of what no other sign divides; ``of_list``: the last name of the list has no comma."""
    pieces = [piece for piece in _COMMA.split(part) if piece]
    if len(pieces) < 2:
        return [part]
    if names := _vancouver_names(pieces):
        return names
    given = pieces[1::2]
    if len(pieces) > 2 and len(pieces) % 2 == 0 and all(map(_INITIALS.fullmatch, given)):
        return [f"{family}, {initials}" for family, initials in zip(pieces[::2], given, strict=True)]
    if all(map(_may_be_person, pieces)) and (of_list or len(pieces) >= _FEWEST_NAMES):
        return pieces
    return [part]


def _perhaps_two(text: str, *, are_lists: bool) -> list[str]:
    """Two names in their own order, where it is one of ``are_lists`` or begins with initials; else the text.

    What begins with a particle (``van der Berg, Jan Piet``, ``De la Cruz, María José``) is a family name.
    """
    names = _COMMA.split(text)
    # Where blanks of Unicode are folded, no two words may be left.
    first, second = map(kind_of, [*text.split(), "", ""][:2])
    if first == "particle" or (first == "great particle" and second in PARTICLE_KINDS):
        return [text]
    is_list = are_lists or _BEGINS_WITH_INITIALS.match(text) is not None
    return names if is_list and len(names) == 2 and all(map(_may_be_person, names)) else [text]


def _vancouver_names(pieces: list[str]) -> list[str]:
    """The names, where all pieces are family names with initials, and not names of popes; else none.

    In capitals throughout (``JOHN DOE``) a family name may look like initials, of which one in a list has no vowel.
    """
    found = [one for one in map(_VANCOUVER.fullmatch, pieces) if one and one["initials"].isupper()]
    initials = [one["initials"] for one in found]
    if len(found) < len(pieces) or all(map(_NUMERAL.fullmatch, initials)):
        return []
    in_capitals = any(one["family"].isupper() for one in found)
    if in_capitals and not (max(map(len, initials)) < _LONG_INITIALS and any(map(_NO_VOWEL.fullmatch, initials))):
        return []
    return [_with_points(**one.groupdict()) for one in found]


def _with_points(family: str, initials: str, suffix: str | None) -> str:
    """``Ramakrishnan IV`` as ``Ramakrishnan, I. V.``: what stands behind a family name may be taken for a suffix."""
    pointed = " ".join(f"{letter}." for letter in initials if letter != "-")
    return ", ".join(filter(None, (family, pointed, suffix)))


def _may_be_person(piece: str) -> bool:
    """Whether a piece may be the whole name of a person: two to four words, none of them of a body, nor a suffix."""
    words = piece.split()
    if not 2 <= len(words) <= _MOST_WORDS or _SUFFIX.fullmatch(words[-1]):
        return False
    return not any(word.casefold() in _OF_BODIES for word in words) and not any(map(str.isdigit, piece))
