"""Cutting values other than names that have run together: formats, languages, subjects, collections.

What is sure comes first: VuFind's formats and the names of languages are known, so a text that these make up in
one way only is cut `exact`. The rest the dump must teach: values that stand alone in other records, `inferred`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

import numpy as np

from pipelines.readers.lessons import Lesson
from pipelines.readers.marc_codes import every_language_name

#: Fields whose values are words of a vocabulary.
VOCABULARY_FIELDS: Final = (
    "format", "language", "topic", "genre", "geographic", "era", "topic_facet", "genre_facet", "geographic_facet",
    "era_facet", "building",
)  # fmt: skip

_OWN_NAMES: Final = (
    "Archival Material; Article; Audio; Blu-ray Disc; Book; Book Chapter; Braille; CD; Cassette; Conference "
    "Proceeding; DVD; Data Set; Electronic; Globe; Government Document; Image; Journal; Journal Article; Kit; "
    "Manuscript; Map; Microfilm; Musical Score; Newspaper; Newspaper Article; Online; Photo; Physical Object; "
    "Postcard; Sensor Image; Serial; Slide; Software; Text; Thesis; Unknown; VHS; Video; Video Game; eBook"
)
_OTHER_NAMES: Final = (
    "Archive; Artikel; Atlas; Audiobook; Book Part; Book Review; CD-ROM; Chapter; Chart; Collage; Collection; "
    "Component Part; Conference Item; Conference Object; Conference Paper; Conference Poster; Course; Database; "
    "Dataset; Dissertation; Document; Drawing; E-Book; E-Journal; Electronic Resource; Ephemera; Equipment; File; "
    "Film; Filmstrip; Flash Card; Floppy Disk; Game; Graphic; Issue; Law; Lecture; Letter; Magazine; "
    "Master Thesis; Microfiche; Microform; Monograph; Motion Picture; Music; Music Recording; Notated Music; "
    "Object; Online Resource; Painting; Patent; Periodical; Photograph; Picture; Poster; Preprint; Presentation; "
    "Print; Proceedings; Puzzle; Reference; Report; Research Report; Review; Series; Sheet Music; Sound Cassette; "
    "Sound Disc; Sound Recording; Technical Report; Transparency; Video Cassette; Video Disc; Visual; "
    "Visual Material; Web Page; Website; Working Paper; eJournal"
)
#: Formats of VuFind 10: what import/translation_maps/format_map.properties and the XSLT imports make of records. An
#: article of a journal is none of both.
_OWN_FORMATS: Final = frozenset(_OWN_NAMES.split("; "))
#: And those that repositories and aggregators feed it with.
_FORMATS: Final = _OWN_FORMATS | frozenset(_OTHER_NAMES.split("; "))

#: What VuFind's translations print for a format of its own (de.ini: ``eBook``).
_PRINTED_FOR_OWN: Final = frozenset({"E-Book"})

#: A value is at most this many words; longer ones stay as they are.
_LONGEST_VALUE: Final = 16
#: Texts of a field look so if this share of them does.
_SHARE_OF_LOOK: Final = 0.9
_NO_CLASS: Final = re.compile("[^a-z0-9]")
_DIGIT: Final = re.compile("[0-9]")
_ENDS_VALUE: Final = re.compile(r".*(?:[^\W\d_]{4,}|[0-9]{3,}|[0-9]-|\))\.[\"'”]?")
_MAY_END: Final = frozenset(".)\"'”?!-")
_HIERARCHICAL: Final = re.compile(r"[0-9]/\S.*/")
_BEFORE_LEVEL: Final = re.compile(r"(?<=/) (?=[0-9]/\S)")
#: Longer texts are hardly met again.
_LONGEST_KEPT: Final = 200
#: Of so many texts it is kept whether they are values.
_MOST_KEPT: Final = 1 << 16
_SETTLED: Final = frozenset({"format", "language"})
#: Longer texts are not looked at for values of several words.
_MOST_WORDS: Final = 4000
#: A field holds single words where this share of the words of its longer texts stands alone elsewhere, of so many.
_SHARE_OF_SINGLE_WORDS: Final = 0.9
_ENOUGH: Final = 20
_BEGINS_VALUE: Final = re.compile(r"[^\W_a-z]|[\"'«“(\[¿¡]")


def format_class(name: str) -> str:
    """The class that VuFind's templates give a format (RecordDriver/DefaultRecord/format-class.phtml)."""
    return _NO_CLASS.sub("", name.lower())


def format_of_class(name: str) -> str | None:
    """The format of a class; one of VuFind's own, if it is that of several."""
    return _formats_by_class().get(name)


def is_as_indexed(text: str, language: str) -> bool:
    """Whether a format of a page in a language is printed as it is in the index, if its class is that of several."""
    return language.startswith("en") or (text in _FORMATS and text not in _PRINTED_FOR_OWN)


@cache
def _formats_by_class() -> dict[str, str]:
    return {format_class(name): name for names in (_FORMATS, _OWN_FORMATS) for name in sorted(names)}


def cut_exactly(name: str, text: str) -> list[str] | None:
    """The values of a field that its vocabulary settles, or ``None``; those of hierarchical facets are `level/…/`."""
    values = _settled_by_vocabulary(name, text) if len(text) <= _LONGEST_KEPT else _cut_by_vocabulary(name, text)
    return list(values) if values else None


def _cut_by_vocabulary(name: str, text: str) -> Sequence[str] | None:
    if _HIERARCHICAL.fullmatch(text):
        return _BEFORE_LEVEL.split(text)
    vocabularies = {"format": (_OWN_FORMATS, _FORMATS), "language": (_languages(),)} if name in _SETTLED else {}
    for vocabulary in vocabularies.get(name, ()):
        ways = _ways(text.split(" "), vocabulary.__contains__)
        # `Book Chapter` is a format by itself: nothing is both a book and a chapter.
        shortest = [way for way in ways if len(way) == min(map(len, ways))]
        if len(shortest) == 1:
            return shortest[0]
    return None


#: Records of a dump share their formats and languages.
_settled_by_vocabulary: Final = lru_cache(maxsize=1 << 12)(_cut_by_vocabulary)


def count_value(seen: dict[str, Counter[str]], name: str, text: str) -> None:
    """Add the whole text of a field, its words where it has several, and how both look, to what was seen."""
    seen[f"alone in {name}"][text] += 1
    looks = seen[f"look in {name}"]
    looks["with stop" if text.endswith(".") else "without stop"] += 1
    if " " in text:
        words = [word for word in text.split(" ") if word]
        seen[f"word in {name}"].update(words)
        codes = sum(map(_is_code, words))
        looks["code"] += codes
        looks["no code"] += len(words) - codes


@dataclass
class ValueModel:
    """The values of fields in a dump that taught ``lesson``."""

    lesson: Lesson
    _single_words: dict[str, bool] = field(default_factory=dict)
    _looks: dict[tuple[str, str], bool] = field(default_factory=dict)
    _values: dict[tuple[str, str], bool] = field(default_factory=dict)

    def cut(self, name: str, text: str) -> list[str] | None:
        """The values of a text as other records show them alone, or ``None`` where they do not settle it."""
        words = text.split(" ")
        if self._single(name):
            return [word for word in words if word]
        if self._is_mostly(name, "with stop", "without stop") and (sentences := _sentences(words)):
            return sentences
        return self._cut_by_others(name, text)

    def _cut_by_others(self, name: str, text: str) -> list[str] | None:
        """The values of a text that stand alone in other records, where there is one way to cut it into such."""
        alone = f"alone in {name}"
        ways = _ways(text.split(" "), lambda value: value != text and self._is_value(name, value))
        ways = [way for way in ways if len(way) > 1]
        if len(ways) != 1:
            return None
        # A text that stands in more records than one of its parts does is a value of its own.
        rarest = min(self.lesson.seen(alone, value) for value in ways[0])
        return ways[0] if self.lesson.seen(alone, text) <= rarest else None

    def _is_value(self, name: str, text: str) -> bool:
        """Whether a text stands alone in a record, and is not several values that do so in others."""
        found = self._values.get((name, text))
        if found is None:
            found = _BEGINS_VALUE.match(text) is not None and self.lesson.seen(f"alone in {name}", text) > 0
            found = found and (" " not in text or self._cut_by_others(name, text) is None)
            if len(self._values) >= _MOST_KEPT:
                self._values.clear()
            self._values[name, text] = found
        return found

    def _is_mostly(self, name: str, look: str, otherwise: str) -> bool:
        """Whether the texts or words of a field have one look."""
        found = self._looks.get((name, look))
        if found is None:
            like, unlike = (self.lesson.seen(f"look in {name}", one) for one in (look, otherwise))
            found = like + unlike >= _ENOUGH and like >= _SHARE_OF_LOOK * (like + unlike)
            self._looks[name, look] = found
        return found

    def _single(self, name: str) -> bool:
        """Whether the values of a field are single words: codes, or words that stand alone elsewhere."""
        found = self._single_words.get(name)
        if found is None:
            if self._is_mostly(name, "code", "no code"):
                self._single_words[name] = True
                return True
            alone, _ = self.lesson.kinds.get(f"alone in {name}", _NOTHING)
            words, counts = self.lesson.kinds.get(f"word in {name}", _NOTHING)
            total = int(counts.sum())
            known = int(counts[np.isin(words, alone)].sum())
            found = total >= _ENOUGH and known >= _SHARE_OF_SINGLE_WORDS * total
            self._single_words[name] = found
        return found


def _is_code(word: str) -> bool:
    """Whether a word is one of a classification: `cs.CL`, `hep-th`, `68T50`."""
    return (
        bool(word)
        and not word.isalpha()
        and word[0].isalnum()
        and word[-1].isalnum()
        and (word[0].islower() or _DIGIT.search(word) is not None)
    )


def _sentences(words: Sequence[str]) -> list[str] | None:
    """The values of a text each of which ends with a full stop; ``None`` where a stop may be that of an abbreviation.

    Nor is it told whether what stands behind a bracket is another value.
    """
    values: list[list[str]] = [[]]
    for number, word in enumerate(words):
        values[-1].append(word)
        following = words[number + 1] if number + 1 < len(words) else ""
        if not following or following[0].islower():
            continue
        if _ENDS_VALUE.fullmatch(word):
            values.append([])
        elif word[-1:] in _MAY_END:
            return None
    return [" ".join(value) for value in values] if words[-1].endswith(".") else None


_NOTHING: Final = (np.empty(0, np.uint64), np.empty(0, np.int64))


def _ways(words: Sequence[str], is_value: Callable[[str], bool], most: int = 16) -> list[list[str]]:
    """The ways to cut words into values, or none where there are more than ``most``."""
    if len(words) > _MOST_WORDS:
        return []
    ways: list[list[list[str]]] = [[] for _ in range(len(words) + 1)]
    ways[len(words)] = [[]]
    for start in range(len(words) - 1, -1, -1):
        for end in range(start + 1, min(start + _LONGEST_VALUE, len(words)) + 1):
            if not ways[end]:
                continue
            value = " ".join(words[start:end])
            if is_value(value):
                ways[start] += [[value, *rest] for rest in ways[end]]
        if len(ways[start]) > most:
            return []
    return ways[0]


@cache
def _languages() -> frozenset[str]:
    return frozenset(every_language_name())
