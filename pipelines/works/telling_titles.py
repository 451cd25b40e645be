"""What a title says of itself, by its words: whether they are enough to stand for the whole."""

from __future__ import annotations

from typing import Final

from pipelines.works.han_titles import count_han
from pipelines.works.title_words import MARK

#: Words and letters that make a title telling: enough to stand for the whole.
TELLING_WORDS: Final = 3
TELLING_LETTERS: Final = 18
#: Words of a title that no second text of the same person has by chance.
WORDS_OF_A_LONG_TITLE: Final = 8


def is_telling(words: str) -> bool:
    """Whether the words of a title say enough to stand for the whole: three words, or two long ones."""
    return _count_words(words) >= TELLING_WORDS or count_letters(words.replace(MARK, "").split()) >= TELLING_LETTERS


def is_long(words: str) -> bool:
    """Whether a title is so long that no second text of the same person has it by chance."""
    return _count_words(words) >= WORDS_OF_A_LONG_TITLE


def _count_words(words: str) -> int:
    """How many words a title has; two Chinese characters are one, as a rule."""
    each = words.split()
    if words.isascii():
        return len(each) - each.count(MARK)
    return sum((count_han(word) + 1) // 2 or 1 for word in each if word != MARK)


def count_letters(words: list[str]) -> int:
    """How many letters words have; a Chinese character says as much as three, half a word."""
    joined = "".join(words)
    return len(joined) if joined.isascii() else len(joined) + 2 * count_han(joined)
