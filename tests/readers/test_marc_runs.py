"""Records of MARC that are found all at once: the same as found one by one, whatever stands between and beside them."""

from __future__ import annotations

import pytest

from pipelines.readers import marc_batch, marcxml, oai_marc
from pipelines.readers.formats import FORMATS
from pipelines.readers.marc_record import MarcRecord
from tests.readers.test_marc_columns import as_answer, as_xml, one_by_one, parsed

_LEADER = "00000nam a2200000 a 4500"


def record(number: int, title: str = "A title") -> MarcRecord:
    return MarcRecord(_LEADER, [("001", str(number)), ("245", f"00\x1fa{title}\x1fbof {number}")], [])


ONE, TWO, THREE = (as_xml(record(number)) for number in (1, 2, 3))
STRAY = ONE.replace(b"</leader>", b'</leader><subfield code="a">astray</subfield>')
CUT_OFF = TWO.replace(b"</record>", b"")


@pytest.mark.parametrize(
    "data",
    [
        ONE + TWO + THREE,
        b'<?xml version="1.0"?>\n<collection>\n' + ONE + b" \t\n" + TWO + b"\n</collection>\n",
        ONE + b"astray" + TWO + THREE,
        ONE + b"<!-- </record><record> -->" + TWO + THREE,
        ONE.replace(b"A title", b"<![CDATA[</record>]]>") + TWO,
        TWO + STRAY + THREE,
        ONE + CUT_OFF + THREE,
        ONE + TWO.replace(b"<record>", b"") + THREE,
        ONE + TWO.replace(b"<record>", b"<record/>") + THREE,
        ONE + TWO.replace(b"<record>", b'<record type="Bibliographic">') + THREE,
        ONE + TWO.replace(b"<record>", b'<m:record a="&gt;">').replace(b"</record>", b"</m:record>") + THREE,
        ONE + TWO.replace(b"</record>", b"</record x='>'>") + THREE,
        ONE + TWO.replace(b"A title", b"a record > another </b>") + THREE,
        ONE + as_xml(record(2, "long" * 500)) + THREE,
        # No field at all, but a text of one.
        b'<record><leader>00000nam a2200000 a 4500</leader><subfield code="a">astray</subfield></record>',
        (ONE + TWO + THREE)[:-5],
        b"</record>" + ONE,
    ],
)
@pytest.mark.parametrize("at_once", [1, 300, 900, 1 << 20])
def test_they_are_the_same_records(data: bytes, at_once: int, monkeypatch: pytest.MonkeyPatch):
    alone = one_by_one(marcxml.FORMAT, data)
    monkeypatch.setattr(marcxml, "AT_ONCE", at_once)
    assert parsed(marcxml.FORMAT, data) == alone


def test_records_side_by_side_are_not_looked_for_one_by_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(marc_batch._Gathering, "add", lambda self, found: pytest.fail("a record by itself"))
    documents, refused = parsed(marcxml.FORMAT, b"<collection>\n" + ONE + TWO + b"\n" + THREE + b"</collection>\n")
    assert (len(documents), refused) == (3, [])


@pytest.mark.parametrize("at_once", [1, 1_000, 1 << 20])
def test_answers_keep_the_order_of_plain_records_and_others(at_once: int, monkeypatch: pytest.MonkeyPatch):
    odd = as_answer(record(4)).replace(b"A title", b"<![CDATA[A title]]>")
    data = as_answer(record(1)) + odd + as_answer(record(2)) + as_answer(record(3)) + odd
    monkeypatch.setattr(oai_marc, "AT_ONCE", at_once)
    documents, refused = parsed(next(one for one in FORMATS if one.name == "oai-pmh"), data)
    offsets = [document["offset"] for document in documents]
    assert (len(offsets), offsets, refused) == (5, sorted(offsets), [])


def test_what_stands_between_two_instructions_is_looked_at():
    assert not marcxml.FORMAT.recognises(b'<?xml version="1.0"?><other/><?odd?><collection><record><leader>')
    assert marcxml.FORMAT.recognises(b'<?xml version="1.0"?><?odd?><!-- a --><collection><record><leader>')
