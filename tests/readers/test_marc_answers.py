"""Answers of SRU servers and of Alma: MARCXML within what the server puts around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.readers.answers import Answer
from pipelines.readers.chunks import Unreadable
from pipelines.readers.folders import Kind
from pipelines.readers.looks import look_at
from pipelines.readers.registry import parse_chunk, read_chunks

SLIM = "http://www.loc.gov/MARC21/slim"


def marc(number: str, prefix: str = "") -> str:
    p = f"{prefix}:" if prefix else ""
    return (
        f'<{p}record xmlns{":" if prefix else ""}{prefix}="{SLIM}"><{p}leader>00000nam a2200000 a 4500</{p}leader>'
        f'<{p}controlfield tag="001">{number}</{p}controlfield>'
        f'<{p}datafield tag="245" ind1="0" ind2="0"><{p}subfield code="a">T{number}</{p}subfield></{p}datafield>'
        f"</{p}record>"
    )


def sru(*records: str, found: int = 2) -> str:
    packed = "".join(
        "<zs:record><zs:recordSchema>marcxml</zs:recordSchema><zs:recordPacking>xml</zs:recordPacking>\n"
        f"<zs:recordData>\n{one}\n</zs:recordData><zs:recordPosition>1</zs:recordPosition></zs:record>"
        for one in records
    )
    return (
        '<?xml version="1.0"?>\n<zs:searchRetrieveResponse xmlns:zs="http://www.loc.gov/zing/srw/">'
        f"<zs:version>1.1</zs:version><zs:numberOfRecords>{found}</zs:numberOfRecords>"
        f"<zs:records>{packed}</zs:records></zs:searchRetrieveResponse>\n"
    )


def alma(*records: str) -> str:
    bibs = "".join(f"<bib><mms_id>99</mms_id><title>x</title>\n{one}</bib>" for one in records)
    return f'<?xml version="1.0"?><bibs total_record_count="{len(records)}">{bibs}</bibs>'


BROKEN = marc("9").replace("</leader>", "")


@pytest.mark.parametrize("chunk_bytes", [64, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids", "reasons", "answers"),
    [
        (sru(marc("1"), marc("2")), ["1", "2"], [], [Answer(2, 2)]),
        (sru(marc("1", "marc"), marc("2", "marc")), ["1", "2"], [], [Answer(2, 2)]),
        (sru(marc("1"), found=5) + sru(marc("2"), found=5), ["1", "2"], [], [Answer(1, 5)] * 2),
        (sru(f"<collection>{marc('1')}</collection>"), ["1"], [], [Answer(1, 2)]),
        (sru(marc("1"), BROKEN), ["1"], ["not well-formed XML"], [Answer(2, 2)]),
        (sru(marc("1"), marc("2").replace("<", "&lt;")), ["1"], ["a record that is packed as text"], [Answer(2, 2)]),
        (sru(found=0), [], [], [Answer(0, 0)]),
        (
            sru(found=0).replace("</zs:searchR", "<zs:diagnostics><d:diagnostic/></zs:diagnostics></zs:searchR"),
            [],
            ["an answer of an SRU server without records"],
            [Answer(0, 0)],
        ),
        (sru(found=7), [], ["an answer of an SRU server without records"], [Answer(0, 7)]),
        (sru(marc("1"), marc("2"))[:-60], ["1", "2"], ["the XML is cut off"], []),
        (alma(marc("1"), marc("2")), ["1", "2"], [], [Answer(2, 2)]),
        (alma(marc("1"), BROKEN), ["1"], ["not well-formed XML"], [Answer(2, 2)]),
        (f"<bib><mms_id>1</mms_id>{marc('1')}</bib>", ["1"], [], []),
        (alma(marc("1"))[:-7], ["1"], ["the XML is cut off"], []),
    ],
)
def test_the_records_of_an_answer(
    text: str, ids: list[str], reasons: list[str], answers: list[Answer], chunk_bytes: int, tmp_path: Path
):
    (tmp_path / "answer.xml").write_text(text)
    found, refused, told = [], [], []
    for part in read_chunks(tmp_path / "answer.xml", chunk_bytes):
        if isinstance(part, Unreadable):
            refused.append(part.reason)
            continue
        told += part.answers
        batch = parse_chunk(part)
        found += batch.documents.to_pylist()
        refused += batch.quarantined.column("reason").to_pylist()
    assert [one["id"] for one in found] == ids
    assert [reason.split(":")[0] for reason in refused] == reasons
    assert told == answers
    for one in found:
        raw = text[one["offset"] :][: one["length"]]
        assert (raw.startswith("<"), raw.endswith("record>")) == (True, True)
        assert one["line"] == text.count("\n", 0, one["offset"]) + 1


@pytest.mark.parametrize(
    "text",
    [
        sru("<dc><title>t</title></dc>"),
        "<bibs><bib><mms_id>1</mms_id></bib></bibs>",
        "<bibliography><record><leader/></record></bibliography>",
    ],
)
def test_answers_without_marc_are_of_no_known_format(text: str, tmp_path: Path):
    (tmp_path / "a.xml").write_text(text)
    [row] = read_chunks(tmp_path)
    assert isinstance(row, Unreadable)
    assert row.reason.startswith("not a known format: ")


def test_answers_in_a_folder_are_pages(tmp_path: Path):
    (tmp_path / "1.xml").write_text(sru(marc("1")))
    assert look_at(tmp_path / "1.xml").kind == Kind.PAGE
