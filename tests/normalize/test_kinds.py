"""The kind of a publication is what the most telling of its formats says."""

import pyarrow as pa
import pytest

from pipelines.normalize.kinds import publication_kind, publication_kinds

CASES = [
    (["Online Article Text"], "article"),
    (["Online Conference Paper"], "conference_paper"),
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


@pytest.mark.parametrize(("formats", "kind"), CASES)
def test_kind_of_formats(formats: list[str], kind: str | None):
    assert publication_kind(formats) == kind


def test_kinds_of_a_column():
    formats, kinds = zip(*CASES, strict=True)
    column = pa.array([*formats, None], pa.list_(pa.string()))
    assert publication_kinds(column).to_pylist() == [*kinds, None]
