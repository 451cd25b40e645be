"""What two records are compared by: each column folded once a distinct value, then numbered.

Equal numbers mean equal values, -1 means none; a pair is then decided by comparing integers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.folding import fold, fold_column
from pipelines.normalize.columns import one_array
from pipelines.works.generic_titles import is_generic_title

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Identifiers of one text, and identifiers of an edition, which its parts and reprints may share.
TEXT_SCHEMES: Final = ("doi", "pmid", "pmcid", "arxiv")
EDITION_SCHEMES: Final = ("isbn", "lccn", "oclc")
#: Schemes of which a publication has its own: two records that share none of theirs are two publications.
#: Not OCLC numbers, of which one publication often has several.
CONFLICTING_SCHEMES: Final = ("doi", "pmid", "pmcid", "arxiv", "isbn", "lccn")

#: Stands for a missing publication year.
NO_YEAR: Final = -(10**6)

#: Columns of MATCH_RECORDS that say where in its container a text stands.
PLACE_COLUMNS: Final = ("volume", "issue", "start_page", "edition", "doi")

_NUMBER_LABEL: Final = re.compile(
    r"^(?:volume|vol|v|number|no|nr|issue|iss|band|bd|heft|tome|tomo|part|pt|pages|page|pp|p|seiten|seite)(?=\d)"
)
_LEADING_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")
_ORDINALS: Final = {
    word: str(number)
    for number, words in enumerate(
        (
            "first primera primeira premiere erste prima pervoe",
            "second segunda deuxieme seconde zweite seconda vtoroe",
            "third tercera terceira troisieme dritte terza trete",
            "fourth cuarta quarta quatrieme vierte",
            "fifth quinta cinquieme funfte",
            "sixth sexta sixieme sechste",
            "seventh septima setima septieme siebte",
            "eighth octava oitava huitieme achte",
            "ninth novena nona neuvieme neunte",
            "tenth decima dixieme zehnte",
        ),
        start=1,
    )
    for word in words.split()
}
_EDITION_NOISE: Final = frozenset(
    "edition editions edicion edicao edizione edn ed eds auflage aufl ausgabe izdanie izd wyd".split()  # noqa: SIM905
)
#: Revised, enlarged, expanded, updated, abridged, illustrated, international.
_ABBREVIATED: Final = frozenset({"rev", "enl", "exp", "upd", "abr", "ill", "int"})

_CONFERENCE: Final = re.compile(r"\b(?:conference|conf|proceedings|proc|workshop|symposium|symp|meeting|congress)\b")
_JOURNAL: Final = re.compile(
    r"\b(?:journal|j|transactions|trans|magazine|letters|lett|review|rev|annals|ann|bulletin|bull|archives|arch)\b"
)
_WORD: Final = re.compile(r"[^\W_]+")
_STOP_WORDS: Final = frozenset("the of and for in on a an de la le les des du et der die das und fur i e y".split())  # noqa: SIM905


def numbering_key(text: str) -> str:
    """A volume, issue or page without label and zeros: ``Vol. 012`` -> ``12``, ``12-13`` -> ``12 13``, ``S1`` stays."""
    words = " ".join(filter(None, (fold(word) for word in _WORD.findall(text))))
    words = re.sub(r"^([a-z]+) (?=\d)", r"\1", words)
    return _LEADING_ZEROS.sub("", _NUMBER_LABEL.sub("", words))


def page_key(text: str) -> str:
    """A start page, or the first page of a range: ``pp. 0123-130`` -> ``123``; what has no digit tells none."""
    page = numbering_key(text).partition(" ")[0]
    return page if any(map(str.isdigit, page)) else ""


def edition_key(text: str) -> str:
    """The number of an edition (``2nd ed.``, ``Second edition``, ``2. Aufl.`` -> ``2``), else its words.

    Words are cut to three letters where cataloguers abbreviate (``Rev. ed.``, ``Revised edition`` -> ``rev``).
    """
    words = [fold(word) for word in _WORD.findall(text)]
    for word in words:
        digits = re.match(r"0*(\d{1,3})(?!\d)", word)
        if digits:
            return digits.group(1)
        if word in _ORDINALS:
            return _ORDINALS[word]
    kept = [word for word in words if word and word not in _EDITION_NOISE and word not in _STOP_WORDS]
    return " ".join(word[:3] if word[:3] in _ABBREVIATED else word for word in kept)


def title_keys(titles: pa.Array) -> pa.Array:
    """Titles folded, without the English article they begin with; in columns, for titles are many and distinct."""
    return fold_column(pc.replace_substring_regex(titles, r"(?i)^\s*(?:a|an|the)\s+(\S)", r"\1"))


def container_key(text: str) -> str:
    """The words of a container's title, folded, without stop words; separated by blanks."""
    words = (fold(word) for word in _WORD.findall(text))
    return " ".join(word for word in words if word and word not in _STOP_WORDS)


def container_class(key: str) -> int:
    """1 for the title of a conference, 2 for that of a journal, 0 where it tells neither or both."""
    conference, journal = bool(_CONFERENCE.search(key)), bool(_JOURNAL.search(key))
    return (
        int(conference) - int(journal) if conference != journal and conference else 2 * int(journal and not conference)
    )


def containers_agree(first: str, second: str) -> bool:
    """Whether two container keys can be one title: one abbreviates, begins or is the acronym of the other."""
    short, long = sorted((first.split(), second.split()), key=lambda words: (len(words), len("".join(words))))
    if not short or "".join(short) in "".join(long):
        return True
    if len(short) == 1 and short[0] == "".join(word[0] for word in long):
        return True
    return len(short) == len(long) and all(a.startswith(b) or b.startswith(a) for a, b in zip(short, long, strict=True))


def containers_overlap(first: str, second: str) -> bool:
    """Whether half of the words of the shorter of two container keys begin a word of the other, or reversed."""
    short, long = sorted((first.split(), second.split()), key=len)
    common = sum(any(a.startswith(b) or b.startswith(a) for b in long) for a in short)
    return 2 * common >= len(short)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A column as numbers: ``codes`` by record (-1 for none) into the distinct ``values``."""

    codes: Ints
    values: list[str]


@dataclass(frozen=True, slots=True)
class Comparands:
    """Everything a pair is decided by, by position of the record in the table it was made from."""

    source: Numbered
    title: Numbered
    kind: Numbered
    container: Numbered
    volume: Numbered
    issue: Numbered
    start_page: Numbered
    edition: Numbered
    doi: Numbered
    year: Ints
    generic: Mask
    container_class: Ints
    identifiers: dict[str, Ints]

    @property
    def has_year(self) -> Mask:
        """Whether a record has a publication year."""
        has_year: Mask = self.year != NO_YEAR
        return has_year

    def years(self) -> Ints:
        """One code, from 0, for each publication year; records without one share a code."""
        return np.unique(self.year, return_inverse=True)[1].astype(np.int64)

    def places(self) -> Ints:
        """One code, from 0, for each combination of year, volume, issue, start page, edition and DOI."""
        places = self.years()
        for name in PLACE_COLUMNS:
            codes = getattr(self, name).codes + 1
            combined = places * (int(codes.max(initial=0)) + 1) + codes
            places = np.unique(combined, return_inverse=True)[1].astype(np.int64)
        return places


def number_column(texts: pa.Array | pa.ChunkedArray, key: Callable[[str], str]) -> Numbered:
    """Number a string column by ``key``, which runs once a distinct text; null and empty keys get -1."""
    encoded = pc.dictionary_encode(one_array(texts))
    numbers: dict[str, int] = {}
    of_text = [
        -1 if (folded := key(text)) == "" else numbers.setdefault(folded, len(numbers))
        for text in encoded.dictionary.to_pylist()
    ]
    indices = pc.fill_null(encoded.indices, len(of_text)).to_numpy(zero_copy_only=False)
    return Numbered(np.array([*of_text, -1], dtype=np.int64)[indices], list(numbers))


def comparands(records: pa.Table, identifiers: pa.Table) -> Comparands:
    """Fold and number what pairs of ``records`` are decided by.

    ``records``: MATCH_RECORDS in ascending order of ``record_id``. ``identifiers``: valid ones as (record_id,
    scheme, value); those of other records are passed over.
    """
    title = number_column(title_keys(one_array(records["title"])), str)
    container = number_column(records["container_title"], container_key)
    generic = np.array([*(is_generic_title(value) for value in title.values), True], dtype=bool)
    classes = np.array([*(container_class(value) for value in container.values), 0], dtype=np.int64)
    year = pc.fill_null(pc.cast(records["publication_year"], pa.int64()), NO_YEAR)
    return Comparands(
        source=number_column(records["source"], str),
        title=title,
        kind=number_column(records["publication_kind"], lambda kind: "" if kind == "other" else kind),
        container=container,
        volume=number_column(records["volume"], numbering_key),
        issue=number_column(records["issue"], numbering_key),
        start_page=number_column(records["start_page"], page_key),
        edition=number_column(records["edition"], edition_key),
        doi=number_column(records["doi"], str.lower),
        year=year.to_numpy(),
        generic=generic[title.codes],
        container_class=classes[container.codes],
        identifiers=_identifier_rows(records["record_id"].to_numpy(), identifiers),
    )


def _identifier_rows(record_ids: Ints, identifiers: pa.Table) -> dict[str, Ints]:
    """By scheme, distinct rows (position of the record, number of the value), ordered."""
    rows: dict[str, Ints] = {}
    for scheme in (*TEXT_SCHEMES, *EDITION_SCHEMES):
        of_scheme = identifiers.filter(pc.equal(identifiers["scheme"], scheme))
        owners = of_scheme["record_id"].to_numpy()
        positions = np.searchsorted(record_ids, owners)
        known = positions < len(record_ids)
        known[known] = record_ids[positions[known]] == owners[known]
        values = number_column(of_scheme["value"], str).codes
        rows[scheme] = np.unique(np.column_stack([positions[known], values[known]]).astype(np.int64), axis=0)
    return rows
