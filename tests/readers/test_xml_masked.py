"""What is masked in texts of XML is what expat takes for comments, instructions and CDATA, and nothing else."""

import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.json_exact import NotADocumentError
from pipelines.readers.xml_masked import MASK, masked
from pipelines.readers.xml_tree import check

PARTS = [
    "<!--", "-->", "-", "--", "<?", "?>", "<?x", "<?xml", "<?XML-x ", "<?xmlx", " ", "<![CDATA[", "]]>", "a", "é",
    "<b>", "</b>", "\r", "\0", "\f", "\ufffe", "\udcff", "&", "<", ">", "\x7f", "]",
]  # fmt: skip


def in_records(*texts: bytes) -> bytes:
    """These texts, masked, each as a record."""
    bounds = np.append(0, np.cumsum([len(text) for text in texts]))
    return masked(b"".join(texts), bounds[:-1], bounds[1:])


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("<a><!-- é - <b> --></a>", "<a>~</a>"),
        ("<a><?x <b> ?><?y?></a>", "<a>~</a>"),
        ("<a><![CDATA[<!-- ]]>-->]</a>", "<a>~-->]</a>"),
        ("<a><!-- -- --></a>", None),
        ("<a><!-- ---></a>", None),
        ("<a><?xml x?></a>", None),
        ("<a><?XML?></a>", None),
        ("<a><?1 x?></a>", None),
        ("<a><? x?></a>", None),
        ("<a><!-- \x01 --></a>", None),
        ("<a><![CDATA[\udcff]]></a>", None),
        ("<a><!DOCTYPE x></a>", None),
        ("<a><!-- </a>", None),
        ("<a>plain</a>", None),
    ],
)
def test_what_is_opaque_is_masked_where_it_is_well_formed(written: str, left: str | None):
    data = written.encode(errors="surrogateescape")
    found = in_records(data)
    assert len(found) == len(data)
    shown = re.sub(f"{MASK}+", "~", found.decode(errors="surrogateescape"))
    assert shown == (left or written)


def test_what_begins_in_one_record_and_ends_in_another_stays():
    texts = b"<a><!-- </a>", b"<b> --></b>", b"<c><!-- --></c>"
    assert in_records(*texts) == b"".join(texts[:2]) + b"<c>" + MASK.encode() * 8 + b"</c>"


def test_what_ends_nowhere_is_looked_for_once():
    text = b"<a>" + b"<?p " * 50_000 + b"</a>"
    began = time.process_time()
    assert in_records(text, b"<b><?p?></b>") == text + b"<b>" + MASK.encode() * 5 + b"</b>"
    assert time.process_time() - began < 2


@given(st.lists(st.sampled_from(PARTS), max_size=8).map("".join))
def test_what_expat_refuses_is_no_better_masked(written: str):
    data = f"<a>{written}</a>".encode(errors="surrogateescape")
    found = in_records(data)
    if b"<!" in found or b"<?" in found or any(MASK.encode() in tag.partition(b">")[0] for tag in found.split(b"<")):
        return
    try:
        check(data)
    except NotADocumentError:
        with pytest.raises(NotADocumentError):
            check(found)
