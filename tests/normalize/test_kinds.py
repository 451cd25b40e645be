"""The kind of a publication is what the most telling of its formats says."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize import kinds
from pipelines.normalize.kinds import publication_kind, publication_kinds

CASES = [
    (["Online Article Text"], "article"),
    (["Online Conference Paper"], "conference_paper"),
    (["Online Conference Contribution"], "conference_paper"),
    (["Online Text"], None),
    (["Curious Object"], "other"),
    (["Article about Xyzzy"], "article"),
    (["Online", "Article", "Text"], "article"),
    (["Online", "Conference Paper"], "conference_paper"),
    (["ConferenceProceeding"], "book"),
    (["Online", "Preprint"], "preprint"),
    (["Book"], "book"),
    (["eBook", "Electronic"], "book"),
    (["1/Book/eBook/"], "book"),
    (["Book Chapter"], "chapter"),
    (["Thesis", "Book"], "thesis"),
    (["journal"], "journal"),
    (["MusicalScore"], "score"),
    (["DVD", "Video"], "video"),
    (["Sound Recording"], "audio"),
    (["Atlas"], "map"),
    (["Widget"], "other"),
    (["Widget", "Book"], "book"),
    (["Online", "Electronic"], None),
    (["Unknown"], None),
    ([], None),
]


def known_words(text: str) -> set[str]:
    """The rule as it is said: of the words that are left, as many as make up a known format, else the whole text."""
    known, words, found = kinds._KINDS.keys() | kinds._CARRIERS, text.split(), set()
    while words:
        names = [(kinds._folded("".join(words[:count])), count) for count in range(len(words), 0, -1)]
        name, count = next((each for each in names if each[0] in known), (kinds._folded(text), 1))
        found.add(name)
        words = words[count:]
    return found - {""}


@given(st.lists(st.sampled_from(["Online", "Book", "Chapter", "e", "-", "Widget", "Sheet", "MUSIC", "12"]), max_size=8))
def test_words_make_up_the_longest_formats_that_are_known(words: list[str]):
    text = " ".join(words)
    found, whole = known_words(text), kinds._folded(text)
    expected = found - {whole} if found - {whole} - kinds._CARRIERS else found
    assert kinds._formats_in(text) - {""} == expected


def test_a_text_of_many_words_is_gone_through_once():
    assert publication_kind([" ".join(["Widget", "-"] * 20_000 + ["Book"])]) == "book"


@pytest.mark.parametrize(("formats", "kind"), CASES)
def test_kind_of_formats(formats: list[str], kind: str | None):
    assert publication_kind(formats) == kind


def test_kinds_of_a_column():
    formats, kinds = zip(*CASES, strict=True)
    column = pa.array([*formats, None, [None, "Book"]], pa.list_(pa.string()))
    assert publication_kinds(column).to_pylist() == [*kinds, None, "book"]
