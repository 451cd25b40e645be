"""What is done to the bytes of a column is what would be done to each of its texts."""

import re

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.byte_columns import DROPPED, map_bytes, text_hashes
from pipelines.stable_ids import stable_ids

#: Letters to capitals, full stops to blanks, all else but blanks dropped.
TABLE = np.full(256, DROPPED, np.uint8)
TABLE[ord("a") : ord("z") + 1] = np.arange(ord("A"), ord("Z") + 1)
TABLE[[ord("."), ord(" ")]] = ord(" ")

texts = st.lists(st.text(st.sampled_from("abz. -éЖ"), max_size=8), max_size=8)
slices = st.tuples(st.integers(0, 4), st.integers(0, 8))


def mapped(text: str) -> str:
    return re.sub(
        "[^A-Z ]", "", re.sub("[.]", " ", re.sub("[A-Z]", "", text).upper().replace("É", "").replace("Ж", ""))
    )


@given(texts, slices)
def test_each_byte_is_mapped_or_dropped_in_any_slice(written: list[str], part: tuple[int, int]) -> None:
    column = pa.array(written, pa.string()).slice(*part)
    result = map_bytes(column, TABLE)
    result.validate(full=True)
    assert result.to_pylist() == [mapped(text) for text in column.to_pylist()]


@given(texts, slices)
def test_runs_of_blanks_are_closed_up_and_none_is_left_at_the_ends(written: list[str], part: tuple[int, int]) -> None:
    column = pa.array(written, pa.string()).slice(*part)
    expected = [" ".join(mapped(text).split()) for text in column.to_pylist()]
    assert map_bytes(column, TABLE, close_blanks=True).to_pylist() == expected


@given(st.lists(st.text(max_size=300) | st.text(max_size=3).map(lambda text: text * 500), max_size=8), slices)
def test_hashes_are_the_stable_ids_of_the_texts(written: list[str], part: tuple[int, int]) -> None:
    column = pa.array(written, pa.string()).slice(*part)
    assert text_hashes(column).tolist() == stable_ids(column.to_pylist())
