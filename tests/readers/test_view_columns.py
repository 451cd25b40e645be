"""Pages as text read in columns give, row by row, what is read page by page, whatever the pages hold."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import page_text
from pipelines.readers.author_cut import _edges, _only_way, _ways
from pipelines.readers.barred_views import without_bars
from pipelines.readers.chunks import Piece
from pipelines.readers.pages import parse_pages
from pipelines.readers.plain_views import Tables, find_views
from pipelines.readers.staff_view import find_table, read_table
from pipelines.records import RAW_RECORDS

LINES = [
    "title | Rivers & \"lakes\" \\ é |",
    "title | Other |",
    "title | |",
    "title |  |",
    "title ||",
    "title |",
    "title |\tTabbed\t|",
    "title | two  |",
    "title | open",
    "title | a | b |",
    "title | with a carriage return |\r",
    "author | Wu, B Li, A |",
    "author | Мак, Б Li, A. |",
    "author2 | Xu, C |",
    "author_sort | Wu, B |",
    "author_sort | Wu, B Li, A |",
    "author_facet | Wu, B Li, A |",
    "author_facet | Wu, B Li, A Xu, C |",
    "author_corporate | Ministry of Works |",
    "work_keys_str_mv | AT wub t AT lia t |",
    "work_keys_str_mv | AT wub t AT lia t AT xuc t AT wublia t |",
    "format | Online Article Text |",
    "format | Nothing known |",
    "language | English Old English |",
    "topic | Botany Medical |",
    "topic | 0/a/ 1/a/b/ |",
    "url | http://a/b c https://d ftp://e |",
    "isbn | 9783161484100 316148410X |",
    "issn | 1234-5678 (print) |",
    "publishDate | 2022 2023 |",
    "publishDate | \u00a0 |",
    "isbn | \u3000\u00a0 |",
    "local_str_mv | \u00a0 |",
    "spelling | x Rivers Wu, B Li, A Nature Review 2022-11-12 https://creativecommons.org/licenses/by/4.0/ |",
    "local_str | a \"b\" \\ c\x01 |",
    "local_str_mv | a b |",
    "license_str | of its own |",
    "container_title | Journal |",
    "_version_ | 007 |",
    "_version_ | x |",
    "id | again |",
    "goes on\nand on |",
    "---|---|",
    "---|---| \t",
    "---|---|---|",
    "Label: | value |",
    "two words | value |",
    "Cargando…",
    "",
    "text beside",
    "title | with two |\r\r",
    "title |\r",
    "title | |\r",
    "title ||\r",
    "title | open\r",
    "---|---|\r",
]  # fmt: skip
ABOVE = [
    "",
    "Cargando…\nTitle\nAutores principales: | , |\n---|---|\nPublicado: |\nMDPI\n2022\n|\n",
    "Loading...\nTitle\nMain Authors: | Wu, B, Li, A |\n---|---|\nFormat: | Article |\nLanguage: | English |\n",
    "Title\nMain Authors: Wu, B, Li, A\n",
    "title | no row of a view |\n",
]

ABOVE += [above.replace("\n", "\r\n") for above in ABOVE[1:3]]

page = st.tuples(st.sampled_from(ABOVE), st.lists(st.sampled_from(LINES), max_size=6), st.booleans())
pages = st.lists(page, min_size=8, max_size=12)


def written(found: Sequence[tuple[str, list[str], bool]]) -> list[bytes]:
    return [
        (above + "\n".join(["_version_ | 17 |", "---|---|", f"id | {n} |", *lines]) + "\n" * ended).encode()
        for n, (above, lines, ended) in enumerate(found)
    ]


def _pages_one_by_one(text: bytes) -> Iterator[tuple[int, int, page_text.TextPage]]:
    """The pages of a text of which no view is known to be plain."""
    unbarred = without_bars(text)
    if unbarred is None:
        return page_text._pages(Tables(text, 0, None, {}))
    return unbarred.in_file(page_text._pages(Tables(unbarred.text, 0, None, {}), unbarred))


def both_ways(texts: Sequence[bytes]) -> None:
    pieces = tuple(Piece(f"f{n}", "m", n, 7, text) for n, text in enumerate(texts))
    quick = page_text.FORMAT.parse(pieces)
    alone = [_pages_one_by_one(text) for text in texts]
    slow = parse_pages(pieces, lambda _: alone, page_text.page_row)
    assert quick.documents.schema == RAW_RECORDS
    assert quick.documents.to_pylist() == slow.documents.to_pylist()
    assert quick.quarantined.to_pylist() == slow.quarantined.to_pylist()


@given(pages, st.booleans(), st.sampled_from([b"\n", b"\r\n"]))
def test_columns_say_what_pages_say(found: list[tuple[str, list[str], bool]], in_one_file: bool, newline: bytes):
    texts = [text.replace(b"\n", newline) for text in written(found)]
    both_ways([b"\n".join(texts)] if in_one_file else texts)


def test_pages_with_carriage_returns_are_read_in_columns():
    texts = [text.replace(b"\n", b"\r\n") for text in written([(ABOVE[1], [LINES[0], LINES[11], LINES[19]], True)] * 8)]
    assert all(tables.plain(start) for tables in find_views(texts) if (start := tables.find()) is not None)
    both_ways(texts)


@pytest.mark.parametrize("above", ABOVE)
def test_each_line_is_read_alike_beside_plain_pages(above: str):
    both_ways(written([(above, [line, LINES[0]], True) for line in LINES]))
    both_ways(written([(above, [LINES[11], LINES[19], line], False) for line in LINES]))


@given(
    pages,
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=6)), max_size=4),
    st.booleans(),
)
def test_so_they_do_where_bytes_are_lost_or_others(
    found: list[tuple[str, list[str], bool]], changes: list[tuple[float, int, bytes]], in_one_file: bool
):
    text = b"\n\0\n".join(written(found))
    for place, cut, put in changes:
        at = int(place * len(text))
        text = text[:at] + put + text[at + cut :]
    both_ways([text] if in_one_file else text.split(b"\n\0\n"))


def test_plain_views_are_those_that_are_read_row_by_row():
    texts = written([("", LINES[:1], True), (ABOVE[1], ["topic | T |"], False)])
    for tables, text in zip(find_views(texts), texts, strict=True):
        start = tables.find()
        assert start is not None and start == find_table(text)
        plain = tables.plain(start)
        assert plain is not None
        view, end = plain
        assert (view.rows(), end, "") == read_table(text, start)
        assert tables.find(end) is None


WORDS = st.sampled_from(["a", "ab", "b", "ba", "Ab,", "é", "-", "Мак", "Σας", "王", "B.", "a\u0301", "µ", ""])


@given(st.lists(WORDS, min_size=1, max_size=7), st.lists(st.sampled_from(["a", "ab", "b", "aba", "e", "mak", "bb"])))
def test_the_only_way_to_cut_names_is_the_one_that_is_found_by_trying_all(words: list[str], parts: list[str]):
    found = _only_way(" ".join(words), words, parts, 0)
    every = _ways(_edges(words, parts, 0), len(words))
    if found is not None:
        assert every == [] if not found else [[edge.end for edge in way] for way in every or ()] == [found]
