"""The part of a page above its staff view, in each language of VuFind."""

import re
import time
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.page_labels import LONGEST_LABEL
from pipelines.readers.page_part import (
    _LONGEST_VALUE,
    _RULE,
    _rows,
    _without_rules,
    read_page_part,
    shown_count,
)

#: What a row is, tried from each line on: blanks are never given back, and no label begins with them.
ROW = re.compile(
    rf"^[^\S\n]*+(?=\S)([^|\n]{{1,{LONGEST_LABEL}}}?)\s*+[:：]\s*+\|(.{{0,{_LONGEST_VALUE}}}?)\|[ \t\r]*$",
    re.MULTILINE | re.DOTALL,
)

LABELS: dict[str, dict[str, str]] = {}
for row in (files("pipelines.readers") / "page_labels.tsv").read_text(encoding="utf-8").splitlines():
    language, key, word = row.split("\t")
    LABELS.setdefault(language, {})[key] = word


SHOWN = (
    "Main Authors", "Other Authors", "Format", "Published", "Subjects", "Online Access", "Published in", "Language",
)  # fmt: skip


@pytest.mark.parametrize("language", [one for one in LABELS if "loading_ellipsis" in LABELS[one]])
@pytest.mark.parametrize("begins_so", [True, False])
def test_a_page_is_in_the_language_that_explains_it(language: str, begins_so: bool):
    own = LABELS[language]
    shown = {key: own.get(key, LABELS["en"][key]) for key in SHOWN}
    text = (f"{own['loading_ellipsis']}\n" if begins_so else "") + "A title\nA summary.\n"
    text += f"{shown.pop('Main Authors')}: | , , |\n---|---|\n"
    text += f"{shown.pop('Other Authors')}: | , |\n{shown.pop('Published')}: |\nMDPI\n2022\n|\n"
    text += "".join(f"{word}: | x |\n" for word in shown.values())
    part = read_page_part(text)
    assert part is not None
    assert part.language == language
    assert {field: shown_count(value) for field, value in part.credits().items()} == {"author": 3, "author2": 2}
    document = part.document()
    assert document["title"] == "A title"
    assert document["description"] == "A summary."
    assert (document["publisher"], document["publishDate"]) == (["MDPI"], ["2022"])


def test_what_is_no_page_is_none():
    assert read_page_part("") is None
    assert read_page_part("A table\nname: | x |\nvalue: | y |\nformat: | z |\n") is None


@pytest.mark.parametrize(
    ("value", "count"),
    [("", 1), (", ,", 3), ("(author), (editor)", 2), ("Wu, Bo", None)],
)
def test_shown_headings_are_counted(value: str, count: int | None):
    assert shown_count(value) == count


SIGNS = [
    "Label",
    ":",
    "|",
    "\n",
    " ",
    "：",
    "---|---|",
    "\t",
    "\r",
    "a" * 41,
    "|\n",
    ": |\n",
    "T: | x |\n",
    "\xa0",
    "\x0b",
]


@given(st.lists(st.sampled_from(SIGNS), max_size=14).map("".join))
def test_rows_are_those_that_are_looked_for_at_each_line(text: str):
    assert _rows(text) == [(row[1], row[2]) for row in ROW.finditer(text)]
    assert _without_rules(text) == _RULE.sub("", text)


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "1"}\n' + " " * 32_000,
        ": | value |\n" + " " * 32_000 + ": |",
        ": | value |\n" + "\t" * 32_000,
        "\r\n" * 16_000 + "---|---|\nTitle\n---|---|\n" + "\n" * 16_000,
    ],
)
def test_blanks_without_end_are_no_page_and_take_no_time(text: str):
    assert read_page_part(text) is None


@pytest.mark.parametrize("text", ["a:|b\n", ":|\n", " :|a\n", "a:|\n"])
def test_values_that_nothing_ends_are_looked_through_once(text: str):
    began = time.process_time()
    # A tenth of that, where each sign was looked at to the end of the text, took as long as this may.
    assert read_page_part(":|\n" + text * (160_000 // len(text))) is None
    assert time.process_time() - began < 2
