"""Which pairs lie on which border: what each border of :class:`pipelines.works.borders.Borders` is about."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.works.borders import Borders
from pipelines.works.comparisons import Comparison
from pipelines.works.rules import FIRST, UNRELATED, VERDICT_OF_RULE, VERDICTS

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def border_cases(pair: Comparison, rules: Ints) -> dict[str, Mask]:
    """By border, the pairs that lie on it, given the rule that decided each; a pair may lie on several."""

    def decided_by(*names: str) -> Mask:
        decided: Mask = np.isin(rules, [FIRST[name] for name in names])
        return decided

    # Editions are mostly of other years, which is what the rules then name; those of another volume are not meant.
    told_apart = decided_by("year_differs", "identifier_conflicts") & pair.edition.differs
    told_of_one = decided_by("year_differs", "identifier_conflicts") & pair.edition_on_one_side & (pair.year_gap > 0)
    other_editions = (told_apart | (told_of_one & pair.has_years)) & ~pair.volume.differs
    is_version = (rules != UNRELATED) & (VERDICT_OF_RULE[rules] == VERDICTS.index("version"))
    return {
        "deposit_versions": decided_by("same_deposit"),
        "preprint_and_article": is_version & pair.preprint_published,
        "conference_and_journal": is_version & pair.conference_and_journal,
        "editions": decided_by("edition_differs", "same_identifier_other_edition") | other_editions,
        "other_year": decided_by("year_differs"),
        "translations": decided_by("title_differs"),
        "parts": decided_by("numbers_differ", "other_issue"),
        "corrections": decided_by("text_about_text"),
    }


def verdicts_at(borders: Borders, pair: Comparison, rules: Ints) -> Ints:
    """The verdict of each pair as its place in VERDICTS, -1 where no rule decided: that of the rule, moved."""
    verdicts: Ints = VERDICT_OF_RULE[rules]
    if borders == Borders():
        return verdicts
    verdicts = verdicts.copy()
    # From the last border to the first, whose word counts.
    for name, cases in reversed(border_cases(pair, rules).items()):
        verdicts[cases] = VERDICTS.index(getattr(borders, name))
    return verdicts
