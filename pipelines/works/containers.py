"""Containers: journals, books and conferences as catalogues name them, and whether two names can be one."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from pipelines.folding import fold
from pipelines.works.title_words import STOP_WORDS

_CONFERENCE: Final = re.compile(r"\b(?:conference|conf|proceedings|proc|workshop|symposium|symp|meeting|congress)\b")
_JOURNAL: Final = re.compile(
    r"\b(?:journal|j|transactions|trans|magazine|letters|lett|review|rev|annals|ann|bulletin|bull|archives|arch|"
    r"record|rec|newsletter|quarterly)\b"
)
_WORD: Final = re.compile(r"[^\W_]+")
#: A meeting by its number and four words: ``17th international conference computational linguistics``.
_MEETING: Final = re.compile(r"\b\d+(?:st|nd|rd|th)(?: [^\W\d_]+){4}")


def container_key(text: str) -> str:
    """The words of a container's title, folded, without stop words; separated by blanks.

    A letter at the end is the series: ``Physical Review A``, ``Acta Crystallographica E``.
    """
    words = [word for word in map(fold, _WORD.findall(text)) if word]
    last = len(words) - 1
    return " ".join(
        word for i, word in enumerate(words) if word not in STOP_WORDS or (len(word) == 1 and 0 < i == last)
    )


def container_class(key: str) -> int:
    """1 for the title of a conference, 2 for that of a journal, 0 where it tells neither or both."""
    conference, journal = bool(_CONFERENCE.search(key)), bool(_JOURNAL.search(key))
    return (
        int(conference) - int(journal) if conference != journal and conference else 2 * int(journal and not conference)
    )


def containers_agree(first: str, second: str) -> bool:
    """Whether two container keys can be one title: one abbreviates, begins or is the acronym of the other.

    Two that name one meeting by its number are one, as of meetings that are held together.
    """
    if set(_MEETING.findall(first)) & set(_MEETING.findall(second)):
        return True
    short, long = sorted((first.split(), second.split()), key=lambda words: (len(words), len("".join(words)), words))
    if not short or "".join(short) in "".join(long):
        return True
    if len(short) == 1 and short[0] == "".join(word[0] for word in long):
        return True
    return len(short) == len(long) and all(a.startswith(b) or b.startswith(a) for a, b in zip(short, long, strict=True))


def containers_overlap(first: str, second: str) -> bool:
    """Whether half of the words of the shorter of two container keys begin a word of the other, or reversed."""
    # Of equally many words the first in the alphabet: the order of the pair must not show.
    short, long = sorted((first.split(), second.split()), key=lambda words: (len(words), words))
    common = sum(any(a.startswith(b) or b.startswith(a) for b in long) for a in short)
    return 2 * common >= len(short)


class Containers(IntEnum):
    """How two containers relate."""

    #: One is not told.
    UNKNOWN = 0
    EQUAL = 1
    #: One abbreviates, begins or is the acronym of the other.
    AGREE = 2
    #: The names have words in common and may be one container's.
    OVERLAP = 3
    #: Next to no word in common.
    STRANGE = 4
    #: One is a conference and the other a journal, or one is the journal of what the other names.
    OTHER_CLASS = 5


#: Words that make a journal, or a conference, of what is named besides.
_CLASS_WORDS: Final = frozenset(
    """
    journal j record rec transactions trans letters magazine newsletter quarterly conference conf proceedings proc
    international int intl symposium symp workshop annual
    """.split()  # noqa: SIM905
)


def compare_containers(first: str, second: str) -> Containers:
    """How two different container keys relate. Symmetric."""
    classes = container_class(first), container_class(second)
    if set(classes) == {1, 2}:
        return Containers.OTHER_CLASS
    if 0 in classes and max(classes) > 0 and _stem(first) == _stem(second):
        return Containers.OTHER_CLASS
    if containers_agree(first, second):
        return Containers.AGREE
    return Containers.OVERLAP if containers_overlap(first, second) else Containers.STRANGE


def _stem(key: str) -> str:
    """What a container is called besides the words of its class: the acronym of several words."""
    words = [word for word in key.split() if word not in _CLASS_WORDS]
    return "".join(words) if len(words) < 3 else "".join(word[0] for word in words)
