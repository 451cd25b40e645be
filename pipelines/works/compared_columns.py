"""Columns of pairs: what one column of two records says, pair by pair; texts are compared once a distinct pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from pipelines.works.comparands import Comparands
from pipelines.works.containers import Containers, compare_containers
from pipelines.works.credits import are_names_of_one, count_misread, shared_counts
from pipelines.works.given_names import are_of_two
from pipelines.works.identifier_schemes import EDITION_SCHEMES, TEXT_SCHEMES
from pipelines.works.numbered_columns import Numbered
from pipelines.works.signs import Signs
from pipelines.works.titles import TitleRelation, compare_titles

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

#: What catalogues call a book, a report or an annual.
_BOOK_KINDS: Final = frozenset({"book", "report", "journal"})
#: A range of more pages may hold many texts.
_MOST_PAGES: Final = 30


@dataclass(frozen=True, slots=True)
class Column:
    """Which pairs are equal in a column, and which differ; neither where one has no value."""

    equal: Mask
    differs: Mask


def are_of_two_people(known: Comparands, a: Ints, b: Ints, shared_names: Ints, agrees: dict[str, Mask]) -> Mask:
    """Which pairs credit one person each, of other given names; not where place or an identifier are the same."""
    first, second = known.given_names.codes[a], known.given_names.codes[b]
    differ: Mask = (first >= 0) & (second >= 0) & (first != second) & (shared_names > 0)
    differ &= ~(compare_volumes(known, a, b).equal & compare_pages(known, a, b).equal) & ~np.any(
        [*agrees.values()], axis=0
    )
    places = np.flatnonzero(differ)
    low, high, inverse = _distinct_pairs(first[places], second[places])
    names = known.given_names.values
    two = [are_of_two(names[i], names[j]) for i, j in zip(low.tolist(), high.tolist(), strict=True)]
    differ[places] = np.array(two, dtype=bool)[inverse]
    return differ


def are_person_and_body(known: Comparands, a: Ints, b: Ints, asked: Mask) -> Mask:
    """Which of the pairs ``asked`` credit a body in one record and people in the other: that contradicts nothing."""
    places = np.flatnonzero(asked)
    found = np.zeros(len(a), dtype=bool)
    found[places] = known.credits.are_of_bodies(a[places]) ^ known.credits.are_of_bodies(b[places])
    return found


def are_of_persons(known: Comparands, a: Ints, b: Ints, asked: Mask) -> Mask:
    """In which of the pairs ``asked`` both records credit somebody, and not bodies alone."""
    places = np.flatnonzero(asked & (known.credits.credits[a] > 0) & (known.credits.credits[b] > 0))
    found = np.zeros(len(a), dtype=bool)
    found[places] = ~(known.credits.are_of_bodies(a[places]) | known.credits.are_of_bodies(b[places]))
    return found


def share_a_person(known: Comparands, a: Ints, b: Ints, asked: Mask) -> Mask:
    """Which of the pairs ``asked`` credit one person of full name: family and given name, not an initial.

    Not where a record credits bodies alone: their names come and go with the books that they edit.
    """
    found = are_of_persons(known, a, b, asked)
    places = np.flatnonzero(found)
    found[places] = shared_counts(known.credits.full_names, a[places], b[places]) > 0
    return found


def have_the_same_names(known: Comparands, a: Ints, b: Ints, asked: Mask) -> Mask:
    """Which of the pairs ``asked`` credit the same people or bodies, all by their full names, and nobody else."""
    places = np.flatnonzero(asked & (known.credits.credits[a] == known.credits.credits[b]))
    found = np.zeros(len(a), dtype=bool)
    shared = shared_counts(known.credits.full_names, a[places], b[places])
    found[places] = (shared > 0) & (shared == known.credits.credits[a[places]])
    return found


def are_bare(known: Comparands, records: Ints) -> Mask:
    """Which records credit nobody and name no container."""
    bare: Mask = (known.credits.credits[records] == 0) & (known.container.codes[records] < 0)
    return bare


def are_books(known: Comparands, a: Ints, b: Ints) -> Mask:
    """Which pairs name no container, and are books or the like where they tell a kind."""
    found = np.ones(len(a), dtype=bool)
    for records in (a, b):
        alone = known.container.codes[records] < 0
        found &= alone & ((known.kind.codes[records] < 0) | are_of_kind(known, records, _BOOK_KINDS))
    return found


def are_whole_issues(known: Comparands, a: Ints, b: Ints) -> Mask:
    """Which pairs are issues of a serial, each with a record of its own, not the serial as a whole."""
    found = np.ones(len(a), dtype=bool)
    for records in (a, b):
        numbered = (known.volume.codes[records] >= 0) | (known.issue.codes[records] >= 0)
        serial, own = known.is_serial[records], known.has_own_title[records]
        found &= known.credits.credits[records] == 0
        # The years of a book with a container of its own title are those of its editions.
        found &= np.where(numbered, serial | own, serial & own)
    return found


def are_of_kinds(known: Comparands, a: Ints, b: Ints, one: frozenset[str], other: frozenset[str]) -> Mask:
    """Which pairs have a record of one of the kinds ``one``, and one of the kinds ``other``."""
    return (are_of_kind(known, a, one) & are_of_kind(known, b, other)) | (
        are_of_kind(known, b, one) & are_of_kind(known, a, other)
    )


def are_of_kind(known: Comparands, records: Ints, kinds: frozenset[str]) -> Mask:
    """Which records are of one of the ``kinds`` of publication."""
    chosen: Mask = np.array([*(kind in kinds for kind in known.kind.values), False])[known.kind.codes[records]]
    return chosen


def compare_column(column: Numbered, a: Ints, b: Ints) -> Column:
    """Which pairs are equal in a column, and which differ."""
    first, second = column.codes[a], column.codes[b]
    known = (first >= 0) & (second >= 0)
    return Column(known & (first == second), known & (first != second))


def compare_volumes(known: Signs, a: Ints, b: Ints) -> Column:
    """Volumes are equal where their numbers are, unless both tell their part and it is another."""
    volume, other_part = compare_column(known.volume, a, b), compare_column(known.volume_part, a, b).differs
    return Column(volume.equal & ~other_part, volume.differs | other_part)


def are_of_one_deposit(known: Comparands, a: Ints, b: Ints) -> Mask:
    """Versions of one deposit, or a text and its supplement; two supplements are two things."""
    versions = known.is_version[a] | known.is_version[b]
    supplements = known.is_supplement[a] ^ known.is_supplement[b]
    return compare_column(known.doi_base, a, b).equal & (versions | supplements)


def compare_pages(known: Signs, a: Ints, b: Ints) -> Column:
    """Ranges that overlap agree, others of one numbering differ; of two numberings nothing is known.

    Nor is of a range so long that it is a whole supplement's, and of a page that it merely holds.
    """
    first, second = known.pages[a], known.pages[b]
    comparable = (first[:, 0] == second[:, 0]) & (first[:, 0] >= 0)
    overlap = (first[:, 1] <= second[:, 2]) & (second[:, 1] <= first[:, 2])
    lengths = first[:, 2] - first[:, 1], second[:, 2] - second[:, 1]
    held = overlap & (np.maximum(*lengths) > _MOST_PAGES) & (2 * np.minimum(*lengths) < np.maximum(*lengths))
    equal = compare_column(known.start_page, a, b).equal | (comparable & overlap & ~held)
    return Column(equal, comparable & ~equal & ~held)


def begin_on_one_page(known: Comparands, a: Ints, b: Ints) -> Mask:
    """Which pairs tell one first page, of one numbering."""
    first, second = known.pages[a], known.pages[b]
    begin: Mask = (first[:, 0] >= 0) & (first[:, 0] == second[:, 0]) & (first[:, 1] == second[:, 1])
    return begin | compare_column(known.start_page, a, b).equal


def _distinct_pairs(first: Ints, second: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct unordered pairs of two columns of codes, and for each row which one it has."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    width = int(high.max(initial=0)) + 1
    distinct, inverse = np.unique(low * width + high, return_inverse=True)
    return distinct // width, distinct % width, inverse.astype(np.int64)


def relate_containers(column: Numbered, a: Ints, b: Ints) -> Ints:
    """:func:`compare_containers` of each pair."""
    first, second = column.codes[a], column.codes[b]
    relation = np.full(len(a), Containers.UNKNOWN, dtype=np.int64)
    known = (first >= 0) & (second >= 0)
    relation[known & (first == second)] = Containers.EQUAL
    differ = known & (first != second)
    low, high, inverse = _distinct_pairs(first[differ], second[differ])
    values = column.values
    told = [compare_containers(values[i], values[j]) for i, j in zip(low.tolist(), high.tolist(), strict=True)]
    relation[differ] = np.array(told, dtype=np.int64)[inverse]
    return relation


def relate_titles(column: Numbered, a: Ints, b: Ints, least: Floats) -> tuple[Ints, Floats]:
    """:func:`compare_titles` of each pair whose titles are alike by ``least`` percent; a missing title is no other."""
    first, second = column.codes[a], column.codes[b]
    relation = np.full(len(a), TitleRelation.OTHER, dtype=np.int64)
    share = np.zeros(len(a), dtype=np.float32)
    equal = (first == second) & (first >= 0)
    relation[equal], share[equal] = TitleRelation.EQUAL, 1
    differ = np.flatnonzero((first != second) & (first >= 0) & (second >= 0))
    low, high, inverse = _distinct_pairs(first[differ], second[differ])
    asked = np.full(len(low), np.inf)
    np.minimum.at(asked, inverse, least[differ])
    values = column.values
    texts_low, texts_high = [values[i] for i in low.tolist()], [values[i] for i in high.tolist()]
    alike = _alike(texts_low, texts_high, fuzz.token_set_ratio)
    told = np.zeros(len(low), dtype=np.int64)
    shares = np.zeros(len(low), dtype=np.float32)
    for place in np.flatnonzero(alike >= asked).tolist():
        told[place], shares[place] = compare_titles(texts_low[place], texts_high[place])
    # Not what another pair with the same titles has asked for: a verdict depends on its two records alone.
    answered = alike[inverse] >= least[differ]
    relation[differ] = np.where(answered, told[inverse], TitleRelation.OTHER)
    share[differ] = np.where(answered, shares[inverse], 0)
    return relation, share


def _alike(first: list[str], second: list[str], scorer: Any) -> Floats:
    """How much alike texts are, pair by pair, in percent."""
    if not first:
        return np.empty(0, dtype=np.float32)
    scores: Floats = process.cpdist(first, second, scorer=scorer, workers=1)
    return scores


def with_misread_names(known: Comparands, a: Ints, b: Ints, common: Ints, smaller: Ints, title: Ints) -> Ints:
    """``common`` where names that no other explains are misread, or given and family name are exchanged.

    Looked at only where the titles are related and the lists of names are not.
    """
    doubtful = np.flatnonzero((4 * common < 3 * smaller) & (title >= TitleRelation.EXCHANGED))
    found = common.copy()
    names, first, second = known.credits, a[doubtful], b[doubtful]
    # Both ways: two people of one given name are not one.
    exchanged = np.minimum(
        shared_counts(names.families, first, second, others=names.words),
        shared_counts(names.families, second, first, others=names.words),
    )
    limit = smaller[doubtful]
    exchanged = np.where(exchanged >= limit, limit, 0)
    texts_a, texts_b = names.family_texts(first), names.family_texts(second)
    misread = np.array([count_misread(*pair) for pair in zip(texts_a, texts_b, strict=True)], dtype=np.int64)
    found[doubtful] = np.maximum(exchanged, np.minimum(common[doubtful] + misread, limit))
    alone = doubtful[(found[doubtful] == 0) & (names.credits[first] == 1) & (names.credits[second] == 1)]
    whole = zip(names.name_texts(a[alone]), names.name_texts(b[alone]), strict=True)
    found[alone] = np.where(np.array([are_names_of_one(*pair) for pair in whole], dtype=bool), smaller[alone], 0)
    return found


def compare_identifiers(known: Signs, a: Ints, b: Ints) -> tuple[dict[str, Mask], dict[str, Mask]]:
    """By scheme: the pairs that share an identifier, and those where both have one and share none."""
    agrees: dict[str, Mask] = {}
    conflicts: dict[str, Mask] = {}
    for scheme in (*TEXT_SCHEMES, *EDITION_SCHEMES):
        rows = known.identifiers[scheme]
        has = np.zeros(known.count, dtype=bool)
        has[rows[:, 0]] = True
        both = has[a] & has[b]
        agree = np.zeros(len(a), dtype=bool)
        agree[both] = shared_counts(rows, a[both], b[both]) > 0
        agrees[scheme], conflicts[scheme] = agree, both & ~agree
    return agrees, conflicts
