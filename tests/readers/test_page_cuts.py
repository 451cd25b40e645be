"""What pages as text give does not depend on where the stream is cut, whatever is damaged in them."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import page_text
from pipelines.readers.chunks import Piece
from pipelines.readers.streams import ByteStream
from tests.readers.test_view_columns import ABOVE, LINES

#: What a damaged page may hold besides, most of it found by the fuzzer.
DAMAGED = [
    "_version_ | 17 .",
    "_rvesion_ | 17 |",
    "_version_ | 17 |\n---|---|\nid | 3 |",
    "_version_ | open\n---|---|\ntitle | T |",
    "title | open\n---|---|\nclosed |",
    "open |\n---|---|",
    "title | T |\nmore of it |",
    "Chargement",
    "en cours…",
    "Chargement en cours…",
    "Loading...",
    "Loading...\ntitle | T |",
]
lines = st.lists(st.sampled_from([*LINES, *DAMAGED]), max_size=9)
texts = st.lists(st.tuples(st.sampled_from(ABOVE), st.booleans(), lines), min_size=1, max_size=4)


def written(pages: Sequence[tuple[str, bool, list[str]]]) -> str:
    views = ["_version_ | 17 |\n---|---|\nid | 1 |", "title | T |"]
    return "\n".join(above + "\n".join([views[not plain], *others]) for above, plain, others in pages)


def given_by(data: bytes, chunk_bytes: int) -> Iterator[tuple[Any, ...]]:
    """What becomes of each page, and where it stands."""
    for piece in page_text.FORMAT.split("f", "", ByteStream(iter([data])), chunk_bytes):
        assert isinstance(piece, Piece)
        batch = page_text.FORMAT.parse((piece,))
        yield from (("document", *row.values()) for row in batch.documents.to_pylist())
        yield from (("refused", *row.values()) for row in batch.quarantined.to_pylist())


def in_order(data: bytes, chunk_bytes: int) -> list[str]:
    return sorted(map(repr, given_by(data, chunk_bytes)))


@given(texts, st.booleans(), st.data())
def test_mutated_pages_give_the_same_wherever_they_are_cut(
    pages: list[tuple[str, bool, list[str]]], ended: bool, draw: st.DataObject
):
    data = (written(pages) + "\n" * ended).encode()
    whole = in_order(data, len(data) + 1)
    for chunk_bytes in draw.draw(st.lists(st.integers(1, len(data)), min_size=1, max_size=8, unique=True)):
        assert in_order(data, chunk_bytes) == whole, chunk_bytes


@given(texts, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=6)), max_size=4), st.data())
def test_so_do_pages_of_which_bytes_are_lost(
    pages: list[tuple[str, bool, list[str]]], changes: list[tuple[float, int, bytes]], draw: st.DataObject
):
    data = written(pages).encode()
    for place, lost, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + lost :]
    whole = in_order(data, len(data) + 1)
    for chunk_bytes in draw.draw(st.lists(st.integers(1, max(len(data), 1)), min_size=1, max_size=8, unique=True)):
        assert in_order(data, chunk_bytes) == whole, chunk_bytes


@pytest.mark.parametrize("damaged", DAMAGED)
def test_each_damage_gives_the_same_at_many_cuts(damaged: str):
    page = ABOVE[1] + "_version_ | 17 |\n---|---|\nid | 2 |\n"
    data = (page + damaged + "\n" + damaged + "\n" + page).encode()
    whole = in_order(data, len(data) + 1)
    for chunk_bytes in range(1, len(data), 8):
        assert in_order(data, chunk_bytes) == whole, chunk_bytes


def test_a_page_whose_first_row_is_damaged_stays_one_page():
    """The fuzzer's page: cut behind the damaged row, it was one without staff view."""
    shown = "Autor principal: | |\n---|---|\nFormato: | Online Artículo |\nPublicado: |\nMDPI\n2022\n|\n"
    data = "".join(
        [
            f"Cargando…\nTitle\n{shown}_rvesion_ | 17 |\n---|---|\naut\udce8or | Wu, B |\n",
            f"Title\n{shown}_version_ | 17 .\n---|---|\nauthor | Wu, B |\nid | 1 |\n",
            "_version_ | 17 |\n---|---|\nid | 2 |\n",
        ]
    ).encode(errors="surrogateescape")
    whole = in_order(data, len(data) + 1)
    assert sum("cut off in the field _version_" in row for row in whole) == 1
    for chunk_bytes in range(1, len(data), 8):
        assert in_order(data, chunk_bytes) == whole, chunk_bytes
