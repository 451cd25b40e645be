"""Documents like those of a real catalogue, made up from nothing but a seed: the same for everybody.

Modelled on the PubMed page this project started from: 2.5 kB a document, 1 to 30 authors (4.5 on average),
three URLs with a DOI among them, work keys. 15 % repeat the title and the authors of an earlier one under
another id: two thirds of them the same publication again, the others another version of the work.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import orjson
from backports import zstd

from pipelines.folding import fold

#: Share of documents that repeat an earlier one, and of those the share that differs in year and DOI.
REPEATED_SHARE: Final = 0.15
VERSION_SHARE: Final = 1 / 3

#: Distinct people.
AUTHORS: Final = 350_000

#: Documents made by one call: the unit of work, and the reach of a repetition.
BLOCK: Final = 20_000

_ONSETS: Final = [
    "b",
    "br",
    "ch",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "v",
    "w",
    "y",
    "z",
    "",
]
_VOWELS: Final = ["a", "e", "i", "o", "u", "ai", "ei", "ou", "ia", "ue"]
_ACCENTED: Final = ["ö", "á", "ü", "é", "ı", "å", "ñ"]
_CODAS: Final = ["", "n", "r", "l", "s", "m", "nd", "k", "t", "ch", "rg"]
_SCRIPTS: Final = [
    "абвгдежзиклмнопрстуфхцчшя",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
]
_WORDS: Final = 6_000


class _Makers:
    """Vocabulary shared by all blocks, from one seed."""

    def __init__(self) -> None:
        dice = random.Random(20240501)  # noqa: S311 - made-up data, no secret
        self.words = sorted({self._word(dice, 1, 4).lower() for _ in range(_WORDS)})
        self.families = [self._name(dice) for _ in range(9_000)]
        self.givens = [self._name(dice) for _ in range(3_000)]
        self.journals = [" ".join(dice.choices(self.words, k=dice.randint(2, 5))).title() for _ in range(800)]
        self.publishers = [" ".join(dice.choices(self.words, k=2)).title() for _ in range(120)]

    @staticmethod
    def _word(dice: random.Random, least: int, most: int, accented: float = 0.01) -> str:
        syllables = []
        for _ in range(dice.randint(least, most)):
            vowel = dice.choice(_ACCENTED if dice.random() < accented else _VOWELS)
            syllables.append(dice.choice(_ONSETS) + vowel + dice.choice(_CODAS))
        return "".join(syllables)

    def _name(self, dice: random.Random) -> str:
        if dice.random() < 0.06:
            return "".join(dice.choices(dice.choice(_SCRIPTS), k=dice.randint(2, 7))).capitalize()
        return self._word(dice, 1, 3, accented=0.1).capitalize()


_made: list[_Makers] = []


def _makers() -> _Makers:
    if not _made:
        _made.append(_Makers())
    return _made[0]


def make_block(number: int, count: int) -> list[dict[str, Any]]:
    """The documents of one block, the same whenever and wherever they are made."""
    dice = random.Random(number)  # noqa: S311 - made-up data, no secret
    documents: list[dict[str, Any]] = []
    for position in range(count):
        identifier = number * BLOCK + position
        if position and dice.random() < REPEATED_SHARE:
            documents.append(_repeated(dice, documents[dice.randrange(position)], identifier))
        else:
            documents.append(_new(dice, identifier))
    return documents


def _new(dice: random.Random, identifier: int) -> dict[str, Any]:
    makers = _makers()
    title = " ".join(dice.choices(makers.words, k=dice.randint(4, 11))).capitalize()
    authors = list(dict.fromkeys(_author(dice, makers) for _ in range(min(30, 1 + int(dice.expovariate(1 / 3.9))))))
    description = " ".join(dice.choices(makers.words, k=dice.randint(40, 110))).capitalize() + "."
    year = str(dice.randint(1990, 2024))
    return _document(
        identifier,
        title,
        authors,
        description,
        year,
        f"10.{dice.randint(1000, 9999)}/{dice.choice(makers.words)}.{identifier}",
        dice,
    )


def _author(dice: random.Random, makers: _Makers) -> str:
    """One of AUTHORS people; a few of them write much and many little, as everywhere."""
    person = int(AUTHORS * dice.random() ** 2)
    family = makers.families[person % len(makers.families)]
    given = makers.givens[(person + person // len(makers.families)) % len(makers.givens)]
    return f"{family}, {given}" + (f" {'ABCDEFGHJKLMNPRSTW'[person % 18]}." if person % 4 == 0 else "")


def _repeated(dice: random.Random, original: dict[str, Any], identifier: int) -> dict[str, Any]:
    year = original["publishDate"][0]
    doi = original["url"][2].removeprefix("http://dx.doi.org/")
    if dice.random() < VERSION_SHARE:
        year, doi = str(int(year) + dice.randint(2, 5)), f"10.5555/version.{identifier}"
    return _document(identifier, original["title"], original["author"], original["description"], year, doi, dice)


def _document(
    identifier: int, title: str, authors: list[str], description: str, year: str, doi: str, dice: random.Random
) -> dict[str, Any]:
    makers = _makers()
    folded = fold(title)
    return {
        "_version_": 1784839000504139776 + identifier,
        "id": f"pubmed-{identifier}",
        "author": authors,
        "author_facet": authors,
        "author_sort": authors[0],
        "collection": ["PubMed"],
        "container_title": makers.journals[len(title) % len(makers.journals)],
        "description": description,
        "format": ["Online", "Article", "Text"],
        "institution": ["National Center for Biotechnology Information"],
        "language": ["English"],
        "publishDate": [year],
        "publisher": [makers.publishers[len(description) % len(makers.publishers)]],
        "record_format": "MEDLINE/PubMed",
        "title": title,
        "title_full": title,
        "title_short": title,
        "title_sort": title.lower(),
        "topic": [dice.choice(makers.words) for _ in range(3)],
        "url": [
            f"https://www.ncbi.nlm.nih.gov/pmc/articles/PMC{identifier}/",
            f"https://www.ncbi.nlm.nih.gov/pubmed/{identifier + 10_000_000}",
            f"http://dx.doi.org/{doi}",
        ],
        "work_keys_str_mv": [f"AT {fold(author)} {folded}" for author in authors],
    }


def _lines(block: tuple[int, int]) -> bytes:
    return b"".join(orjson.dumps(document) + b"\n" for document in make_block(*block))


def blocks(count: int, first_block: int = 0) -> Iterator[tuple[int, int]]:
    """Number and size of each block of ``count`` documents."""
    for number, start in enumerate(range(0, count, BLOCK), first_block):
        yield number, min(BLOCK, count - start)


def write_dump(path: Path, count: int, first_block: int = 0) -> int:
    """Write ``count`` documents as zstd JSON lines; returns their bytes before compression."""
    size = 0
    with ProcessPoolExecutor(2) as pool, zstd.open(path, "wb", level=3) as sink:
        for lines in pool.map(_lines, blocks(count, first_block)):
            sink.write(lines)
            size += len(lines)
    return size


def write_delta(path: Path, dump: Sequence[Path], documents: int, share: float, number: int = 0) -> int:
    """Write a dump that changes ``share`` of the ``documents`` of a dump: half of it is new, half is known.

    What is known has another abstract, and is drawn from all of the dump, as changes of a catalogue lie anywhere in
    it. What is new and what is known differ from delta to delta by their ``number``. Returns the number of documents.
    """
    half = max(1, int(documents * share / 2))
    first_new = -(-documents // BLOCK) * (number + 1)
    drawn = set(random.Random(number).sample(range(documents), half))  # noqa: S311 - made-up data, no secret
    with zstd.open(path, "wb", level=3) as sink:
        for block, size in blocks(half, first_new):
            sink.write(_lines((block, size)))
        for position, line in enumerate(_lines_of(dump)):
            if position in drawn:
                document = orjson.loads(line)
                revised = f"Revised {number}. {document['description']}"
                sink.write(orjson.dumps(document | {"description": revised}) + b"\n")
    return 2 * half


def _lines_of(dump: Sequence[Path]) -> Iterator[bytes]:
    for file in dump:
        with zstd.open(file, "rb") as source:
            yield from source
