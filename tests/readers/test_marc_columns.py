"""MARC read in columns gives, row by row, what is read record by record, whatever the records hold and wherever cut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import marc21, marc_batch, marcxml, oai_pmh
from pipelines.readers.chunks import Format, Piece, Unreadable
from pipelines.readers.marc_record import MarcRecord, write_record
from pipelines.readers.streams import ByteStream

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"
needs_fixtures = pytest.mark.skipif(not FIXTURES.exists(), reason="the shared fixtures are not on this machine")

LEADER = "00000nam a2200000 a 4500"
#: Fields of records: plain ones, and such as nobody should write.
FIELDS: Final = [
    ("001", "1"),
    ("001", " 2 "),
    ("007", "cr"),
    ("007", "vd cs"),
    ("007", "\x1f"),
    ("008", "121103s2004    enka"),
    ("008", "121103s2004    enka     ob   000 0 eng c"),
    ("008", "É" * 40),
    ("020", "  \x1fa3161484 (pbk.)\x1fa"),
    ("035", "  \x1fa(OCoLC)ocm0012\x1fa(OCoLC)12"),
    ("041", "1 \x1faengfre\x1fhger\x1fa"),
    ("050", "00\x1faQA76.5\x1fb.A1"),
    ("082", "00\x1fa816.337 b\x1fa16"),
    ("100", "1 \x1faEco, Umberto,\x1fd1932-2016.\x1feauthor"),
    ("100", "1 \x1fa :"),
    ("110", "2 \x1faUN.\x1fbWHO\x1f4pbl"),
    ("245", "14\x1faThe té :\x1fbmore /\x1fcA."),
    ("245", "1"),
    ("245", ""),
    ("245", "103\x1faOdd"),
    ("245", "é4\x1faİt"),
    ("245", "00\x1fh[Electronic Resource]"),
    ("245", "[electronic resource]"),
    ("245", "10no subfield"),
    ("246", "3 \x1fa\u00a0 Blank \u3000\x1fn2"),
    ("260", "  \x1faX\x1fbPress,\x1fcc1999 [i.e. 2000]"),
    ("264", " 4\x1fb©\x1fc2001"),
    ("264", " 1\x1fbB\x1fc2000"),
    ("264", "1"),
    ("500", "  \x1féaccent\x1f\x1f"),
    ("520", "  \x1faAn abstract\x1fb."),
    ("650", " 0\x1faA\x1fxB\x1f0(x)1\x1fµmicro"),
    ("650", " 0\x1faA\x1fxB"),
    ("700", "1 \x1faA, B.\x1feeditor\x1feauthor\x1f4trl"),
    ("700", "1 \x1faX"),
    ("773", "0 \x1ftJ.\x1fgVol. 2, no. 3, p. 4"),
    ("773", "0 \x1fq24:9<235"),
    ("856", "40\x1fuhttp://dx.doi.org/10.1%2Fa\x1fzFree\x1fyHere"),
    ("856", "40\x1fuhttp://DOı.org"),
    ("880", "10\x1f6245-01/$1\x1fa東京"),
    ("880", "1 \x1fax"),
    ("200", "1 \x1faTitre"),
    ("ABC", "  \x1faz"),
    ("99", "  \x1faz"),
    ("100", "  \x1fa19990101d1999    k  y0frey50"),
    ("245", "10\x1fa" + "long " * 2_100),
    ("001", "x" * 1_001),
]
LEADERS: Final = [LEADER, LEADER, LEADER, LEADER.replace("nam", "NAS"), LEADER.replace("nam a", "nam  "), "00000nz"]

records = st.builds(
    MarcRecord,
    st.sampled_from(LEADERS),
    st.lists(st.sampled_from(FIELDS), max_size=7).map(lambda fields: [("001", "0"), *fields]),
    st.just([]),
) | st.builds(MarcRecord, st.just(LEADER), st.lists(st.sampled_from(FIELDS), max_size=3), st.just([]))


def as_iso2709(record: MarcRecord) -> bytes:
    """The record as bytes, with the coding that its leader says."""
    written = write_record(record).encode()
    return written if record.leader[9:10] != " " else written[:9] + b" " + written[10:]


def escaped(text: str) -> str:
    """Text as XML has it, with some of it as references."""
    signs = {"&": "&amp;", "<": "&lt;", "\x1f": "?", "É": "&#201;", "東": "&#x6771;"}
    return "".join(signs.get(sign, sign) for sign in text)


def as_xml(record: MarcRecord, prefix: str = "") -> bytes:
    """The record as MARCXML."""
    parts = [f"<{prefix}record><{prefix}leader>{record.leader}</{prefix}leader>"]
    for tag, text in record.content:
        if tag < "010":
            parts.append(f'<{prefix}controlfield tag="{tag}">{escaped(text)}</{prefix}controlfield>\n')
            continue
        head, *values = text.split("\x1f")
        parts.append(f'<{prefix}datafield tag="{tag}" ind1="{escaped(head[:1])}" ind2="{escaped(head[1:2])}">')
        for value in values:
            code, said = escaped(value[:1]), escaped(value[1:])
            parts.append(f'<{prefix}subfield code="{code}">{said}</{prefix}subfield>')
        parts.append(f"</{prefix}datafield>")
    return "".join([*parts, f"</{prefix}record>\n"]).encode()


def as_answer(record: MarcRecord) -> bytes:
    """The record as metadata of OAI-PMH."""
    header = b"<identifier>oai:1</identifier><datestamp>2024-05-01</datestamp><setSpec>a</setSpec>"
    return b"<record><header>" + header + b"</header><metadata>" + as_xml(record) + b"</metadata></record>"


WRITERS: Final[list[tuple[Format, Callable[[MarcRecord], bytes]]]] = [
    (marc21.FORMAT, as_iso2709),
    (marcxml.FORMAT, as_xml),
    (marcxml.FORMAT, lambda record: as_xml(record, "m:")),
    (oai_pmh.FORMAT, as_answer),
]


def parsed(one: Format, data: bytes, chunk_bytes: int = 1 << 20) -> tuple[list[object], list[object]]:
    """All rows and all that was refused, of pieces that are parsed together."""
    parts = list(one.split("f", "m", ByteStream(iter([data])), chunk_bytes))
    refused = [part for part in parts if isinstance(part, Unreadable)]
    pieces = tuple(part for part in parts if isinstance(part, Piece))
    if not pieces:
        return [], refused
    batch = one.parse(pieces)
    return batch.documents.to_pylist(), [*refused, *batch.quarantined.to_pylist()]


def one_by_one(one: Format, data: bytes) -> tuple[list[object], list[object]]:
    """The same where no record is read in columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marc_batch, "_LONGEST_PLAIN", -1)
        return parsed(one, data)


def changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The data with bytes lost or put in at some places."""
    for place, cut, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + cut :]
    return data


SIGNS: Final = (b"\x1d", b"\x1e", b"\x1f", b"\x1b", b"<!--", b"]]>", b"&#30;", b"&x;", b"\xc3", b"\r")
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(max_size=3) | st.sampled_from(SIGNS)), max_size=3
)


@given(st.sampled_from(WRITERS), st.lists(records, min_size=1, max_size=4), CHANGES)
@example(WRITERS[0], [MarcRecord(LEADER, [("001", "0"), *FIELDS[2:30]], [])], [])
@example(WRITERS[1], [MarcRecord(LEADER, [("001", "0"), *FIELDS[8:16]], [])], [])
def test_columns_say_what_records_say(
    writer: tuple[Format, Callable[[MarcRecord], bytes]],
    found: list[MarcRecord],
    changes: list[tuple[float, int, bytes]],
):
    one, write = writer
    data = changed(b"".join(map(write, found)), changes)
    assert parsed(one, data) == one_by_one(one, data)


@pytest.mark.parametrize(("one", "write"), WRITERS)
@pytest.mark.parametrize("field", range(len(FIELDS)))
def test_each_field_is_read_alike_beside_plain_ones(one: Format, write: Callable[[MarcRecord], bytes], field: int):
    plain = MarcRecord(LEADER, [("001", "0"), FIELDS[16]], [])
    data = b"".join(map(write, [plain, MarcRecord(LEADER, [*plain.content, FIELDS[field]], []), plain]))
    assert parsed(one, data) == one_by_one(one, data)


@given(st.sampled_from(WRITERS[:3]), st.lists(records, min_size=1, max_size=4), st.integers(1, 400))
def test_so_they_do_wherever_the_stream_is_cut(
    writer: tuple[Format, Callable[[MarcRecord], bytes]], found: list[MarcRecord], chunk_bytes: int
):
    one, write = writer
    data = b"".join(map(write, found))
    assert parsed(one, data, chunk_bytes) == parsed(one, data)


@pytest.mark.parametrize(("one", "write"), WRITERS)
def test_plain_records_are_read_in_columns(
    one: Format, write: Callable[[MarcRecord], bytes], monkeypatch: pytest.MonkeyPatch
):
    plain = [
        MarcRecord(LEADER, [(tag, text) for tag, text in FIELDS if tag in tags], []) for tags in ("001020", "001260")
    ]
    monkeypatch.setattr(marc_batch._Gathering, "_leave", lambda self, place: pytest.fail("a plain record is left over"))
    documents, refused = parsed(one, b"".join(map(write, plain)))
    assert (len(documents), refused) == (2, [])


@needs_fixtures
@pytest.mark.parametrize("folder", ["vufind_marc", "marc_permissive", "marc_scripts_gpl", "pypi_loc_marc"])
def test_real_records_are_read_alike(folder: str):
    for path in sorted(FIXTURES.joinpath(folder).iterdir()):
        data = path.read_bytes()
        for one in (marc21.FORMAT, marcxml.FORMAT):
            if one.recognises(data):
                assert parsed(one, data) == one_by_one(one, data), path.name
