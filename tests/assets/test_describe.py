"""What an asset's page shows: text from catalogues is text, never markup."""

import pyarrow as pa
import pytest

from pipelines.assets.describe import SAMPLE_ROWS, SAMPLE_WIDTH, sample

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![](https://example.org/track.png)",
    "a | b",
    "`code` *bold* _slanted_ # heading ~~gone~~",
    "&lt;b&gt;",
    "two\nlines",
    "carriage\rreturn",
    "\\| escaped",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_catalogue_stays_text(text: str) -> None:
    [_, _, row] = sample(pa.table({"title": [text]}), ["title"]).value.split("\n")
    cell = row.removeprefix("| ").removesuffix(" |")
    without_entities = "".join(part.partition(";")[2] if n else part for n, part in enumerate(cell.split("&#")))
    assert not set("|<>&`*_[]()\\!#~\r\n") & set(without_entities)


def test_lists_are_joined_missing_values_empty_and_long_text_cut() -> None:
    table = pa.table({"names": [["A", "B"], None], "title": ["x" * 500, None]})
    lines = sample(table, ["names", "title"]).value.split("\n")
    assert lines[2] == f"| A; B | {'x' * (SAMPLE_WIDTH - 1)}… |"
    assert lines[3] == "|  |  |"


def test_a_sample_is_a_few_rows() -> None:
    assert len(sample(pa.table({"n": range(1000)}), ["n"]).value.split("\n")) == 2 + SAMPLE_ROWS
