"""The borders on which catalogues disagree: what a preprint is to its article, one edition to another.

The rules of evidence tell such pairs apart; what they are then called is a setting. It is applied last: the rule that
decided, its reason and its score stay, only the verdict is another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self


class BorderError(ValueError):
    """A border that is none, or a verdict that it cannot have; the message names the choices."""


def _border(default: str, *others: str) -> Any:
    return field(default=default, metadata={"choices": (default, *others)})


_SETTING: Final = re.compile(r"\s*(\w+)\s*=\s*(\w+)\s*")


@dataclass(frozen=True, slots=True)
class Borders:
    """What a pair of each kind is: ``duplicate`` (one publication), ``version`` (of one work) or ``different``.

    A pair is of the first kind that holds, in this order:

    ``deposit_versions``: two versions of one deposit, or a text and its supplement (rule ``same_deposit``).
    ``preprint_and_article``: a preprint and what was published, whatever else tells them apart.
    ``conference_and_journal``: a conference paper and an article in a journal.
    ``editions``: editions that are told, whatever their years and identifiers; one that is told and another year where
    none is; or years that differ under one ISBN (rules ``edition_differs``, ``year_differs``, ``identifier_conflicts``,
    ``same_identifier_other_edition``).
    ``other_year``: the same authors and title in another year, nothing said of an edition (rule ``year_differs``).
    ``translations``: another title under one work key: a translation or variant (rule ``title_differs``).
    ``parts``: titles equal but for a number (rule ``numbers_differ``), or issues of one serial (``other_issue``).
    ``corrections``: an erratum, comment or data set and its text (rule ``text_about_text``).

    ``str()`` of it names what differs from the default, in one line that :meth:`parse` reads.
    """

    deposit_versions: str = _border("version", "duplicate", "different")
    preprint_and_article: str = _border("version", "duplicate", "different")
    conference_and_journal: str = _border("version", "duplicate", "different")
    editions: str = _border("version", "duplicate", "different")
    other_year: str = _border("version", "duplicate", "different")
    translations: str = _border("version", "duplicate", "different")
    parts: str = _border("different", "version")
    corrections: str = _border("different", "version")

    def __post_init__(self) -> None:
        """Refuse what no border can be."""
        for border in fields(self):
            choices, verdict = border.metadata["choices"], getattr(self, border.name)
            if verdict not in choices:
                raise BorderError(f"{border.name} can be {_listed(choices)}, not {verdict!r}")

    def __str__(self) -> str:
        """What differs from the default, as ``name=verdict, name=verdict``; an empty text where nothing does."""
        told = [(border.name, getattr(self, border.name), border.default) for border in fields(self)]
        return ", ".join(f"{name}={verdict}" for name, verdict, default in told if verdict != default)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The borders of ``name=verdict``, divided by commas; those not named are as by default.

        Raises :class:`BorderError` where a name or a verdict is none, or a name stands twice.
        """
        choices = {border.name: border.metadata["choices"] for border in fields(cls)}
        found: dict[str, str] = {}
        for setting in filter(str.strip, text.split(",")):
            told = _SETTING.fullmatch(setting)
            if not told:
                raise BorderError(f"{setting.strip()!r} is no border: write name=verdict, as editions=duplicate")
            name, verdict = told.groups()
            if name not in choices:
                raise BorderError(f"there is no border {name!r}: there are {_listed((*choices,))}")
            if name in found:
                raise BorderError(f"the border {name} is given twice")
            found[name] = verdict
        return cls(**found)


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


#: Where the rules put the borders.
DEFAULT_BORDERS: Final = Borders()
