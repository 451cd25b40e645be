"""Pairs of records compared column by column: what is equal, what differs, what is not known.

Everything is a mask or a number a pair; texts are compared once for each distinct pair of values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.works.comparands import Comparands
from pipelines.works.compared_columns import (
    Column,
    are_bare,
    are_books,
    are_of_kind,
    are_of_kinds,
    are_of_one_deposit,
    are_of_persons,
    are_of_two_people,
    are_person_and_body,
    are_whole_issues,
    begin_on_one_page,
    compare_column,
    compare_identifiers,
    compare_pages,
    compare_volumes,
    have_the_same_names,
    relate_containers,
    relate_titles,
    share_a_person,
    with_misread_names,
)
from pipelines.works.containers import Containers
from pipelines.works.credits import shared_counts
from pipelines.works.signs import Signs
from pipelines.works.title_slips import with_slips
from pipelines.works.titles import TitleRelation

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
#: Titles of which fewer letters than this are common, in any order of words, are strangers (percent).
_LEAST_ALIKE: Final = 50.0
#: Of records that have neither a credit nor a place nor an identifier in common only these are looked at.
_NEARLY_EQUAL: Final = 90.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be known of each pair before it is judged.

    ``title`` holds :class:`TitleRelation`, ``title_share`` the share of letters in common. Of the shorter list of
    names, ``authors_same``: at least half is in the other, ``authors_most``: three quarters, ``authors_all``: all,
    ``authors_some``: one; ``authors_equal``: the lists are one; ``authors_differ``: both have credits and share none,
    and it is not that one catalogue credits a body and the other the people of it; or each credits one person, of one
    family name and other given names; ``one_person``: they have one of full name in common, asked where titles are
    equal; ``authors_alone``, ``authors_many``: the shorter list is of one person, of three or more;
    ``authors_balanced``: neither is three times as long as the other. ``container`` holds :class:`Containers`.
    ``one_first_page``: both begin on one page; ``telling``, ``long``: both titles are, and telling is not ``generic``;
    ``one_cut_off``: the end of one title is missing;
    ``guest``: both titles are what a guest editor writes; ``told_books``: neither names a container, nor a kind that no
    book is, and one tells its kind; ``generic_books``: so, told or not, under a generic title that books have;
    ``one_reported_year``: one title tells the year that is reported; ``one_session``, ``other_session``: both titles
    name one session of a meeting in brackets (``(demo)``), or one names a session that the other does not;
    ``whole_issues``: both credit nobody and are of a serial, or of a container of their own title, and both tell of
    which volume or issue, or of which container; ``one_is_abstract``, ``one_is_letter``, ``one_is_correction``: one
    title says that it is, the other does not; ``one_abstract``: the descriptions are one; ``crosses_publication``: one
    is of UNPUBLISHED_KINDS, the other of another kind; ``preprint_published``, ``conference_and_journal``: one is a
    preprint and the other has been published, or one was at a conference and the other in a journal; ``articles``: both
    are articles or conference papers; ``of_persons``: both credit persons, not bodies alone, asked of pairs a year
    apart only; ``bare``: one credits nobody and names no container; ``edition_on_one_side``: one tells none.
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
    one_person: Mask
    same_names: Mask
    same_source: Mask
    has_years: Mask
    year_gap: Ints
    kind: Column
    volume: Column
    issue: Column
    pages: Column
    edition: Column
    pages_known: Mask
    one_first_page: Mask
    one_session: Mask
    other_session: Mask
    one_abstract: Mask
    same_doi_prefix: Mask
    same_deposit: Mask
    container: Ints
    agrees: dict[str, Mask]
    conflicts: dict[str, Mask]
    telling: Mask
    one_cut_off: Mask
    long: Mask
    generic: Mask
    guest: Mask
    told_books: Mask
    generic_books: Mask
    one_reported_year: Mask
    whole_issues: Mask
    one_is_abstract: Mask
    one_is_letter: Mask
    one_is_correction: Mask
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


@dataclass(frozen=True, slots=True)
class CommonGround:
    """What pairs have in common at first sight; ``pairs`` says of which, the other fields are as in Comparison.

    ``shared_names`` is how many words of family names both records have.
    """

    pairs: Ints
    title: Ints
    title_share: Floats
    work_key_equal: Mask
    shared_names: Ints
    agrees: dict[str, Mask]
    conflicts: dict[str, Mask]


def common_ground(known: Signs, a: Ints, b: Ints) -> CommonGround:
    """Which of the pairs of positions ``a``, ``b`` have a title, work key, place or identifier in common."""
    agrees, conflicts = compare_identifiers(known, a, b)
    keyed = shared_counts(known.work_keys, a, b) > 0
    placed = compare_volumes(known, a, b).equal & compare_pages(known, a, b).equal
    hinted = keyed | placed | np.any([*agrees.values()], axis=0)
    common = shared_counts(known.credits.families, a, b)
    smaller = np.minimum(known.credits.count[a], known.credits.count[b])
    related = (common > 0) | (smaller == 0) | hinted
    title, share = relate_titles(known.title, a, b, np.where(related, _LEAST_ALIKE, _NEARLY_EQUAL))
    title, share = with_slips(known.names, a, b, title, share)
    told = np.flatnonzero(hinted | (title != TitleRelation.OTHER))
    return CommonGround(
        pairs=told,
        title=title[told],
        title_share=share[told],
        work_key_equal=keyed[told],
        shared_names=common[told],
        agrees={scheme: agree[told] for scheme, agree in agrees.items()},
        conflicts={scheme: conflict[told] for scheme, conflict in conflicts.items()},
    )


def compare(known: Comparands, a: Ints, b: Ints) -> tuple[Ints, Comparison]:
    """Compare the records at positions ``a`` and ``b`` of ``known``, pair by pair. Symmetric in a and b.

    Returns which pairs have anything in common, and the comparison of these.
    """
    ground = common_ground(known, a, b)
    return ground.pairs, _compared(known, a[ground.pairs], b[ground.pairs], ground)


def _compared(known: Comparands, a: Ints, b: Ints, ground: CommonGround) -> Comparison:
    counts = known.credits.count[a], known.credits.count[b]
    smaller, larger = np.minimum(*counts), np.maximum(*counts)
    common = with_misread_names(known, a, b, ground.shared_names, smaller, ground.title)
    common[are_of_two_people(known, a, b, ground.shared_names, ground.agrees)] = 0
    kind, generic = compare_column(known.kind, a, b), known.generic[a] | known.generic[b]
    unpublished = are_of_kind(known, a, UNPUBLISHED_KINDS) | are_of_kind(known, b, UNPUBLISHED_KINDS)
    published = frozenset(known.kind.values) - UNPUBLISHED_KINDS
    people = np.minimum(known.credits.credits[a], known.credits.credits[b])
    has_years, year_gap = known.has_year[a] & known.has_year[b], np.abs(known.year[a] - known.year[b])
    container = relate_containers(known.container, a, b)
    long = known.long[a] & known.long[b]
    one_issue = has_years & (year_gap == 0) & (np.isin(container, (Containers.EQUAL, Containers.AGREE)) | long)
    strangers = (smaller > 0) & (common == 0)
    strangers &= ~are_person_and_body(known, a, b, strangers & one_issue & (ground.title >= TitleRelation.MISSPELT))
    books = are_books(known, a, b)
    return Comparison(
        title=ground.title,
        title_share=ground.title_share,
        work_key_equal=ground.work_key_equal,
        authors_all=(smaller > 0) & (common == smaller),
        authors_most=(smaller > 0) & (4 * common >= 3 * smaller),
        authors_same=(smaller > 0) & (2 * common >= smaller) & (common > 0),
        authors_some=common > 0,
        authors_differ=strangers,
        authors_alone=(smaller == 1) | (people == 1),
        authors_many=people >= 3,
        authors_equal=(smaller > 0) & (common == larger),
        one_person=share_a_person(known, a, b, (common > 0) & (ground.title == TitleRelation.EQUAL)),
        same_names=have_the_same_names(known, a, b, generic & (common > 0)),
        authors_balanced=larger <= 3 * smaller,
        same_source=compare_column(known.source, a, b).equal,
        has_years=has_years,
        year_gap=year_gap,
        kind=kind,
        volume=compare_volumes(known, a, b),
        issue=compare_column(known.issue, a, b),
        pages=compare_pages(known, a, b),
        edition=compare_column(known.edition, a, b),
        pages_known=(known.start_page.codes[a] >= 0) & (known.start_page.codes[b] >= 0),
        one_first_page=begin_on_one_page(known, a, b),
        one_session=compare_column(known.session, a, b).equal,
        other_session=known.session.codes[a] != known.session.codes[b],
        one_abstract=compare_column(known.description, a, b).equal,
        same_doi_prefix=compare_column(known.doi_prefix, a, b).equal,
        same_deposit=are_of_one_deposit(known, a, b),
        container=container,
        agrees=ground.agrees,
        conflicts=ground.conflicts,
        telling=known.telling[a] & known.telling[b] & ~generic,
        long=long,
        one_cut_off=known.cut_off[a] | known.cut_off[b],
        generic=generic,
        told_books=books & ((known.kind.codes[a] >= 0) | (known.kind.codes[b] >= 0)),
        generic_books=books & known.of_book[a] & known.of_book[b],
        one_reported_year=known.tells_year[a] & (ground.title == TitleRelation.EQUAL),
        guest=known.guest[a] & known.guest[b],
        whole_issues=are_whole_issues(known, a, b),
        one_is_abstract=known.is_abstract[a] ^ known.is_abstract[b],
        one_is_letter=known.form[a] != known.form[b],
        one_is_correction=known.is_correction[a] ^ known.is_correction[b],
        same_class=known.container_class[a] == known.container_class[b],
        crosses_publication=kind.differs & unpublished,
        preprint_published=are_of_kinds(known, a, b, _PREPRINT, published),
        conference_and_journal=are_of_kinds(known, a, b, _CONFERENCE_PAPER, _ARTICLE)
        | (known.container_class[a] + known.container_class[b] == _CONFERENCE_AND_JOURNAL)
        & (known.container_class[a] * known.container_class[b] > 0),
        datasets=kind.equal & are_of_kind(known, a, frozenset({"dataset"})),
        articles=are_of_kind(known, a, _ARTICLE | _CONFERENCE_PAPER)
        & are_of_kind(known, b, _ARTICLE | _CONFERENCE_PAPER),
        of_persons=are_of_persons(known, a, b, has_years & (year_gap == 1)),
        bare=are_bare(known, a) | are_bare(known, b),
        edition_on_one_side=(known.edition.codes[a] >= 0) ^ (known.edition.codes[b] >= 0),
    )
