"""Record pages as text: the staff view is the document, whatever language the page is in."""

import collections
import json
from pathlib import Path
from typing import Any

import pytest
from backports import zstd

from benchmarks.readers import count_names, without_keys
from pipelines.readers import page_text
from pipelines.readers.chunks import Piece, Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.second_look import read_batches
from pipelines.readers.staff_view import SHIFTED
from pipelines.readers.streams import ByteStream
from tests.readers import reading

PAGES = Path(__file__).parents[3] / "shared" / "dumps" / "pages"
needs_pages = pytest.mark.skipif(not PAGES.exists(), reason="the shared pages are not on this machine")

HEAD = "Cargando…\nTitle\nAutores principales: | , |\n---|---|\nPublicado: |\nMDPI\n2022\n|\n"
STAFF = "_version_ | 17 |\n---|---|\nauthor | Wu, B Li, A |\nid | 1 |\n"
SORTED = (
    "_version_ | 17 |\n---|---|\nauthor | A |\nformat | Book |\nid | 1 |\nlanguage | English |\n"
    "publishDate | 2020 |\nrecord_format | x |\nrecordtype | x |\n"
)
KEYS = "work_keys_str_mv | AT wub t AT lia t |\n"


def truth_of_pages() -> dict[str, dict[str, Any]]:
    with zstd.open(PAGES / "acl-text.truth.jsonl.zst", "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    return {"pages/" + page["page"]: page["doc"] for page in pages}


def read(text: str | bytes) -> tuple[list[dict[str, Any]], list[str]]:
    data = text.encode() if isinstance(text, str) else text
    batch = page_text.FORMAT.parse((Piece("page.txt", "", 0, 1, data),))
    return list(to_documents(batch.documents)), batch.quarantined.column("reason").to_pylist()


def test_reads_the_staff_view():
    [document], refused = read(HEAD + STAFF + KEYS)
    lineage = document.pop("_lineage")
    assert refused == []
    assert document == {
        "_version_": 17, "id": "1", "author": ["Wu, B", "Li, A"], "work_keys_str_mv": ["AT wub t", "AT lia t"],
    }  # fmt: skip
    assert lineage == {
        "file": "page.txt", "member": "", "offset": 0, "length": len((HEAD + STAFF + KEYS).encode()), "line": 1,
        "author_cut": "exact", "field_cuts": ["author exact"], "page_language": "es",
    }  # fmt: skip


@pytest.mark.parametrize("behind", ["title | T |\n", "title_short | T |\n", "topic | T |\n", "\nImprint\n"])
def test_a_view_that_goes_on_behind_where_a_title_stands_is_whole(behind: str):
    [document], refused = read(HEAD + SORTED + behind)
    assert (document["id"], refused) == ("1", [])


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ("description | a | b |", "description", "a | b"),
        ("description | a | |", "description", "a |"),
        ("description | first\nsecond |", "description", "first\nsecond"),
        ("description | |", "description", None),
        ("description |  |", "description", None),
        ("doi_str_mv | 10.1000/a 10.2000/b |", "doi_str_mv", ["10.1000/a", "10.2000/b"]),
        ("local_str | a b |", "local_str", "a b"),
        ("local_str_mv | a b |", "local_str_mv", ["a b"]),
        ("isbn | 9783161484100 316148410X |", "isbn", ["9783161484100", "316148410X"]),
        ("isbn | 978-3-16-148410-0 (pbk.) |", "isbn", ["978-3-16-148410-0 (pbk.)"]),
        ("issn | 1234-5678 1234567X |", "issn", ["1234-5678", "1234567X"]),
        ("url | http://a/b c https://d ftp://e |", "url", ["http://a/b c", "https://d", "ftp://e"]),
        ("topic | Botany Medical |", "topic", ["Botany Medical"]),
    ],
)
def test_reads_a_row(row: str, field: str, value: object):
    rows = sorted(["_version_ | 17 |", "id | 1 |", row], key=lambda one: one.split(" ")[0])
    [document], refused = read("\n".join([rows[0], "---|---|", *rows[1:]]))
    assert refused == []
    assert document.get(field) == value


@pytest.mark.parametrize(
    ("staff", "author", "author_cut"),
    [
        (STAFF, ["Wu, B Li, A"], "uncut"),
        (STAFF + KEYS, ["Wu, B", "Li, A"], "exact"),
        (STAFF.replace("id |", "author_sort | Wu, B |\nid |"), ["Wu, B Li, A"], "uncut"),
        (STAFF.replace("id |", "author_sort | Wu, B Li, A |\nid |"), ["Wu, B Li, A"], "exact"),
        (STAFF.replace("id |", "author2 | Xu, C |\nid |") + KEYS, ["Wu, B", "Li, A"], "uncut"),
        ("_version_ | 17 |\n---|---|\nid | 1 |\n", None, None),
    ],
)
def test_says_how_authors_were_cut(staff: str, author: list[str] | None, author_cut: str | None):
    [document], _ = read(HEAD + staff)
    assert document.get("author") == author
    assert document["_lineage"].get("author_cut") == author_cut


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("Title\nNothing that VuFind shows: |\n", "a page without staff view"),
        (HEAD + STAFF + "title | cut o", "the staff view is cut off in the field title"),
        (HEAD + STAFF + "title_su", "the staff view is cut off in the name of the field title_su"),
        (HEAD + STAFF + "title_sh", "the staff view is cut off in the name of the field title_sh"),
        (HEAD + STAFF + "title | open\ntopic | T |\n", "the staff view is cut off in the field title"),
        (HEAD + STAFF + "author | A |\n", "the staff view has the field author twice"),
        (
            HEAD + SORTED.partition("recordtype")[0],
            "the staff view is cut off behind the field record_format: it lacks the title that the page shows",
        ),
        (HEAD + STAFF.replace("id | 1", "ids | 1"), "no id"),
        ((HEAD + STAFF).encode() + b"title | \xff |\n", "not UTF-8: byte 0xff in the field title"),
    ],
)
def test_a_broken_page_is_quarantined_whole(page: str | bytes, reason: str):
    assert read(page) == ([], [reason])
    data = page.encode() if isinstance(page, str) else page
    good = (HEAD + STAFF + KEYS).encode()
    if reason != "a page without staff view":
        documents, refused = read(good + data + b"\n" + good)
        assert ([one["id"] for one in documents], refused) == (["1", "1"], [reason])


@pytest.mark.parametrize(
    ("before", "between", "reason"),
    [
        ("    ", " |", SHIFTED),
        ("\t", " |", SHIFTED),
        ("\u00a0", " |", SHIFTED),
        ("> ", " |", SHIFTED),
        ("- ", " |", SHIFTED),
        ("\u2003", " |", SHIFTED),
        ("\u3000", " |", SHIFTED),
        ("", "\u00a0|", SHIFTED),
        ("", "\t|", SHIFTED),
        ("", "|", SHIFTED),
        ("", "\t", SHIFTED),
        ("", " |", "a staff view without ---|---| below its first row"),
    ],
)
def test_a_staff_view_that_an_editor_has_shifted_is_not_taken_for_none(before: str, between: str, reason: str):
    rows = (STAFF + KEYS).replace("---|---|", "--- | --- |").splitlines()
    page = HEAD + "".join(f"{before}{row.replace(' |', between)}\n" for row in rows)
    assert read(page) == ([], [reason])


def test_a_footer_hides_no_shifted_staff_view():
    assert read(HEAD + "".join(f"  {row}\n" for row in STAFF.splitlines()) + "Save to List | Print |\n") == (
        [],
        [SHIFTED],
    )


@pytest.mark.parametrize(
    "line", ["url\thttp://example.org", "isbn|9780306406157", "> format | x", "  title | of a box |"]
)
def test_one_line_that_looks_like_a_row_makes_no_staff_view(line: str):
    shown = "Format: | Book |\n---|---|\nLanguage: | English |\nPublished: | 2020 |\n"
    [document], refused = read(f"Loading…\nRecord\n{shown}{line}\nMore\n")
    assert (document["title"], document["_lineage"]["staff_view"], refused) == ("Record", "lacking", [])


@pytest.mark.parametrize("pages", [2, 20], ids=["alone", "in columns"])
@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 20])
@pytest.mark.parametrize("first", ["_version_ | 17 |", "id | 17 |", "my_field_str | a | b |"])
def test_staff_views_put_together_without_newlines_are_one_each(pages: int, chunk_bytes: int, first: str):
    view = f"{first}\n---|---|\nid | %d |\ntitle | of | bars |x |\n{KEYS.rstrip()}".replace(
        "id | %d |\n", "" if first.startswith("id") else "id | %d |\n"
    )
    written = [view.replace("%d", str(number)).replace("id | 17", f"id | {number}") for number in range(pages)]
    found, refused = reading.read(page_text.FORMAT, "".join(written).encode(), chunk_bytes)
    assert [(one["id"], one["title"], one["work_keys_str_mv"]) for one in found] == [
        (str(number), "of | bars |x", ["AT wub t", "AT lia t"]) for number in range(pages)
    ]
    assert refused == []
    assert [one["_raw"].decode() for one in found] == written


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(
    ("first", "name", "value"),
    [
        ("author | A |topic | B |", "author", ["A |topic | B"]),
        ("author | f(x) |author | |", "author", ["f(x) |author |"]),
        ("a_str | 12 |score | 1.0 |", "a_str", "12 |score | 1.0"),
        ("author | foo |id | 7 |", "author", ["foo |id | 7"]),
    ],
)
def test_a_first_row_whose_value_has_bars_is_one(count: int, first: str, name: str, value: Any):
    view = f"{first}\n---|---|\nid | 1 |\nrecord_format | marc |\ntitle | t |\n"
    documents, refused = read(view * count)
    assert ([one[name] for one in documents], refused) == ([value] * count, [])


@pytest.mark.parametrize("pages", [1, 20], ids=["alone", "in columns"])
@pytest.mark.parametrize(
    ("written", "shifted"),
    [("| ", "|\u00a0"), (" ", "\u00a0"), ("_", "\\_")],
    ids=["behind bars", "for blanks", "escaped"],
)
def test_a_staff_view_that_a_browser_or_a_converter_has_written_is_not_read_as_it_stands(
    pages: int, written: str, shifted: str
):
    assert read((HEAD + STAFF.replace(written, shifted) + "\n") * pages) == ([], [SHIFTED] * pages)


@pytest.mark.parametrize("behind", ["\0", "\0\0\n", "\n\0\0"])
def test_zero_bytes_behind_the_last_row_are_not_part_of_it(behind: str):
    documents, refused = read(HEAD + STAFF + KEYS.rstrip("\n") + behind)
    assert [document["work_keys_str_mv"] for document in documents] == [["AT wub t", "AT lia t"]]
    assert refused == []


@pytest.mark.parametrize(
    ("behind", "is_torn"),
    [
        ("title", True),
        ("title ", True),
        ("t", True),
        ("title_s", True),
        # No field that begins so comes behind those of the view.
        ("a", False),
        ("author_", False),
        ("id", False),
        # What has a line of its own may be a footer.
        ("top\n", False),
        ("\ntitle", False),
        ("\r\ntitle_s", False),
        ("topmost", False),
        ("title_s\n", True),
    ],
)
def test_a_word_of_a_footer_is_not_the_beginning_of_a_field(behind: str, is_torn: bool):
    odd = STAFF.replace("id | 1", "id |\n1")
    for page in (HEAD + STAFF + behind, HEAD + odd + behind, f"{HEAD}{STAFF}".replace("\n", "\r\n") + behind):
        documents, refused = read(page)
        assert (len(documents), len(refused)) == ((0, 1) if is_torn else (1, 0))


@pytest.mark.parametrize("chunk_bytes", [1, 300, 1 << 20])
def test_pages_of_one_file_are_split_where_one_ends(chunk_bytes: int):
    pages = [HEAD + STAFF.replace("id | 1", f"id | {number}") + KEYS for number in range(20)]
    data = "".join(pages).encode() + b"Footer\n"
    parts = list(page_text.FORMAT.split("f", "", ByteStream(iter([data])), chunk_bytes))
    assert all(isinstance(part, Piece) for part in parts)
    pieces = tuple(part for part in parts if isinstance(part, Piece))
    assert b"".join(piece.data for piece in pieces) == data
    batch = page_text.FORMAT.parse(pieces)
    assert batch.documents.column("id").to_pylist() == [str(number) for number in range(20)]
    for offset, length, line in zip(
        *(batch.documents.column(name).to_pylist() for name in ("offset", "length", "line")), strict=True
    ):
        assert data[offset:][:length].startswith(HEAD.encode())
        assert data.count(b"\n", 0, offset) == line - 1


@pytest.mark.parametrize("chunk_bytes", [1, 300, 1 << 20])
@pytest.mark.parametrize("first", ["Cargando…", "Wird geladen\u00a0…", "\ufeffLoading...", "载入..."])
def test_pages_that_end_without_a_newline_may_be_put_together(first: str, chunk_bytes: int, tmp_path: Path):
    page = (HEAD.replace("Cargando…", first) + STAFF + KEYS).removesuffix("\n")
    pages = [page.replace("id | 1", f"id | {number}") for number in range(9)]
    (tmp_path / "dump").write_text("".join(pages), encoding="utf-8")
    found: list[dict[str, Any]] = []
    for chunk in read_chunks(tmp_path / "dump", chunk_bytes):
        assert not isinstance(chunk, Unreadable)
        batch = parse_chunk(chunk)
        assert not batch.quarantined.num_rows
        found += to_documents(batch.documents)
    assert [(one["id"], one["work_keys_str_mv"]) for one in found] == [
        (str(number), ["AT wub t", "AT lia t"]) for number in range(9)
    ]


BARE = "Cargando…\nBare\nAutor principal: | |\n---|---|\nFormato: | Online Artículo |\nPublicado: |\nMDPI\n2022\n|\n"


def test_a_byte_order_mark_is_no_part_of_a_first_line():
    documents, refused = read(("\ufeff" + BARE) * 2)
    assert ([one["title"] for one in documents], refused) == (["Bare", "Bare"], [])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_is_no_part_of_a_first_row(count: int, end: str):
    rows = "".join(f"{row}{end}" for row in ["author | Wu, Bo |", "---|---|", "id | 1 |", "title | T |"])
    documents, refused = read(("\ufeff" + rows) * count)
    assert not refused
    assert [(each["author"], each["id"], each["title"]) for each in documents] == [(["Wu, Bo"], "1", "T")] * count


@pytest.mark.parametrize(
    ("goes_on", "torn"),
    [
        ("", ""),
        ("Footer", ""),
        ("Lenguaje: | Inglés | Español |\n", ""),
        ("Acceso en línea: | https://a.example |\nFooter", ""),
        ("Etiquetas", ""),
        ("Len", "the label Len"),
        ("Acceso en línea: | https://a.example |\nLen", "the label Len"),
        ("Acceso en línea: | https://a.example |\nInglés", ""),
        ("_", "the field _"),
        ("_version_ ", "the field _version_"),
        ("author_s", "the field author_s"),
        ("Lenguaje:", "the label Lenguaje:"),
        ("Lenguaje: |", "the row Lenguaje"),
        ("Lenguaje: | Ingl", "the row Lenguaje"),
        ("Publicado: |\nMDPI\n2022\n", "the row Publicado"),
        ("author |", "the field author"),
        ("author | Wu, B Li,", "the field author"),
        ("author | Wu, B\nLi, A", "the field author"),
        ("author | Wu, B |\n", "the field author"),
        ("author | Wu, B |\n---|", "the field author"),
    ],
)
def test_a_page_that_breaks_off_before_its_staff_view_is_told_from_one_without(goes_on: str, torn: str):
    documents, refused = read(BARE + goes_on)
    if torn:
        assert (documents, refused) == ([], [f"a page that is cut off in {torn}, before its staff view"])
        good = HEAD + STAFF
        documents, refused = read(BARE + goes_on + "\n" + good)
        assert [one["id"] for one in documents][-1] == "1"
    else:
        assert refused == []
        assert documents[0]["_lineage"]["shown_counts"] == ["author 1"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (BARE, ["bare"]),
        (BARE + "Footer\n" + BARE, ["bare", "bare"]),
        (HEAD + STAFF + "Footer\n" + HEAD + STAFF, ["1", "1"]),
        (HEAD + STAFF + "Footer\n" + BARE, ["1", "bare"]),
        (BARE + HEAD + STAFF, ["bare", "1"]),
        (HEAD + STAFF + BARE + HEAD + STAFF + BARE, ["1", "bare", "1", "bare"]),
    ],
)
def test_pages_with_and_without_staff_view_in_one_file(text: str, ids: list[str]):
    documents, refused = read(text)
    assert (["1" if one["id"] == "1" else "bare" for one in documents], refused) == (ids, [])
    bare = [one for one in documents if one["id"] != "1"]
    assert all(one["format"] == ["Online", "Article"] and one["title"] == "Bare" for one in bare)
    places = [one["_lineage"]["offset"] for one in bare]
    assert [one["id"] for one in bare] == [f"page@{place}" if place else "page" for place in places]
    assert all(text.encode()[place:].startswith(BARE.encode()) for place in places)


def test_fields_may_come_in_any_order():
    [document], refused = read(
        "id | 1 |\n---|---|\nzoo_str | z |\nauthor | Wu, B |\ntitle | A | b\nc |\n_version_ | 3 |\n"
    )
    assert refused == []
    assert (document["title"], document["zoo_str"], document["author"]) == ("A | b\nc", "z", ["Wu, B"])


def test_a_line_of_a_value_may_end_with_a_bar():
    [document], refused = read(
        "_version_ | 3 |\n---|---|\ndescription | one |\ntwo words |\nthree, so |\nid | 1 |\ntitle | T |\n"
    )
    assert refused == []
    assert (document["description"], document["id"], document["title"]) == ("one |\ntwo words |\nthree, so", "1", "T")


def test_names_that_the_page_shows_cut_the_field():
    shown = HEAD.replace("| , |", "| Wu Xi, B, Li, A |")
    [document], _ = read(shown + STAFF.replace("Wu, B", "Wu Xi, B"))
    assert document["author"] == ["Wu Xi, B", "Li, A"]
    assert document["_lineage"]["author_cut"] == "exact"


@needs_pages
def test_names_without_work_keys_are_cut_by_what_the_dump_teaches(tmp_path: Path):
    pages = without_keys(PAGES / "acl-text.tar.gz", tmp_path)
    assert pages is not None
    names: collections.Counter[str] = collections.Counter()
    truth = {path.rpartition("/")[2]: document for path, document in truth_of_pages().items()}
    for batch in read_batches(pages):
        assert not isinstance(batch, Unreadable)
        for document in to_documents(batch.documents):
            expected = truth[document["_lineage"]["file"]].get("author", [])
            names["all"] += len(expected)
            names["exact"] += count_names(expected, document.get("author", []))
            if document["_lineage"].get("author_cut") == "exact":
                assert document["author"] == expected
    assert names["exact"] >= 0.97 * names["all"]


@needs_pages
def test_the_seed_page_is_read_whole():
    [chunk] = read_chunks(PAGES / "seed-pubmed-9699149.txt")
    assert not isinstance(chunk, Unreadable)
    [document] = to_documents(parse_chunk(chunk).documents)
    assert document["author"] == [
        "Ahmadi, Mahdi", "Mahmoodi, Monireh", "Shoaran, Maryam", "Nazari-Khanamiri, Fereshteh", "Rezaie, Jafar",
    ]  # fmt: skip
    assert (len(document["url"]), len(document["work_keys_str_mv"])) == (3, 5)
    lineage = document.pop("_lineage")
    mined = {name: document.pop(name) for name in lineage["mined_fields"]}
    assert mined == {
        "container_title": "Int J Mol Sci", "publication_date_str": "2022-11-12", "article_type_str": "Review",
        "license_str": "https://creativecommons.org/licenses/by/4.0/",
    }  # fmt: skip
    assert document["format"] == ["Online", "Article", "Text"]
    assert len(document) == 24


@needs_pages
def test_pages_in_seven_languages_give_the_documents_behind_them():
    truth = truth_of_pages()
    wrong: collections.Counter[str] = collections.Counter()
    exact_and_wrong = 0
    read_pages = 0
    for chunk in read_chunks(PAGES / "acl-text.tar.gz"):
        assert not isinstance(chunk, Unreadable)
        batch = parse_chunk(chunk)
        assert batch.quarantined.num_rows == 0
        for document in to_documents(batch.documents):
            lineage = document.pop("_lineage")
            expected = truth[lineage["member"]]
            read_pages += 1
            expected |= {"spelling": [expected["spelling"]]}
            wrong.update(name for name in expected.keys() | document.keys() if expected.get(name) != document.get(name))
            exact_and_wrong += lineage.get("author_cut") == "exact" and expected["author"] != document["author"]
    assert read_pages == len(truth) == 1500
    assert exact_and_wrong == 0
    assert dict(wrong) == {"author": 1, "author_facet": 1}
