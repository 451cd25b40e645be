"""The verdict on a pair of candidates: duplicate, version or different, by which rule and why.

A pure function of the two records. Both share an author-title key, so the question is only whether they are
one publication (*duplicate*), publications of one work (*version*), or two texts of one name (*different*).
What is missing never disagrees. Rules, the first that holds decides:

1. ``same_identifier_other_kind`` (version): an identifier agrees, but one is a preprint, thesis, manuscript or
   data set and the other is not, or only an edition's identifier agrees and the kinds differ.
2. ``same_identifier_other_edition`` (version): only an edition's identifier (ISBN, LCCN, OCLC number) agrees,
   while years differ as in 6, volume or edition disagree, or a DOI, PMID, PMCID or arXiv id conflicts.
3. ``identifier_agrees`` (duplicate). A DOI alone is no proof, for abstracts of one supplement share one
   (``facts``: precision .80), but here author and title agree too.
4. ``generic_title_same_place`` (duplicate): a generic title, yet year, volume and start page agree, all known.
5. ``generic_title`` (different).
6. Versions: ``identifier_conflicts``, ``title_differs``, ``year_differs`` (by more than one; by one within a
   catalogue, unless the volume agrees), ``kind_differs``, ``volume_differs``, ``issue_differs`` (unless volume
   and start page agree), ``start_page_differs``, ``edition_differs``, ``container_differs`` (one catalogue names
   two containers, two catalogues name containers with next to no word in common, or one is a conference and the
   other a journal; unless volume and start page agree).
7. ``same_description`` (duplicate).

Sources of the guards: RecordManager's ``DedupHandler``, fuzzycat's ``verify.py``, bib-dedupe's match conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.works.comparands import (
    CONFLICTING_SCHEMES,
    EDITION_SCHEMES,
    TEXT_SCHEMES,
    Comparands,
    Numbered,
    containers_agree,
    containers_overlap,
)

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Kinds of text that precede or accompany a publication and are never the same publication.
UNPUBLISHED_KINDS: Final = frozenset({"preprint", "thesis", "manuscript", "dataset"})


class Rule(NamedTuple):
    """One outcome: its verdict, its name, the sentence a librarian reads, how sure it is at least."""

    verdict: str
    name: str
    reason: str
    score: float


_SCHEMES: Final = (*TEXT_SCHEMES, *EDITION_SCHEMES)
_A_SCHEME: Final = {
    "doi": "a DOI", "pmid": "a PMID", "pmcid": "a PMCID", "arxiv": "an arXiv identifier", "isbn": "an ISBN",
    "lccn": "an LCCN", "oclc": "an OCLC number",
}  # fmt: skip
_EQUAL: Final = "Author and title are equal, but"


def _conflict(scheme: str) -> Rule:
    reason = f"{_EQUAL} both records have {_A_SCHEME[scheme]} and share none."
    return Rule("version", "identifier_conflicts", reason, 0.9)


def _agreement(scheme: str) -> Rule:
    return Rule("duplicate", "identifier_agrees", f"The records have {_A_SCHEME[scheme]} in common.", 0.98)


#: From the last rule to the first.
RULES: Final = (
    Rule("duplicate", "same_description", "Author and title are equal, and nothing in the records disagrees.", 0.7),
    Rule("version", "container_differs", f"{_EQUAL} the journals, books or conferences differ.", 0.7),
    Rule("version", "edition_differs", f"{_EQUAL} the editions differ.", 0.85),
    Rule("version", "start_page_differs", f"{_EQUAL} the first pages differ.", 0.75),
    Rule("version", "issue_differs", f"{_EQUAL} the issues differ.", 0.7),
    Rule("version", "volume_differs", f"{_EQUAL} the volumes differ.", 0.8),
    Rule("version", "kind_differs", f"{_EQUAL} the kinds of publication differ.", 0.8),
    Rule("version", "year_differs", f"{_EQUAL} the years of publication differ.", 0.85),
    Rule("version", "title_differs", "The records share a work key, but their titles differ.", 0.7),
    *(_conflict(scheme) for scheme in CONFLICTING_SCHEMES),
    Rule("different", "generic_title", "The title is generic, and no identifier or place in a volume agrees.", 0.8),
    Rule("duplicate", "generic_title_same_place", "The title is generic, but year, volume and page agree.", 0.85),
    *(_agreement(scheme) for scheme in _SCHEMES),
    Rule(
        "version",
        "same_identifier_other_edition",
        "An identifier of the edition agrees, but year, volume, edition or an identifier of the text differs.",
        0.75,
    ),
    Rule("version", "same_identifier_other_kind", "An identifier agrees, but the kinds of publication differ.", 0.8),
)

_FIRST: Final = {name: i for i, name in reversed(list(enumerate(rule.name for rule in RULES)))}
_SCORE_OF_AGREEMENT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Verdicts of pairs in order: the number of the rule in :data:`RULES`, and the score from 0 to 1."""

    rules: Ints
    scores: npt.NDArray[np.float32]

    def column(self, field: str) -> pa.Array:
        """A column of WORK_EVIDENCE: ``verdict``, ``rule`` (field ``name``) or ``reason``."""
        return pa.array([getattr(rule, field) for rule in RULES], pa.string()).take(pa.array(self.rules))

    def is_verdict(self, *verdicts: str) -> Mask:
        """Which pairs have one of the verdicts."""
        return np.array([rule.verdict in verdicts for rule in RULES])[self.rules]


def decide(known: Comparands, a: Ints, b: Ints) -> Verdicts:
    """The verdict of each pair of positions ``a``, ``b`` in ``known``. Symmetric in a and b."""
    agrees, conflicts = _identifiers(known, a, b)
    text_agrees = np.any([agrees[scheme] for scheme in TEXT_SCHEMES], axis=0)
    any_agrees = np.any([agrees[scheme] for scheme in _SCHEMES], axis=0)
    only_edition = any_agrees & ~text_agrees
    text_conflicts = np.any([conflicts[scheme] for scheme in TEXT_SCHEMES], axis=0)

    has_years = known.has_year[a] & known.has_year[b]
    year_gap = np.abs(known.year[a] - known.year[b])
    kind_equal, kind_differs = _compare(known.kind, a, b)
    volume_equal, volume_differs = _compare(known.volume, a, b)
    issue_equal, issue_differs = _compare(known.issue, a, b)
    page_equal, page_differs = _compare(known.start_page, a, b)
    edition_equal, edition_differs = _compare(known.edition, a, b)
    container_equal, container_differs = _compare_containers(known, a, b)
    # One catalogue dates alike; only two may date one publication by print and by first appearance online.
    same_source = known.source.codes[a] == known.source.codes[b]
    year_differs = has_years & ((year_gap > 1) | ((year_gap == 1) & same_source & ~volume_equal))
    unpublished = np.array([*(kind in UNPUBLISHED_KINDS for kind in known.kind.values), False])
    crosses_publication = kind_differs & (unpublished[known.kind.codes[a]] | unpublished[known.kind.codes[b]])
    same_place = volume_equal & page_equal
    generic = known.generic[a] | known.generic[b]
    conflicting = np.any([conflicts[scheme] for scheme in CONFLICTING_SCHEMES], axis=0)
    disagreeing = conflicting | kind_differs | issue_differs | edition_differs

    # From the last rule to the first, so that the first that holds stays.
    rules = np.full(len(a), _FIRST["same_description"], dtype=np.int64)
    rules[container_differs & ~same_place] = _FIRST["container_differs"]
    rules[edition_differs] = _FIRST["edition_differs"]
    rules[page_differs] = _FIRST["start_page_differs"]
    rules[issue_differs & ~same_place] = _FIRST["issue_differs"]
    rules[volume_differs] = _FIRST["volume_differs"]
    rules[kind_differs] = _FIRST["kind_differs"]
    rules[year_differs] = _FIRST["year_differs"]
    rules[_titles_differ(known.title, a, b)] = _FIRST["title_differs"]
    for i, scheme in reversed(list(enumerate(CONFLICTING_SCHEMES))):
        rules[conflicts[scheme]] = _FIRST["identifier_conflicts"] + i
    rules[generic] = _FIRST["generic_title"]
    rules[generic & same_place & has_years & (year_gap == 0) & ~disagreeing] = _FIRST["generic_title_same_place"]
    for i, scheme in reversed(list(enumerate(_SCHEMES))):
        rules[agrees[scheme]] = _FIRST["identifier_agrees"] + i
    other_edition = only_edition & (year_differs | volume_differs | edition_differs | text_conflicts)
    rules[other_edition] = _FIRST["same_identifier_other_edition"]
    other_kind = (any_agrees & crosses_publication) | (only_edition & kind_differs)
    rules[other_kind] = _FIRST["same_identifier_other_kind"]

    equal_fields = [
        has_years & (year_gap == 0), kind_equal, volume_equal, issue_equal, page_equal, edition_equal, container_equal
    ]  # fmt: skip
    scores = np.array([rule.score for rule in RULES], dtype=np.float32)[rules]
    described = rules == _FIRST["same_description"]
    agreements = np.sum(equal_fields, axis=0)[described]
    scores[described] = np.minimum(0.97, scores[described] + np.float32(_SCORE_OF_AGREEMENT) * agreements)
    return Verdicts(rules, scores)


def _compare(column: Numbered, a: Ints, b: Ints) -> tuple[Mask, Mask]:
    """Which pairs are equal in a column, and which differ; neither where one has no value."""
    first, second = column.codes[a], column.codes[b]
    known = (first >= 0) & (second >= 0)
    equal = first == second
    return known & equal, known & ~equal


def _by_distinct_pair(first: Ints, second: Ints, wanted: Mask) -> tuple[Ints, Ints, Ints]:
    """The distinct pairs of codes among the wanted rows, and for each of these rows which one it has."""
    low, high = np.minimum(first[wanted], second[wanted]), np.maximum(first[wanted], second[wanted])
    width = int(high.max(initial=0)) + 1
    distinct, inverse = np.unique(low * width + high, return_inverse=True)
    return distinct // width, distinct % width, inverse.astype(np.int64)


def _titles_differ(column: Numbered, a: Ints, b: Ints) -> Mask:
    """Titles of which neither begins with the other (a subtitle may be missing)."""
    differ = _compare(column, a, b)[1]
    low, high, inverse = _by_distinct_pair(column.codes[a], column.codes[b], differ)
    titles = column.values
    apart = [
        not (titles[i].startswith(titles[j]) or titles[j].startswith(titles[i]))
        for i, j in zip(low.tolist(), high.tolist(), strict=True)
    ]
    differ[differ] = np.array(apart, dtype=bool)[inverse]
    return differ


def _compare_containers(known: Comparands, a: Ints, b: Ints) -> tuple[Mask, Mask]:
    """Equal containers; and containers that differ beyond an abbreviation, where that means something."""
    column = known.container
    equal, differ = _compare(column, a, b)
    classes = known.container_class[a] + known.container_class[b]
    # Two catalogues may name one container in ways no abbreviation explains: there only names count that have
    # next to no word in common.
    telling = (known.source.codes[a] == known.source.codes[b]) | (
        (classes == 3) & (known.container_class[a] != known.container_class[b])
    )
    low, high, inverse = _by_distinct_pair(column.codes[a], column.codes[b], differ)
    pairs = [(column.values[i], column.values[j]) for i, j in zip(low.tolist(), high.tolist(), strict=True)]
    apart = np.array([not containers_agree(*pair) for pair in pairs], dtype=bool)[inverse]
    strange = np.array([not containers_overlap(*pair) for pair in pairs], dtype=bool)[inverse]
    differ[differ] = apart & (telling[differ] | strange)
    return equal, differ


def _identifiers(known: Comparands, a: Ints, b: Ints) -> tuple[dict[str, Mask], dict[str, Mask]]:
    """By scheme: the pairs that share an identifier, and those where both have one and share none."""
    agrees: dict[str, Mask] = {}
    conflicts: dict[str, Mask] = {}
    for scheme, rows in known.identifiers.items():
        owners, values = rows[:, 0], rows[:, 1]
        width = int(values.max(initial=0)) + 1
        coded = owners * width + values
        begin, end = np.searchsorted(owners, a), np.searchsorted(owners, a, side="right")
        other_begin, other_end = np.searchsorted(owners, b), np.searchsorted(owners, b, side="right")
        both = (end > begin) & (other_end > other_begin)
        counts = np.where(both, end - begin, 0)
        pair = np.repeat(np.arange(len(a)), counts)
        row = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
        wanted = b[pair] * width + values[row]
        found = np.minimum(np.searchsorted(coded, wanted), max(len(coded) - 1, 0))
        agree = np.zeros(len(a), dtype=bool)
        agree[pair[coded[found] == wanted]] = True
        agrees[scheme], conflicts[scheme] = agree, both & ~agree
    return agrees, conflicts


def evidence_columns(verdicts: Verdicts) -> dict[str, pa.Array]:
    """``verdict``, ``rule``, ``reason`` and ``score`` of WORK_EVIDENCE."""
    return {
        "verdict": verdicts.column("verdict"),
        "rule": verdicts.column("name"),
        "reason": verdicts.column("reason"),
        "score": pc.cast(pa.array(verdicts.scores), pa.float32()),
    }
