"""Generic titles that books have: collected writings of a person, and what a body reports every year.

An author writes many editorials in a year, but has one book of "Poems" as a rule, and a body one "Annual report".
Written as :func:`pipelines.folding.fold` leaves it; a subset of :mod:`pipelines.works.generic_titles`.
"""

from __future__ import annotations

import re
from typing import Final

#: Not letters, papers and journals, which name sections and archives as well.
_WRITINGS: Final = frozenset(
    """
    selectedpapers collectedpapers poems selectedpoems collectedpoems completepoems poeticalworks poetry newpoems verses
    verse songs sonnets plays dramas selectedplays collectedplays works completeworks selectedworks collectedworks
    theworks writings selectedwritings collectedwritings essays selectedessays collectedessays stories shortstories
    selectedstories collectedstories tales sermons speeches addresses lectures diary diaries autobiography sketches
    fragments novels
    gedichte ausgewahltegedichte gesammeltegedichte werke samtlichewerke gesammeltewerke ausgewahltewerke schriften
    gesammelteschriften erzahlungen novellen dramen reden aufsatze
    oeuvres œuvres oeuvrescompletes œuvrescompletes oeuvreschoisies œuvreschoisies poemes poesies poesie theatre
    theatrecomplet contes nouvelles essais memoires
    memorias obras obrascompletas obrasescogidas obrasselectas obrareunida obrapoetica obrapoeticacompleta poesia
    poesias poesiacompleta poesiascompletas poesiareunida poemas poemasescogidos antologiapoetica cuentos
    cuentoscompletos contoscompletos contos teatro teatrocompleto cronicas ensayos ensaios
    opere operecomplete tutteleopere racconti novelle saggi scritti
    gedichten verzameldegedichten verhalen dikter digte dikt noveller wiersze poezje poezjewybrane opowiadania pisma
    dzieła utworywybrane
    izbrannoe izbrannye sočineniâ sočineniia sobraniesočinenij sobraniesochinenii polnoesobraniesocinenij stihi
    stihotvoreniâ stikhi stikhotvoreniia stikhotvoreniiia rasskazy povesti poemy pesy vospominaniâ vospominaniia
    vospominaniiia
    """.split()  # noqa: SIM905
)
_COLLECTED: Final = re.compile(
    r"(?:the)?(?:complete|collected|selected|poetical|dramatic|early|later|new|last|more)"
    r"(?:and(?:complete|collected|selected|new))?(?:poetical|prose|dramatic)?"
    r"(?:poems|works|plays|writings|essays|stories|shortstories|letters|papers|poetry|verse)(?:\d{2,8})?"
)
_YEARLY: Final = re.compile(
    r"(?:the)?(?:annualreports?|annualreport(?:of|for)?(?:the)?year|yearbook|jahresbericht|geschaftsbericht|"
    r"rapportannuel|rapportdactivite|informeanual|memoriaanual|relatorioanual|jaarverslag|arsberetning|arsrapport|"
    r"arsberattelse|laporantahunan)(?:\d{2,8})?"
)
_REPORT_OF_A_YEAR: Final = re.compile(r"(?:report|rapport|informe|relatorio|budget|bericht)(?:1[89]|20)\d\d")
_YEAR: Final = re.compile(r"(?:1[89]|20)\d\d(?:\d{2,4})?$")


def is_of_book(folded: str) -> bool:
    """Whether a folded title is that of collected writings, or of what a body reports once a year."""
    return folded in _WRITINGS or _COLLECTED.fullmatch(folded) is not None or is_of_year(folded)


def is_of_year(folded: str) -> bool:
    """Whether a folded title is that of what a body reports once a year: ``Annual report``, ``Jahresbericht 2010``."""
    return _YEARLY.fullmatch(folded) is not None or _REPORT_OF_A_YEAR.fullmatch(folded) is not None


def tells_year(folded: str) -> bool:
    """Whether what is reported every year says in its title which year it is."""
    return is_of_year(folded) and _YEAR.search(folded) is not None
