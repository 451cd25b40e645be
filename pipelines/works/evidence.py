"""The verdict on a pair of candidates: duplicate, version or different, by which rule and why.

A pure function of the two records: are they one publication (*duplicate*), publications of one work (*version*),
or two texts of one name (*different*)? What is missing never disagrees. Candidates that neither title nor place
brings together are *unrelated* and no evidence at all. The first rule that holds decides: those that are applied
last come first (:data:`pipelines.works.rules.RULES` has them from the last to the first).

Sources of the guards: RecordManager's ``DedupHandler``, fuzzycat's ``verify.py``, bib-dedupe's match conditions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.works.border_cases import verdicts_at
from pipelines.works.borders import DEFAULT_BORDERS, Borders
from pipelines.works.comparands import Comparands
from pipelines.works.comparisons import Comparison, compare
from pipelines.works.containers import Containers
from pipelines.works.identifier_schemes import CONFLICTING_SCHEMES, TEXT_SCHEMES
from pipelines.works.likeness import (
    bring_together,
    containers_differ,
    listed_under_two_titles,
    of_one_place,
    same_edition,
    same_text,
)
from pipelines.works.rules import FIRST, RULES, SCHEMES, UNRELATED, VERDICT_OF_RULE, VERDICTS
from pipelines.works.titles import TitleRelation

Ints = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Say = Callable[[str, Mask], None]

_SCORE_OF_AGREEMENT: Final = 0.05
_MOST_SURE: Final = 0.97
#: Titles with this share of letters in common differ in a word of no weight.
_NEARLY_THE_SAME: Final = 0.9
#: Rules that are the surer, the more columns agree.
_DESCRIPTIONS: Final = ("same_description", "misspelt_title", "title_is_part", "reworded_title")
_OF_DESCRIPTIONS: Final = [FIRST[name] for name in _DESCRIPTIONS]
_IS_VERSION: Final[Mask] = np.equal(VERDICT_OF_RULE, VERDICTS.index("version"))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Verdicts of pairs in order.

    ``rules``: the number of the rule in RULES, or UNRELATED; ``scores`` from 0 to 1; ``verdicts``: places in VERDICTS.
    """

    rules: Ints
    scores: Scores
    verdicts: Ints

    def column(self, field: str) -> pa.Array:
        """A column of WORK_EVIDENCE: ``verdict``, ``rule`` (field ``name``) or ``reason``; null for UNRELATED."""
        if field == "verdict":
            return pa.array(VERDICTS, pa.string()).take(pa.array(self.verdicts, mask=self.rules == UNRELATED))
        rules = pa.array(self.rules, mask=self.rules == UNRELATED)
        return pa.array([getattr(rule, field) for rule in RULES], pa.string()).take(rules)

    def related(self) -> Mask:
        """Which pairs have a verdict at all."""
        related: Mask = self.rules != UNRELATED
        return related


def decide(known: Comparands, a: Ints, b: Ints, borders: Borders = DEFAULT_BORDERS) -> Verdicts:
    """The verdict of each pair of positions ``a``, ``b`` in ``known``. Symmetric in a and b.

    Last of all the ``borders`` are put where they are wanted: a pair on one of them gets its verdict.
    """
    told, pair = compare(known, a, b)
    rules = np.full(len(a), UNRELATED, dtype=np.int64)
    rules[told] = _judge(pair)
    scores = np.zeros(len(a), dtype=np.float32)
    scores[told] = np.round(_scores(pair, rules[told]), 2)
    verdicts = np.full(len(a), -1, dtype=np.int64)
    verdicts[told] = verdicts_at(borders, pair, rules[told])
    return Verdicts(rules, scores, verdicts)


def _judge(pair: Comparison) -> Ints:
    """The number of the rule that decides each pair."""
    rules = bring_together(pair)
    related = rules != UNRELATED
    placed = rules == FIRST["same_place"]

    def say(name: str, where: Mask) -> None:
        rules[related & where] = FIRST[name]

    _say_versions(pair, placed, say)
    for i, scheme in reversed(list(enumerate(CONFLICTING_SCHEMES))):
        rules[related & pair.conflicts[scheme]] = FIRST["identifier_conflicts"] + i
    identical = _one_article(pair) & pair.same_place & pair.issue.equal
    say("identifier_misread", _conflicting(pair) & identical)
    say("other_doi_of_publisher", pair.conflicts["doi"] & ~identical & _two_texts(pair))
    doubtful = _other_text_of_one_catalogue(pair) & (rules != FIRST["identifier_misread"])
    placeless = ~(pair.volume.equal & pair.issue.equal) & (rules != FIRST["listed_twice"])
    rules[np.isin(rules, _OF_DESCRIPTIONS) & _is_bare(pair)] = UNRELATED
    rules[pair.one_is_letter & ~of_one_place(pair) & ~pair.authors_differ] = UNRELATED
    # No verdict: what is missing must not keep apart the works of others.
    rules[related & _IS_VERSION[rules] & ((pair.authors_unknown & placeless) | doubtful)] = UNRELATED
    related &= rules != UNRELATED
    _say_differences(pair, placed, say)
    one_book = rules == FIRST["generic_title_same_book"]
    rules[_are_of_one_poet(pair) & ~one_book] = UNRELATED
    say("same_deposit", pair.same_deposit & (pair.title != TitleRelation.OTHER))
    rules[_are_other_issues(pair)] = FIRST["other_issue"]
    _say_identifiers(pair, rules)
    return rules


def _are_other_issues(pair: Comparison) -> Mask:
    """Whether two issues of one serial, each with a record, are of other volumes, numbers or years."""
    later = pair.has_years & (pair.year_gap > 0) & ~pair.volume.equal
    other: Mask = (pair.volume.differs | pair.issue.differs | later) & ~pair.agrees["isbn"]
    return pair.whole_issues & pair.is_title(TitleRelation.EQUAL) & other


def _are_of_one_poet(pair: Comparison) -> Mask:
    """Whether books of a generic title are by the same person: "Poems" of one poet may be one work, or two."""
    books = (pair.told_books | pair.generic_books) & ~pair.volume.differs
    return pair.generic & books & pair.one_person & pair.same_names


def _say_versions(pair: Comparison, placed: Mask, say: Say) -> None:
    """What makes two publications of one work."""
    say("container_differs", containers_differ(pair) & ~placed)
    abstracted = pair.one_is_abstract & ~pair.one_session & (pair.title >= TitleRelation.CONTAINED)
    say("abstract_and_paper", abstracted & ~of_one_place(pair))
    say("listed_twice", _listed_twice(pair))
    say("edition_differs", pair.edition.differs)
    say("start_page_differs", pair.pages.differs)
    say("issue_differs", _issue_differs(pair))
    say("volume_differs", pair.volume.differs)
    say("kind_differs", pair.kind.differs)
    say("year_differs", _years_differ(pair))


def _say_differences(pair: Comparison, placed: Mask, say: Say) -> None:
    """What makes two texts of one name, and generic titles that are one text all the same."""
    nowhere = ~pair.same_place & ~pair.same_issue
    few_authors = pair.authors_some & ~pair.authors_most & ~pair.long & ~pair.one_abstract
    say("authors_differ", (pair.authors_differ & ~placed) | (few_authors & nowhere))
    # Books credit editors, translators and illustrators beside the author.
    edited = few_authors & nowhere & pair.one_person & ~pair.generic & pair.is_title(TitleRelation.EQUAL)
    say("other_contributors", edited & pair.told_books)
    say("words_differ", listed_under_two_titles(pair))
    say("numbers_differ", pair.is_title(TitleRelation.NUMBERED) & ~placed)
    say("text_about_text", pair.is_title(TitleRelation.ABOUT))
    say("generic_title", pair.generic & ~_are_of_one_poet(pair))
    # Letters stand one behind the other: of one issue are many, and on the page where one ends the next begins.
    in_issue = pair.same_issue & ~pair.same_source & pair.authors_equal
    by_group = pair.authors_equal & ~pair.authors_alone & pair.named_alike & ~pair.same_source & ~pair.volume.differs
    by_guest = pair.guest & pair.authors_all & pair.named_alike & ~pair.same_source & ~pair.volume.differs
    in_place = pair.volume.equal & pair.one_first_page
    elsewhere = pair.pages_known & ~pair.one_first_page
    # Every journal has an editorial on the first page of its first issue.
    in_place = (in_place | in_issue) & ~pair.in_container(Containers.STRANGE, Containers.OTHER_CLASS)
    in_place = (in_place | by_group | by_guest) & pair.same_year & ~elsewhere
    disagreeing = _conflicting(pair) | pair.issue.differs | pair.edition.differs | pair.authors_differ
    generic = pair.generic & ~disagreeing
    say("generic_title_same_place", generic & in_place & ~pair.kind.differs)
    dated = pair.same_year | (pair.one_reported_year & (~pair.has_years | (pair.year_gap <= 1)))
    one_book = pair.generic_books & pair.is_title(TitleRelation.EQUAL) & pair.same_names & dated
    say("generic_title_same_book", generic & one_book & ~pair.same_source & ~pair.volume.differs & ~elsewhere)


def _say_identifiers(pair: Comparison, rules: Ints) -> None:
    """What an identifier in common says, whatever has been said before."""
    # Catalogues give an erratum the identifiers of its text.
    corrects = pair.is_title(TitleRelation.ABOUT) & pair.one_is_correction
    of_text = np.any([pair.agrees[scheme] for scheme in TEXT_SCHEMES], axis=0)
    rules[of_text & corrects] = FIRST["text_about_text"]
    of_text &= ~corrects
    of_edition = np.any([pair.agrees[scheme] for scheme in SCHEMES], axis=0) & ~of_text
    text, edition = same_text(pair), same_edition(pair) & ~_are_other_issues(pair)
    for i, scheme in reversed(list(enumerate(SCHEMES))):
        rules[pair.agrees[scheme] & ~corrects & (text if scheme in TEXT_SCHEMES else edition)] = (
            FIRST["identifier_agrees"] + i
        )
    conflicts = np.any([pair.conflicts[scheme] for scheme in TEXT_SCHEMES], axis=0)
    other_edition = _years_differ(pair) | pair.volume.differs | pair.edition.differs | conflicts
    rules[of_edition & edition & other_edition] = FIRST["same_identifier_other_edition"]
    other_kind = (of_text & text & pair.crosses_publication) | (of_edition & edition & pair.kind.differs)
    rules[other_kind] = FIRST["same_identifier_other_kind"]
    # Deposits of one archive name the article that became of them; each is a publication of its own, and two parts, or
    # two papers under other words, are two.
    deposits = of_text & text & pair.conflicts["arxiv"] & pair.same_source
    rules[deposits] = FIRST["identifier_conflicts"] + CONFLICTING_SCHEMES.index("arxiv")
    rules[deposits & pair.is_title(TitleRelation.NUMBERED)] = FIRST["numbers_differ"]
    rules[deposits & pair.is_title(TitleRelation.ABOUT)] = FIRST["text_about_text"]
    rules[deposits & pair.is_title(TitleRelation.OTHER, TitleRelation.EXCHANGED)] = UNRELATED
    # Within one catalogue the id of a deposit tells it, whatever its authors call it later.
    retitled = pair.agrees["arxiv"] & pair.same_source & pair.authors_same & ~corrects
    retitled &= pair.is_title(TitleRelation.OTHER, TitleRelation.EXCHANGED, TitleRelation.REWORDED)
    rules[retitled] = FIRST["identifier_agrees"] + SCHEMES.index("arxiv")
    rules[of_text & ~text & ~retitled] = FIRST["same_identifier_other_text"]


def _scores(pair: Comparison, rules: Ints) -> Scores:
    """How sure each verdict is: by its rule and, where that describes, by the columns that are equal."""
    equal = [
        pair.same_year, pair.kind.equal, pair.volume.equal, pair.issue.equal, pair.pages.equal, pair.edition.equal,
        pair.named_alike, pair.authors_equal, pair.one_session, pair.one_abstract,
    ]  # fmt: skip
    scores: Scores = np.array([*(rule.score for rule in RULES), 0], dtype=np.float32)[rules]
    described = np.isin(rules, _OF_DESCRIPTIONS)
    agreements = np.sum(equal, axis=0)[described]
    scores[described] = np.minimum(_MOST_SURE, scores[described] + np.float32(_SCORE_OF_AGREEMENT) * agreements)
    return scores


def _conflicting(pair: Comparison) -> Mask:
    conflicting: Mask = np.any([pair.conflicts[scheme] for scheme in CONFLICTING_SCHEMES], axis=0)
    return conflicting


def _one_article(pair: Comparison) -> Mask:
    """The same authors, title, year and container: one article, unless volume or pages say otherwise."""
    one_text = (pair.title >= TitleRelation.MISSPELT) & pair.telling & (~pair.authors_alone | pair.long)
    return one_text & pair.authors_most & pair.same_year & pair.named_alike


def _is_bare(pair: Comparison) -> Mask:
    """Whether one of the records is known by a title of few words alone, which proves nothing."""
    bare: Mask = pair.bare & ~pair.long & ~pair.one_abstract & ~pair.same_place & ~pair.same_issue
    return bare


def _issue_differs(pair: Comparison) -> Mask:
    """Issues that make another publication of it; alone, an issue does not make another article of one.

    Columns have a short title and the same one or two authors in every issue: there the pages must agree.
    """
    no_column = pair.pages.equal | (~pair.pages.differs & (pair.long | pair.authors_many))
    one_article = _one_article(pair) & ~pair.volume.differs & no_column
    return pair.issue.differs & ~pair.same_place & ~one_article


def _other_text_of_one_catalogue(pair: Comparison) -> Mask:
    """Titles of which one says more, of two texts that one catalogue knows by two identifiers.

    What it says more may be a subtitle, or another object, space or model: of such pairs on arXiv about half are
    companion papers, and no column tells which. One abstract does.
    """
    longer = pair.is_title(TitleRelation.CONTAINED, TitleRelation.OMITTED) & (pair.title_share < _NEARLY_THE_SAME)
    conflicts = np.any([pair.conflicts[scheme] for scheme in TEXT_SCHEMES], axis=0)
    doubtful: Mask = longer & conflicts & pair.same_source & ~pair.one_abstract & ~pair.same_place & ~pair.same_deposit
    return doubtful


def _two_texts(pair: Comparison) -> Mask:
    """Whether records with two DOIs are two texts of one name, not two publications of one text."""
    later = pair.has_years & (pair.year_gap > 0)
    elsewhere = pair.pages.differs & ~pair.authors_many & later
    of_publisher = pair.same_doi_prefix & (pair.authors_unknown | pair.datasets | elsewhere | (~pair.telling & later))
    one_long_title = pair.long & pair.authors_some & (pair.title >= TitleRelation.MISSPELT)
    other_people = ~pair.authors_same | (~pair.authors_all & ~pair.authors_many & pair.pages.differs)
    other_people &= ~one_long_title
    two: Mask = (of_publisher | other_people | ~pair.authors_balanced) & ~pair.crosses_publication
    return two


def _listed_twice(pair: Comparison) -> Mask:
    """Whether too little is known of two records of one catalogue to take them for one publication.

    A catalogue lists a publication once, as a rule; columns of a journal have one short title and one author, and
    what was shown at a meeting, or is an extended abstract, has the title of the paper. One abstract proves it one.
    """
    lone = (pair.authors_alone | pair.authors_unknown) & ~pair.long
    doubtful = lone | (pair.title < TitleRelation.MISSPELT)
    twice = doubtful & ~pair.volume.equal & (pair.title != TitleRelation.OTHER)
    shown = pair.other_session & (pair.title >= TitleRelation.MISSPELT) & ~pair.same_place
    found: Mask = pair.same_source & ~pair.one_abstract & (twice | shown)
    return found


def _years_differ(pair: Comparison) -> Mask:
    """Years that make another publication of it.

    One catalogue dates alike; only two may date one publication by print and by first appearance online, which is
    believed of what persons wrote for one container, or of two articles where none is told: bodies report every
    year, and another edition of a book is dated otherwise. A volume that is equal tells more than a year that is not.
    """
    one_container = pair.named_alike & pair.same_class
    one_article = one_container | (pair.in_container(Containers.UNKNOWN) & pair.articles)
    one_article &= pair.of_persons & ~pair.edition_on_one_side
    believed = (pair.year_gap == 1) & (pair.volume.equal | (~pair.same_source & one_article))
    differ: Mask = pair.has_years & (pair.year_gap > 0) & ~believed & ~pair.same_issue
    return differ


def evidence_columns(verdicts: Verdicts) -> dict[str, pa.Array]:
    """``verdict``, ``rule``, ``reason`` and ``score`` of WORK_EVIDENCE."""
    return {
        "verdict": verdicts.column("verdict"),
        "rule": verdicts.column("name"),
        "reason": verdicts.column("reason"),
        "score": pc.cast(pa.array(verdicts.scores), pa.float32()),
    }
