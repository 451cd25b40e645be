"""What a record alone cannot cut, the whole dump does, in whatever order and pieces it is read."""

import io
import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.parts import Parts
from pipelines.readers import lessons, name_columns
from pipelines.readers.chunks import Unreadable
from pipelines.readers.documents import to_documents
from pipelines.readers.lessons import Lesson
from pipelines.readers.name_cut import Evidence, NameModel
from pipelines.readers.name_lessons import learn_headings, sure_words
from pipelines.readers.places import Place, StandardInput
from pipelines.readers.second_look import read_batches
from pipelines.stages import Progress, extract

UNTAUGHT = NameModel(Lesson.of({}))


def page(number: int, *authors: str, topic: str = "") -> str:
    """A page as text, in Spanish, of a record without work keys."""
    commas = " ".join([","] * (len(authors) - 1))
    label = "Autores principales" if len(authors) > 1 else "Autor principal"
    rows = ["_version_ | 17 |", "---|---|", f"author | {' '.join(authors)} |", f"author_sort | {authors[0]} |"]
    rows += [f"id | {number} |", "title | T |", *([f"topic | {topic} |"] if topic else [])]
    shown = ["Cargando…", "T", f"{label}: | {commas} |", "---|---|", "Publicado: |", "MDPI", "2022", "|"]
    return "\n".join([*shown, *rows]) + "\n"


@pytest.mark.parametrize(
    ("text", "evidence", "headings"),
    [
        ("Wu, Bo Li, An", Evidence(), ["Wu, Bo", "Li, An"]),
        ("Wu, Bo C. Li, An", Evidence(), ["Wu, Bo C.", "Li, An"]),
        ("Wu, Bo van der Berg, Jan", Evidence(), ["Wu, Bo", "van der Berg, Jan"]),
        ("Wu, Bo Van Durme, Jan", Evidence(), ["Wu, Bo", "Van Durme, Jan"]),
        (
            "Bryant, Dorothy, 1930- Li, An, 1900-1950.",
            Evidence(shown=2),
            ["Bryant, Dorothy, 1930-", "Li, An, 1900-1950."],
        ),
        ("Meira Jr., Wagner Li, An", Evidence(first="Meira Jr., Wagner"), ["Meira Jr., Wagner", "Li, An"]),
        ("García Pérez, Ana Li, An", Evidence(first="García Pérez, Ana"), ["García Pérez, Ana", "Li, An"]),
        ("Robin Santra Jun Ye", Evidence(shown=2), ["Robin Santra", "Jun Ye"]),
        ("Robin Santra Chris H. Greene Jun Ye", Evidence(shown=3), ["Robin Santra", "Chris H. Greene", "Jun Ye"]),
        ("Wu, Bo Li Xu, An", Evidence(title="On T / by Bo Wu, An Li Xu"), ["Wu, Bo", "Li Xu, An"]),
        ("李明 王芳", Evidence(shown=2), ["李明", "王芳"]),
        ("Any One", Evidence(shown=1), ["Any One"]),
    ],
)
def test_names_are_cut_where_they_are_likeliest(text: str, evidence: Evidence, headings: list[str]):
    assert UNTAUGHT.cut([text], [evidence]) == [headings]


@pytest.mark.parametrize("blank", [*"\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{THIN SPACE}\t\r\x1f\x85"])
def test_other_blanks_at_the_edge_of_a_word_change_no_cut(blank: str):
    text, headings = "Ortiz, Ana María Kim, Jo", ["Ortiz, Ana María", "Kim, Jo"]
    spaced, expected = (each.replace(",", f",{blank}") for each in (text, "|".join(headings)))
    assert UNTAUGHT.cut([text, spaced], [Evidence(shown=2)] * 2) == [headings, expected.split("|")]


def test_a_name_that_stands_whole_elsewhere_is_known():
    texts, evidence = ["Wu, Bo Ringel Morris, Meredith"], [Evidence()]
    assert UNTAUGHT.cut(texts, evidence) == [["Wu, Bo Ringel", "Morris, Meredith"]]
    taught = NameModel(learn_headings({"Ringel Morris, Meredith": 1}))
    assert taught.cut(texts, evidence) == [["Wu, Bo", "Ringel Morris, Meredith"]]


def test_a_key_of_the_record_tells_a_name():
    texts = ["Wu, Bo Ringel Morris, Meredith"]
    evidence = [Evidence(has_key="Ringel Morris, Meredith".__eq__)]
    assert UNTAUGHT.cut(texts, evidence) == [["Wu, Bo", "Ringel Morris, Meredith"]]


RUN_TOGETHER = st.text("ab,.A 1(-\N{NO-BREAK SPACE}", max_size=60)
SHOWN = st.integers(1, 9) | st.none()


@given(RUN_TOGETHER, SHOWN, st.sampled_from(["", "A, b"]))
def test_a_cut_loses_no_word(text: str, shown: int | None, first: str):
    (headings,) = UNTAUGHT.cut([text], [Evidence(first, shown)])
    assert headings is None or " ".join(headings) == text


@given(
    st.lists(st.tuples(RUN_TOGETHER, st.builds(Evidence, st.sampled_from(["", "A, b", "a"]), SHOWN)), max_size=8),
    st.lists(st.text("ab,.A ", max_size=20)),
    st.sampled_from([1, 20, 1 << 16]),
)
def test_a_text_is_cut_the_same_whatever_is_cut_beside_it(
    asked: list[tuple[str, Evidence]], taught: list[str], at_once: int
):
    lesson = learn_headings(Counter(taught))
    alone = [NameModel(lesson).cut([text], [evidence])[0] for text, evidence in asked]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_columns, "_WORDS_AT_ONCE", at_once)
        assert NameModel(lesson).cut([text for text, _ in asked], [evidence for _, evidence in asked]) == alone


@given(st.lists(st.text("ab,.A van", max_size=20)), st.sampled_from([1, 20, 1 << 16]))
def test_headings_teach_the_same_together_and_one_by_one(headings: list[str], at_once: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_columns, "_WORDS_AT_ONCE", at_once)
        together = learn_headings(Counter(headings))
    one_by_one = Lesson.added(learn_headings({heading: 1}) for heading in headings)
    assert together.table().equals(one_by_one.table())


@pytest.mark.parametrize(
    ("heading", "lengths"),
    [
        ("van der Berg, Jan P., Jr.", {"comma 2", "particle 2", "family 1", "given 2", "trailing 1", "end 0"}),
        ("Meira Jr., Wagner", {"comma 1", "particle 0", "family 2", "given 1", "trailing 0", "end 0"}),
        ("Bryant, Dorothy, 1930-", {"comma 2", "particle 0", "family 1", "given 1", "trailing 1", "end 4"}),
        ("World Health Organization.", {"comma 0", "direct 3", "end 1"}),
        ("Homer", {"comma 0", "direct 1", "end 0"}),
    ],
)
def test_a_heading_teaches_how_many_words_are_in_each_part(heading: str, lengths: set[str]):
    lesson = learn_headings({heading: 3})
    assert all(lesson.seen("length", length) == 3 for length in lengths)
    assert len(lesson.kinds["length"][0]) == len(lengths)


def test_headings_that_have_run_together_teach_what_is_sure():
    assert list(sure_words("Wu, Bo Li, An C.", 2)) == [
        ("An", "given"),
        ("C.", "given_more"),
        ("Bo", "given"),
        ("Li,", "family"),
    ]
    assert list(sure_words("Wu, Bo van Li, An", 2)) == [("An", "given")]
    assert not list(sure_words("Wu, Bo Li, An", 3))


COUNTS = st.dictionaries(st.sampled_from("kl"), st.dictionaries(st.text("abcd", max_size=2), st.integers(1, 9)))


@given(st.lists(COUNTS, max_size=6), st.randoms(use_true_random=False), st.sampled_from([2, 1 << 20]))
def test_lessons_add_up_in_any_order_also_where_they_do_not_hold_all(
    counted: list[dict[str, dict[str, int]]], order: random.Random, most: int
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lessons, "MOST_VALUES", most)
        parts = [Lesson.of({kind: Counter(values) for kind, values in one.items()}) for one in counted]
        total = Lesson.added(parts)
        order.shuffle(parts)
        again = Lesson.added([Lesson.added(parts[:2]), *parts[2:]])
    assert total.table().equals(again.table())
    assert Lesson.from_table(total.table()).table().equals(total.table())
    for kind in total.kinds:
        assert len(total.kinds[kind][0]) <= most
        for value in {value for one in counted for value in one.get(kind, ())}:
            assert total.seen(kind, value) in {0, sum(one.get(kind, {}).get(value, 0) for one in counted)}


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Pages whose last ones say how to cut the first."""
    folder = tmp_path / "pages"
    folder.mkdir()
    pages = [page(1, "Wu, Bo", "Ringel Morris, Meredith"), page(2, "Li, An", topic="Zoology Botany"), page(3, "Xu, C")]
    pages += [page(4, "Ringel Morris, Meredith"), page(5, "Xu, C", topic="Botany"), page(6, "Xu, C", topic="Zoology")]
    for number, text in enumerate(pages):
        (folder / f"{number}.txt").write_text(text)
    return folder


@pytest.mark.parametrize("chunk_bytes", [400, 1 << 20])
def test_a_dump_teaches_what_comes_before_as_well(dump: Path, chunk_bytes: int):
    batches = [batch for batch in read_batches(dump, chunk_bytes) if not isinstance(batch, Unreadable)]
    documents = [document for batch in batches for document in to_documents(batch.documents)]
    assert documents[0]["author"] == ["Wu, Bo", "Ringel Morris, Meredith"]
    assert documents[1]["topic"] == ["Zoology", "Botany"]
    lineage = [document["_lineage"] for document in documents]
    assert [one["author_cut"] for one in lineage] == ["inferred", *["exact"] * 5]
    assert lineage[1]["field_cuts"] == ["topic inferred", "author exact"]


@pytest.mark.parametrize("chunk_bytes", [400, 1 << 20])
def test_of_standard_input_which_can_be_read_once_comes_the_same(
    dump: Path, chunk_bytes: int, monkeypatch: pytest.MonkeyPatch
):
    pages = b"".join(page.read_bytes() + b"\n" for page in sorted(dump.iterdir()))

    class Sent:
        buffer = io.BytesIO(pages)

    monkeypatch.setattr(sys, "stdin", Sent)
    file = dump.parent / "pages.txt"
    file.write_bytes(pages)
    places: tuple[Place, Place] = (StandardInput("pages.txt"), file)
    read = [
        [
            document
            for batch in read_batches(place, chunk_bytes)
            if not isinstance(batch, Unreadable)
            for document in to_documents(batch.documents)
        ]
        for place in places
    ]
    assert len(read[0]) == 6
    assert read[0] == read[1]


@pytest.mark.parametrize("topic", ["Deep  learning", " Seas", "Seas ", "a  b. C  d.", "cs.CL  cs.AI", "  "])
def test_blanks_too_many_in_a_value_stop_no_dump(topic: str, tmp_path: Path):
    pages = [page(number, "Wu, Bo", topic=topic if number % 2 else "Seas") for number in range(60)]
    (tmp_path / "dump").write_text("".join(pages))
    documents = [each for batch in read_batches(tmp_path / "dump") for each in batch.documents.to_pylist()]
    assert [each["id"] for each in documents] == [str(number) for number in range(60)]
    assert all("" not in (each["topic"] or []) for each in documents)


def test_extraction_counts_how_values_were_cut(dump: Path, tmp_path: Path):
    parts = Parts(str(tmp_path / "parts"))
    told: list[Progress] = []
    manifest = extract(dump, "delta", parts, told.append)
    # All bytes are taken by then, and it is not done.
    *_, read, first, second, third = [(each.doing, each.done, each.total) for each in told]
    assert read == ("reading the rest", 0, 0)
    assert [first, second, third] == [("cutting by the whole dump", done, 3) for done in (1, 2, 3)]
    assert manifest["authors_cut"] == {"exact": 5, "inferred": 1, "uncut": 0}
    assert manifest["value_cuts"] == {"author": {"exact": 5, "inferred": 1}, "topic": {"inferred": 1}}
    assert parts.read("records", 0, ["author"]).column("author").to_pylist()[0] == ["Wu, Bo", "Ringel Morris, Meredith"]
