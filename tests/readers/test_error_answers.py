"""What an answer that is an error says is told with the reason why it is not read, once."""

from __future__ import annotations

import pytest

from pipelines.readers.replayable import with_message

OAI = b'<OAI-PMH><error code="badVerb">No &lt;verb&gt;</error></OAI-PMH>'
STAFF_VIEW = b'<tr><th>id</th><td><span class="detail">1</span></td></tr>'


def html(title: bytes, body: bytes = b"") -> bytes:
    return b"<!DOCTYPE html><html><head><title>" + title + b"</title></head><body>" + body + b"</body></html>"


@pytest.mark.parametrize(
    ("reason", "raw", "told"),
    [
        ("no JSON", b'{"error":{"msg":"no such field"}}', "no JSON; it says: no such field"),
        ("no JSON", b'{"id":"1"}', "no JSON"),
        ("no XML", OAI, "no XML; it says: badVerb: No <verb>"),
        ("the repository says: badVerb: No <verb>", OAI, "the repository says: badVerb: No <verb>"),
        ("an error: " + "x" * 250, html(b"x" * 250), "an error: " + "x" * 250),
        ("no record", html(b"504 Gateway Time-out"), "no record; it says: 504 Gateway Time-out"),
        ("not UTF-8", html(b"A title", b"<table>" + STAFF_VIEW + b"</table>"), "not UTF-8"),
    ],
)
def test_what_an_error_says_is_told_once(reason: str, raw: bytes, told: str):
    assert with_message(reason, raw) == told
