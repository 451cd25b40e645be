"""The MEDLINE format: a citation becomes the document that its XML becomes, and what is no field is not guessed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import medline_text
from pipelines.readers.byte_stream import DamagedError
from pipelines.readers.chunks import Unreadable
from pipelines.readers.streams import ByteStream
from tests.readers.reading import document_of, read

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "pubmed_xml"
A, B = "PMID- 1\nTI  - One.\n", "PMID- 2\nOWN - NLM\nTI  - Two,\n      and more.\nSO  - x\n"


@pytest.mark.parametrize("chunk_bytes", [1, 9, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (A, "1"),
        (A + "\n" + B, "12"),
        ("\n\n" + A + B, "12"),
        ("\ufeff" + A, "1"),
        (A.replace("\n", "\r\n") + "\r\n" + B.replace("\n", "\r\n"), "12"),
        (A + A, "11"),
        (A.rstrip(), "1"),
    ],
)
def test_finds_every_citation(text: str, ids: str, chunk_bytes: int):
    assert medline_text.FORMAT.recognises(text.encode())
    found, refused = read(medline_text.FORMAT, text.encode(), chunk_bytes)
    assert ("".join(one["id"] for one in found), refused) == (ids, [])
    assert found[-1]["title"] in ("One.", "Two, and more.")


@pytest.mark.parametrize(
    "text", ["", "TY  - JOUR\nID  - 1\n", "PMID 1\nTI  - x\n", "PMID- x\n", "PMID- 1 and so on\nTI  - x", "id,title\n"]
)
def test_takes_no_other_text_for_medline(text: str):
    assert not medline_text.FORMAT.recognises(text.encode())


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "ids", "reasons"),
    [
        (A + "PMID- 9\nTI  - a\nb\n" + B, "12", ["not MEDLINE: no tag begins line 3 of the citation"]),
        (A + "PMID- \nTI  - x\n" + B, "12", ["no id"]),
        (A + "PMID- 9\nTI  - \udcff\n" + B, "12", ["not UTF-8: byte 0xff at byte 14"]),
        (A + "PMID- 9\n\x00\n", "1", ["not MEDLINE: no tag begins line 2 of the citation"]),
    ],
)
def test_what_is_no_citation_is_quarantined_alone(text: str, ids: str, reasons: list[str], chunk_bytes: int):
    found, refused = read(medline_text.FORMAT, text.encode(errors="surrogateescape"), chunk_bytes)
    assert "".join(one["id"] for one in found) == ids
    assert [row.reason for row in refused] == reasons


def test_a_stream_that_is_cut_off_gives_the_citations_before_the_cut():
    def blocks() -> Any:
        yield (A + B)[:-9].encode()
        raise DamagedError("cut off")

    *pieces, rest = medline_text.FORMAT.split("f", "m", ByteStream(blocks()), 1 << 20)
    assert [piece.data for piece in pieces if not isinstance(piece, Unreadable)] == [A.encode()]
    assert isinstance(rest, Unreadable)
    assert (rest.reason, rest.raw, rest.line) == ("cut off", B[:-9].encode(), 3)


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("FAU - King, Martin L Jr\nAU  - King ML Jr\nFAU - Plato\nAU  - Plato\n",
         {"author": ["King, Martin L Jr", "Plato"]}),
        ("AU  - King ML Jr\nAU  - de la Cruz J\nAU  - Plato\n", {"author": ["King, ML Jr", "de la Cruz, J", "Plato"]}),
        ("CN  - A Group\nFED - Ed, I\nED  - Ed I\n", {"author_corporate": ["A Group"], "author2": ["Ed, I"]}),
        (
            "AD  - Here.\nFAU - King, M\nAU  - King M\nFAU - Doe, J\nAU  - Doe J\n",
            {
                "author": ["King, M", "Doe, J"],
                "author_details": [{"name": "King, M", "affiliations": ["Here."]}],
            },
        ),
        (
            "FAU - King, M\nAU  - King M\nAUID- ORCID: 0000-0001-8863-153X\nAD  - Here.\nAD  - There.\n",
            {
                "author": ["King, M"],
                "author_details": [
                    {"name": "King, M", "orcid": "0000-0001-8863-153X", "affiliations": ["Here.", "There."]}
                ],
            },
        ),
        ("IS  - 1467-5463 (Print)\nIS  - 1467-5463 (Linking)\n", {"issn": ["1467-5463"]}),
        ("DP  - 2006 Mar 1\n", {"publishDate": ["2006-03-01"]}),
        ("DP  - 1990 Spring\n", {"publishDate": ["1990 Spring"]}),
        ("DP  - 2006\nDEP - 20060302\n", {"publishDate": ["2006-03-02"], "electronic_date": "2006-03-02"}),
        ("LA  - eng\nLA  - ger\n", {"language": ["English", "German"]}),
        ("TT  - Augen.\n", {"title_alt": ["Augen."]}),
        ("VI  - 3\nIP  - 4\nPG  - 296-302\nJT  - Bio\nTA  - B\n", {
            "container_volume": "3", "container_issue": "4", "container_start_page": "296", "pages": "296-302",
            "container_title": "Bio", "journal_abbreviation": "B",
        }),
        ("MH  - Birds\nMH  - *Eye/injuries/*surgery\nOT  - wings\n", {
            "topic": ["Birds", "Eye", "wings"], "mesh_headings": ["Birds", "*Eye/injuries/*surgery"],
        }),
        ("LID - 10.1/a [doi]\nAID - 10.1/a [doi]\nAID - S1 [pii]\nPMC - PMC9\nOID - NASA: 3\n", {
            "doi_str_mv": ["10.1/a"], "pmcid": "PMC9", "other_ids": ["S1 [pii]", "3 [NASA]"],
            "url": ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9/", "https://pubmed.ncbi.nlm.nih.gov/1/",
                    "https://doi.org/10.1/a"],
        }),
        ("RIN - A J. 2001;1(2):3. PMID: 5\nCON - B\n", {"related_articles": [
            {"relation": "RetractionIn", "reference": "A J. 2001;1(2):3", "pmid": "5"},
            {"relation": "CommentOn", "reference": "B"},
        ]}),
        ("PT  - Preprint\nPT  - Journal Article\n", {
            "format": ["Preprint"], "publication_types": ["Preprint", "Journal Article"],
        }),
        ("BTI - Genes\nPB  - NCBI\nISBN- 9781\n", {
            "container_title": "Genes", "format": ["Book Chapter"], "publisher": ["NCBI"], "isbn": ["9781"],
        }),
        ("AB  - \nDCOM- 20030606\nSTAT- MEDLINE\nXYZ - what is new\n", {}),
    ],
)  # fmt: skip
def test_what_a_citation_says(lines: str, fields: dict[str, Any]):
    document = document_of(medline_text.FORMAT, (A + lines).encode())
    bare = document_of(medline_text.FORMAT, A.encode())
    assert {name: value for name, value in document.items() if bare.get(name) != value} == fields


@pytest.mark.skipif(not SHARED.exists(), reason="the shared fixtures are not on this machine")
def test_real_citations_are_read_whole():
    count = 0
    for path in sorted(SHARED.glob("pubmed_result*.txt")):
        data = path.read_bytes()
        found, refused = read(medline_text.FORMAT, data, 999)
        assert refused == []
        assert [one["id"] for one in found] == [
            line.split()[1].decode() for line in data.splitlines() if line.startswith(b"PMID-")
        ]
        for one in found:
            raw = " ".join(one["_raw"].decode().split())
            assert all(
                text in raw for text in (one["title"], one["description"], *one["author"], *one["mesh_headings"])
            )
        count += len(found)
    assert count == 6


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=9)


@given(st.lists(st.tuples(st.integers(1, 10**8), st.lists(_TEXT, min_size=1, max_size=3)), min_size=1, max_size=5),
       st.integers(1, 100))  # fmt: skip
def test_any_titles_are_read_in_any_chunks(written: list[tuple[int, list[str]]], chunk_bytes: int):
    text = "\n".join(f"PMID- {pmid}\nTI  - " + "\n      ".join(lines) + "\n" for pmid, lines in written)
    found, refused = read(medline_text.FORMAT, text.encode(), chunk_bytes)
    assert refused == []
    assert [(one["id"], one["title"]) for one in found] == [(str(pmid), " ".join(lines)) for pmid, lines in written]


@given(st.data())
def test_mutated_citations_never_raise_and_chunks_change_nothing(data: st.DataObject):
    text = bytearray((A + "\n" + B + "FAU - Doe, J\nAU  - Doe J\nAID - 10.1/a [doi]\n").encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    whole = read(medline_text.FORMAT, bytes(text))
    assert read(medline_text.FORMAT, bytes(text), data.draw(st.integers(1, 99))) == whole
    kept = b" ".join([*(one["_raw"] for one in whole[0]), *(row.raw for row in whole[1])])
    assert len(kept.split()) == len(bytes(text).removeprefix(b"\xef\xbb\xbf").split())
