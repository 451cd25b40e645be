"""Staff views whose rows begin with a bar: the same documents as without it, or none where that is in doubt."""

import re
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import page_rows, page_text
from pipelines.readers.barred_views import DOUBTFUL, without_bars
from pipelines.readers.chunks import Piece
from pipelines.readers.documents import to_documents
from pipelines.readers.first_lines import first_lines, first_lines_among_rows
from pipelines.readers.staff_view import SHIFTED
from pipelines.readers.streams import ByteStream
from pipelines.readers.unknown_files import describe

PAGES = Path(__file__).parents[3] / "shared" / "dumps" / "pages"
needs_pages = pytest.mark.skipif(not PAGES.exists(), reason="the shared pages are not on this machine")

Rows = Sequence[tuple[str, str]]
SHOWN = [("Autores principales:", ", "), ("Formato:", "Libro"), ("Lenguaje:", "Inglés")]
STAFF = [
    ("_version_", "17"), ("author", "Wu, B Li, A"), ("description", "Of bars and stars"), ("edition", ""), ("id", "1"),
    ("title", "Bars"), ("title_short", "Bars"), ("work_keys_str_mv", "AT wub bars AT lia bars"),
]  # fmt: skip


def escaped(value: str) -> str:
    """A value as trafilatura 2.3 writes it in Markdown."""
    for sign in "*_`~[]<":
        value = re.sub(rf"\\*{re.escape(sign)}", lambda run: "\\" * (2 * len(run[0]) - 1) + run[0][-1], value)
    return value.replace("|", "\\|")


def table(rows: Rows, row: str, rule: str, value: Callable[[str], str] = str, name: Callable[[str], str] = str) -> str:
    first, *others = [row.format(name(one), value(text)) for one, text in rows]
    return "".join([first, f"{rule}\n", *others])


WRITERS: dict[str, Callable[[Rows], str]] = {
    "as it is read": lambda rows: table(rows, "{} | {} |\n", "---|---|"),
    "trafilatura 2.0": lambda rows: table(rows, "| {} | {} |\n", "|---|---|"),
    "trafilatura 2.1": lambda rows: table(rows, "| {} | {} | \n", "|---|---|"),
    "trafilatura 2.3": lambda rows: table(rows, "| {} | {} | \n", "|---|---|", lambda text: text.replace("|", "\\|")),
    "a blank behind values": lambda rows: table(rows, "| {} | {}  | \n", "|---|---|"),
    "as markdown": lambda rows: table(rows, "| {} | {} | \n", "|---|---|", escaped, escaped),
    "markdownify": lambda rows: (
        "|  |  |\n| --- | --- |\n" + table(rows, "| {} | {} |\n", "", starred, starred).replace("\n\n", "\n", 1)
    ),
    "spaced": lambda rows: table(rows, "| {} | {} |\n", "| --- | --- |"),
    "without a blank before": lambda rows: table(rows, "|{} | {} |\n", "|---|---|"),
    "a no-break space before": lambda rows: table(rows, "\u00a0| {} | {} |\n", "\u00a0|---|---|"),
    "ends of lines as in Windows": lambda rows: table(rows, "| {} | {} |\r\n", "|---|---|\r"),
}
BARRED = [name for name in WRITERS if name != "as it is read"]


def starred(text: str) -> str:
    return text.replace("*", "\\*").replace("_", "\\_")


def read(text: str | bytes) -> tuple[list[dict[str, Any]], list[str]]:
    data = text.encode() if isinstance(text, str) else text
    batch = page_text.FORMAT.parse((Piece("page.txt", "", 0, 1, data),))
    return list(to_documents(batch.documents)), batch.quarantined.column("reason").to_pylist()


def alone(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Documents without where they stood."""
    places = ("offset", "length", "line")
    return [
        one | {"_lineage": {name: value for name, value in one["_lineage"].items() if name not in places}}
        for one in documents
    ]


@pytest.mark.parametrize("pages", [1, 9], ids=["alone", "in columns"])
@pytest.mark.parametrize("above", [[], SHOWN], ids=["bare", "with what the page shows"])
@pytest.mark.parametrize("writer", BARRED)
def test_gives_what_it_gives_without_bars(writer: str, above: Rows, pages: int):
    given_by = [(write(above) if above else "") + write(STAFF) for write in (WRITERS["as it is read"], WRITERS[writer])]
    plain, barred = (read(one * pages) for one in given_by)
    assert (alone(barred[0]), barred[1]) == (alone(plain[0]), plain[1]) == (alone(plain[0]), [])
    assert [one["author"] for one in barred[0]] == [["Wu, B", "Li, A"]] * pages
    assert [one["_lineage"].get("page_language") for one in barred[0]] == ["es" if above else None] * pages
    assert page_text.FORMAT.recognises(given_by[1].encode())


@pytest.mark.parametrize("writer", BARRED)
def test_rows_of_a_web_corpus_give_the_same(writer: str):
    rows = [orjson.dumps({"text": write(STAFF), "url": "u"}) + b"\n" for write in WRITERS.values()]
    assert page_rows.FORMAT.recognises(rows[1])
    batch = page_rows.FORMAT.parse((Piece("f", "", 0, 1, b"".join(rows)),))
    documents = alone(list(to_documents(batch.documents)))
    assert (len(documents), batch.quarantined.num_rows) == (len(WRITERS), 0)
    assert all(one == documents[0] for one in documents)


@pytest.mark.parametrize(
    ("writer", "value", "read_as"),
    [
        ("trafilatura 2.0", "a | b", "a | b"),
        ("trafilatura 2.0", "first\nsecond", "first\nsecond"),
        ("trafilatura 2.0", r"a | \|x\|", r"a | \|x\|"),
        ("trafilatura 2.0", "*a* [b] \\_", "*a* [b] \\_"),
        ("trafilatura 2.1", "a | b", "a | b"),
        ("trafilatura 2.3", "a | b", "a | b"),
        ("trafilatura 2.3", "a |", "a |"),
        ("trafilatura 2.3", "| a", "| a"),
        ("trafilatura 2.3", r"a\b *c* \_", r"a\b *c* \_"),
        ("as markdown", r"\|x\| and $a_1$ [b] \\* c\d | *", r"\|x\| and $a_1$ [b] \\* c\d | *"),
        ("markdownify", r"a_b \* | c", r"a_b \* | c"),
    ],
)
def test_a_value_is_as_the_page_had_it(writer: str, value: str, read_as: str):
    documents, refused = read(WRITERS[writer]([*STAFF[:2], ("description", value), *STAFF[3:]]))
    assert ([one["description"] for one in documents], refused) == ([read_as], [])


def test_a_formula_in_markdown_stays_as_it_was_written():
    page = WRITERS["as markdown"](STAFF).replace("Of bars", "$a_1 [x]$ Of \\_ bars")
    assert read(page)[0][0]["description"] == "$a_1 [x]$ Of _ bars and stars"


SEEN = WRITERS["trafilatura 2.0"](STAFF)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (SEEN.replace("| id", "id"), SHIFTED),
        (SEEN.replace("| title |", "title |"), SHIFTED),
        (SEEN.replace("| title |", "> | title |"), SHIFTED),
        (WRITERS["as it is read"](STAFF).replace("title |", "| title |"), SHIFTED),
        (WRITERS["as it is read"](STAFF[4:]).replace("\ntitle", "\n| title").replace("\nwork", "\n| work"), SHIFTED),
        (SEEN.replace("Of bars", "Of || title | bars"), SHIFTED),
        (SEEN.replace("|---|---|", "|---|---|---|"), SHIFTED),
        (SEEN.replace(" | ", "| "), SHIFTED),
        (SEEN.replace("Of bars", r"Of $\|x\|$"), DOUBTFUL),
        (SEEN.replace("| id | 1 |\n", ""), "no id"),
        (SEEN.rpartition("Bars |")[0], "the staff view is cut off in the field title_short"),
        (SEEN + "| id | 2 |\n", "the staff view has the field id twice"),
        (SEEN.encode().replace(b"Of bars", b"\xff"), "not UTF-8: byte 0xff in the field description"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("good", ["", SEEN], ids=["alone", "behind another"])
def test_a_page_in_doubt_is_quarantined_as_it_stands_in_the_file(page: str | bytes, reason: str, good: str):
    data = page.encode() if isinstance(page, str) else page
    batch = page_text.FORMAT.parse((Piece("f", "", 0, 1, good.encode() + data),))
    refused = batch.quarantined.to_pylist()
    if reason == SHIFTED and good and not refused[0]["offset"]:
        # Without a rule of its own it belongs to the page before, which is not read either.
        assert (refused[0]["reason"], refused[0]["raw"]) == (SHIFTED, good.encode() + data)
        return
    assert [(one["reason"], one["raw"], one["offset"]) for one in refused] == [(reason, data, len(good))]
    assert batch.documents.num_rows == (good != "")


@pytest.mark.parametrize(
    "text",
    [
        "# Fields\n\n| field | meaning |\n|---|---|\n| id | its number |\n| title | x |\n| title_short | x |\n",
        "| title | author |\n|---|---|\n| Bars | Wu |\n| id | format |\n",
        "| title | Bars |\n|---|---|\n| author | Wu |\n| id | 1 |\n",
        "| a | b | c |\n|---|---|---|\n| id | 1 | 2 |\n",
        "|---|---|\n| id | 1 |\n",
    ],
)
def test_a_table_of_something_else_is_no_staff_view(text: str):
    assert without_bars(text.encode()) is None
    assert not page_text.FORMAT.recognises(text.encode())
    documents, refused = read(text + WRITERS["as it is read"](STAFF))
    assert ([one["id"] for one in documents], refused) == (["1"], [])


def test_another_table_may_follow():
    others = "| Barcode | Status |\n|---|---|\n| 123 | in |\n\n| Copy | Due | Shelf |\n|---|---|---|\n| 1 | 2 | 3 |\n"
    documents, refused = read((SEEN + others) * 2)
    assert ([one["work_keys_str_mv"] for one in documents], refused) == ([["AT wub bars", "AT lia bars"]] * 2, [])


def test_links_above_a_view_are_no_names():
    shown = [("Autores principales:", "[Wu](/a?b), [Li](/c)"), *SHOWN[1:]]
    [document], _ = read(WRITERS["as markdown"](shown) + WRITERS["as markdown"](STAFF))
    assert "page_language" not in document["_lineage"]


@pytest.mark.parametrize("writer", ["as it is read", *BARRED])
@pytest.mark.parametrize("between", ["\n\f", "\f", "\f\n", "\n\nFooter\n\f"])
def test_pages_may_have_form_feeds_between_them(writer: str, between: str):
    page = WRITERS[writer](STAFF).rstrip()
    data = between.join([page] * 3).encode()
    documents, refused = read(data)
    assert ([one["id"] for one in documents], refused) == (["1"] * 3, [])
    assert [one["work_keys_str_mv"] for one in documents] == [["AT wub bars", "AT lia bars"]] * 3
    lineage = [one["_lineage"] for one in documents]
    assert b"".join(data[one["offset"] :][: one["length"]] for one in lineage) == data
    assert [one["line"] for one in lineage] == [data.count(b"\n", 0, one["offset"]) + 1 for one in lineage]


def test_what_a_page_is_does_not_depend_on_form_feeds_of_others():
    """Or a file gave other records in small chunks than in large ones (fuzzing found it)."""
    above, below = (
        b"x Bare\nMain Author: | |\n---|---|\nFormat: | Book |\n_version_ | 17 |\n",
        b"id | 1 |\ntitle | T |\n",
    )
    page = above + b"---|---|\n" + below + above + b"-+-|---|\n" + below
    alone, fed = (page_text.FORMAT.parse((Piece("f", "", 0, 1, before + page),)) for before in (b"", b"a |\f\n"))
    assert alone.documents.column("id").to_pylist() == fed.documents.column("id").to_pylist() == ["1"]


def test_a_form_feed_within_a_value_stays():
    documents, refused = read(WRITERS["as it is read"]([*STAFF[:2], ("description", "a\n\fb\fc"), *STAFF[4:]]))
    assert ([one["description"] for one in documents], refused) == (["a\n\fb\fc"], [])


@pytest.mark.parametrize("first", ["", "Cargando…\nTitle\n"])
@pytest.mark.parametrize("writer", ["trafilatura 2.0", "trafilatura 2.3", "as markdown"])
@pytest.mark.parametrize("above", [[], SHOWN], ids=["bare", "with what the page shows"])
def test_pages_that_end_without_a_newline_may_be_put_together(writer: str, above: Rows, first: str):
    write = WRITERS[writer]
    page = (first + (write(above) if above else "") + write(STAFF)).rstrip()
    data = (page * 3).encode()
    documents, refused = read(data)
    assert refused == []
    assert [one["work_keys_str_mv"] for one in documents] == [["AT wub bars", "AT lia bars"]] * 3
    assert [(one["_lineage"]["offset"], one["_lineage"]["length"]) for one in documents] == [
        (number * len(page.encode()), len(page.encode())) for number in range(3)
    ]


HTML2TEXT = "# Bars\n\n_version_| 17  \n  \n---|---  \nauthor| Wu, B  \nLi, A  \n  \nid| 1  \n  \ntitle_short| Bars  \n"


def test_a_view_in_an_unknown_form_is_named():
    assert describe(HTML2TEXT.encode()) == SHIFTED
    assert describe(b"Some text | with a bar") == "text that begins with 'Some text | with a bar'"
    assert read(HTML2TEXT) == ([], [SHIFTED])
    rows = b"".join(orjson.dumps({"text": text, "url": "u"}) + b"\n" for text in (HTML2TEXT, "title | x |\n"))
    batch = page_rows.FORMAT.parse((Piece("f", "", 0, 1, rows),))
    assert batch.quarantined.column("reason").to_pylist() == [SHIFTED, "a page without staff view"]


#: Signs that tell nothing of who has written them.
values = st.text("ab 1:,.*_[]<`~|", max_size=12).map(lambda text: " ".join(text.split()).replace("||", "|"))
of_formulas = st.text("ab 1$*_[]<`~|\\", max_size=12).map(lambda text: " ".join(text.split()))


def pages_of(value: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[bool, list[tuple[str, str]]]]]:
    names = ["author", "description", "series", "title", "topic", "local_str_mv", "zoo"]
    rows = st.dictionaries(st.sampled_from(names), value).map(lambda found: sorted(found.items()))
    return st.lists(st.tuples(st.booleans(), rows), min_size=1, max_size=5)


def documents_of(data: bytes, chunk_bytes: int) -> tuple[list[dict[str, Any]], list[tuple[str, bytes]]]:
    pieces = tuple(page_text.FORMAT.split("f", "", ByteStream(iter([data])), chunk_bytes))
    read_pieces = tuple(piece for piece in pieces if isinstance(piece, Piece))
    batch = page_text.FORMAT.parse(read_pieces)
    documents = list(to_documents(batch.documents))
    places = [(one["_lineage"]["offset"], one["_lineage"]["length"], one["_lineage"]["line"]) for one in documents]
    refused = batch.quarantined.to_pylist()
    places += [(one["offset"], one["length"], one["line"]) for one in refused]
    end = 0
    for offset, length, line in sorted(places):
        assert (offset, line) == (end, data.count(b"\n", 0, offset) + 1)
        end += length
    assert end == len(data)
    return alone(documents), [(one["reason"], one["raw"]) for one in refused]


@given(st.data())
@pytest.mark.parametrize("writer", ["trafilatura 2.0", "trafilatura 2.3", "as markdown", "markdownify"])
def test_the_same_pages_give_the_same_documents_in_any_form_and_chunks(writer: str, draw: st.DataObject):
    value = of_formulas.filter(lambda text: "|" not in text or writer == "as markdown")
    pages = draw.draw(pages_of(value if writer in ("as markdown", "markdownify") else values))
    views = [
        (has_first, [("_version_", "1"), ("id", str(number)), *rows]) for number, (has_first, rows) in enumerate(pages)
    ]
    plain, barred = (
        "".join(("Loading…\nTitle\n" + write(SHOWN)) * has_first + write(rows) for has_first, rows in views).encode()
        for write in (WRITERS["as it is read"], WRITERS[writer])
    )
    expected, refused = documents_of(plain, len(plain) + 1)
    for chunk_bytes in (len(barred) + 1, draw.draw(st.integers(1, len(barred)))):
        found, not_read = documents_of(barred, chunk_bytes)
        assert (found, len(not_read)) == (expected, len(refused)), chunk_bytes


@needs_pages
@pytest.mark.parametrize("writer", ["trafilatura 2.0", "trafilatura 2.3", "as markdown", "markdownify"])
def test_real_pages_in_that_form_give_the_same(writer: str):
    with tarfile.open(PAGES / "acl-text.tar.gz") as archive:
        files = [file for member in archive if member.isfile() and (file := archive.extractfile(member))][:150]
        texts = [file.read().decode() for file in files]
    barred = []
    for text in texts:
        above, _, view = text.partition("_version_ |")
        rows = [tuple(row.removesuffix(" |").split(" | ", 1)) for row in f"_version_ |{view}".splitlines()]
        rows = [row if len(row) == 2 else (row[0].removesuffix(" |"), "") for row in rows if row != ("---|---|",)]
        barred.append(above + WRITERS[writer](rows))
    plain, found = (read("\n".join(pages)) for pages in (texts, barred))
    assert len(plain[0]) == len(texts)
    assert (alone(found[0]), found[1]) == (alone(plain[0]), plain[1])


@given(
    st.lists(st.sampled_from([*"|\n\f \r", "a", "Loading…", "Cargando…", "| a |", "\ufeff"]), max_size=30).map("".join)
)
def test_first_lines_among_rows_are_first_lines(text: str):
    data = text.encode()
    assert first_lines_among_rows(data) == first_lines(data, 0, len(data))
