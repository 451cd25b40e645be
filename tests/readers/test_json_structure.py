"""Brackets, newlines and quotes of a JSON text: what is in strings is none."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import json_structure
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.json_structure import innermost, structure_of

PARTS = [
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    "\n",
    ",",
    ":",
    "a",
    "eight signs",
    '"a"',
    '"{"',
    '"\\""',
    "é",
    "\\" * 17,
    '"\n"',
]


def found(text: bytes, begin: int, end: int, *, is_compiled: bool) -> list[list[Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_structure, "IS_COMPILED", is_compiled)
        one = structure_of(text, begin, end)
    assert one.depths.tolist() == one.steps.cumsum(dtype=int).tolist()
    return [one.brackets.tolist(), one.steps.tolist(), one.newlines.tolist(), one.quotes.tolist()]


def sign_by_sign(text: bytes, begin: int, end: int) -> list[list[Any]]:
    brackets, steps, newlines, quotes = [], [], [], []
    within = False
    for place in range(begin, end):
        sign, before = text[place : place + 1], text[begin:place]
        if sign == b'"' and (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
            quotes.append(place)
            within = not within
        elif not within and sign and sign in b"{[]}":
            brackets.append(place)
            steps.append(1 if sign in b"{[" else -1)
        elif not within and sign == b"\n":
            newlines.append(place)
    return [brackets, steps, newlines, quotes]


# Sixty-four bytes are looked at together: signs and runs of backslashes stand on both sides of where they end.
@given(st.lists(st.sampled_from([*PARTS, "b" * 55]), max_size=12).map("".join), st.integers(0, 10), st.integers(0, 10))
@example('{"a":["\\\\",{"b":"\\""}]}\n', 0, 0)
@example('"abcdefg\\', 0, 0)
@example('"abcdefg', 0, 0)
@example('"' + "b" * 62 + '\\"{"', 0, 0)
@example('"' + "b" * 61 + '\\\\"{"', 0, 0)
@example('"' + "\\" * 127 + '"{"', 0, 0)
@example('"' + "\\" * 128 + '"{"[', 0, 0)
def test_structure_is_what_it_is_sign_by_sign(parts: str, behind: int, before: int):
    text = parts.encode()
    begin, end = min(behind, len(text)), max(len(text) - before, min(behind, len(text)))
    expected = sign_by_sign(text, begin, end)
    for is_compiled in {IS_COMPILED, False}:
        assert found(text, begin, end, is_compiled=is_compiled) == expected


def steps_of(text: str) -> list[int]:
    return [1 if sign in "[{" else -1 for sign in text if sign in "[]{}"]


@given(st.text(st.sampled_from("[]{},"), max_size=30), st.data())
def test_the_innermost_bracket_is_the_last_that_is_open(text: str, data: st.DataObject):
    begin = data.draw(st.integers(0, len(text)))
    places = sorted(data.draw(st.lists(st.integers(begin, len(text)), max_size=8)))
    found = innermost(structure_of(text.encode()), begin, np.array(places, np.int64)).tolist()
    for place, bracket in zip(places, found, strict=True):
        assert (bracket >= 0) == (sum(steps_of(text[begin:place])) > 0)
        if bracket >= 0:
            assert text[bracket] in "[{"
            steps = steps_of(text[bracket + 1 : place])
            assert sum(steps) == 0
            assert all(sum(steps[:at]) >= 0 for at in range(len(steps)))
