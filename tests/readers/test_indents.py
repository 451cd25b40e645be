"""Values that a program has set in lines of their own lose these lines; any other text stays as it is."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.indents import is_set_in, may_be_set_in, without_indent


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\n   lib 1\n  ", "lib 1"),
        ("\r\n   a\r\n b\r\n", "a\r\n b"),
        ("\n \u00a0x\u3000\n", "\u00a0x\u3000"),
        ("\n\n", "\n\n"),
        ("\n a", "\n a"),
        ("a\n", "a\n"),
        (" \n a\n", " \n a\n"),
        ("\n a\n b", "\n a\n b"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_a_text_between_newlines_is_what_stands_in_its_lines(text: str, value: str):
    assert without_indent(text) == value


@given(st.text(st.sampled_from("\n\r\t a\u00a0")))
def test_what_is_changed_is_told_beforehand_and_once(text: str):
    value = without_indent(text)
    assert without_indent(value) == value
    assert is_set_in(text) == (value != text)
    assert may_be_set_in(pa.array([text])).tolist() == [True] or value == text


@pytest.mark.parametrize("blanks", ["\n" * 1_000_000, " \n" * 500_000, "\n " * 500_000])
def test_a_megabyte_of_blanks_is_looked_through_once(blanks: str):
    text = f"\n{blanks}x"
    assert without_indent(text) == text
    assert without_indent(f"{text}\n") == "x"
