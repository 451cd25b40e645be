"""Pairs of records compared column by column: what is equal, what differs, what is not known.

Everything is a mask or a number a pair; texts are compared once for each distinct pair of values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from pipelines.works.comparands import EDITION_SCHEMES, TEXT_SCHEMES, Comparands, Numbered
from pipelines.works.containers import Containers, compare_containers
from pipelines.works.credits import are_names_of_one, count_misread, shared_counts
from pipelines.works.given_names import are_of_two
from pipelines.works.titles import TitleRelation, compare_titles

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

#: Kinds of text that precede or accompany a publication and are never the same publication.
UNPUBLISHED_KINDS: Final = frozenset({"preprint", "thesis", "manuscript", "dataset"})
_PREPRINT: Final = frozenset({"preprint"})
_CONFERENCE_PAPER: Final = frozenset({"conference_paper"})
_ARTICLE: Final = frozenset({"article"})
#: The sum of :func:`pipelines.works.containers.container_class` of a conference and a journal.
_CONFERENCE_AND_JOURNAL: Final = 3
#: A range of more pages may hold many texts.
_MOST_PAGES: Final = 30
#: Titles of which fewer letters than this are common, in any order of words, are strangers (percent).
_LEAST_ALIKE: Final = 50.0
#: Of records that have neither a credit nor a place nor an identifier in common only these are looked at.
_NEARLY_EQUAL: Final = 90.0


@dataclass(frozen=True, slots=True)
class Column:
    """Which pairs are equal in a column, and which differ; neither where one has no value."""

    equal: Mask
    differs: Mask


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be known of each pair before it is judged.

    ``title`` holds :class:`TitleRelation`, ``title_share`` the share of letters in common. Of the shorter list of
    names, ``authors_same``: at least half is in the other, ``authors_most``: three quarters, ``authors_all``: all,
    ``authors_some``: one; ``authors_equal``: the lists are one; ``authors_differ``: both have credits and share none,
    and it is not that one catalogue credits a body and the other the people of it; or each credits one person, of one
    family name and other given names;
    ``authors_alone``, ``authors_many``: the shorter list is of one person, of three or more; ``authors_balanced``:
    neither is three times as long as the other. ``container`` holds :class:`Containers`. ``telling``, ``long``: both
    titles are, and telling is not ``generic``; ``guest``: both titles are what a guest editor writes;
    ``one_session``, ``other_session``: both titles name one session of a meeting in brackets (``(demo)``), or one
    names a session that the other does not; ``one_abstract``: the descriptions are one; ``crosses_publication``: one
    is of UNPUBLISHED_KINDS, the other of another kind; ``preprint_published``, ``conference_and_journal``: one is a
    preprint and the other has been published, or one was at a conference and the other in a journal; ``articles``:
    both are articles or conference papers; ``of_persons``: both credit persons, not bodies alone, asked of pairs a
    year apart only; ``bare``: one credits nobody and names no container; ``edition_on_one_side``: one tells none.
    """

    title: Ints
    title_share: Floats
    work_key_equal: Mask
    authors_all: Mask
    authors_most: Mask
    authors_same: Mask
    authors_some: Mask
    authors_differ: Mask
    authors_alone: Mask
    authors_many: Mask
    authors_balanced: Mask
    authors_equal: Mask
    same_source: Mask
    has_years: Mask
    year_gap: Ints
    kind: Column
    volume: Column
    issue: Column
    pages: Column
    edition: Column
    pages_known: Mask
    one_session: Mask
    other_session: Mask
    one_abstract: Mask
    same_doi_prefix: Mask
    same_deposit: Mask
    container: Ints
    agrees: dict[str, Mask]
    conflicts: dict[str, Mask]
    telling: Mask
    long: Mask
    generic: Mask
    guest: Mask
    same_class: Mask
    crosses_publication: Mask
    preprint_published: Mask
    conference_and_journal: Mask
    datasets: Mask
    articles: Mask
    of_persons: Mask
    bare: Mask
    edition_on_one_side: Mask

    @property
    def same_year(self) -> Mask:
        """Both are of one year."""
        same: Mask = self.has_years & (self.year_gap == 0)
        return same

    @property
    def same_place(self) -> Mask:
        """Volume and pages are the same."""
        return self.volume.equal & self.pages.equal

    @property
    def same_issue(self) -> Mask:
        """Volume and issue are the same, and no page says otherwise."""
        return self.volume.equal & self.issue.equal & ~self.pages.differs

    @property
    def named_alike(self) -> Mask:
        """The containers have one name, or one abbreviates the other."""
        return self.in_container(Containers.EQUAL, Containers.AGREE)

    @property
    def authors_unknown(self) -> Mask:
        """One of the records credits nobody."""
        return ~self.authors_some & ~self.authors_differ

    def is_title(self, *relations: TitleRelation) -> Mask:
        """Which pairs have titles of one of these relations."""
        found: Mask = np.isin(self.title, relations)
        return found

    def in_container(self, *relations: Containers) -> Mask:
        """Which pairs have containers of one of these relations."""
        found: Mask = np.isin(self.container, relations)
        return found


def compare(known: Comparands, a: Ints, b: Ints) -> tuple[Ints, Comparison]:
    """Compare the records at positions ``a`` and ``b`` of ``known``, pair by pair. Symmetric in a and b.

    Returns which pairs have anything in common (title, work key, place or identifier), and the comparison of these.
    """
    agrees, conflicts = _identifiers(known, a, b)
    keyed = shared_counts(known.work_keys, a, b) > 0
    placed = _volumes(known, a, b).equal & _pages(known, a, b).equal
    hinted = keyed | placed | np.any([*agrees.values()], axis=0)
    common = shared_counts(known.credits.families, a, b)
    smaller = np.minimum(known.credits.count[a], known.credits.count[b])
    related = (common > 0) | (smaller == 0) | hinted
    title, share = _titles(known.title, a, b, np.where(related, _LEAST_ALIKE, _NEARLY_EQUAL))
    told = np.flatnonzero(hinted | (title != TitleRelation.OTHER))
    already = _AlreadyCompared(
        title=title[told],
        title_share=share[told],
        work_key_equal=keyed[told],
        shared_names=common[told],
        agrees={scheme: agree[told] for scheme, agree in agrees.items()},
        conflicts={scheme: conflict[told] for scheme, conflict in conflicts.items()},
    )
    return told, _compared(known, a[told], b[told], already)


@dataclass(frozen=True, slots=True)
class _AlreadyCompared:
    """What had to be compared to know which pairs have anything in common; as in Comparison.

    ``shared_names`` is how many words of family names both records have.
    """

    title: Ints
    title_share: Floats
    work_key_equal: Mask
    shared_names: Ints
    agrees: dict[str, Mask]
    conflicts: dict[str, Mask]


def _compared(known: Comparands, a: Ints, b: Ints, already: _AlreadyCompared) -> Comparison:
    counts = known.credits.count[a], known.credits.count[b]
    smaller, larger = np.minimum(*counts), np.maximum(*counts)
    common = _with_misread_names(known, a, b, already.shared_names, smaller, already.title)
    common[_of_two_people(known, a, b, already)] = 0
    kind, generic = _column(known.kind, a, b), known.generic[a] | known.generic[b]
    unpublished = _is_kind(known, a, UNPUBLISHED_KINDS) | _is_kind(known, b, UNPUBLISHED_KINDS)
    published = frozenset(known.kind.values) - UNPUBLISHED_KINDS
    people = np.minimum(known.credits.credits[a], known.credits.credits[b])
    has_years, year_gap = known.has_year[a] & known.has_year[b], np.abs(known.year[a] - known.year[b])
    container = _containers(known.container, a, b)
    long = known.long[a] & known.long[b]
    one_issue = has_years & (year_gap == 0) & (np.isin(container, (Containers.EQUAL, Containers.AGREE)) | long)
    strangers = (smaller > 0) & (common == 0)
    strangers &= ~_person_and_body(known, a, b, strangers & one_issue & (already.title >= TitleRelation.MISSPELT))
    return Comparison(
        title=already.title,
        title_share=already.title_share,
        work_key_equal=already.work_key_equal,
        authors_all=(smaller > 0) & (common == smaller),
        authors_most=(smaller > 0) & (4 * common >= 3 * smaller),
        authors_same=(smaller > 0) & (2 * common >= smaller) & (common > 0),
        authors_some=common > 0,
        authors_differ=strangers,
        authors_alone=(smaller == 1) | (people == 1),
        authors_many=people >= 3,
        authors_equal=(smaller > 0) & (common == larger),
        authors_balanced=larger <= 3 * smaller,
        same_source=_column(known.source, a, b).equal,
        has_years=has_years,
        year_gap=year_gap,
        kind=kind,
        volume=_volumes(known, a, b),
        issue=_column(known.issue, a, b),
        pages=_pages(known, a, b),
        edition=_column(known.edition, a, b),
        pages_known=(known.start_page.codes[a] >= 0) & (known.start_page.codes[b] >= 0),
        one_session=_column(known.session, a, b).equal,
        other_session=known.session.codes[a] != known.session.codes[b],
        one_abstract=_column(known.description, a, b).equal,
        same_doi_prefix=_column(known.doi_prefix, a, b).equal,
        same_deposit=_same_deposit(known, a, b),
        container=container,
        agrees=already.agrees,
        conflicts=already.conflicts,
        telling=known.telling[a] & known.telling[b] & ~generic,
        long=long,
        generic=generic,
        guest=known.guest[a] & known.guest[b],
        same_class=known.container_class[a] == known.container_class[b],
        crosses_publication=kind.differs & unpublished,
        preprint_published=_are_of_kinds(known, a, b, _PREPRINT, published),
        conference_and_journal=_are_of_kinds(known, a, b, _CONFERENCE_PAPER, _ARTICLE)
        | (known.container_class[a] + known.container_class[b] == _CONFERENCE_AND_JOURNAL)
        & (known.container_class[a] * known.container_class[b] > 0),
        datasets=kind.equal & _is_kind(known, a, frozenset({"dataset"})),
        articles=_is_kind(known, a, _ARTICLE | _CONFERENCE_PAPER) & _is_kind(known, b, _ARTICLE | _CONFERENCE_PAPER),
        of_persons=_of_persons(known, a, b, has_years & (year_gap == 1)),
        bare=_is_bare(known, a) | _is_bare(known, b),
        edition_on_one_side=(known.edition.codes[a] >= 0) ^ (known.edition.codes[b] >= 0),
    )


def _of_two_people(known: Comparands, a: Ints, b: Ints, already: _AlreadyCompared) -> Mask:
    """Which pairs credit one person each, of other given names; not where place or an identifier are the same."""
    first, second = known.given_names.codes[a], known.given_names.codes[b]
    differ: Mask = (first >= 0) & (second >= 0) & (first != second) & (already.shared_names > 0)
    differ &= ~(_volumes(known, a, b).equal & _pages(known, a, b).equal) & ~np.any([*already.agrees.values()], axis=0)
    places = np.flatnonzero(differ)
    low, high, inverse = _distinct_pairs(first[places], second[places])
    names = known.given_names.values
    two = [are_of_two(names[i], names[j]) for i, j in zip(low.tolist(), high.tolist(), strict=True)]
    differ[places] = np.array(two, dtype=bool)[inverse]
    return differ


def _person_and_body(known: Comparands, a: Ints, b: Ints, asked: Mask) -> Mask:
    """Which of the pairs ``asked`` credit a body in one record and people in the other: that contradicts nothing."""
    places = np.flatnonzero(asked)
    found = np.zeros(len(a), dtype=bool)
    found[places] = known.credits.are_of_bodies(a[places]) ^ known.credits.are_of_bodies(b[places])
    return found


def _of_persons(known: Comparands, a: Ints, b: Ints, asked: Mask) -> Mask:
    """In which of the pairs ``asked`` both records credit somebody, and not bodies alone."""
    places = np.flatnonzero(asked & (known.credits.credits[a] > 0) & (known.credits.credits[b] > 0))
    found = np.zeros(len(a), dtype=bool)
    found[places] = ~(known.credits.are_of_bodies(a[places]) | known.credits.are_of_bodies(b[places]))
    return found


def _is_bare(known: Comparands, records: Ints) -> Mask:
    """Which records credit nobody and name no container."""
    bare: Mask = (known.credits.credits[records] == 0) & (known.container.codes[records] < 0)
    return bare


def _are_of_kinds(known: Comparands, a: Ints, b: Ints, one: frozenset[str], other: frozenset[str]) -> Mask:
    """Which pairs have a record of one of the kinds ``one``, and one of the kinds ``other``."""
    return (_is_kind(known, a, one) & _is_kind(known, b, other)) | (_is_kind(known, b, one) & _is_kind(known, a, other))


def _is_kind(known: Comparands, records: Ints, kinds: frozenset[str]) -> Mask:
    """Which records are of one of the ``kinds`` of publication."""
    chosen: Mask = np.array([*(kind in kinds for kind in known.kind.values), False])[known.kind.codes[records]]
    return chosen


def _column(column: Numbered, a: Ints, b: Ints) -> Column:
    first, second = column.codes[a], column.codes[b]
    known = (first >= 0) & (second >= 0)
    return Column(known & (first == second), known & (first != second))


def _volumes(known: Comparands, a: Ints, b: Ints) -> Column:
    """Volumes are equal where their numbers are, unless both tell their part and it is another."""
    volume, other_part = _column(known.volume, a, b), _column(known.volume_part, a, b).differs
    return Column(volume.equal & ~other_part, volume.differs | other_part)


def _same_deposit(known: Comparands, a: Ints, b: Ints) -> Mask:
    """Versions of one deposit, or a text and its supplement; two supplements are two things."""
    versions = known.is_version[a] | known.is_version[b]
    supplements = known.is_supplement[a] ^ known.is_supplement[b]
    return _column(known.doi_base, a, b).equal & (versions | supplements)


def _pages(known: Comparands, a: Ints, b: Ints) -> Column:
    """Ranges that overlap agree, others of one numbering differ; of two numberings nothing is known.

    Nor is of a range so long that it is a whole supplement's, and of a page that it merely holds.
    """
    first, second = known.pages[a], known.pages[b]
    comparable = (first[:, 0] == second[:, 0]) & (first[:, 0] >= 0)
    overlap = (first[:, 1] <= second[:, 2]) & (second[:, 1] <= first[:, 2])
    lengths = first[:, 2] - first[:, 1], second[:, 2] - second[:, 1]
    held = overlap & (np.maximum(*lengths) > _MOST_PAGES) & (2 * np.minimum(*lengths) < np.maximum(*lengths))
    equal = _column(known.start_page, a, b).equal | (comparable & overlap & ~held)
    return Column(equal, comparable & ~equal & ~held)


def _distinct_pairs(first: Ints, second: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct unordered pairs of two columns of codes, and for each row which one it has."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    width = int(high.max(initial=0)) + 1
    distinct, inverse = np.unique(low * width + high, return_inverse=True)
    return distinct // width, distinct % width, inverse.astype(np.int64)


def _containers(column: Numbered, a: Ints, b: Ints) -> Ints:
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


def _titles(column: Numbered, a: Ints, b: Ints, least: Floats) -> tuple[Ints, Floats]:
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


def _with_misread_names(known: Comparands, a: Ints, b: Ints, common: Ints, smaller: Ints, title: Ints) -> Ints:
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


def _identifiers(known: Comparands, a: Ints, b: Ints) -> tuple[dict[str, Mask], dict[str, Mask]]:
    """By scheme: the pairs that share an identifier, and those where both have one and share none."""
    agrees: dict[str, Mask] = {}
    conflicts: dict[str, Mask] = {}
    for scheme in (*TEXT_SCHEMES, *EDITION_SCHEMES):
        rows = known.identifiers[scheme]
        has = np.zeros(len(known.year), dtype=bool)
        has[rows[:, 0]] = True
        both = has[a] & has[b]
        agree = np.zeros(len(a), dtype=bool)
        agree[both] = shared_counts(rows, a[both], b[both]) > 0
        agrees[scheme], conflicts[scheme] = agree, both & ~agree
    return agrees, conflicts
