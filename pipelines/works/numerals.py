"""Numbers that titles, volumes and editions write as words: ordinals, Roman and Chinese numerals."""

from __future__ import annotations

import re
from typing import Final

#: Folded ordinals of the main languages of libraries -> digits.
ORDINALS: Final = {
    word: str(number)
    for number, words in enumerate(
        (
            "first premier premiere primera primeiro primeira prima erste erster pervoe",
            "second deuxieme seconde segunda segundo seconda zweite zweiter vtoroe",
            "third troisieme tercera tercero terceira terza dritte dritter trete",
            "fourth quatrieme cuarta quarta vierte vierter",
            "fifth cinquieme quinta funfte funfter",
            "sixth sixieme sexta sechste",
            "seventh septieme septima setima siebte",
            "eighth huitieme octava oitava achte",
            "ninth neuvieme novena nona neunte",
            "tenth dixieme decima zehnte",
        ),
        start=1,
    )
    for word in words.split()
}

_SHORTEST_MISTYPED: Final = 6
#: Ordinals of which two letters have changed places: ``foruth``.
_MISTYPED: Final = {
    f"{word[:i]}{word[i + 1]}{word[i]}{word[i + 2 :]}": number
    for word, number in ORDINALS.items()
    for i in range(1, len(word) - 1)
    if len(word) >= _SHORTEST_MISTYPED and f"{word[:i]}{word[i + 1]}{word[i]}{word[i + 2 :]}" not in ORDINALS
}

_ROMAN: Final = re.compile(r"(?:xc|xl|l?x{0,3}|c{1,3}(?:xc|xl|l?x{0,3}))(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_FEWEST_OF_A_NUMERAL: Final = 2
#: What is a number only behind a word that says so: ``part i``, ``volume two``.
COUNTED: Final = {"i": "1", "v": "5", "x": "10", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}

_ENGLISH_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)")

_CHINESE_DIGITS: Final = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
#: Characters of which Chinese numerals are made.
CHINESE_NUMERALS: Final = "〇零一二三四五六七八九十百"


def number_of(word: str) -> str | None:
    """The digits of an ordinal or Roman numeral that stands alone: ``fourth``, ``4th``, ``iv`` -> ``4``; else None."""
    if word[:1].isdigit():
        ordinal = _ENGLISH_ORDINAL.fullmatch(word)
        return ordinal.group(1) if ordinal else None
    return roman_number(word) or ORDINALS.get(word) or _MISTYPED.get(word)


def roman_number(word: str, *, with_hundreds: bool = False) -> str | None:
    """The digits of a well-formed Roman numeral of two letters and more, in lower case; else None.

    Of ``i``, ``v`` and ``x`` alone it is no word; ``li``, ``xl``, ``ci`` may be: they count ``with_hundreds`` only.
    """
    if len(word) < _FEWEST_OF_A_NUMERAL or (not with_hundreds and ("l" in word or "c" in word)):
        return None
    if not _ROMAN.fullmatch(word):
        return None
    digits = [_ROMAN_DIGITS[letter] for letter in word]
    after = [*digits[1:], 0]
    return str(sum(-digit if digit < follower else digit for digit, follower in zip(digits, after, strict=True)))


def chinese_number(text: str) -> str:
    """A Chinese numeral below 1000, or a row of its digits, as digits: ``十二`` -> 12, ``二〇一九`` -> 2019."""
    if "十" not in text and "百" not in text:
        return str(int("".join(str(_CHINESE_DIGITS[character]) for character in text)))
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _CHINESE_DIGITS[character]
    return str(total + digit)
