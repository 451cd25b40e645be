"""A DOI is one value, however it was written; what is none says why."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.doi import clean_doi, clean_dois, find_doi_in_address, find_dois

SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.1000/ABC.def-1", "10.1000/abc.def-1"),
        ("10.1000.10/abc", "10.1000.10/abc"),
        ("http://dx.doi.org/10.1000/ABC", "10.1000/abc"),
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("https://www.doi.org/10.1000/abc", "10.1000/abc"),
        ("doi.org/10.1000/abc", "10.1000/abc"),
        ("http://doi.acm.org/10.1145/1.2", "10.1145/1.2"),
        ("https://doi-org.proxy.lib.x.edu/10.1000/abc", "10.1000/abc"),
        ("https://proxy.x.edu/login?url=https://doi.org/10.1000/abc", "10.1000/abc"),
        ("https://onlinelibrary.wiley.com/doi/abs/10.1002/x.y?casa_token=1", "10.1002/x.y"),
        ("https://onlinelibrary.wiley.com/doi/10.1002/x.y/full", "10.1002/x.y"),
        ("https://www.tandfonline.com/doi/epdf/10.1080/123", "10.1080/123"),
        ("https://academic.oup.com/ajae/article/doi/10.1093/ajae/aaq063/5211", "10.1093/ajae/aaq063"),
        ("http://link.springer.com/content/pdf/10.1007/978-3-1.pdf", "10.1007/978-3-1"),
        ("https://doi.org/10.1000/abc#section", "10.1000/abc"),
        ("https://doi.org/10.1000/abc?nosfx=y", "10.1000/abc"),
        ("http://hdl.handle.net/10.1000/abc", "10.1000/abc"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("DOI: 10.1000/abc", "10.1000/abc"),
        ("DOI 10.1000/abc", "10.1000/abc"),
        ("urn:doi:10.1000/abc", "10.1000/abc"),
        ("info:doi/10.1000/abc", "10.1000/abc"),
        ("DOI: https://doi.org/10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000%2Fabc", "10.1000/abc"),
        ("10.1002/cplx.21703%20", "10.1002/cplx.21703"),
        ("10.1000/abc.", "10.1000/abc"),
        ("10.1000/abc;", "10.1000/abc"),
        ("(10.1000/abc)", "10.1000/abc"),
        ("“10.1000/abc”", "10.1000/abc"),
        ("<10.1000/abc>", "10.1000/abc"),
        ("10.1000/abc</a>", "10.1000/abc"),
        ("<a href='https://doi.org/10.1000/abc'>abc</a>", "10.1000/abc"),
        ("10.1000/abc [doi]", "10.1000/abc"),
        ("10.1000/a–b", "10.1000/a-b"),
        ("１０.１０００/abc", "10.1000/abc"),
        ("10.1000/a(1)", "10.1000/a(1)"),
        ("10. 1000 / abc", "10.1000/abc"),
        ("10.1007/11538363\\_11", "10.1007/11538363_11"),
        ("10.1090/s0002-X#sthash.pHkjNBMN.dpuf", "10.1090/s0002-x"),
        ("10.1111/mmi.12847/", "10.1111/mmi.12847"),
        ("Published as 10.1000/abc, 2010", "10.1000/abc"),
        (SICI.upper(), SICI),
        (f"https://doi.org/{SICI}", SICI),
        (SICI.replace("<", "%3C").replace(">", "%3E"), SICI),
        (SICI.replace("<", "&lt;").replace(">", "&gt;"), SICI),
        (SICI[:-1] + "#", SICI[:-1] + "#"),
        (f"https://doi.org/{SICI[:-1]}#", SICI[:-1] + "#"),
        ("10.1175/1520-0469(1996)053<0946:ASTFHH>2.0.CO;2", "10.1175/1520-0469(1996)053<0946:astfhh>2.0.co;2"),
    ],
)
def test_reads_every_way_of_writing_a_doi(written: str, doi: str):
    assert clean_doi(written) == (doi, None)


@pytest.mark.parametrize(
    ("written", "value", "reason"),
    [
        ("10.1234", "10.1234", "suffix"),
        ("10.1234/", "10.1234", "suffix"),
        ("10.1234/...", "10.1234", "suffix"),
        ("doi:abc", "abc", "prefix"),
        ("0.26615/978-954", "0.26615/978-954", "prefix"),
        ("10.0/abc", "10.0/abc", "registrant"),
        ("10.471/JEMS/196", "10.471/jems/196", "registrant"),
        ("10.1000/a b", "10.1000/a b", "blank"),
        ("10.1000/é", "10.1000/é", "character"),
        ("http://hdl.handle.net/2065/12178", "http://hdl.handle.net/2065/12178", "handle"),
        ("doi:", "doi:", "empty"),
        ("10.1000/" + "a" * 1000, "10.1000/" + "a" * 247, "length"),
        ("doi:10.1000/" + "a" * 1000, "10.1000/" + "a" * 247, "length"),
    ],
)
def test_keeps_what_is_no_doi_with_the_reason(written: str, value: str, reason: str):
    assert clean_doi(written) == (value, reason)


@pytest.mark.parametrize(
    ("written", "dois"),
    [
        ("10.1103/A.1 10.1103/B.2", ["10.1103/a.1", "10.1103/b.2"]),
        ("10.1000/a; https://doi.org/10.1000/b", ["10.1000/a", "10.1000/b"]),
        ("doi 10.1000/a", ["10.1000/a"]),
        ("  ", []),
    ],
)
def test_finds_each_of_several_dois(written: str, dois: list[str]):
    assert [checked.value for checked in find_dois(written)] == dois


@pytest.mark.parametrize(
    "address",
    [
        "https://aclanthology.org/2020.acl-main.1/",
        "https://doi.org/",
        "https://doi.org/20.500.12345/1",
        "http://x.org/10.1.pdf",
        "doing 10.1",
    ],
)
def test_an_address_of_something_else_claims_no_doi(address: str):
    assert find_doi_in_address(address) == ()


PIECES = st.sampled_from(
    ["10.1000/", "10.1", "doi:", "https://doi.org/", "doi.org/", "/doi/abs/", "a", "B", "<", ">", "(", ")", "#", "?",
     "%2F", "%25", "&lt;", "&amp;", "&NBSP;", " ", ".", ";", "–", "</a>", "é", "co;2-", "/", "\\_", "[doi]", "'", "K"]
)  # fmt: skip
LONG = st.sampled_from([992, 993, 2000]).map(lambda length: "10.1000/" + "a" * length)
WRITTEN = (
    LONG
    | st.lists(PIECES, max_size=8).map("".join)
    | st.lists(PIECES, max_size=6).map(lambda p: "10.1000/" + "".join(p))
)


@given(WRITTEN)
def test_a_clean_doi_stays_as_it_is(written: str):
    checked = clean_doi(written)
    if checked.invalid_reason is None:
        assert clean_doi(checked.value) == checked


@given(st.lists(st.none() | WRITTEN, max_size=8), st.booleans())
def test_a_column_gives_what_its_texts_give(texts: list[str | None], addresses: bool):
    rule = find_doi_in_address if addresses else find_dois
    found = clean_dois(pa.array(texts, pa.string()), addresses=addresses)
    got = zip(found.positions.tolist(), found.values.to_pylist(), found.invalid_reasons.to_pylist(), strict=True)
    assert sorted(got, key=lambda find: find[0]) == [
        (position, *checked) for position, text in enumerate(texts) if text for checked in rule(text)
    ]
