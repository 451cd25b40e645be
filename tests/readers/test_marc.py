"""MARC 21 and MARCXML: what VuFind's import makes of a record, and what becomes of broken ones."""

from __future__ import annotations

import logging
import re
import warnings
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc import MARCReader, Record

from pipelines.readers import marc21, marc_batch, marcxml
from pipelines.readers.chunks import Format, Piece, Unreadable
from pipelines.readers.deletions import apart
from pipelines.readers.documents import to_documents
from pipelines.readers.formats import FORMATS
from pipelines.readers.marc_authors import name_of
from pipelines.readers.marc_batch import to_document
from pipelines.readers.marc_codes import language_names, relator_code
from pipelines.readers.marc_fields import to_fields
from pipelines.readers.marc_local import lost_characters
from pipelines.readers.marc_record import SUBFIELD, MarcRecord, NotMarcError, is_control, write_record
from pipelines.readers.marc_table import table_of_records
from pipelines.readers.marc_titles import sort_title
from pipelines.readers.registry import parse_chunk, read_chunks
from pipelines.readers.streams import ByteStream
from pipelines.records import LINEAGE, RAW_RECORDS
from pipelines.works.marc_work_keys import marc_record

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"
needs_fixtures = pytest.mark.skipif(not FIXTURES.exists(), reason="the shared fixtures are not on this machine")


def of_pymarc(record: Record) -> MarcRecord:
    """A record that pymarc read."""
    content = []
    for field in record.fields:
        if is_control(field.tag):
            content.append((field.tag, str(field.data or "")))
        else:
            indicators = "".join(field.indicators or ("  ",))
            content.append(
                (field.tag, indicators + "".join(SUBFIELD + one.code + one.value for one in field.subfields))
            )
    return MarcRecord(str(record.leader), content, [])


LEADER = "00000nam a2200000 a 4500"
FIXED = "121103s2004    enka     b    000 0 eng c"


def field(text: str) -> tuple[str, str]:
    """A field as catalogues print it: ``245 10 $aTitle``."""
    tag, _, rest = text.partition(" ")
    return tag, rest if tag < "010" else rest[:2] + rest[3:].replace("$", "\x1f")


def record(*fields: str, leader: str = LEADER) -> MarcRecord:
    return MarcRecord(leader, [("001", "1"), *map(field, fields)], [])


def binary(*fields: str, leader: str = LEADER) -> bytes:
    return write_record(record(*fields, leader=leader)).encode()


def read(data: bytes, one: Format = marc21.FORMAT, chunk_bytes: int = 1 << 20) -> tuple[list[Any], list[Unreadable]]:
    parts = list(one.split("f", "", ByteStream(iter([data])), chunk_bytes))
    batch = one.parse(tuple(part for part in parts if isinstance(part, Piece)))
    refused = [part for part in parts if isinstance(part, Unreadable)]
    return list(to_documents(batch.documents)), refused + [Unreadable(**row) for row in batch.quarantined.to_pylist()]


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        (["245 14 $aThe test :$bmore /$cby A."], "title", "The test : more /"),
        (["245 14 $aThe test :$bmore /$cby A."], "title_short", "The test :"),
        (["245 14 $aThe test :$bmore /$cby A."], "title_sub", "more /"),
        (["245 14 $aThe test :$bmore /$cby A."], "title_full", "The test : more / by A."),
        (["245 14 $aThe test :$bmore /$cby A."], "title_sort", "test more"),
        (["245 10 $aHTML> the basics: why not?"], "title_sort", "html the basics why not"),
        (["245 13 $aLa Øresundsbron – «Smörgås» à la Łódź"], "title_sort", "oresundsbron smorgas a la lodz"),
        (["245 10 $aÆsop’s fables"], "title_sort", "æsop s fables"),
        (["245 10 $a..."], "title_sort", None),
        (["100 1  $aEco, U."], "author_role", [""]),
        (["700 1  $aEco, U."], "author2_role", [""]),
        (["130 0  $aBible.$lLatin", "246 3  $aOther"], "title_alt", ["Bible. Latin", "Other"]),
        (["780 00 $tOld"], "title_old", ["Old"]),
        (["785 00 $tNew"], "title_new", ["New"]),
        (["100 1  $aEco, Umberto,$d1932-2016."], "author", ["Eco, Umberto, 1932-2016"]),
        (["100 1  $aEco, Umberto.$eauthor."], "author_role", ["aut"]),
        (["100 1  $aEco, U.$eartisan"], "author_role", ["artisan"]),
        (["100 1  $aA$4http://id.loc.gov/vocabulary/relators/cre"], "author_role", ["cre"]),
        (["100 1  $aA, B.$eeditor"], "author2", ["A, B."]),
        (["700 1  $aA$eauthor"], "author", ["A"]),
        (["700 1  $aA$eformer owner"], "author2", None),
        (["700 1  $aA$eeditor", "700 1  $aB"], "author2", ["A", "B"]),
        (["700 1  $aA$eeditor", "700 1  $aB"], "author2_role", ["edt", ""]),
        (["110 2  $aUN.$bWHO"], "author_corporate", ["UN. WHO"]),
        (["260    $aX$bPress,$c1999."], "publisher", ["Press,"]),
        (["264  4 $bA$c©2001", "264  1 $bB$c2000"], "publisher", ["B"]),
        (["264  4 $c©2001"], "publishDate", ["2001"]),
        (["260    $c1378 [1999]"], "publishDate", ["1999"]),
        (["260    $c1420 [1999 or 2000]"], "publishDate", ["1999"]),
        (["264  1 $c2059 [2002/2003]"], "publishDate", ["2002"]),
        (["260    $c1420 [1999-"], "publishDate", ["1999"]),
        (["260    $c[2001 or 2002], c2000"], "publishDate", ["2001"]),
        (["260    $c1998 [c1999]"], "publishDate", ["1998"]),
        (["260    $c[19]98"], "publishDate", ["1998"]),
        (["260    $cl998."], "publishDate", ["1998"]),
        (["260    $c[189-?]"], "publishDate", ["1890"]),
        (["260    $c1989 [i.e. 1990]"], "publishDate", ["1990"]),
        (["260    $c[198-?]"], "publishDate", ["1980"]),
        (["260    $c19829."], "publishDate", ["1982"]),
        (["260    $c20150131"], "publishDate", ["2015"]),
        (["260    $c100 B.C. or 1001"], "publishDate", None),
        (["300    $a3 p. ;$c2 cm"], "physical", ["3 p. ; 2 cm"]),
        (["250    $a2nd ed."], "edition", "2nd ed."),
        (["440  0 $aS$pP", "490 1  $aT"], "series", ["S P"]),
        (["490 1  $aT"], "series2", ["T"]),
        (["650  0 $aBotany$zUSA$0(x)1"], "topic", ["Botany USA"]),
        (["655  7 $aFiction$2x"], "genre", ["Fiction"]),
        (["651  0 $aParis"], "geographic", ["Paris"]),
        (["648  7 $a1900-1999"], "era", ["1900-1999"]),
        (["020    $a316148410X (pbk.)", "773 0  $z9783161484100"], "isbn", ["316148410X (pbk.)", "9783161484100"]),
        (["022    $a1234-5678"], "issn", ["1234-5678"]),
        (["010    $a  00000002 "], "lccn", "00000002"),
        (["035    $a(OCoLC)ocm00012", "035    $a(X)3"], "oclc_num", ["12"]),
        (["035    $a(OCoLC)ocm00012", "035    $a(X)3"], "ctrlnum", ["(OCoLC)ocm00012", "(X)3"]),
        (["856 40 $uhttps://doi.org/10.1%2Fa$zFree"], "doi_str_mv", ["10.1/a"]),
        (["856 40 $uhttp://a$zFree$yHere"], "links_856", [{"url": "http://a", "text": "Here", "note": "Free"}]),
        ([f"008 {FIXED}", "041 1  $aengfre$hger"], "language", ["English", "French", "German"]),
        (["008 " + FIXED.replace("eng", "   ")], "language", []),
        (["505 0  $aOne -- Two"], "contents", ["One -- Two"]),
        (["520    $aAn abstract."], "description", "An abstract."),
        (["050 00 $aQA76.5$b.A1"], "callnumber-raw", ["QA76.5 .A1"]),
        (["050 00 $aQA76.5$b.A1"], "callnumber-first", "Q - Science"),
        (["050 00 $aQA76.5$b.A1"], "callnumber-subject", "QA"),
        (["050 00 $aQA76.5$b.A1"], "callnumber-label", "QA76"),
        (["082 00 $a16.337 b"], "dewey-hundreds", ["000"]),
        (["082 00 $a816.337 b"], "dewey-tens", ["810"]),
        (["082 00 $a816.337 b"], "dewey-full", ["816.337B"]),
        (["773 0  $tJournal.$gVol. 24, no. 9 (1993), p. 235-48"], "container_title", "Journal"),
        (["773 0  $tJournal.$gVol. 24, no. 9 (1993), p. 235-48"], "container_volume", "24"),
        (["773 0  $tJournal.$gVol. 24, no. 9 (1993), p. 235-48"], "container_issue", "9"),
        (["773 0  $tJournal.$gVol. 24, no. 9 (1993), p. 235-48"], "container_start_page", "235"),
        (["773 0  $tJ$q24:9<235"], "container_start_page", "235"),
        (["880 10 $6245-01/$1$a東京"], "original_script", {"245": ["東京"]}),
    ],
)  # fmt: skip
def test_a_field_is_what_vufind_makes_of_it(fields: list[str], name: str, value: object):
    assert to_document(record(*fields)).get(name) == value


@pytest.mark.parametrize(
    ("kind", "fields", "formats"),
    [
        ("am", [], ["Book"]), ("am", ["008 " + FIXED[:23] + "o" + FIXED[24:]], ["eBook"]), ("as", [], ["Serial"]),
        ("as", ["008 " + FIXED[:21] + "p" + FIXED[22:]], ["Journal"]),
        ("as", ["711 2  $aX"], ["Conference Proceeding"]),
        ("aa", [], ["Book Chapter"]), ("aa", ["773 0  $tJ$gVol. 1"], ["Article"]), ("ab", [], ["Article"]),
        ("ai", ["008 " + FIXED[:21] + "w" + FIXED[22:]], ["Website"]), ("am", ["502    $aDiss."], ["Thesis", "Book"]),
        ("am", ["086    $aX"], ["Government Document", "Book"]), ("em", [], ["Map"]),
        ("cm", [], ["Musical Score", "Book"]),
        ("jm", ["007 sd"], ["CD", "Audio"]), ("gm", ["007 vd cs"], ["Video", "Blu-ray Disc"]), ("km", [], ["Image"]),
        ("mm", [], ["Electronic"]), ("rm", [], ["Physical Object"]), ("tm", [], ["Manuscript", "Book"]),
        ("am", ["007 cr"], ["Book"]), ("am", ["007 he"], ["Microfilm", "Book"]), ("ac", [], ["Kit"]),
        ("a ", [], ["Text"]), ("  ", [], ["Unknown"]),
    ],
)  # fmt: skip
def test_formats_are_those_of_leader_007_and_008(kind: str, fields: list[str], formats: list[str]):
    assert to_document(record(*fields, leader=f"{LEADER[:6]}{kind}{LEADER[8:]}"))["format"] == formats


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Wu, B.,", "Wu, B."), ("Eco, Umberto.", "Eco, Umberto"), ("Smith, Mrs.", "Smith, Mrs."), ("X. -", "X"),
        ("Li, A. (Ann)", "Li, A. (Ann)"), ("Ann)", "Ann"), ("Ann :", "Ann"),
    ],
)  # fmt: skip
def test_a_name_loses_the_punctuation_that_ends_it(heading: str, name: str):
    assert name_of(heading) == name


def test_codes_have_names():
    assert language_names("gre") == ("Greek, Modern (1453-)",)
    assert language_names("qqq") == ("qqq",)
    assert language_names("|||") == ()
    assert [relator_code(text) for text in ("edt", "Editor.", "ed", "fmo")] == ["edt", "edt", None, "fmo"]


GOOD = binary("245 10 $aGood")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"00099nam a22000370a 4500245", "no field terminator"),
        (b"00099nam a2200037 a 450024500\x1e\x1d", "the directory is broken"),
        (b"00026nam a2200025 a 4500\x1e\x1d", "a record without fields"),
        (b"nonsense\x1d", "no field terminator"),
        (GOOD.replace(b"001", b"002", 1), "no id: the record has no field 001"),
        (GOOD.replace(b"\x1e1\x1e", b"\x1e12\x1e", 1), "field 001 is not as long as the directory says"),
        (GOOD.replace(b"nam a", b"nz  a", 1), "no bibliographic record by its leader (position 6 is z: authority)"),
        (binary("100    $a19990101d1999", "200 1  $aEte").replace(b"Ete", b"\xc2et"), "a record of UNIMARC"),
        (GOOD[:50], "the directory is broken"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("chunk_bytes", [1, 60, 1 << 20])
def test_a_broken_record_among_good_ones_is_quarantined_alone(broken: bytes, reason: str, chunk_bytes: int):
    data = GOOD + broken + GOOD.replace(b"Good", b"Last")
    documents, [refused] = read(data, chunk_bytes=chunk_bytes)
    assert [one["title"] for one in documents] == ["Good", "Last"]
    assert refused.reason.startswith(reason) or reason == "the directory is broken"
    assert (refused.offset, refused.raw) == (len(GOOD), broken)


def without_id(*fields: str, leader: str = LEADER) -> bytes:
    return write_record(MarcRecord(leader, list(map(field, fields)), [])).encode()


WITHOUT_ID = without_id("008 200101s2020    enk", "100 1  $aSmith, J", "245 10 $aNo id")
OTHER_WITHOUT_ID = WITHOUT_ID.replace(b"Smith", b"Jones")


def test_a_record_without_id_among_others_that_have_some_gets_none():
    assert format_of(GOOD + WITHOUT_ID * 2) == "marc 21"
    assert format_of(WITHOUT_ID * 2 + GOOD) == "marc 21"
    documents, refused = read(GOOD + WITHOUT_ID + GOOD.replace(b"Good", b"Last"))
    assert [one["title"] for one in documents] == ["Good", "Last"]
    assert [row.reason for row in refused] == ["no id: the record has no field 001"]


@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 20])
def test_records_of_a_file_without_ids_are_called_by_what_they_say(chunk_bytes: int):
    data = WITHOUT_ID + OTHER_WITHOUT_ID + WITHOUT_ID + without_id("100 1  $aSmith, J") + GOOD
    form = marc21.WITHOUT_IDS
    assert form.recognises(WITHOUT_ID + OTHER_WITHOUT_ID)
    documents, refused = read(data, form, chunk_bytes)
    first, other, again, good = documents
    assert (good["id"], first["id"] == again["id"], first["id"] == other["id"]) == ("1", True, False)
    assert re.fullmatch("marc-[0-9a-f]{20}", first["id"])
    note = "field 001 was missing, as in the first records of the file: the id is made of what the record says"
    assert first["marc_error"] == [note]
    assert [row.reason for row in refused] == ["no id: the record has no field 001"]


@pytest.mark.parametrize("form", [marc21.FORMAT, marc21.WITHOUT_IDS], ids=["with ids", "without ids"])
def test_a_record_whose_fields_would_be_cut_wrongly_is_quarantined(form: Format):
    """What is read of one without id makes its id, and of one with an id it takes the place of what was right."""
    id_field = ["001 1"] if form is marc21.FORMAT else []
    one, other = (without_id(*id_field, f"100 1  $a{name}", "245 10 $aT", "300    $a1 p.") for name in ("A", "B"))
    broken = other.replace(b"\x1e10\x1faT", b"\x1faT")
    documents, refused = read(one + broken + one, form)
    assert (len(documents), [row.raw for row in refused]) == (2, [broken])


def test_a_record_that_is_damaged_gets_no_id_and_the_row_says_why():
    data = WITHOUT_ID + OTHER_WITHOUT_ID
    at = OTHER_WITHOUT_ID.index(b"245") + 3
    wrong_length = OTHER_WITHOUT_ID[:at] + b"0001" + OTHER_WITHOUT_ID[at + 4 :]
    documents, [row] = read(data + wrong_length, marc21.WITHOUT_IDS)
    assert len(documents) == 2
    assert row.reason == (
        "no id: the record has no field 001, and the directory has wrong lengths: fields are told by their terminators"
    )


def test_a_wrong_leader_and_a_text_that_tells_of_one_make_no_id_that_others_have():
    texts = [without_id(f"245 10 $aTitle {number} </leader> tail") for number in range(3)]
    texts.append(texts[0][:12] + b"00000" + texts[0][17:])
    documents, refused = read(b"".join(texts), marc21.WITHOUT_IDS)
    assert ([documents.index(one) for one in documents], refused) == ([0, 1, 2, 3], [])
    assert len({one["id"] for one in documents}) == 3


def test_an_id_that_is_made_is_of_what_the_record_says_and_not_of_its_lengths():
    long = ("245 10 $aNo id", *["500    $a" + "x" * 9_000] * 12)
    for fields in (("245 10 $aNo id",), long):
        leaders = [LEADER, LEADER.replace("nam", "cam"), LEADER.replace("nam", "nas"), LEADER.replace("nam", "ncm")]
        records = [MarcRecord(leader, list(map(field, fields)), []) for leader in leaders]
        kept = to_fields(table_of_records(records), makes_ids=True)[0].column("id").to_pylist()
        assert (kept[0] == kept[1], len(set(kept))) == (True, 3)


def test_one_record_alone_may_have_lost_its_id():
    assert format_of(WITHOUT_ID) == "marc 21"
    assert format_of(WITHOUT_ID + OTHER_WITHOUT_ID) == "marc 21 without ids"
    assert format_of(WITHOUT_ID + OTHER_WITHOUT_ID[:60]) == "marc 21"


def test_the_id_of_a_record_without_any_is_the_same_in_xml():
    xml = (
        "<record><leader>00000cam a2200000 i 4500</leader>"
        "<controlfield tag='008'>200101s2020    enk</controlfield><datafield tag='100' ind1='1' ind2=' '>"
        "<subfield code='a'>Smith, J</subfield></datafield><datafield tag='245' ind1='1' ind2='0'>"
        "<subfield code='a'>No id</subfield></datafield></record>"
    )
    [in_binary, _], _ = read(WITHOUT_ID * 2, marc21.WITHOUT_IDS)
    assert [format_of(f"<collection>{xml * count}</collection>".encode()) for count in (1, 2)] == [
        "marcxml", "marcxml without ids",
    ]  # fmt: skip
    [in_xml, _], refused = read(f"<collection>{xml * 2}</collection>".encode(), marcxml.WITHOUT_IDS)
    assert (in_xml["id"], refused) == (in_binary["id"], [])


HOLDINGS = "00000nu  a2200000un 4500"


@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize(
    ("sign", "kind"),
    [
        *(("z", "authority"), ("w", "classification"), ("q", "community information")),
        *((sign, "holdings") for sign in "uvxy"),
    ],
)
def test_records_of_other_kinds_are_counted_and_neither_read_nor_refused(sign: str, kind: str, deleted: bool):
    leader = HOLDINGS.replace("nu", ("d" if deleted else "n") + sign)
    other = record("852 0  $aLibrary$bStacks", leader=leader)
    in_binary = GOOD + write_record(other).encode() + GOOD.replace(b"Good", b"Last")
    in_xml = f"<collection>{XML}{xml('852 0  $aLibrary').replace(LEADER, leader)}{XML}</collection>".encode()
    for one, data in ((marc21.FORMAT, in_binary), (marcxml.FORMAT, in_xml)):
        assert read(data, one)[1] == []
        batch = one.parse((Piece("f", "", 0, 0, data),))
        assert (batch.documents.num_rows, batch.other_kinds) == (2, {kind: 1})
    with pytest.raises(NotMarcError, match=f"no bibliographic record: {kind}"):
        to_document(other)


def test_a_record_of_another_kind_without_id_is_no_fault_of_the_dump():
    other = MarcRecord(HOLDINGS, [field("852 0  $aLibrary")], [])
    assert read(GOOD + write_record(other).encode())[1] == []


@pytest.mark.parametrize("place", [6, 7, 9, GOOD.index(b"Good")])
def test_any_sign_in_the_leader_or_a_field_leaves_the_neighbours_alone(place: int):
    for sign in range(256):
        documents, refused = read(GOOD + GOOD[:place] + bytes([sign]) + GOOD[place + 1 :] + GOOD)
        assert documents[0] == documents[0] | {"title": "Good"}
        # A record of community information may have a title too, and is passed over.
        is_other = (place, sign) in ((6, ord("q")), (6, ord("Q")))
        assert len(documents) + len(refused) + is_other >= 3


@pytest.mark.parametrize("length", [b"00001", b"99999", b"     ", b"abcde", b"%05d" % (2 * len(GOOD))])
def test_a_wrong_length_swallows_no_neighbour(length: bytes):
    documents, refused = read(GOOD + length + GOOD[5:] + GOOD)
    assert ([one["title"] for one in documents], refused) == (["Good"] * 3, [])
    assert [one["_lineage"]["offset"] for one in documents] == [0, len(GOOD), 2 * len(GOOD)]


@pytest.mark.parametrize("chunk_bytes", [1, 70, 1 << 20])
def test_a_terminator_within_a_record_of_the_right_length_belongs_to_its_text(chunk_bytes: int):
    documents, refused = read(GOOD + GOOD.replace(b"Good", b"G\x1dod") + GOOD, chunk_bytes=chunk_bytes)
    assert ([one["title"] for one in documents], refused) == (["Good", "G\x1dod", "Good"], [])


def test_what_is_too_long_for_a_record_is_quarantined_up_to_its_terminator(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(marc21, "LONGEST_RECORD", 100)
    documents, [refused] = read(GOOD + b"x" * 500 + b"\x1d" + GOOD, chunk_bytes=50)
    assert refused.reason.startswith("a record of more than 100 bytes")
    assert (refused.offset, refused.length) == (len(GOOD), 501)
    assert [one["_lineage"]["offset"] for one in documents] == [0, len(GOOD) + 501]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"nam", b"   ", b"n a", b"caa"]), st.text("a é", max_size=9),
            st.sampled_from([b"\x1d", b"\x1d\n", b"", b"\n", b" \r\n"]),
        ),
        min_size=1,
    ),
    st.integers(1, 300),
)  # fmt: skip
def test_every_record_comes_where_terminators_are_missing(parts: list[tuple[bytes, str, bytes]], chunk_bytes: int):
    records = [
        (
            write_record(MarcRecord(LEADER, [("001", f"{number}"), field(f"245 10 $at{title}")], [])).encode(),
            codes,
            after,
        )
        for number, (codes, title, after) in enumerate(parts)
    ]
    data = b"".join(one[:5] + codes + one[8:-1] + after for one, codes, after in records)
    documents, refused = read(data, chunk_bytes=chunk_bytes)
    assert ([one["id"] for one in documents], refused) == ([str(number) for number in range(len(parts))], [])


@pytest.mark.parametrize("length", [GOOD[:5], b"00000"])
@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (b"astray\x1d", "no field terminator"),
        (b"astray", "no field terminator"),
        (b"00065    a2200049", "no field terminator"),
        (GOOD.replace(b"2200049 a", b"22    x a").replace(b"0002000", b"000"), "the directory is broken"),
    ],
)
def test_what_stands_behind_a_record_without_terminator_is_told(length: bytes, rest: bytes, reason: str):
    documents, [refused] = read(length + GOOD[5:-1] + rest + GOOD)
    assert [one["title"] for one in documents] == ["Good", "Good"]
    assert (refused.offset, refused.raw, refused.reason[: len(reason)]) == (len(GOOD) - 1, rest, reason)


@pytest.mark.parametrize("cut", range(1, 14))
def test_a_record_that_is_cut_off_in_its_last_field_is_none(cut: int):
    last = binary("245 00 $aGood", "856 40 $uhttps://a.example/9")
    documents, refused = read(GOOD + last[:-cut])
    if cut <= 2:
        # Of the terminators alone nothing is missed.
        assert (documents[1]["url"], refused) == (["https://a.example/9"], [])
    else:
        assert len(documents) == 1
        assert [row.reason for row in refused] == ["the record is cut off: its directory lists more than there is"]


def test_fields_that_the_directory_does_not_list_are_told():
    data = binary("500    $aNote", "245 10 $aGood").replace(b"245000900011", b"001000200000")
    [document], _ = read(data.replace(b"500000900002", b"245000900002"))
    assert document["marc_error"] == ["the directory does not list all fields: 9 bytes are not read"]


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (b"500900000002", "the directory is broken: its fields overlap"),
        (b"500900100002", "the directory is broken: its fields overlap"),
        (b"500000000000", "the record is cut off, or its directory is broken"),
    ],
    ids=["right, again and again", "wrong", "without length"],
)
def test_a_small_record_does_not_become_a_huge_one(entries: bytes, reason: str):
    body = b"1\x1e" + b"  \x1fa" + b"x" * 8_995 + b"\x1e"
    bomb = b"99999nam a2200000 a 4500" + b"001000200000" + entries * 1_000 + b"\x1e" + body + b"\x1d"
    documents, [refused] = read(GOOD + bomb + GOOD)
    assert [one["title"] for one in documents] == ["Good", "Good"]
    assert (refused.raw, refused.reason) == (bomb, reason)


@pytest.mark.parametrize("alone", [False, True], ids=["in columns", "by itself"])
@pytest.mark.parametrize("form", [marc21.FORMAT, marcxml.FORMAT], ids=["marc 21", "marcxml"])
def test_a_record_whose_leader_says_that_it_is_deleted_is_a_deletion(
    form: Format, alone: bool, monkeypatch: pytest.MonkeyPatch
):
    if alone:
        monkeypatch.setattr(marc_batch, "_LONGEST_PLAIN", 10)
    statuses = {"1": "n", "2": "d", "3": "c", "4": "D", "5": "p"}
    records = [
        MarcRecord(f"00000{status}am a2200000 a 4500", [("001", number), field("245 10 $aA title")], [])
        for number, status in statuses.items()
    ]
    if form is marc21.FORMAT:
        data = b"".join(write_record(one).encode() for one in records)
    else:
        fields = '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">A title</subfield></datafield>'
        inner = "".join(
            f'<record><leader>{one.leader}</leader><controlfield tag="001">{one.content[0][1]}</controlfield>{fields}'
            "</record>"
            for one in records
        )
        data = f"<collection>{inner}</collection>".encode()
    parts = form.split("f", "", ByteStream(iter([data])), 1 << 20)
    documents, deletions = apart(form.parse(tuple(part for part in parts if isinstance(part, Piece))).documents)
    assert documents.column("id").to_pylist() == ["1", "3", "5"]
    assert deletions.column("id").to_pylist() == ["2", "4"]
    said = {name for name in RAW_RECORDS.names if deletions.column(name).null_count < 2}
    assert said == {"id", "is_deletion", *(field.name for field in LINEAGE)}


def test_newlines_may_stand_between_records():
    documents, refused = read(b"\xef\xbb\xbf" + GOOD + b"\r\n" + GOOD + b"\n\n" + GOOD + b"\n\x1a")
    assert ([one["_lineage"]["length"] for one in documents], refused) == ([len(GOOD)] * 3, [])


@pytest.mark.parametrize("text", [b"Warning: no such table", b"<br />\n<b>Warning</b>: caf\xc3\xa9<br />\r", b"00065"])
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_lines_of_text_before_the_first_record_are_quarantined(text: bytes, chunk_bytes: int):
    blank = GOOD[:5] + b"   " + GOOD[8:]
    assert (marc21.BEHIND_TEXT.recognises(text + b"\n" + blank), marc21.FORMAT.recognises(text)) == (True, False)
    documents, [refused] = read(text + b"\n" + blank + GOOD, marc21.BEHIND_TEXT, chunk_bytes)
    assert ([one["title"] for one in documents], refused.raw) == (["Good", "Good"], text + b"\n")


@pytest.mark.parametrize(
    "head",
    [
        b"a line\n",
        b'{"id": 1, "fullrecord": "' + GOOD + b'"}\n',
        b"id,fullrecord\n1," + GOOD,
        b"binary\0\n" + GOOD,
        b"a line\n" + GOOD.replace(b"2200049", b"2200050"),
        b"long " * 1000 + b"\n" + GOOD,
    ],
)
def test_what_has_no_sure_record_behind_its_text_is_not_marc(head: bytes):
    assert not marc21.BEHIND_TEXT.recognises(head)


@pytest.mark.parametrize("place", range(5, 24))
@pytest.mark.parametrize("byte", [b"\0", b"\x02", b" ", b"X", b"|", b"5"])
def test_a_file_is_marc_by_the_directory_of_its_first_record_whatever_the_leader_says(place: int, byte: bytes):
    """The leader of the first record decided on the file, while those behind it may be wrong in any way."""
    odd = GOOD[:place] + byte + GOOD[place + 1 :]
    assert marc21.FORMAT.recognises(odd)
    documents, refused = read(odd + GOOD)
    assert len(documents) + len(refused) == 2
    assert documents[-1]["title"] == "Good"


@pytest.mark.parametrize(
    "first",
    [GOOD[:30] + b"??????????" + GOOD[40:], GOOD[1:], GOOD[9:], GOOD[40:]],
)
def test_where_the_first_record_is_damaged_the_second_tells(first: bytes):
    """The file was of no known format; the same damage further down costs one record."""
    assert format_of(first + GOOD) == "marc 21"
    documents, refused = read(first + GOOD * 2)
    assert [one["title"] for one in documents[-2:]] == ["Good"] * 2
    # The first is a row, or mended.
    assert len(documents) + len(refused) in (3, 4)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 200\r\n\r\n" + GOOD * 2, "warc"),
        (b'<collection xmlns="http://www.loc.gov/MARC21/slim"></collection>\n' + GOOD * 2, "marcxml"),
        (b"<html><body>Error</body></html>\n" + GOOD * 2, "page html"),
    ],
)
def test_a_file_of_another_format_may_hold_marc(head: bytes, name: str):
    assert format_of(head) == name


def format_of(head: bytes) -> str:
    return next(one.name for one in FORMATS if one.recognises(head))


@pytest.mark.parametrize("head", [b"x" * 24 + b"\x1e", b"x" * 24 + b"24500100000\x1e", b"0" * 5000])
def test_without_a_leader_and_a_directory_it_is_not(head: bytes):
    assert not marc21.FORMAT.recognises(head)


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n", b"   "])
@pytest.mark.parametrize("leader", [b"   61nam", b"    1nam", b" 0061nam", b"     nam", b"   61   ", b"        "])
def test_a_length_may_be_padded_with_blanks(before: bytes, leader: bytes):
    padded = before + leader + GOOD[8:]
    assert marc21.FORMAT.recognises(padded)
    documents, refused = read(padded + padded + GOOD)
    assert ([one["title"] for one in documents], refused) == (["Good"] * 3, [])
    assert documents[0]["_lineage"]["offset"] == len(before)


def test_wrong_lengths_in_the_directory_are_told_by_terminators():
    [document], _ = read(binary("245 10 $aGood", "500    $aNote").replace(b"245000900002", b"245000700005"))
    assert document["title"] == "Good"
    assert document["marc_error"] == ["the directory has wrong lengths: fields are told by their terminators"]


@pytest.mark.parametrize(
    ("coding", "title", "expected", "error", "is_lost"),
    [
        (b" ", b"caf\xe2e", "café", None, False),
        (b" ", b"\x1b(N\x54\x4f", "то", None, False),
        (b" ", "café".encode(), "café", "the leader says MARC-8, the text is UTF-8", False),
        (b"a", b"caf\xe9", "caf�", "field 245 is not UTF-8 as the leader says (byte 0xe9)", True),
        (b" ", b"\xe2a \xff", "á", "field 245 has characters that MARC-8 does not know", True),
        (b" ", b"a \x1b$1\x21\x30", "a", "field 245 has characters that MARC-8 does not know", True),
        (b" ", "Müller".encode("latin-1"), "M ller", "field 245 has characters that MARC-8 does not know", True),
    ],
)  # fmt: skip
def test_text_is_never_lost_in_silence(coding: bytes, title: bytes, expected: str, error: str | None, *, is_lost: bool):
    entry = b"245%04d00002" % (len(title) + 5)
    data = b"00000nam " + coding + b"2200049 a 4500001000200000" + entry + b"\x1e1\x1e10\x1fa" + title + b"\x1e\x1d"
    [document], refused = read(data)
    assert (document["title"].casefold(), refused) == (expected.casefold(), [])
    assert [one[: len(error or "")] for one in document.get("marc_error", [])] == ([error] if error else [])
    [extra] = marc21.FORMAT.parse((Piece("dump.mrc", "", 0, 1, data),)).documents.column("extra").to_pylist()
    assert lost_characters(pa.array([extra, None, '{"note":["U+FFFD stands for what"]}'])) == is_lost
    kept = marc_record(document["fullrecord"])
    assert kept is not None
    assert kept["245"]["a"].strip() == document["title"]


def test_of_a_character_that_is_cut_off_nothing_is_printed(capfd: pytest.CaptureFixture[str]):
    """pymarc prints a line with neither file nor place."""
    title = b"a \x1b$1\x21\x30"
    entry = b"245%04d00002" % (len(title) + 5)
    read(b"00000nam  2200049 a 4500001000200000" + entry + b"\x1e1\x1e10\x1fa" + title + b"\x1e\x1d")
    assert capfd.readouterr() == ("", "")


def xml(*fields: str, prefix: str = "") -> str:
    inner = "".join(
        f'<{prefix}controlfield tag="{tag}">{text}</{prefix}controlfield>' if tag < "010" else
        f'<{prefix}datafield tag="{tag}" ind1="{text[0]}" ind2="{text[1]}">'
        + "".join(f'<{prefix}subfield code="{one[0]}">{one[1:]}</{prefix}subfield>' for one in text[3:].split("\x1f"))
        + f"</{prefix}datafield>"
        for tag, text in map(field, ("001 1", *fields))
    )  # fmt: skip
    return f"<{prefix}record><{prefix}leader>{LEADER}</{prefix}leader>{inner}</{prefix}record>"


XML = xml("245 10 $aGood &amp; bad")
LAUGHS = '<!DOCTYPE c [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'


def test_fields_of_marcxml_that_a_program_has_set_in_lines_of_their_own_are_as_without():
    record = xml(f"008 {FIXED}", "245 10 $aGood &amp; bad")
    set_in = record.replace(">", ">\n   ").replace("</", "\n  </")
    assert set_in.count("\n") > 10
    for many in (1, 20):
        [documents, refused] = read(f"<collection>{set_in * many}</collection>".encode(), marcxml.FORMAT)
        [[expected], _] = read(f"<collection>{record}</collection>".encode(), marcxml.FORMAT)
        assert refused == []
        for one in documents:
            assert {name: one[name] for name in one if name not in ("_lineage", "fullrecord")} == {
                name: expected[name] for name in expected if name not in ("_lineage", "fullrecord")
            }


@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 20])
@pytest.mark.parametrize(
    ("text", "count", "reasons"),
    [
        (f'<collection xmlns="http://www.loc.gov/MARC21/slim">{XML}\n{XML}</collection>', 2, []),
        (f"<m:collection>{xml('245 10 $aGood &amp; bad', prefix='m:')}</m:collection>", 1, []),
        (XML, 1, []),
        (f"<collection>{XML}<!-- {XML} -->{XML}</collection>", 2, []),
        (f"<collection>{XML}{XML[:-9]}{XML}</collection>", 2, ["a record that is not closed"]),
        (f"<collection>{XML}{XML[:-9]}", 1, ["a record that is cut off"]),
        (f"<collection>{XML}", 1, ["the XML is cut off"]),
        (f"<m:collection>{xml('245 10 $aGood &amp; bad', prefix='m:')} \n", 1, ["the XML is cut off"]),
        (f"<collection>{XML}</collection><collection>{XML}", 2, ["the XML is cut off"]),
        (f"<collection>{XML}</collection> <collection></collection>", 1, []),
        (f"<collection>{XML}</coll", 1, ["not a MARCXML record"]),
        (f"<collection>{XML}</collection>{XML}", 2, []),
        (f"<collection>{XML}<x/>{XML}</collection>", 2, ["not a MARCXML record"]),
        (f"{LAUGHS}<collection>{XML}{XML.replace('&amp;', '&b;')}</collection>", 1, ["not well-formed XML: undefined"]),
        (f"{LAUGHS}<collection>{XML}{XML.replace('&amp;', '&x;')}</collection>", 1, ["not well-formed XML: undefined"]),
        (f"<collection>{XML.replace('</subfield>', '')}{XML}</collection>", 1, ["not well-formed XML: mismatched"]),
    ],
)  # fmt: skip
def test_marcxml_is_cut_into_records(text: str, count: int, reasons: list[str], chunk_bytes: int):
    assert marcxml.FORMAT.recognises(text.encode())
    documents, refused = read(text.encode(), marcxml.FORMAT, chunk_bytes)
    assert [one["title"] for one in documents] == ["Good & bad"] * count
    assert [row.reason[: len(reason)] for row, reason in zip(refused, reasons, strict=True)] == reasons
    for one in documents:
        lineage = one["_lineage"]
        assert text.encode()[lineage["offset"] :][: lineage["length"]].endswith(b"record>")


def test_markup_within_a_text_of_marcxml_is_passed_over_and_told():
    text = "<collection>" + XML.replace("Good", "A study of <i>E. <b>coli</b></i> in H<sub>2</sub>O") + "</collection>"
    [document], refused = read(text.encode(), marcxml.FORMAT)
    assert (document["title"], refused) == ("A study of E. coli in H2O & bad", [])
    assert document["marc_error"] == ["there is markup in the text, <i>"]


def test_marcxml_in_latin_1_is_read_and_other_codings_are_refused():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><collection>' + XML.replace("Good", "Café") + "</collection>"
    [document], refused = read(text.encode("latin-1"), marcxml.FORMAT)
    assert (document["title"], refused) == ("Café & bad", [])
    assert text[document["_lineage"]["offset"] :].startswith("<record>")
    documents, [row] = read(text.replace("ISO-8859-1", "EUC-KR").encode(), marcxml.FORMAT)
    assert documents == [] and row.reason.startswith("MARCXML in euc-kr: convert it (iconv -f euc-kr -t UTF-8), and ")


@pytest.mark.parametrize("left_over", ["UTF-16", "utf-16le", "UTF16", "ISO-10646-UCS-2"])
def test_marcxml_that_was_converted_from_utf_16_and_still_says_so_is_read(left_over: str):
    text = f'<?xml version="1.0" encoding="{left_over}"?><collection>{XML.replace("Good", "Café")}</collection>'
    [document], refused = read(text.encode(), marcxml.FORMAT)
    assert (document["title"], refused) == ("Café & bad", [])


def test_marcxml_in_latin_1_that_does_not_say_so_is_said_to_be_no_utf_8():
    text = f"<collection>{XML.replace('Good', 'Café')}{XML}</collection>"
    [document], [row] = read(text.encode("latin-1"), marcxml.FORMAT)
    at = XML.index("Good") + len("Caf")
    assert (document["title"], row.reason) == ("Good & bad", f"not UTF-8: byte 0xe9 at byte {at}")


def test_a_record_too_long_for_iso_2709_is_kept_as_xml():
    [document], _ = read(xml("245 10 $aLong", f"520    $a{'x' * 120_000}").encode(), marcxml.FORMAT)
    kept = marc_record(document["fullrecord"])
    assert kept is not None
    assert kept["245"]["a"] == "Long"


@pytest.mark.parametrize(
    "head", [b'{"id":"1"}', b"<html>", b"00000 not marc at all, only digits", b"<record><header/>"]
)
def test_other_files_are_not_recognised(head: bytes):
    assert not marc21.FORMAT.recognises(head)
    assert not marcxml.FORMAT.recognises(head)


@pytest.mark.parametrize(
    ("root", "known"),
    [
        ('<collection xmlns="info:srw/schema/5/picaXML-v1.0">', False),
        ('<p:collection xmlns:p="info:srw/schema/5/picaXML-v1.0">', False),
        ('<collection xmlns="http://example.org/">', True),
        ('<collection xmlns="info:lc/xmlns/marcxchange-v1">', True),
        ('<collection xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">', True),
        ('<m:collection xmlns:m="http://www.loc.gov/MARC21/slim">', True),
        ('<collection xmlns="http://example.org/"><record xmlns="http://www.loc.gov/MARC21/slim"/>', True),
    ],
)
def test_records_of_pica_are_not_marcxml(root: str, known: bool):
    assert marcxml.FORMAT.recognises(f'<?xml version="1.0"?>{root}{XML}'.encode()) == known


_PIECES = st.lists(
    st.sampled_from([GOOD, GOOD[:40], b"\x1d", b"\x1e", b"99999", b"\n", XML.encode(), b"<record>", b"<!--"])
)


@given(
    _PIECES | st.lists(st.binary(max_size=60)), st.integers(1, 300), st.sampled_from([marc21.FORMAT, marcxml.FORMAT])
)
def test_any_bytes_give_the_same_in_any_chunks_and_none_is_lost(parts: list[bytes], chunk_bytes: int, one: Format):
    data = b"".join(parts)
    documents, refused = read(data, one, chunk_bytes)
    spans = [(row["_lineage"]["offset"], row["_lineage"]["length"]) for row in documents]
    whole, whole_refused = read(data, one)
    if one is marc21.FORMAT:
        assert (documents, refused) == (whole, whole_refused)
    left = bytearray(data)
    for offset, length in spans + [(row.offset, row.length) for row in refused]:
        left[offset : offset + length] = b" " * length
    assert bytes(left).replace(b"\xef\xbb\xbf", b"").strip(b" \t\r\n\0\x1a\v\f") == b"" or b"<" in left


@needs_fixtures
@pytest.mark.parametrize("folder", ["vufind_marc", "marc_permissive", "marc_scripts_gpl", "pypi_loc_marc"])
def test_every_real_record_that_pymarc_parses_comes_out(folder: str):
    logging.getLogger("pymarc").setLevel(logging.CRITICAL)
    for path in sorted(FIXTURES.joinpath(folder).iterdir()):
        if path.suffix not in {".mrc", ".dat", ".marc"}:
            continue
        batches = [parse_chunk(part) for part in read_chunks(path) if not isinstance(part, Unreadable)]
        found = sum(one.documents.num_rows + one.quarantined.num_rows for one in batches)
        reasons = {row for one in batches for row in one.quarantined.column("reason").to_pylist()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = MARCReader(path.read_bytes(), utf8_handling="replace", hide_utf8_warnings=True)
            parsed = [one for one in reader if one is not None]
        assert found >= len(parsed), path.name
        if path.name != "bad_records.mrc":
            assert {reason.split(":")[0].split(" (")[0] for reason in reasons} <= {"no id"}


@needs_fixtures
def test_the_fields_are_those_that_pymarc_reads():
    path = FIXTURES / "pypi_loc_marc" / "loc_books_slice.mrc"
    documents, refused = read(path.read_bytes())
    expected = [to_document(of_pymarc(one)) for one in MARCReader(path.read_bytes()) if one is not None]
    for document, other in zip(documents, expected, strict=True):
        del document["_lineage"]
        assert document == {name: value for name, value in other.items() if value}
    assert refused == []


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x1d\x1e\x1f"), max_size=8), max_size=5))
def test_titles_are_sorted_alike_many_at_once_and_one_by_one(titles: list[str]):
    records = [MarcRecord(LEADER, [("001", "1"), ("245", f"10\x1fa{title}")], []) for title in titles]
    found = to_fields(table_of_records(records))[0].column("title_sort").to_pylist()
    assert found == [sort_title(title.strip()) or None for title in titles]
