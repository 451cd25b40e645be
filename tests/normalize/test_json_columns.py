"""Local fields as canonical JSON: whatever a number looks like, it stays as it was written."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.normalize.json_columns import canonical_objects, json_objects

#: The grammar of a JSON number (RFC 8259, section 6), as far as ``numeric`` goes.
NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)


def canonical(text: str) -> str:
    [found] = canonical_objects(pa.array([text])).to_pylist()
    return found


@pytest.mark.parametrize(
    "number",
    [
        "0", "7", "-7", "9007199254740993", "18446744073709551616", "123456789012345678901234567890",
        "1.5", "1.10", "1.0", "-0", "-0.0", "0.1000000000000000055", "0.30000000000000004",
        "99999999999999.999", "123456789012.123456789", "100000000000000.5", "1234567.12345678",
        "1e5", "1E+05", "1.5e-7", "5e-324", "1e400",
    ],
)  # fmt: skip
def test_every_number_stays_as_it_is_written(number: str):
    for value in (number, f"[{number}]", f"[1,{number},2]", f'{{"x":{number}}}'):
        assert canonical(f'{{"x":{value}}}') == f'{{"x":{value}}}'


@given(NUMBERS)
@example("99999999999999.999")
def test_so_does_any_other(number: str):
    assert canonical(f'{{"x":{number}}}') == f'{{"x":{number}}}'


@given(NUMBERS)
def test_so_it_does_where_fields_are_joined_with_it(number: str):
    [joined] = json_objects({"a": pa.array(["A"])}, pa.array([f'{{"x":{number}}}'])).to_pylist()
    assert joined == f'{{"a":"A","x":{number}}}'


@pytest.mark.parametrize("number", ["9" * 1_001, "1e1001", "1e-1001", "1e99999999999999999999"])
def test_a_number_that_no_numeric_holds_becomes_a_text(number: str):
    assert canonical(f'{{"x":{number}}}') == f'{{"x":"{number}"}}'


@pytest.mark.parametrize("text", ["Bd. 1, 10.1000/x", ":0.5", "[1.50]", "1e5", "9" * 30])
def test_what_looks_like_one_within_a_text_is_text(text: str):
    assert canonical(f'{{"x":"{text}"}}') == f'{{"x":"{text}"}}'
