"""Authors of a part: the column way equals the single way, and frames keep order, roles and provenance."""

import json
import random
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalize.authors import AuthorFrames, normalize_authors
from pipelines.normalize.heading_columns import HEADINGS, parse_headings
from pipelines.normalize.headings import parse_heading
from pipelines.normalize.name_words import DEGREES, HONORIFICS, ORGANISATION_WORDS, SUFFIXES, SURNAMES_OR_ORGANISATIONS
from pipelines.normalize.roles import ROLE_TERMS
from pipelines.normalize.spellings import (
    VARYING,
    Spelling,
    best_spellings,
    better_name_first,
    credited_spellings,
    joined_spelling,
)
from pipelines.normalize.text import clean_text
from pipelines.records import AUTHORS, RAW_RECORDS, RECORD_AUTHORS
from pipelines.stable_ids import stable_id

SHARED = Path(__file__).resolve().parents[3] / "shared"


READ = pa.schema([column for column in RAW_RECORDS if column.name.startswith("author")])


def raw_records(*documents: dict[str, list[str] | None]) -> pa.Table:
    return pa.table([pa.array([d.get(f.name) for d in documents], f.type) for f in READ], schema=READ)


def normalize(*documents: dict[str, list[str] | None]) -> AuthorFrames:
    return normalize_authors(raw_records(*documents), pa.array(range(100, 100 + len(documents)), pa.int64()))


def assert_columns_equal_single(names: list[str], field: str) -> None:
    expected = [
        {column.name: heading and getattr(heading, column.name) for column in HEADINGS}
        for heading in (parse_heading(name, field) for name in names)
    ]
    assert parse_headings(pa.array(names, pa.string()), field).to_pylist() == expected


SPECIAL = sorted({*DEGREES, *HONORIFICS, *ORGANISATION_WORDS, *SUFFIXES, *SURNAMES_OR_ORGANISATIONS, *ROLE_TERMS})
word = st.one_of(
    st.from_regex(r"\A[A-ZÉŁÞ][a-zéłßʹıðþħŧŋ]{1,6}(?:[-'’]?[A-Z]?[a-z]+)?\Z"),
    st.from_regex(r"\A[A-Z]\.?(?:-?[A-Z]\.)?\Z"),
    st.sampled_from(["van", "de", "De", "Al", "y", "von der", "Jr.", "II", "Ed", "ed.", "JK", "Ph.D.", "of", "&"]),
    st.sampled_from(SPECIAL).flatmap(lambda special: st.sampled_from([special, special.title(), special.upper()])),
)
words = st.lists(word, min_size=1, max_size=4).map(" ".join)
tail = st.sampled_from(["", ".", ",", ", 1854-", ", 1854-1937.", ", 1854-1937,", ", Jr.", " (X. Y.)", " 1854-"])
fuller = st.one_of(st.just(""), st.just(""), words.map(" ({})".format))
names = st.builds("{}{}{}{}{}".format, words, st.sampled_from([", ", " ", ",", " - "]), words, fuller, tail)


@pytest.mark.parametrize(
    "name",
    [
        # plain in form, special in meaning: each is kept from the column way by a guard of its own
        "Berg, Institute", "Anna Museum", "Berg, Jan Junior", "Berg Filho, Jan", "Workshop, Jan",
        "Smith, Editor", "Smith, Saint", "Anna Berg, Sir", "Berg, Pope", "Smith, Printer.", "Berg, Queen, 1854-1900",
        "Anna, King De La Paz", "Anna, Duke Of York", "Anna, Prince Da Silva.",
        "John House De Smith", "Bank And Court", "Anna Van Berg", "Anna De La Berg", "Dr Anna Berg", "Sir Jan Berg",
        "Professor Anna Berg", "Jan Berg Junior", "Jan Ii", "Berg, Jan Ii",
        "Berg, J. (Editor)", "Berg, J. (Compiler), 1854-", "Berg, J. (Jan Firm)", "Berg, J. (Workshop)",
        "Berg, J. (Tr.)", "Berg, J. (Jan Institute)", "Berg, Jan (Johannes).", "Berg, Sir (Jan)", "Berg, J. (J.) (Jan)",
        # plain in form and meaning
        "Berg, J. (Jan)", "Berg, J. A. (Jan Albert).", "Berg, J. (Jan), 1854-1937.", "Berg, Jan (Johannes),",
        "Berg, J.-P. (Jan-Piet Albert), 1854-", "Berg, J. (Piet)", "van Berg, Jan (Jan A.)", "Ørst, É. (Étienne)",
        "Berg, Jan", "Berg, Jan.", "Berg, Ann.", "Berg, J. Al.", "Berg, Ng.", "Jan Berg", "van der Berg, Jan",
        "Jan van der Berg", "Łukasz-Ørst, J.-P. É., 1854-1937.", "O’Brien, D'Arcy", "Mc Donald, A B",
    ],
)  # fmt: skip
def test_columns_give_what_a_single_name_gives(name: str) -> None:
    assert_columns_equal_single([name], "author")


@settings(max_examples=30)
@given(st.lists(names, unique=True), st.sampled_from(["author", "author_corporate"]))
def test_columns_give_what_single_names_give(written: list[str], field: str) -> None:
    assert_columns_equal_single(list(dict.fromkeys(filter(None, map(clean_text, written)))), field)


@settings(max_examples=40)
@given(st.lists(st.text(), unique=True))
def test_columns_give_what_single_names_give_on_any_text(written: list[str]) -> None:
    assert_columns_equal_single(list(dict.fromkeys(filter(None, map(clean_text, written)))), "author")


@pytest.mark.parametrize("dump", ["acl/2025-11-24", "arxiv/2020-01-01", "loc/2016"])
def test_columns_give_what_single_names_give_on_real_names(dump: str) -> None:
    path = SHARED / "dumps" / f"{dump}.jsonl.zst"
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    with zstd.open(path) as lines:
        documents = [json.loads(line) for line in islice(lines, 0, 40_000, 20)]
    written = {name for d in documents for field in ("author", "author2") for name in d.get(field) or ()}
    assert len(written) > 1_000
    assert_columns_equal_single(sorted(filter(None, map(clean_text, written))), "author")


def test_credits_come_in_the_order_of_the_fields_with_their_roles() -> None:
    frames = normalize(
        {
            "author": ["Zeno, A.", "Smith, John, ed."],
            "author2": ["Berg, Jan", "Li, Wei"],
            "author2_role": ["translator", "X-ray."],
            "author_corporate": ["Allen and Scott."],
            "author_corporate_role": ["aut", "one too many"],
        },
        {"author": None},
        {"author": ["\xa0", "1975"], "author2": ["Li,  Wei"]},
    )
    assert frames.credits.schema == RECORD_AUTHORS
    assert frames.headings.schema == AUTHORS
    columns = ["record_id", "position", "role", "source_field", "name_as_written"]
    assert [tuple(row.values()) for row in frames.credits.select(columns).to_pylist()] == [
        (100, 1, None, "author", "Zeno, A."),
        (100, 2, "edt", "author", "Smith, John, ed."),
        (100, 3, "trl", "author2", "Berg, Jan"),
        (100, 4, "X-ray", "author2", "Li, Wei"),
        (100, 5, None, "author_corporate", "Allen and Scott."),
        (102, 1, None, "author2", "Li, Wei"),
    ]
    assert frames.names.to_pylist() == [
        ["Zeno, A.", "Smith, John", "Berg, Jan", "Li, Wei", "Allen and Scott"],
        None,
        ["Li, Wei"],
    ]
    assert frames.headings.num_rows == 5
    ids = dict(zip(frames.headings["heading_key"].to_pylist(), frames.headings["author_id"].to_pylist(), strict=True))
    assert all(author_id == stable_id(key) for key, author_id in ids.items())
    assert set(frames.credits["author_id"].to_pylist()) == set(ids.values())


def test_a_heading_listed_twice_in_a_record_is_one_credit() -> None:
    frames = normalize({"author": ["Rowling, J. K.", "Li, Wei", "J.K. Rowling"], "author2": ["Li, Wei", "Ng, A."]})
    kept = frames.credits.select(["position", "name_as_written"]).to_pylist()
    assert [tuple(credit.values()) for credit in kept] == [(1, "Rowling, J. K."), (2, "Li, Wei"), (3, "Ng, A.")]


def test_a_part_without_authors_is_two_empty_frames() -> None:
    frames = normalize({"title": None})
    assert (frames.credits.num_rows, frames.headings.num_rows, frames.names.to_pylist()) == (0, 0, [None])
    assert normalize().names.to_pylist() == []


def test_a_part_whose_names_have_no_letter_is_two_empty_frames() -> None:
    frames = normalize({"author": ["1975"], "author_corporate": ["-"]})
    assert (frames.credits.num_rows, frames.headings.num_rows, frames.names.to_pylist()) == (0, 0, [None])


def test_a_slice_of_a_part_is_read_like_the_part() -> None:
    raw = raw_records(*({"author": [f"Smith, {letter}."], "author_role": ["aut"]} for letter in "ABCDE"))
    ids = pa.array(range(5), pa.int64())
    sliced = normalize_authors(raw.slice(2, 2), ids.slice(2, 2))
    assert sliced.credits.equals(normalize_authors(raw, ids).credits.slice(2, 2))


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_records_never_decides_what_a_heading_is(shuffle: random.Random) -> None:
    spellings = [
        "Muller, Jurgen, 1854-", "Müller, Jürgen, 1854-", "MÜLLER, JÜRGEN, 1854-1930", "Jürgen Müller",
        "Chadman, C. (Charles)", "Chadman, Charles", "Berg, Jan van", "van Berg, Jan",
    ]  # fmt: skip
    expected = normalize(*({"author": [name]} for name in spellings)).headings.sort_by("heading_key")
    shuffle.shuffle(spellings)
    assert normalize(*({"author": [name]} for name in spellings)).headings.sort_by("heading_key").equals(expected)
    [dated] = [row for row in expected.to_pylist() if row["heading_key"] == "person|muller|jurgen||1854"]
    assert (dated["name"], dated["birth_year"], dated["death_year"]) == ("Müller, Jürgen", 1854, 1930)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Müller, Jürgen", "Muller, Jurgen"),
        ("Smith, John", "SMITH, JOHN"),
        ("Smith, J. K.", "Smith, J.K."),
        ("O'Brien", "O’Brien"),
    ],
)
def test_better_name_first(better: str, worse: str) -> None:
    assert min(worse, better, key=better_name_first) == better


def one_heading(*written: str) -> dict[str, object]:
    """The one heading that records with one author each make."""
    [heading] = normalize(*({"author": [name]} for name in written)).headings.to_pylist()
    return heading


def test_a_heading_has_the_earliest_year_of_death_that_any_spelling_gives() -> None:
    heading = one_heading("Müller, Hans, 1900-1990", "Muller, Hans, 1900-1980", "Müller, Hans, 1900-")
    assert (heading["name"], heading["death_year"]) == ("Müller, Hans", 1980)


def test_a_heading_that_stands_twice_in_a_record_is_spelt_as_its_credit() -> None:
    frames = normalize({"author": ["Muller, Hans, 1900-", "Müller, Hans, 1900-1980"]})
    assert frames.credits.column("name_as_written").to_pylist() == ["Muller, Hans, 1900-"]
    [heading] = frames.headings.to_pylist()
    assert (heading["name"], heading["death_year"]) == ("Muller, Hans", None)


spellings = st.tuples(
    st.sampled_from(["Müller, Hans", "Muller, Hans", "MULLER, HANS"]),
    st.sampled_from(["Müller", "Muller"]),
    st.none() | st.sampled_from(["Hans", "H"]),
    st.none() | st.just("Jr."),
    st.sampled_from(["Latn", "Zyyy"]),
    st.none() | st.integers(1980, 1983),
)


@given(spellings, spellings, spellings)
def test_joining_spellings_depends_neither_on_their_order_nor_on_their_groups(
    one: Spelling, two: Spelling, three: Spelling
) -> None:
    assert joined_spelling(one, one) == one
    assert joined_spelling(one, two) == joined_spelling(two, one)
    assert joined_spelling(joined_spelling(one, two), three) == joined_spelling(one, joined_spelling(two, three))


SPELT_IN_SEVERAL_WAYS = [
    "Müller, Hans, 1900-1990", "Muller, Hans, 1900-1980", "MULLER, HANS, 1900-", "Hans Müller", "Chadman, Charles",
    "Chadman, C. (Charles)", "Berg, Jan van", "van Berg, Jan",
]  # fmt: skip


@settings(max_examples=50)
@given(st.lists(st.sampled_from(SPELT_IN_SEVERAL_WAYS), min_size=1, unique=True), st.integers(0, 8))
def test_one_part_two_parts_and_the_credits_give_the_same_spellings(written: list[str], cut: int) -> None:
    def shown(*names: str) -> list[tuple[int, Spelling]]:
        rows = normalize(*({"author": [name]} for name in names)).headings.to_pylist()
        return [(row["author_id"], tuple(row[column] for column in VARYING)) for row in rows]

    two_parts: dict[int, Spelling] = {}
    best_spellings([*shown(*written[:cut]), *shown(*written[cut:])], two_parts)
    frames = normalize(*({"author": [name]} for name in written))
    columns = (frames.credits.column(name).to_pylist() for name in ("author_id", "name_as_written", "source_field"))
    assert dict(shown(*written)) == two_parts == credited_spellings(zip(*columns, strict=True))


def test_a_credit_filed_under_another_heading_by_other_rules_has_no_say() -> None:
    author = stable_id("person|muller|hans||1900")
    written = [(author, "Muller, Hans, 1900-", "author"), (author, "Someone Élse", "author"), (7, "—", "author")]
    assert credited_spellings(written) == {author: ("Muller, Hans", "Muller", "Hans", None, "Latn", None)}
