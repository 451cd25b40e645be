"""When two descriptions are one abstract."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.description_hash import FEWEST_LETTERS, description_hashes, letters_of

ABSTRACT = (
    "We study the behaviour of 12 rats in great plagues, and show that the answer is less known than it seems. " * 2
)
FOREIGN = "Über die Prävention der Pest – eine Studie über Ratten und Mäuse, in der gezeigt wird, was nicht war. " * 2


def hashed(*texts: str | None) -> list[int | None]:
    return description_hashes(pa.array(texts, pa.string())).to_pylist()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ABSTRACT, ABSTRACT.upper()),
        (ABSTRACT, ABSTRACT.replace(" ", "\n  ").replace(",", " -")),
        (ABSTRACT, "<p>" + ABSTRACT.replace("12", "<b>12</b>") + "</p>"),
        (ABSTRACT, "Abstract: " + ABSTRACT),
        (ABSTRACT, "SUMMARY\n" + ABSTRACT),
        (ABSTRACT, ABSTRACT.replace(",", "—")),
        (FOREIGN, FOREIGN.replace("–", "-").upper()),
    ],
)
def test_one_abstract_is_known_however_it_is_set(first: str, second: str):
    a, b = hashed(first, second)
    assert a == b
    assert a is not None


@pytest.mark.parametrize(
    ("first", "second"), [(ABSTRACT, ABSTRACT.replace("12", "13")), (FOREIGN, FOREIGN.replace("Pest", "Post"))]
)
def test_another_letter_or_digit_makes_another(first: str, second: str):
    assert len({*hashed(first, second)}) == 2


@pytest.mark.parametrize(
    "text", [None, "", "Includes bibliographical references", "a" * (FEWEST_LETTERS - 1), "- " * 200, "語" * 99]
)
def test_what_is_short_tells_nothing(text: str | None):
    assert hashed(text) == [None]


def test_letters_count_and_not_bytes():
    assert hashed("a" * FEWEST_LETTERS, "語" * FEWEST_LETTERS).count(None) == 0


@given(st.lists(st.none() | st.text(max_size=20).map(lambda text: text * 12), max_size=6))
def test_a_hash_rests_on_its_own_text_alone(texts: list[str | None]):
    assert hashed(*texts) == [hashed(text)[0] for text in texts]


# What composes, what falls apart or changes its letter, what has no lower case of one letter.
odd_letters = st.sampled_from("aE1 <=-éÉİΣςßﬁ½Kﾞがか\u0301\u0338\u0327\u1112\u1161\u11ab각\u0345ᾳЖ語™")


@given(st.lists(st.text() | st.text(odd_letters, max_size=12), max_size=6))
def test_characters_fold_as_the_text_they_are_in(texts: list[str]):
    whole = pc.utf8_lower(pc.utf8_normalize(pa.array(texts, pa.string()), form="NFKC"))
    expected = pc.replace_substring_regex(whole, r"[^\p{L}\p{M}\p{N}]+", "").to_pylist()
    assert [letters.decode() for letters in letters_of(pa.array(texts, pa.string()))] == expected


def test_every_character_folds_to_what_folds_no_further():
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    folded = letters_of(pa.array(characters))
    assert letters_of(pa.array([letters.decode() for letters in folded])) == folded
