"""A column folds as its texts do, one by one, by ICU."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.folding import DEFAULT_ICU_RULES, transliterator
from pipelines.normalize.folded_columns import fold_column


def by_icu(text: str) -> str:
    folded: str = transliterator(DEFAULT_ICU_RULES).transliterate(text)
    return folded


def test_every_latin_letter_and_mark_is_folded_as_icu_folds_it():
    blocks = [(0, 0x370), (0x1E00, 0x1F00), (0x2000, 0x2300), (0xFE20, 0xFE30)]
    letters = [chr(code) for block in blocks for code in range(*block)]
    texts = [text for letter in letters for text in (letter, f"a{letter}", f"{letter}B", f"I{letter} \u0307x")]
    folded = fold_column(pa.array(texts)).to_pylist()
    assert [(text, part) for text, part in zip(texts, folded, strict=True) if part != by_icu(text)] == []


latin = st.text(st.characters(max_codepoint=0x24F) | st.characters(min_codepoint=0x300, max_codepoint=0x36F))
texts = st.lists(st.none() | latin | st.text(), max_size=20)


@given(texts)
def test_a_column_folds_as_its_texts_do(texts: list[str | None]):
    column = pa.array(["sliced off", *texts], pa.string()).slice(1)
    assert fold_column(column).to_pylist() == [None if text is None else by_icu(text) for text in texts]
