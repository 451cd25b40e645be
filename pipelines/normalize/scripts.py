"""The script a name is written in, and letters of another script that merely look alike.

Source: Unicode Standard Annex 24 (scripts, ISO 15924 codes), Unicode Technical Standard 39 (confusables).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

import icu

#: ISO 15924 for text without a letter of any script.
NO_SCRIPT: Final = "Zyyy"

#: A letter, with a pair in each direction; Latin first. Only what real names were found to mix up,
#: and letters that are drawn the same in every typeface.
_CYRILLIC_LOOKALIKES: Final = dict(
    zip("aeopcyxijshkABEKMHOPCTXIJSYäëïç", "аеорсухіјѕһкАВЕКМНОРСТХІЈЅУӓёїҫ", strict=True)
)
_GREEK_LOOKALIKES: Final = dict(zip("ovABEZHIKMNOPTYXß", "ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧβ", strict=True))
_TO_LATIN: Final = str.maketrans(
    {other: latin for pairs in (_CYRILLIC_LOOKALIKES, _GREEK_LOOKALIKES) for latin, other in pairs.items()}
)
_FROM_LATIN: Final = {"Cyrl": str.maketrans(_CYRILLIC_LOOKALIKES), "Grek": str.maketrans(_GREEK_LOOKALIKES)}
_TEX_MARKS: Final = dict(
    zip(
        "'`\"^~=.vucHrkd",
        "\u0301\u0300\u0308\u0302\u0303\u0304\u0307\u030c\u0306\u0327\u030b\u030a\u0328\u0323",
        strict=True,
    )
)
_TEX_ACCENT: Final = re.compile(r"\\\s*(?:(['`\"^~=.])\s*|([vucHrkd])(?:\s+|(?=\{)))\{?\s*\\?([^\W\d_])\}?")
_TEX_REST: Final = re.compile(r"\\and\b|[{}\\]")
_WORD: Final = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=65536)
def _letter_script(character: str) -> str | None:
    if not character.isalpha():
        return None
    code: str = icu.Script.getScript(character).getShortName()
    return None if code in {"Zyyy", "Zinh", "Zzzz"} else code


def script_of(text: str) -> str:
    """ISO 15924 code of the script most letters of ``text`` belong to, the earlier of two; "Zyyy" for none."""
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else NO_SCRIPT
    return _script_of_foreign(text)


@lru_cache(maxsize=16384)
def _script_of_foreign(text: str) -> str:
    """:func:`script_of` of a text that is not ASCII, remembered: a name is asked several times."""
    counts = Counter(filter(None, map(_letter_script, text)))
    return counts.most_common(1)[0][0] if counts else NO_SCRIPT


def unmix_scripts(text: str) -> str:
    """Put letters back into the script of their word where they only look as if they belonged to it.

    ``Malanҫon`` with a Cyrillic letter becomes ``Malançon``. Words of one script stay as they are, and
    so do letters that have no counterpart. Idempotent.
    """
    if text.isascii() or _FROM_LATIN.keys().isdisjoint(map(_letter_script, text)):
        return text
    return _WORD.sub(lambda word: _unmix_word(word[0]), text)


@lru_cache(maxsize=16384)
def _unmix_word(word: str) -> str:
    scripts = {script for character in word if (script := _letter_script(character))}
    if len(scripts) != 2 or "Latn" not in scripts or not scripts & _FROM_LATIN.keys():
        return word
    dominant = script_of(word)
    unmixed = word.translate(_TO_LATIN if dominant == "Latn" else _FROM_LATIN[dominant])
    return unmixed if len({_letter_script(character) for character in unmixed} - {None}) == 1 else word


def compose_tex_accents(text: str) -> str:
    r"""Letters in place of TeX's accent commands (``Ku\' s`` is ``Kuś``); braces and backslashes go."""
    if "\\" not in text and "{" not in text:
        return text
    composed = _TEX_ACCENT.sub(lambda found: found[3] + _TEX_MARKS[found[1] or found[2]], text)
    return " ".join(unicodedata.normalize("NFC", _TEX_REST.sub("", composed)).split())
