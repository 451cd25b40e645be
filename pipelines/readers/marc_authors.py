"""Who made what MARC records describe: the headings of 1xx and 7xx, by what their relators say.

Source of the rules: VuFind 10, ``getAuthorsFilteredByRelator`` and ``author-classification.ini``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from pipelines.readers.marc_codes import FIRST_AUTHOR_ROLES, SECOND_AUTHOR_ROLES, relator_code
from pipelines.readers.marc_values import FieldValues, Pick, Values, each, flags, gathered, is_empty, joined
from pipelines.records import TEXT

_FIRST_TAGS: Final = ((100, "abcqd"), (700, "abcqd"))
_CORPORATE_TAGS: Final = ((110, "ab"), (111, "abc"), (710, "ab"), (711, "ab"))

#: Solr field, where its headings stand, where one stands that says no role, and for which roles it goes there.
_AUTHORS: Final = (
    ("author", _FIRST_TAGS, (100,), FIRST_AUTHOR_ROLES),
    ("author2", _FIRST_TAGS, (700,), SECOND_AUTHOR_ROLES),
    ("author_corporate", _CORPORATE_TAGS, (110, 111, 710, 711), FIRST_AUTHOR_ROLES | SECOND_AUTHOR_ROLES),
)
#: What a name does not end with; catalogues use these blanks.
_NAME_END: Final = " \t\r\n\u00a0\u2003\u2009\u3000/:;,=(["
#: Abbreviations that keep their period at the end of a name.
_ABBREVIATIONS: Final = frozenset({"col.", "mr.", "mrs.", "ms."})

PICKS: Final = tuple(
    pick for tag, codes in (*_FIRST_TAGS, *_CORPORATE_TAGS) for pick in (joined(tag, codes), each(tag, "e4"))
)


def author_columns(picked: Mapping[Pick, FieldValues], count: int) -> dict[str, pa.Array]:
    """The fields of authors and of their roles, side by side; a heading with two roles comes twice, as in VuFind."""
    names = {(tag, codes): _names(picked[joined(tag, codes)]) for tag, codes in (*_FIRST_TAGS, *_CORPORATE_TAGS)}
    columns: dict[str, pa.Array] = {}
    for name, tags, bare, permitted in _AUTHORS:
        parts = [_credits(names[one], picked[each(one[0], "e4")], one[0] in bare, permitted) for one in tags]
        headings = gathered([heading for heading, _ in parts])
        roles = gathered([role for _, role in parts])
        columns[name] = headings.lists(count)
        filled = roles.filled()
        if len(filled.record):
            columns[f"{name}_role"] = roles.at(flags(count, filled.record)[roles.record]).lists(count)
    return columns


def _names(headings: FieldValues) -> FieldValues:
    """The headings as names, without those of which nothing is left."""
    texts = pa.array(list(map(name_of, headings.texts.to_pylist())), TEXT)
    named = ~is_empty(texts)
    return FieldValues(
        headings.record[named], texts.filter(pa.array(named)), headings.field[named], headings.code[named]
    )


def _credits(names: FieldValues, relators: FieldValues, bare: bool, permitted: frozenset[str]) -> tuple[Values, Values]:
    """The names of one tag that go into a Solr field, once for each of their roles, and the roles, "" for none."""
    related = np.isin(names.field, relators.field)
    said = _roles_by_field(relators, bare, permitted) if related.any() else {}
    roles_of = [said[field] for field in names.field[related].tolist()]
    times = np.full(len(names.field), int(bare))
    times[related] = [len(roles) for roles in roles_of]
    places = np.repeat(np.arange(len(times)), times)
    roles = np.full(len(places), "", object)
    roles[related[places]] = [role for roles in roles_of for role in roles]
    credited = names.at(places)
    return credited, Values(credited.record, pa.array(roles, TEXT))


def _roles_by_field(relators: FieldValues, bare: bool, permitted: frozenset[str]) -> dict[int, list[str]]:
    """For each field with relators the roles for which its heading goes into a Solr field."""
    said: dict[int, tuple[list[str], list[str]]] = {}
    is_term = (relators.code == ord("e")).tolist()
    for field, text, term in zip(relators.field.tolist(), relators.texts.to_pylist(), is_term, strict=True):
        said.setdefault(field, ([], []))[not term].append(text)
    return {field: _roles(terms, codes, bare, permitted) for field, (terms, codes) in said.items()}


def _roles(terms: list[str], codes: list[str], bare: bool, permitted: frozenset[str]) -> list[str]:
    known = [code for text in (*terms, *codes) if (code := relator_code(text)) in permitted and code]
    if bare:
        unknown = [text for text in terms if relator_code(text) is None]
        known += unknown or [text for text in codes if relator_code(text) is None]
    return list(dict.fromkeys(known))


def name_of(heading: str) -> str:
    """A heading without the punctuation that ends it; periods of initials and abbreviations stay."""
    name = heading.rstrip(_NAME_END)
    if name.endswith((". -", ". -.")):
        name = name.rstrip(".")[:-3]
    after_initial = len(name) <= 3 or name[-3] == " "
    if name.endswith(".") and not after_initial and name.rpartition(" ")[2].lower() not in _ABBREVIATIONS:
        name = name[:-1]
    for left, right in ("()", "[]"):
        if name.endswith(right) and left not in name:
            name = name[:-1]
    return name
