"""A text of XML is cut at its tags, all of them, or not at all."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import xml_tokens
from pipelines.readers.compiled import IS_COMPILED
from pipelines.readers.xml_tokens import Tokens, tokens_of
from tests.readers.made_alike import mixed

PARTS = [
    "<a>",
    "</a>",
    "<a/>",
    '<a b="1">',
    "<long-name-of-an-element>",
    "text",
    " ",
    "\n",
    ">",
    "é",
    "&lt;",
    "<b>",
    "</b>",
]
ODD = ["<", "<!-- -->", "<?x?>", "<![CDATA[", "<a", "\xff"]
CUT = re.compile(r"<[^<>]*>")


def cut(data: bytes, most_tags: int = 100) -> Tokens | None:
    """The tokens, which are the same with compiled code and without."""
    found = []
    for is_compiled in (IS_COMPILED, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xml_tokens, "IS_COMPILED", is_compiled)
            found.append(tokens_of(data, most_tags))
    first, second = found
    if first is None or second is None:
        assert first is second
        return None
    assert first.tags == second.tags
    assert first.numbers.tolist() == second.numbers.tolist()
    assert first.both == second.both
    return first


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join))
@example("<a>" * 70 + "</a>" * 70)
def test_tags_and_the_texts_behind_them_are_the_whole_text(parts: str):
    text = f"<r>{parts}"
    tokens = cut(text.encode())
    assert tokens is not None
    assert [tokens.tags[number] for number in tokens.numbers.tolist()] == CUT.findall(text)
    assert "".join(tokens.both.to_pylist()) == text


@given(st.lists(st.sampled_from(PARTS + ODD), max_size=8).map("".join))
def test_a_text_with_anything_but_tags_of_elements_is_not_cut(parts: str):
    data = parts.encode("latin-1" if "\xff" in parts else "utf-8")
    is_plain = "\xff" not in parts and parts.lstrip().startswith("<") and "<" not in CUT.sub("", parts)
    tokens = cut(data)
    assert (tokens is not None) == (is_plain and not any(sign in parts for sign in ("<!", "<?")))


@pytest.mark.parametrize(("count", "is_cut"), [(99, True), (100, True), (101, False), (3_000, False)])
def test_a_text_with_too_many_different_tags_is_not_cut(count: int, is_cut: bool):
    data = "".join(f"<a{number % count}>" for number in range(2 * count)).encode()
    assert (cut(data) is not None) == is_cut


def test_different_tags_are_numbered_in_the_order_in_which_they_come_first():
    data = "".join(f"<t{number}>" for number in [*range(5_000), *reversed(range(5_000))]).encode()
    tokens = cut(data, 5_000)
    assert tokens is not None
    assert tokens.numbers.tolist() == [*range(5_000), *reversed(range(5_000))]
    assert tokens.tags == [f"<t{number}>" for number in range(5_000)]


def test_tags_that_somebody_made_to_be_numbered_slowly_are_not_cut():
    # Their hashes begin alike, so that each would be compared with all before it.
    words = np.random.default_rng(1).integers(ord("A"), ord("Z"), (600_000, 8), np.uint8, endpoint=True)
    first = mixed(mixed(np.zeros(len(words), np.uint64), words.view(np.uint64)[:, 0]), np.zeros(1, np.uint64))
    alike = np.unique(words[first % 1024 == 0], axis=0)[:300]
    assert len(alike) == 300
    tags = [f"<{word.tobytes().decode()}>" for word in alike]
    assert (tokens_of("".join(tags).encode()) is None) == IS_COMPILED
    assert tokens_of("".join(tags[:200]).encode()) is not None
