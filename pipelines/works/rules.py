"""The rules of evidence as data: what each concludes, what it is called, and what a librarian reads.

``docs/matching.md`` explains them with examples; :mod:`pipelines.works.evidence` applies them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pipelines.works.identifier_schemes import CONFLICTING_SCHEMES, EDITION_SCHEMES, TEXT_SCHEMES

#: What a pair can be.
VERDICTS: Final = ("duplicate", "version", "different")
#: The number of the rule that stands for no relation at all.
UNRELATED: Final = -1


class Rule(NamedTuple):
    """One outcome: its verdict, its name, the sentence a librarian reads, how sure it is at least."""

    verdict: str
    name: str
    reason: str
    score: float


SCHEMES: Final = (*TEXT_SCHEMES, *EDITION_SCHEMES)
_A_SCHEME: Final = {
    "doi": "a DOI", "pmid": "a PMID", "pmcid": "a PMCID", "arxiv": "an arXiv identifier", "isbn": "an ISBN",
    "lccn": "an LCCN", "oclc": "an OCLC number",
}  # fmt: skip
_EQUAL: Final = "Author and title agree, but"


def _conflict(scheme: str) -> Rule:
    reason = f"{_EQUAL} both records have {_A_SCHEME[scheme]} and share none."
    return Rule("version", "identifier_conflicts", reason, 0.9)


def _agreement(scheme: str) -> Rule:
    return Rule("duplicate", "identifier_agrees", f"The records have {_A_SCHEME[scheme]} in common.", 0.98)


#: From the last rule to the first.
RULES: Final = (
    Rule("duplicate", "same_description", "Author and title are equal, and nothing in the records disagrees.", 0.7),
    Rule(
        "duplicate", "misspelt_title", "Author and title agree but for the spelling, and nothing else disagrees.", 0.68
    ),
    Rule(
        "duplicate",
        "title_is_part",
        "One title is the beginning or end of the other, the authors agree, and nothing else disagrees.",
        0.65,
    ),
    Rule(
        "duplicate",
        "reworded_title",
        "The titles are worded differently, but all authors, year and container agree.",
        0.6,
    ),
    Rule(
        "duplicate", "same_place", "Titles or authors differ, but year, volume and pages agree, and much of both.", 0.75
    ),
    Rule("version", "container_differs", f"{_EQUAL} the journals, books or conferences differ.", 0.7),
    Rule(
        "version",
        "abstract_and_paper",
        "One is an abstract of the other, and neither place, container nor identifier tells that they are one.",
        0.75,
    ),
    Rule(
        "version",
        "listed_twice",
        "One catalogue lists both, and neither place nor identifier tells that they are one.",
        0.8,
    ),
    Rule("version", "edition_differs", f"{_EQUAL} the editions differ.", 0.85),
    Rule("version", "start_page_differs", f"{_EQUAL} the pages differ.", 0.75),
    Rule("version", "issue_differs", f"{_EQUAL} the issues differ.", 0.7),
    Rule("version", "volume_differs", f"{_EQUAL} the volumes differ.", 0.8),
    Rule("version", "kind_differs", f"{_EQUAL} the kinds of publication differ.", 0.8),
    Rule("version", "year_differs", f"{_EQUAL} the years of publication differ.", 0.85),
    Rule("version", "title_differs", "The records share a work key, but the titles shown differ.", 0.7),
    *(_conflict(scheme) for scheme in CONFLICTING_SCHEMES),
    Rule(
        "duplicate",
        "identifier_misread",
        "The identifiers differ, but authors, title, year, volume, issue and pages are the same.",
        0.7,
    ),
    Rule("version", "same_deposit", "One DOI is that of a version, or of a supplement, of the other.", 0.9),
    Rule(
        "different",
        "other_doi_of_publisher",
        "One publisher has given the two DOIs of their own, and they are not versions of a deposit.",
        0.8,
    ),
    Rule("different", "authors_differ", "The titles agree, but the records have few authors in common, or none.", 0.85),
    Rule(
        "version",
        "other_contributors",
        "Title and an author agree, but the other people credited, as editors are, differ.",
        0.8,
    ),
    Rule("different", "words_differ", "One catalogue lists both under titles of other words.", 0.65),
    Rule("different", "numbers_differ", "The titles are equal but for a number: two parts of a series.", 0.85),
    Rule("different", "other_issue", "Both are whole issues of one serial, of another volume, number or year.", 0.85),
    Rule("different", "text_about_text", "One is a correction, comment or review of the other.", 0.85),
    Rule("different", "generic_title", "The title is generic, and no identifier or place in a volume agrees.", 0.8),
    Rule("duplicate", "generic_title_same_place", "The title is generic, but year, volume and page agree.", 0.85),
    Rule(
        "duplicate",
        "generic_title_same_book",
        "The title is generic, but two catalogues have it as a book by the same people and of one year.",
        0.75,
    ),
    *(_agreement(scheme) for scheme in SCHEMES),
    Rule(
        "version",
        "same_identifier_other_edition",
        "An identifier of the edition agrees, but year, volume, edition or an identifier of the text differs.",
        0.75,
    ),
    Rule("version", "same_identifier_other_kind", "An identifier agrees, but the kinds of publication differ.", 0.8),
    Rule(
        "different",
        "same_identifier_other_text",
        "An identifier agrees, but title and authors are those of another text, as in the supplement of a journal.",
        0.7,
    ),
)

#: The place in VERDICTS of what each rule says; -1 for UNRELATED, which is the last.
VERDICT_OF_RULE: Final = np.array([*(VERDICTS.index(rule.verdict) for rule in RULES), -1], dtype=np.int64)

#: The number of the first rule of each name; rules that name an identifier stand one after the other by scheme.
FIRST: Final = {name: i for i, name in reversed(list(enumerate(rule.name for rule in RULES)))}
