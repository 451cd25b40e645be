"""Headings of a whole column at once.

Most names are written in one of a few plain ways; these are read in columns, everything else goes to
:func:`pipelines.normalize.headings.parse_heading` name by name. Both give the same answer: a property
test holds it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import map_bytes
from pipelines.normalize.columns import as_mask
from pipelines.normalize.headings import OTHERS, Heading, heading_key, parse_heading
from pipelines.normalize.name_words import (
    CAPITAL_PARTICLES,
    CORPORATE_QUALIFIER,
    DEGREES,
    HONORIFICS,
    ORGANISATION_WORDS,
    SUFFIXES,
    SURNAMES_OR_ORGANISATIONS,
    TITLES_OF_LONE_NAMES,
)
from pipelines.normalize.person_names import expanded_key
from pipelines.normalize.roles import ROLE_TERMS

#: One distinct name a row, the fields of :class:`~pipelines.normalize.headings.Heading`; ``kind`` and
#: ``heading_key`` are null where a name has no letter.
HEADINGS: Final = pa.schema(
    [
        *((column, pa.string()) for column in ("kind", "name", "family_name", "given_names", "suffix")),
        ("birth_year", pa.int16()),
        ("death_year", pa.int16()),
        *((column, pa.string()) for column in ("orcid", "script", "role", "heading_key")),
    ]
)

_FIELDS: Final = attrgetter(*HEADINGS.names)
_NOTHING: Final = (None,) * len(HEADINGS)

#: Letters that decompose into one of A-Z with accents, and those below that are replaced.
_LATIN: Final = [chr(code) for code in (*range(0xC0, 0x180), *range(0x1CD, 0x21C), *range(0x1E00, 0x1EFA))]
_ACCENTED: Final = [letter for letter in _LATIN if unicodedata.normalize("NFD", letter)[0].isascii()]
_REPLACED: Final = {
    "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "đ": "d", "œ": "oe",
    "ı": "i", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
}  # fmt: skip
_UPPER: Final = "A-Z" + "".join(filter(str.isupper, _ACCENTED)) + "ŁØÆĐŒÐÞĦŦŊ"
_LOWER: Final = "a-z" + "".join(filter(str.islower, _ACCENTED)) + "".join(_REPLACED)

_WORD: Final = f"(?:[{_UPPER}]['’])?[{_UPPER}][{_LOWER}ʹʼ]+(?:[-'’]?[{_UPPER}]?[{_LOWER}][{_LOWER}ʹʼ]*)*"
_INITIALS: Final = f"[{_UPPER}]\\.(?:-?[{_UPPER}]\\.)*"
_GIVEN: Final = f"(?:{_WORD}|{_INITIALS}|[{_UPPER}])"
_PARTICLES: Final = "(?:(?:van|von|de|der|den|di|da|del|dos|das|du|la|le|ter|ten) )*"
#: A full stop only ends the heading after a word of four letters, or one that can be spoken among words.
_STOPPED_GIVEN: Final = (
    f"(?:{_GIVEN} )*(?:{_WORD}-)?[{_UPPER}][{_LOWER}]{{3,}}"
    f"|(?:{_WORD} )*(?:[{_UPPER}][{_LOWER}]*[aeiouy][{_LOWER}]*|[AEIOUY][{_LOWER}]+)"
)
_FAMILY: Final = f"(?P<family>{_PARTICLES}{_WORD}(?: {_WORD})*)"

#: "Family, Given"; "Family, Given."; "Family, Given, 1854-1937."; "Given Family".
_INVERTED: Final = f"^{_FAMILY}, (?P<given>{_GIVEN}(?: {_GIVEN})*)$"
_STOPPED: Final = f"^{_FAMILY}, (?P<given>{_STOPPED_GIVEN})[.,]$"
_LIFE_YEARS: Final = "(?P<birth>[1-9][0-9]{3})-(?P<death>[1-9][0-9]{3})?[.,]?"
_DATED: Final = f"^{_FAMILY}, (?P<given>{_GIVEN}(?: {_GIVEN})*), {_LIFE_YEARS}$"
_DIRECT: Final = f"^(?P<given>{_GIVEN}(?: {_GIVEN})*) (?P<family>{_PARTICLES}{_WORD})$"
#: "Family, Given (Fuller Given)", MARC's $q, perhaps with years. A full stop at the end closes the heading; it is
#: seen here only after an initial, which has its own.
_GIVEN_NAMES: Final = f"{_GIVEN}(?: {_GIVEN})*"
_BARE_DATES: Final = r"[1-9][0-9]{3}-(?:[1-9][0-9]{3})?[.,]?"
_FULLER: Final = (
    rf"^[^()\[\],]+, [^()\[\],]+ \({_GIVEN_NAMES}\)(?:,|, {_BARE_DATES})?$"
    rf"|^[^()\[\],]+, [^()\[\],]*\. \({_GIVEN_NAMES}\)\.$"
)


def _any_word(words: frozenset[str] | set[str]) -> str:
    """A pattern for any of the folded ``words``; accents are gone by the time it is asked."""
    return r"\b(?:" + "|".join(sorted(word for word in words if word.isascii() and word.isalnum())) + r")\b"


#: Words that make the rules of parse_heading do more than divide a name; asked of the folded name.
_SPECIAL: Final = "|".join(
    (
        _any_word(ORGANISATION_WORDS),
        # Words of meetings, by their beginnings; more than needed is harmless.
        r"\b(?:conf|kon[fvg]|congr|symp|simp|coll?oq|work|semin|tagung|meeting|jorn|journ|conv|summit)",
        r"\b(?:jr|sr|junior|senior|ii|iii|filho|neto|hijo|sobrinho|fils|pere)\b",
        r"&",
    )
)
_SPECIAL_DIRECT: Final = "|".join(
    (
        _any_word(SURNAMES_OR_ORGANISATIONS),
        f" {_any_word(CAPITAL_PARTICLES)} ",
        r"^(?:prof|professor|dr|sir|dame|mr|mrs|ms|rev|reverend|the)\b",
        f"^(?:{OTHERS})$",
    )
)
_WORDS_IN_PLACE_OF_A_GIVEN_NAME: Final = pa.array(
    sorted({*SUFFIXES, *DEGREES, *TITLES_OF_LONE_NAMES, *ROLE_TERMS}), pa.string()
)
#: What else may stand in brackets: what someone did.
_ROLES_RUN_TOGETHER: Final = pa.array(sorted({term.replace(" ", "") for term in ROLE_TERMS}), pa.string())
_HONORIFIC_FIRST: Final = f"^{_any_word(HONORIFICS)} "


#: ASCII folded as ``fold_name`` does, with a blank for what stands between names.
_FOLDED_ASCII: Final = np.zeros(256, np.uint8)
_FOLDED_ASCII[ord("a") : ord("z") + 1] = _FOLDED_ASCII[ord("A") : ord("Z") + 1] = np.arange(ord("a"), ord("z") + 1)
_FOLDED_ASCII[[ord(separator) for separator in " .-"]] = ord(" ")


def parse_headings(names: pa.Array, field: str = "author") -> pa.Table:
    """:func:`parse_heading` of distinct clean names from one Solr field, as :data:`HEADINGS` in their order."""
    names = names.cast(pa.string())
    if field == "author_corporate":
        return _parse_one_by_one(names, field)
    rows = np.arange(len(names))
    done: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    tables: list[pa.Table] = []
    for pattern in (_INVERTED, _STOPPED, _DATED, _DIRECT, _FULLER):
        if not len(names):
            break
        matches = pc.match_substring_regex(names, pattern)
        if not pc.any(matches).as_py():
            continue
        written = names.filter(matches)
        table, is_plain = _read_fuller(written) if pattern is _FULLER else _read_as(pattern, written)
        tables.append(table.filter(is_plain))
        read = matches.to_numpy(zero_copy_only=False)
        read[read] = is_plain.to_numpy(zero_copy_only=False)
        done.append(rows[read])
        names, rows = names.filter(pa.array(~read)), rows[~read]
    tables.append(_parse_one_by_one(names, field))
    order = np.argsort(np.concatenate([*done, rows]), kind="stable")
    return pa.concat_tables(tables).take(pa.array(order)).combine_chunks()


def _read_as(pattern: str, names: pa.Array) -> tuple[pa.Table, pa.Array]:
    """Headings of names that match a ``pattern``, and which of them no special rule concerns."""
    return _read_plain(_divide(names, pattern), direct=pattern is _DIRECT)


def _read_fuller(names: pa.Array) -> tuple[pa.Table, pa.Array]:
    """:func:`_read_as` of names with the fuller form of their given names in brackets."""
    fuller = pc.replace_substring_regex(names, r"^.* \(([^()]*)\).*$", r"\1")
    bare = pc.replace_substring_regex(names, r" \([^()]*\)(?:[.,]$)?", "")
    tables, places = [HEADINGS.empty_table()], [np.empty(0, np.int64)]
    for pattern in (_INVERTED, _DATED):
        matches = pc.match_substring_regex(bare, pattern)
        table, is_plain = _read_as(pattern, bare.filter(matches))
        tables.append(_with_fuller(table, fuller.filter(matches)).filter(is_plain))
        places.append(np.flatnonzero(as_mask(matches))[as_mask(is_plain)])
    at = np.full(len(names), -1, np.int64)
    found = np.concatenate(places)
    at[found] = np.arange(len(found))
    folded = _fold(fuller)
    plain = pc.and_not(pa.array(at >= 0), pc.match_substring_regex(folded, _SPECIAL))
    plain = pc.and_not(plain, pc.is_in(pc.replace_substring(folded, " ", ""), value_set=_ROLES_RUN_TOGETHER))
    plain = pc.and_not(plain, pc.match_substring_regex(names, CORPORATE_QUALIFIER.pattern, ignore_case=True))
    return pa.concat_tables(tables).take(pa.array(at, mask=at < 0)), plain


def _with_fuller(headings: pa.Table, fuller: pa.Array) -> pa.Table:
    """Headings read without the ``fuller`` form of the given names, with it."""
    rows = zip(headings["heading_key"].to_pylist(), fuller.to_pylist(), strict=True)
    keys, is_expanded = [], []
    for key, form in rows:
        kind, family, given, suffix, dates = key.split("|")
        expanded = expanded_key(given, form)
        keys.append(heading_key(kind, family, given=expanded or given, suffix=suffix, dates=dates))
        is_expanded.append(expanded is not None)
    given_names = pc.if_else(pa.array(is_expanded, pa.bool_()), fuller, headings["given_names"])
    changed = {
        "name": pc.binary_join_element_wise(headings["name"], " (", fuller, ")", ""),
        "given_names": given_names,
        "heading_key": pa.array(keys, pa.string()),
    }
    return pa.table({name: changed.get(name, headings[name]) for name in HEADINGS.names}, schema=HEADINGS)


def _divide(names: pa.Array, pattern: str) -> dict[str, pa.Array]:
    """The groups of ``pattern``, which all ``names`` match; cut at the commas, where RE2's groups would cost more."""
    if pattern is _DIRECT:
        return _groups(names, pattern)
    pieces = pc.split_pattern(names, ", ")
    parts = {"family": pc.list_element(pieces, 0), "given": pc.list_element(pieces, 1)}
    if pattern is _STOPPED:
        parts["given"] = pc.utf8_rtrim(parts["given"], ".,")
    return parts | _groups(pc.list_element(pieces, 2), f"^{_LIFE_YEARS}$") if pattern is _DATED else parts


def _groups(texts: pa.Array, pattern: str) -> dict[str, pa.Array]:
    found = pc.extract_regex(texts, pattern)
    return dict(zip((part.name for part in found.type), found.flatten(), strict=True))


def _read_plain(parts: dict[str, pa.Array], *, direct: bool) -> tuple[pa.Table, pa.Array]:
    """Headings of names divided by a plain pattern, and which of them no special rule concerns."""
    family, given = parts["family"], parts["given"]
    family_words, folded_given = _fold(family), _fold(given)
    folded_family = pc.replace_substring(family_words, " ", "")
    order = (folded_given, family_words) if direct else (family_words, folded_given)
    folded = pc.binary_join_element_wise(*order, " ")
    plain = pc.invert(pc.match_substring_regex(folded, _SPECIAL))
    if direct:
        plain = pc.and_not(plain, pc.match_substring_regex(folded, _SPECIAL_DIRECT))
    else:
        plain = pc.and_not(plain, pc.is_in(folded_given, value_set=_WORDS_IN_PLACE_OF_A_GIVEN_NAME))
        plain = pc.and_not(plain, pc.match_substring_regex(folded_given, _HONORIFIC_FIRST))
    rows = len(family)
    birth = pc.fill_null(parts["birth"], "") if "birth" in parts else pa.scalar("")
    columns = {
        "kind": pa.repeat("person", rows),
        "name": pc.binary_join_element_wise(family, given, ", "),
        "family_name": family,
        "given_names": given,
        "birth_year": _year(parts.get("birth"), rows),
        "death_year": _year(parts.get("death"), rows),
        "script": pa.repeat("Latn", rows),
        "heading_key": pc.binary_join_element_wise("person", folded_family, folded_given, "", birth, "|"),
    }
    arrays = [columns[column.name] if column.name in columns else pa.nulls(rows, column.type) for column in HEADINGS]
    return pa.Table.from_arrays(arrays, schema=HEADINGS), plain


def _year(digits: Any, rows: int) -> pa.Array:
    if digits is None:
        return pa.nulls(rows, pa.int16())
    return pc.if_else(pc.equal(digits, ""), pa.scalar(None, pa.string()), digits).cast(pa.int16())


def _fold(texts: pa.Array) -> pa.Array:
    """``fold_name`` of the names in texts of the letters of the plain patterns, with one blank between names."""
    is_ascii = pc.string_is_ascii(texts)
    if pc.all(is_ascii).as_py():
        return map_bytes(texts, _FOLDED_ASCII, close_blanks=True)
    bare = pc.utf8_lower(pc.utf8_normalize(texts.filter(pc.invert(is_ascii)), "NFKD"))
    for letter, replacement in _REPLACED.items():
        bare = pc.replace_substring(bare, letter, replacement)
    return map_bytes(pc.replace_with_mask(texts, pc.invert(is_ascii), bare), _FOLDED_ASCII, close_blanks=True)


def _parse_one_by_one(names: Any, field: str) -> pa.Table:
    if not len(names):
        return HEADINGS.empty_table()
    headings = [cached_heading(name, field) for name in names.to_pylist()]
    columns = zip(*(_FIELDS(heading) if heading else _NOTHING for heading in headings), strict=True)
    arrays = [pa.array(values, column.type) for values, column in zip(columns, HEADINGS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=HEADINGS)


@lru_cache(maxsize=100_000)
def cached_heading(name: str, field: str) -> Heading | None:
    """:func:`parse_heading`, remembered: the same odd names come back from part to part of a dump."""
    return parse_heading(name, field)
