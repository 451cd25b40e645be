"""What brings two records together: the rule that makes them one publication as long as nothing disagrees."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.works.comparisons import Comparison
from pipelines.works.containers import Containers
from pipelines.works.rules import FIRST, UNRELATED
from pipelines.works.titles import TitleRelation

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Shares of letters that two titles need in common to be wordings of one, by what else speaks for it.
_IN_ONE_PLACE: Final = 0.35
_IN_ONE_PLACE_WITHOUT_AUTHORS: Final = 0.5
_BY_THE_SAME_AUTHORS: Final = 0.7
_BY_ONE_AUTHOR: Final = 0.85
_WITH_ONE_IDENTIFIER: Final = 0.3


def bring_together(pair: Comparison) -> Ints:
    """The number of the rule that brings the records of each pair together; UNRELATED where none does."""
    rules = np.full(len(pair.title), UNRELATED, dtype=np.int64)

    def say(name: str, where: Mask) -> None:
        rules[where] = FIRST[name]

    say("title_differs", pair.work_key_equal & pair.authors_some)
    in_place = pair.same_place & pair.same_year & (pair.container != Containers.STRANGE)
    say("same_place", in_place & pair.authors_same & (pair.title_share >= _IN_ONE_PLACE))
    nameless = in_place & pair.authors_unknown & pair.named_alike
    say("same_place", nameless & (pair.title_share >= _IN_ONE_PLACE_WITHOUT_AUTHORS))
    # Told apart again by their own rules: what is about another text, or another part, is no stranger to it.
    shifted = pair.is_title(TitleRelation.NUMBERED, TitleRelation.ABOUT)
    say("same_description", shifted & pair.authors_same & ~in_place)
    say("reworded_title", _reworded(pair))
    say("same_description", listed_under_two_titles(pair))
    say("title_is_part", _part(pair))
    same_authors = pair.authors_same | (pair.authors_unknown & pair.telling)
    say("misspelt_title", pair.is_title(TitleRelation.MISSPELT) & (same_authors | pair.authors_some))
    equal = pair.is_title(TitleRelation.EQUAL)
    say("same_description", equal & (same_authors | pair.authors_some | pair.authors_differ))
    spelt = pair.title >= TitleRelation.MISSPELT
    say("same_place", spelt & pair.telling & in_place & pair.authors_differ)
    return rules


def _agreeing(pair: Comparison) -> Mask:
    """Of one year, in nothing that looks like two containers, and in no two places of one."""
    return pair.same_year & ~containers_differ(pair) & ~pair.pages.differs & ~pair.volume.differs


def _may_be_worded_anew(pair: Comparison) -> Mask:
    """One catalogue words a title in one way: there another is another text, unless place or abstract is the same."""
    return ~pair.same_source | (pair.volume.equal & (pair.issue.equal | pair.pages.equal)) | pair.one_abstract


def listed_under_two_titles(pair: Comparison) -> Mask:
    """Whether one catalogue lists two titles, by the same authors in one year and container, that differ in words.

    It knows them as two papers: another catalogue's slip must not make one of them.
    """
    two = pair.is_title(TitleRelation.EXCHANGED, TitleRelation.REWORDED) & pair.same_source & pair.named_alike
    return two & _agreeing(pair) & pair.authors_same & ~_may_be_worded_anew(pair)


def _reworded(pair: Comparison) -> Mask:
    """Titles in other words, but by the same authors, in the same year and container, and on no other pages."""
    one_author = (pair.volume.equal & pair.issue.equal) | (pair.title_share >= _BY_ONE_AUTHOR)
    by_all = pair.authors_all & (~pair.authors_alone | one_author) & (pair.title_share >= _BY_THE_SAME_AUTHORS)
    by_many = pair.authors_many & pair.authors_most & (pair.title_share >= _BY_THE_SAME_AUTHORS)
    reworded = (
        pair.is_title(TitleRelation.REWORDED, TitleRelation.OMITTED) & _agreeing(pair) & _may_be_worded_anew(pair)
    )
    # Companion papers do not have one abstract.
    abstracted = pair.one_abstract & pair.is_title(TitleRelation.EXCHANGED) & _agreeing(pair) & pair.authors_all
    return ((reworded & (by_all | by_many)) | abstracted) & ~(pair.pages_known & ~pair.pages.equal)


def _part(pair: Comparison) -> Mask:
    """Titles of which one is the beginning or the end of the other, or lacks next to nothing of it."""
    part = pair.is_title(TitleRelation.CONTAINED)
    # What was cut off may have told two texts of one person apart: something else must say that they are one.
    borne_out = pair.volume.equal | pair.same_issue | pair.same_place | pair.one_abstract
    part &= ~pair.one_cut_off | borne_out | (pair.same_year & (pair.authors_many | pair.named_alike))
    known_part = part & pair.authors_same & (pair.telling | (_agreeing(pair) & ~pair.authors_alone))
    # A label is missing from a long title of one journal and year.
    labelled = pair.long & pair.named_alike & ~pair.pages.differs & (pair.title_share >= _BY_ONE_AUTHOR)
    nameless_part = part & pair.authors_unknown & (pair.same_place | labelled) & pair.same_year
    # A book under its title proper in one catalogue, with its subtitle in another.
    proper = part & pair.authors_all & _agreeing(pair) & ~pair.same_source & ~pair.generic
    nearly = pair.same_place | (pair.title_share >= _BY_ONE_AUTHOR)
    omitted = pair.is_title(TitleRelation.OMITTED) & pair.authors_same & nearly
    return known_part | proper | nameless_part | (omitted & _agreeing(pair) & _may_be_worded_anew(pair))


def same_text(pair: Comparison) -> Mask:
    """Whether records with an identifier of a text in common can be that text: titles and authors allow it.

    Abstracts of one supplement, and all contributions to one discussion, may have the DOI of the whole.
    """
    related = (pair.title >= TitleRelation.OMITTED) | (
        pair.is_title(TitleRelation.EXCHANGED, TitleRelation.REWORDED) & pair.authors_same
    )
    worded = pair.authors_same & (pair.title_share >= _WITH_ONE_IDENTIFIER) & (pair.title != TitleRelation.NUMBERED)
    in_place = pair.is_title(TitleRelation.EQUAL) & pair.same_place
    same: Mask = ((related | worded) & ~pair.authors_differ) | in_place
    return same


def same_edition(pair: Comparison) -> Mask:
    """Whether records with an ISBN, LCCN or OCLC number in common can be one edition.

    It stands for all papers of a volume and for all volumes of a set: the title must be the same.
    """
    same: Mask = (pair.title >= TitleRelation.CONTAINED) & ~pair.authors_differ
    return same


def of_one_place(pair: Comparison) -> Mask:
    """Whether place, abstract or container tell that a text and one of another form are one publication.

    Of one journal the volume must be the same, of two catalogues the year at least; a letter of unknown people may be
    about the article of that title.
    """
    named = ~pair.in_container(Containers.UNKNOWN) & ~containers_differ(pair) & pair.authors_same
    dated = pair.volume.equal | (pair.same_year & ~pair.same_source)
    together: Mask = named & dated & ~pair.volume.differs & ~pair.pages.differs
    return together | pair.same_place | pair.one_abstract


def containers_differ(pair: Comparison) -> Mask:
    """Containers that differ beyond an abbreviation, where that means something.

    Two catalogues may name one container in ways no abbreviation explains: there only names count that have next
    to no word in common, or that are of two classes. Where the place is the same, no name counts.
    """
    differ = pair.in_container(Containers.STRANGE, Containers.OTHER_CLASS)
    differ |= pair.same_source & pair.in_container(Containers.OVERLAP)
    return differ & ~pair.same_place & ~pair.same_issue
