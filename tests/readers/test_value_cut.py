"""Values other than names are cut by vocabularies, and by what stands alone in the dump."""

from collections import Counter, defaultdict

import pytest

from pipelines.readers.lessons import Lesson
from pipelines.readers.value_cut import ValueModel, count_value, cut_exactly


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("format", "Online Article Text", ["Online", "Article", "Text"]),
        ("format", "Online Conference Paper", ["Online", "Conference Paper"]),
        ("format", "Electronic Book Chapter", ["Electronic", "Book Chapter"]),
        ("format", "Musical Score", ["Musical Score"]),
        ("format", "Something Book", None),
        ("language", "English French", ["English", "French"]),
        ("language", "Greek, Ancient (to 1453) English", ["Greek, Ancient (to 1453)", "English"]),
        ("language", "Norwegian Bokmål Norwegian", ["Norwegian Bokmål", "Norwegian"]),
        ("language", "Elvish English", None),
        ("topic", "Online Article", None),
        ("building", "0/Main/ 1/Main/First Floor/", ["0/Main/", "1/Main/First Floor/"]),
    ],
)
def test_vocabularies_settle(field: str, text: str, values: list[str] | None):
    assert cut_exactly(field, text) == values


@pytest.mark.parametrize(
    ("alone", "text", "values"),
    [
        (["Botany", "Plant Cells"], "Plant Cells Botany", ["Plant Cells", "Botany"]),
        (["Botany"], "Botany Medical", None),
        (["Botany", "Medical"], "Botany Medical", ["Botany", "Medical"]),
        # It stands in more records than its parts do.
        (["Botany", "Medical", "Botany Medical", "Botany Medical"], "Botany Medical", None),
        (["Botany", "medical"], "Botany medical", None),
        (["A B", "C", "A", "B C"], "A B C", None),
        # Texts that are several values themselves are none.
        (["A", "B", "C", "A B"], "A B C", ["A", "B", "C"]),
        (["A", "B", "C", "D", "A B", "B C", "A B C"], "A B C D", ["A", "B", "C", "D"]),
        (["A", "B", "C", "A B", "A B"], "A B C", None),
        (["cs.CL", "math.AG hep-th"] * 10, "cs.AI cs.LG", ["cs.AI", "cs.LG"]),
        (["Botany, Medical."] * 20, "Botany, Medical. Diseases.", ["Botany, Medical.", "Diseases."]),
        (["Botany, Medical."] * 20, "Laws, etc. Diseases.", None),
        (["Botany, Medical."] * 20, "Python (Computer) Diseases.", None),
    ],
)
def test_a_dump_teaches(alone: list[str], text: str, values: list[str] | None):
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for one in alone:
        count_value(seen, "topic", one)
    assert ValueModel(Lesson.of(seen)).cut("topic", text) == values
