"""Titles in Chinese characters as words: parts and numbers set apart, characters of one spelling.

A run of characters is one word, for one character is none and many titles share one; what designates a part
(``上册``, ``第二卷``) or a number (``2019``, ``十二``) is a word of its own, as ``part 2`` is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import icu

from pipelines.works.numerals import CHINESE_NUMERALS, chinese_number

#: Characters that Chinese and Japanese write titles with, kana not among them.
HAN: Final = "\u3400-\u9fff\uf900-\ufaff\u3007"
#: Chinese characters and kana.
_WRITTEN: Final = f"{HAN}\u3040-\u30ff"
#: First, middle and last; former and latter.
NAMED_PARTS: Final = "上中下前后後"
#: The first and the second have a number; the last may be the second or the third.
_PLACES: Final = {"上": "1", "前": "1", "中": "2", "下": "下", "后": "下", "後": "下"}
_HAN: Final = re.compile(f"[{HAN}]")
_NO_WORD: Final = re.compile(r"[^\w\x1f]+|_")
#: What parts are counted by: volumes, books, collections, chapters, issues.
_COUNTERS: Final = "卷巻册冊部编編辑輯集篇章回期号號"
#: What is divided into a first, a middle and a last one.
_DIVIDED: Final = "卷巻册冊编編辑輯集篇"
#: ``第二卷``, ``第2册``; ``卷二``, ``巻の一``; ``研究之三``.
_NUMBERED: Final = re.compile(
    rf"第([{CHINESE_NUMERALS}]+|\d+)[{_COUNTERS}]|[卷巻][の之]?([{CHINESE_NUMERALS}]+|\d+)(?![{_WRITTEN}])"
    rf"|(?<=[{HAN}])之([{CHINESE_NUMERALS}]+)(?![{_WRITTEN}])"
)
#: What else is counted: ``第二次``, ``第十届``.
_ORDINAL: Final = re.compile(rf"第([{CHINESE_NUMERALS}]+|\d+)")
#: ``上册``, ``下卷``, ``前編`` at the end of a run, and ``（上）`` alone.
_NAMED: Final = re.compile(
    rf"([{NAMED_PARTS}])[{_DIVIDED}](?![{_WRITTEN}])|(?<![{_WRITTEN}])([上中下])(?![{_WRITTEN}])"
)
#: A numeral that stands alone: ``（十二）``.
_ALONE: Final = re.compile(rf"(?<![{_WRITTEN}])[{CHINESE_NUMERALS}]+(?![{_WRITTEN}])")
_YEAR: Final = re.compile(r"([〇零一二三四五六七八九]{4}|\d{4})年度?")
#: Between a number and the words around it.
_EDGE: Final = re.compile(rf"(?<=[{HAN}])(?=\d)|(?<=\d)(?=[{HAN}])")

#: Two spellings of one character are one. Source: ICU's ``Hant-Hans``, of Unicode's CLDR.
_SIMPLIFIED: Final = icu.Transliterator.createInstance("Hant-Hans")

#: Particles that catalogues write or leave out: of.
_PARTICLES: Final = re.compile(rf"(?<=[{HAN}])[的の](?=[{HAN}])")


def has_han(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return _HAN.search(text) is not None


def count_han(text: str) -> int:
    """How many Chinese characters a text holds."""
    return len(_HAN.findall(text))


def han_words(text: str) -> str:
    """A text with Chinese characters as words, divided by blanks; control characters that divide its parts stay.

    ``高等數學（下冊）`` -> ``高等数学 part 下``; ``年鉴2019`` -> ``年鉴 2019``; ``史记 第十二卷`` -> ``史记 part 12``.
    """
    simplified: str = _SIMPLIFIED.transliterate(unicodedata.normalize("NFKC", text).lower())
    words = _YEAR.sub(lambda year: f" {_digits(year.group(1))} ", simplified)
    words = _NUMBERED.sub(lambda part: f" part {_digits(part.group(1) or part.group(2) or part.group(3))} ", words)
    words = _ORDINAL.sub(lambda ordinal: f" {_digits(ordinal.group(1))} ", words)
    words = _NAMED.sub(lambda part: f" part {_PLACES[part.group(1) or part.group(2)]} ", words)
    words = _ALONE.sub(lambda number: chinese_number(number.group()), words)
    words = _EDGE.sub(" ", _PARTICLES.sub("", words))
    return " ".join(_NO_WORD.sub(" ", words).split(" "))


def _digits(number: str) -> str:
    return str(int(number)) if number.isdecimal() else chinese_number(number)
