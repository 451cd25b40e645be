"""Editions that catalogues write into the title, as in ``Organic chemistry, 6th ed``.

The number is that of an edition, not of a part, and stands for the edition where no column has it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import as_mask
from pipelines.works.numerals import ORDINALS
from pipelines.works.title_words import NUMBERED

_EDITION: Final = (
    r"(?:editions?|edn|éditions?|edición|edicion|edição|edicao|edizione|auflage|uitgave|druk|upplaga|udgave|utgave|"
    r"wydanie|издание|ed|éd|aufl|uppl|udg|utg|wyd|изд)"
)
_ACCENTED: Final = ("première", "deuxième", "troisième", "quatrième", "cinquième", "fünfte", "fünfter")
_ORDINAL: Final = (
    r"(?:\d{1,3}(?:\.,?|st|nd|rd|th|ère|ème|er|re|e|a|o|de|ste|ª|º|-е)|"
    rf"(?:{'|'.join(sorted((*ORDINALS, *_ACCENTED), key=len, reverse=True))}))"
)
#: What was done to it: revised, enlarged, corrected, updated, international.
_REVISED: Final = (
    r"(?:rev|enl|upd|exp|corr?|aug|impr|int|abr|ill|and|und|et|y|e|och|og|en|"
    r"überarb|neubearb|bearb|erw|verb|durchges|aktual|vollst|völlig|neu|unveränd|ergänz|gründl|"
    r"mise|à|jour|aggiorn|ampl|actual|atual|herz|verm|omarb|испр|доп|перераб|и)\pL*[.,]*\s+"
)
#: ``6th ed.``, ``2nd rev. and enl. edition``, ``3., überarbeitete Auflage``; not ``Windows 7 home edition``.
_COUNTED: Final = rf"{_ORDINAL}[.,]*\s+(?:{_REVISED}){{0,4}}{_EDITION}\.?"
_STATEMENT: Final = rf"(?:{_COUNTED}|\d{{1,3}}\s+{_EDITION}\.?)"
#: Behind a title: in a bracket, or to the end of it. What has no words before it is the title.
_BRACKETED: Final = rf"(?i)^(?P<before>.*[\pL\pN].*?)\s*[\[(](?P<edition>{_STATEMENT})[\])](?P<after>.*)$"
_LAST: Final = rf"(?i)^(?P<before>.*[\pL\pN][^\pL\pN]*?)\s*[,.;:/–—-]\s*(?P<edition>{_STATEMENT})(?P<after>[^\pL\pN]*)$"
#: Without a sign before it a number may be that of a grade, or of a version of what the text is about.
_RUN_ON: Final = rf"(?i)^(?P<before>.*[\pL\pN])\s+(?P<edition>{_COUNTED})(?P<after>[^\pL\pN]*)$"
#: What takes place says so of the time that it does.
_MEETING: Final = (
    r"(?i)\b(?:proceedings|conference|workshop|symposium|congress|meeting|festival|exhibition|salon|colloqu\w+|"
    r"kongress|tagung|konferenz|actes|congr[eéè]s\w*|conf[eé]rence|conferencia|jornadas|congreso|congresso|convegno|"
    r"atti|mostra|bienal|biennale|trienal|concurso|simposio|simpósio|seminar\w*|encuentro|encontro|journ[eé]es|"
    r"rencontres|giornate|semana|premio|school)\b"
)
#: ``the first edition`` is what the text is about; ``Teil 2. Auflage`` is a part, ``act 1`` and ``grade 5`` are others.
_SPOKEN_OF: Final = (
    r"(?i)\b(?:the|of|and|in|from|to|his|her|its|der|die|das|la|le|du|el|il|della|del|"
    rf"grade|level|act|version|release|os|stufe|klasse|{'|'.join(sorted(NUMBERED))})[^\pL\pN]*$"
)


def split_editions(titles: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Titles without the statement of an edition, and the statement; both null where the title is, it where none is."""
    rest, editions = titles, pa.nulls(len(titles), pa.string())
    likely = as_mask(pc.match_substring_regex(titles, rf"(?i){_STATEMENT}"))
    places = np.flatnonzero(likely & ~as_mask(pc.match_substring_regex(titles, _MEETING)))
    if not len(places):
        return rest, editions
    asked = titles.take(pa.array(places))
    found = pc.coalesce(*(pc.extract_regex(asked, pattern) for pattern in (_BRACKETED, _LAST, _RUN_ON)))
    before, edition, after = (pc.struct_field(found, name) for name in ("before", "edition", "after"))
    told = as_mask(pc.invert(pc.match_substring_regex(before, _SPOKEN_OF)))
    chosen = np.zeros(len(titles), dtype=bool)
    chosen[places[told]] = True
    whole = pc.binary_join_element_wise(before, after, "")
    kept = pa.array(told)
    return (
        pc.replace_with_mask(rest, pa.array(chosen), pc.utf8_rtrim(whole.filter(kept), " ,.;:/–—-")),
        pc.replace_with_mask(editions, pa.array(chosen), edition.filter(kept)),
    )
