"""UNIMARC: each field is what it is in MARC 21, in whatever form the records come and whatever stands beside them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import marc21, marcxml
from pipelines.readers.marc_batch import document_of_row, to_document
from pipelines.readers.marc_fields import to_fields
from pipelines.readers.marc_record import MarcRecord, _write_xml, write_record
from pipelines.readers.marc_table import table_of_records
from pipelines.readers.unimarc_codes import EMBEDDED, SUBFIELDS, relator_of
from tests.readers.reading import deleted_ids
from tests.readers.test_marc import FIXTURES, LEADER, binary, needs_fixtures, read, record

CODED = "100    $a19990101d1999    k  y0frey50      ba"


def unimarc(*fields: str, kind: str = "am") -> MarcRecord:
    """A record of UNIMARC, by leader positions 6 and 7 and the fields beside 100."""
    return record(CODED, *fields, leader=f"{LEADER[:6]}{kind}  {LEADER[10:]}")


def document(*fields: str, kind: str = "am") -> dict[str, Any]:
    return to_document(unimarc(*fields, kind=kind))


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        (["200 1  $aTitre$esuite$fA. B."], "title", "Titre : suite /"),
        (["200 1  $aTitre$esuite$fA. B.$gtrad. C."], "title_full", "Titre : suite / A. B. ; trad. C."),
        (["200 1  $aTitre :$esuite /$fA. B."], "title_full", "Titre : suite / A. B."),
        (["200 1  $aTitre$dTitle$dTitel"], "title", "Titre = Title = Titel"),
        (["200 1  $aUn$aDeux$f[et al.]"], "title_full", "Un ; Deux / [et al.]"),
        (["200 1  $aUn$fA.$cDeux$fB."], "title_full", "Un / A. Deux / B."),
        (["200 1  $aTitre$h2$iFin"], "title_full", "Titre. 2, Fin"),
        (["200 1  $aTitre$bTexte imprimé$esuite"], "title_full", "Titre [Texte imprimé] : suite"),
        (["200 1  $aTitre$esuite"], "title_short", "Titre :"),
        (["200 1  $aTitre$esuite"], "title_sub", "suite"),
        (["200 1  $a\x88Le \x89titre"], "title_sort", "titre"),
        (["200 1  $a\x98L'\x9ceau"], "title_sort", "eau"),
        (["200 1  $a\x88Le titre"], "title_sort", "\x88le titre"),
        (["200 1  $a\x88Quelque chose \x89titre"], "title_sort", "\x88quelque chose \x89titre"),
        (["517 1  $aAutre$esuite", "500 10 $aIlias"], "title_alt", ["Ilias", "Autre : suite"]),
        (["430  0 $tAvant"], "title_old", ["Avant"]),
        (["440  0 $1001X$12001 $aAprès"], "title_new", ["Après"]),
        (["700  1 $aDupont$bJean$f1932-2016$4070"], "author", ["Dupont, Jean, 1932-2016"]),
        (["700  1 $3123$aDupont$3x$bJean"], "author", ["Dupont, Jean"]),
        (["700  1 $aAsimov$b, Isaac"], "author", ["Asimov, Isaac"]),
        (["700  1 $aAsimov,$bIsaac"], "author", ["Asimov, Isaac"]),
        (["700  0 $aJean-Paul$dII$cpape"], "author", ["Jean-Paul II, pape"]),
        (["700  1 $aDupont$bJ.$4070"], "author_role", ["aut"]),
        (["700  1 $aDupont$bJ.$40070"], "author_role", ["aut"]),
        (["701  1 $aDurand$bLuc$4070"], "author", ["Durand, Luc"]),
        (["702  1 $aDurand$bLuc$4340$4730"], "author2_role", ["edt", "trl"]),
        (["702  1 $aDurand$bLuc$4000"], "author2_role", [""]),
        (["702  1 $aDurand$bLuc$4000"], "author2", ["Durand, Luc"]),
        (["702  1 $aDurand$bLuc$4edt"], "author2_role", ["edt"]),
        (["710 02 $aUnesco$bBureau"], "author_corporate", ["Unesco. Bureau"]),
        (["712 12 $aCongrès$d3$f1990$eRome"], "author_corporate", ["Congrès"]),
        (["710 12 $aCongrès$d3$eRome$f1990"], "author_corporate", ["Congrès Rome"]),
        (["210    $aParis$aRome$cGallimard$d1999"], "publisher", ["Gallimard,"]),
        (["210    $aParis$cGallimard$dimpr. 1998"], "publishDate", ["1998"]),
        (["214  1 $cAtelier$d1997", "214  0 $cGallimard$d1999"], "publisher", ["Gallimard,"]),
        (["214    $cGallimard$d1999"], "publishDate", ["1999"]),
        (["214  4 $d2001"], "publishDate", ["2001"]),
        (["215    $a200 p.$cill.$d20 cm$e1 CD"], "physical", ["200 p. : ill. ; 20 cm + 1 CD"]),
        (["205    $a2e éd.$frevue"], "edition", "2e éd. /"),
        (["207  0 $aNo 1 (1990)-"], "dateSpan", ["No 1 (1990)-"]),
        (["225 2  $aFolio$v12"], "series2", ["Folio ;"]),
        (["410  0 $tFolio$v12"], "series", ["Folio ;"]),
        (["410  0 $10012$12001 $aFolio$v12"], "series", ["Folio ;"]),
        (["606    $aBotanique$xHistoire$yFrance$z1900"], "topic", ["Botanique Histoire France 1900"]),
        (["600  1 $aEco$bUmberto$f1932-$2rameau", "610 0  $aseul"], "topic", ["Eco, Umberto, 1932-", "seul"]),
        (["607    $aParis", "608    $aRoman"], "geographic", ["Paris"]),
        (["608    $aRoman"], "genre", ["Roman"]),
        (["010    $a2-07-036822-X$bbr.$d5 EUR"], "isbn", ["2-07-036822-X"]),
        (["011    $a1234-5678", "463  0 $tJ$x2222-3333"], "issn", ["1234-5678", "2222-3333"]),
        (["020    $aFR$b01234"], "isbn", None),
        (["463  0 $1011  $a2049-3630$12001 $aRevue"], "issn", ["2049-3630"]),
        (["463  0 $x1234-5678$tRevue"], "issn", ["1234-5678"]),
        (["463  0 $1010  $a2-07-036822-X$12001 $aRecueil"], "isbn", ["2-07-036822-X"]),
        (["200 1  $a$esuite"], "title", "suite"),
        (["200 1  $aTitre$h1$i. Fin"], "title_full", "Titre. 1, . Fin"),
        (["101 1  $afre$ceng"], "language", ["French", "English"]),
        (["676    $a844.914"], "dewey-ones", ["844"]),
        (["680    $aPQ2605"], "callnumber-subject", "PQ"),
        (["330    $aRésumé."], "description", "Résumé."),
        (["327 1  $aUn$aDeux"], "contents", ["Un", "Deux"]),
        (["856 4  $uhttps://doi.org/10.1/x$zLibre"], "doi_str_mv", ["10.1/x"]),
        (["463  0 $tRevue$vVol. 3, no 4 (1999), p. 12-20"], "container_title", "Revue"),
        (["463  0 $1001X$12001 $aRevue$vVol. 3, no 4$1700 1$aA$bB"], "container_volume", "3"),
        (["463  0 $tRevue$vVol. 3, no 4 (1999), p. 12-20"], "container_start_page", "12"),
        (["100    $a19990101d1999    k  y0frey50      ba"], "author", None),
        (["245    $aNo title of MARC 21"], "record_format", "marc"),
        (["200 1  $aTitre"], "record_format", "unimarc"),
    ],
)  # fmt: skip
def test_a_field_is_what_it_is_in_marc_21(fields: list[str], name: str, value: object):
    title = [] if any(one.startswith("200") for one in fields) else ["200 1  $aTitre"]
    assert document(*title, *fields).get(name) == value


@pytest.mark.parametrize(
    ("kind", "fields", "formats"),
    [
        ("am", [], ["Book"]),
        ("am", ["106    $as"], ["eBook"]),
        ("bm", [], ["Manuscript", "Book"]),
        ("aa", ["463  0 $tRevue$vVol. 3"], ["Article"]),
        ("aa", ["463  0 $tRecueil"], ["Book Chapter"]),
        ("as", ["110    $aaaa"], ["Journal"]),
        ("as", ["110    $acaa"], ["Newspaper"]),
        ("as", [], ["Serial"]),
        ("lm", ["135    $adr"], ["Electronic", "eBook"]),
        ("lm", ["135    $abr"], ["Electronic", "Software"]),
        ("gm", ["115    $ac"], ["Video"]),
        ("em", [], ["Map"]),
        ("jm", [], ["Audio"]),
        ("mm", [], ["Kit", "Book"]),
        ("am", ["328    $bThèse"], ["Thesis", "Book"]),
        ("am", ["710 12 $aCongrès$f1990"], ["Conference Proceeding", "Book"]),
    ],
)
def test_formats_are_told_by_the_leader_and_the_coded_fields(kind: str, fields: list[str], formats: list[str]):
    assert document("200 1  $aTitre", *fields, kind=kind)["format"] == formats


RECORDS = [
    unimarc("200 1  $aTitre", "700  1 $aDupont$bJean$4070"),
    record("100 1  $aEco, Umberto", "245 10 $aTitle :$bmore"),
    unimarc(
        "101    $afre", "200 1  $a\x88Été \x89à Rome$esuite", "463  0 $1001X$12001 $aRevue$vVol. 2", "214  0 $cÉd."
    ),
    record("200 1  $aOf no known kind"),
]


def without_lineage(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name not in {"_lineage", "fullrecord"}} for one in documents]


def test_it_is_read_alike_in_every_form_and_beside_anything():
    expected = without_lineage([to_document(one) for one in RECORDS])
    assert [one["record_format"] for one in expected] == ["unimarc", "marc", "unimarc", "marc"]
    binaries = [write_record(one).encode() for one in RECORDS]
    assert without_lineage(read(b"".join(binaries))[0]) == expected
    # The leader of UNIMARC does not say that text is UTF-8, and nothing is noted.
    said = [one[:9] + b" " + one[10:] for one in binaries]
    assert without_lineage(read(b"".join(said))[0]) == expected
    # What is not as long as it says is read by itself.
    longer = [b"99999" + one[5:] for one in said]
    assert without_lineage(read(b"".join(longer))[0]) == expected
    xml = "<collection>" + "".join(map(_write_xml, RECORDS)) + "</collection>"
    assert without_lineage(read(xml.encode(), marcxml.FORMAT)[0]) == expected


def test_fullrecord_is_the_record_as_it_came():
    data = write_record(unimarc("200 1  $aÉté")).encode()
    [found], _ = read(data)
    assert found["fullrecord"].encode()[24:] == data[24:]


@pytest.mark.parametrize("text", [b"\xc2et", b"\x1b(Bxx", b"caf\xe9"], ids=["ISO 5426", "escapes", "Latin-1"])
def test_a_record_that_is_not_in_utf_8_is_a_row_that_says_so(text: bytes):
    data = binary(CODED, "200 1  $a" + "x" * len(text), leader=LEADER[:9] + " " + LEADER[10:])
    data = data[:9] + b" " + data[10:]
    [refused] = read(data.replace(b"x" * len(text), text))[1]
    assert "UNIMARC" in refused.reason
    assert "yaz-marcdump" in refused.reason


@pytest.mark.parametrize("coded", ["20080522", "19990101d1999    k  y0frey50      ba", "d1999    k  y0frey50      ba"])
def test_it_is_told_by_what_is_coded_in_100_also_where_the_date_is_missing(coded: str):
    found = to_document(record(f"100    $a{coded}", "200 1  $aTitre"))
    assert (found["record_format"], found["title"]) == ("unimarc", "Titre")
    assert "author" not in found


def test_authorities_are_none():
    head = record(CODED, "200  1 $aDupont", leader=f"{LEADER[:6]}x{LEADER[7:]}")
    _, refused, other_kinds = to_fields(table_of_records([head]))
    assert (refused, list(other_kinds)) == ({}, [0])


def test_what_is_deleted_may_be_in_any_character_set():
    data = binary(CODED, "200 1  $aEte", leader=f"{LEADER[:5]}d{LEADER[6:]}").replace(b"Ete", b"\xc2et")
    data = data[:9] + b" " + data[10:]
    assert (deleted_ids(marc21.FORMAT, data), read(data)[1]) == (["1"], [])


def test_a_record_of_marc_21_with_a_local_200_is_read_as_marc_8():
    data = binary("130    $aBible", "200    $aEte").replace(b"Ete", b"\xe2et")
    [found], refused = read(data[:9] + b" " + data[10:])
    assert (found["record_format"], refused) == ("marc", [])


def test_a_deleted_record_is_a_deletion():
    deleted = MarcRecord(f"{LEADER[:5]}d{LEADER[6:]}", unimarc("200 1  $aTitre").content, [])
    assert to_document(deleted) == {"id": "1", "is_deletion": True}


def test_relators_are_those_of_the_list():
    assert [relator_of(code) for code in ("070", "0730", "000", "aut", "9999")] == ["aut", "trl", "", "aut", "9999"]


PARTS = st.sampled_from([f"${one.code}" for one in SUBFIELDS] + ["$1200 1", "$1001", "$3", "$1700 1", ""])
VALUES = st.text(st.sampled_from("aé :/;,.=\x88\x89 12"), max_size=4)
FIELD = st.builds(
    lambda tag, parts: (tag, "  " + "".join(f"\x1f{part[1:]}{value}" for part, value in parts if part)),
    st.sampled_from([f"{one.tag:03}" for one in (*SUBFIELDS, *EMBEDDED)] + ["106", "110", "115", "135", "999"]),
    st.lists(st.tuples(PARTS, VALUES), max_size=5),
)
SOME: st.SearchStrategy[MarcRecord] = st.builds(
    lambda head, fields: MarcRecord(LEADER, [("001", "1"), *head, *fields], []),
    st.sampled_from([unimarc("200 1  $aTitre").content[1:], record("245 00 $aTitle").content[1:], []]),
    st.lists(FIELD, max_size=6),
)


@given(st.lists(SOME, max_size=5))
def test_a_record_is_read_alike_whatever_stands_beside_it(records: list[MarcRecord]):
    together, refused, _ = to_fields(table_of_records(records))
    alone = [to_fields(table_of_records([one])) for one in records]
    assert [document_of_row(together.slice(at, 1)) for at in range(len(records))] == [
        document_of_row(one[0]) for one in alone
    ]
    assert set(refused) == {number for number, one in enumerate(alone) if one[1]}


@needs_fixtures
def test_the_record_of_the_fixtures_is_read():
    [found], refused = read(FIXTURES.joinpath("marc_permissive", "testunimarc.dat").read_bytes(), marc21.FORMAT)
    assert not refused
    assert found["title_full"].startswith("\x88L'\x89altra faccia della spirale / Isaac Asimov ; traduzione di")
    assert found["title_sort"] == "altra faccia della spirale"
    assert found["author"] == ["Asimov, Isaac"]
    assert found["author2"] == ["Fruttero, Carlo", "Lucentini, Franco", "Scaglia, Cesare"]
    assert found["publishDate"] == ["1996"]
    assert found["isbn"] == ["88-04-40682-8"]
    assert found["series"] == ["Bestsellers ;", "\x88Il \x89ciclo delle fondazioni ;"]
    assert found["language"] == ["Italian"]
    assert "marc_error" not in found
