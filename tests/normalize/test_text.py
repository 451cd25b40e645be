"""Text is cleaned of what cannot be seen, and names fold to what their spellings share."""

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize import text as rules
from pipelines.normalize.text import clean_lists, clean_text, clean_texts, fold_name

# Hypothesis's own text seldom holds what the rules are about, so half of the characters are drawn from it.
TROUBLE = (
    "\x00\x01\t\n\x85\x98\x9c\xa0\xad\u200b\u200c\u200d\u200e\u2028\u202f\u3000\ufeff\u0301"
    "\u0345\u3099 e\u212aक़\u0130ßΣς"
)
texts = st.text(st.one_of(st.sampled_from(TROUBLE), st.characters(exclude_categories=["Cs"])))


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        (None, None),
        ("", None),
        (" \t\n\xa0\u3000", None),
        ("\ufeffTitle", "Title"),
        ("  a \n\t b\xa0\xa0c  ", "a b c"),
        ("e\u0301", "é"),
        ("NUL\x00 is dropped", "NUL is dropped"),
        ("bell\x07rings", "bell rings"),
        ("soft\xadhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("\u200fעברית\u200e 1", "עברית 1"),
        ("\x98L'\x9cétranger", "L'étranger"),
        ("کتاب\u200cها", "کتاب\u200cها"),
        ("plain\u200cLatin \u200d", "plainLatin"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("王\u3000昱", "王 昱"),
    ],
)
def test_clean_text(written: str | None, clean: str | None) -> None:
    assert clean_text(written) == clean


@given(texts)
def test_cleaning_twice_changes_nothing(written: str) -> None:
    once = clean_text(written)
    assert clean_text(once) == once


@given(st.lists(st.none() | texts))
def test_a_column_is_cleaned_as_its_texts_are(written: list[str | None]) -> None:
    expected = [clean_text(text) for text in written]
    assert clean_texts(pa.array(written, pa.string())).to_pylist() == expected
    assert clean_texts(pa.array([None, *written], pa.string())[1:]).to_pylist() == expected
    assert clean_texts(pa.chunked_array([written, written], pa.string())).to_pylist() == expected * 2


def test_every_character_of_the_plain_class_is_clean_beside_every_kind_of_other() -> None:
    ranges = rules._PLAIN
    plain = []
    position = 0
    while position < len(ranges):
        if position + 2 < len(ranges) and ranges[position + 1] == "-":
            plain += [chr(code) for code in range(ord(ranges[position]), ord(ranges[position + 2]) + 1)]
            position += 3
        else:
            plain.append(ranges[position])
            position += 1
    assert len(plain) > 30_000
    assert [character for character in plain if clean_text(character) != character] == []
    # Nothing composes with a plain character before it, and none is a mark that could move.
    assert [character for character in plain if unicodedata.combining(character)] == []
    firsts = "aeAEиегΑΩابواハか가ㄱ\u1100"
    assert [c for c in plain if any(clean_text(first + c) != first + c for first in firsts)] == []


def test_white_space_is_the_same_in_columns_as_in_python() -> None:
    characters = [chr(code) for code in range(0x3100)]
    written = [f"a{character}b" for character in characters]
    assert clean_texts(pa.array(written)).to_pylist() == [clean_text(text) for text in written]


@given(st.lists(st.none() | st.lists(st.none() | st.sampled_from(["a", " a", "b", "", "\x00", "é", "e\u0301"]))))
def test_lists_lose_empty_texts_and_repeats_and_keep_their_order(written: list[list[str | None] | None]) -> None:
    expected = [
        list(dict.fromkeys(clean for text in values or [] if (clean := clean_text(text)))) or None for values in written
    ]
    column = pa.array([["x"], *written], pa.list_(pa.string()))[1:]
    cleaned = clean_lists(column)
    cleaned.validate(full=True)
    assert cleaned.to_pylist() == expected
    assert clean_lists(pa.chunked_array([column, column])).to_pylist() == expected * 2


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("O'Brien-Smith, J. K.", "obriensmithjk"),
        ("Łukasz Ørsted", "lukaszorsted"),
        ("Đặng Þór Æsir Œuvre ıŞık", "dangthoraesiroeuvreisik"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Παπαδόπουλος", "παπαδοπουλοσ"),
        ("ΠΑΠΑΔΟΠΟΥΛΟΣ", "παπαδοπουλοσ"),
        ("Семёнов", "семенов"),
        ("Grigorʹev", "grigorev"),
        ("מֹשֶׁה", "משה"),
        ("مُحَمَّد", "محمد"),
        ("김철수", "김철수"),
        ("王昱", "王昱"),
        ("ガガ", "ガガ"),
        ("ｶﾞ", "ガ"),
        ("हरि", "हरि"),
        ("ＡＢＣ", "abc"),
        ("—", ""),
    ],
)
def test_fold_name(name: str, folded: str) -> None:
    assert fold_name(name) == folded
    assert fold_name(unicodedata.normalize("NFD", name)) == folded


@given(texts)
def test_folding_twice_changes_nothing(name: str) -> None:
    folded = fold_name(name)
    assert fold_name(folded) == folded
    assert unicodedata.is_normalized("NFC", folded)
