"""Identifiers of repositories are read from the addresses and ids that carry them."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.normalize.columns import Finder, find_in_texts, find_plain
from pipelines.normalize.repositories import (
    PLAIN_ARXIV_ADDRESS,
    PLAIN_ARXIV_RECORD_ID,
    PLAIN_PMCID_ADDRESS,
    PLAIN_PMID_ADDRESS,
    find_arxiv_id_in_record_id,
    find_arxiv_ids,
    find_handles,
    find_pmcid_in_record_id,
    find_pmcids,
    find_pmids,
)


@pytest.mark.parametrize(
    ("address", "pmids"),
    [
        ("https://www.ncbi.nlm.nih.gov/pubmed/36430452", [("36430452", None)]),
        ("https://pubmed.ncbi.nlm.nih.gov/36430452/", [("36430452", None)]),
        ("https://europepmc.org/abstract/MED/36430452", [("36430452", None)]),
        ("https://www.ncbi.nlm.nih.gov/pubmed/123456789", [("123456789", "range")]),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9699149/", []),
        ("https://www.ncbi.nlm.nih.gov/pubmed/", []),
    ],
)
def test_pmid(address: str, pmids: list[tuple[str, str | None]]):
    assert list(find_pmids(address)) == pmids


@pytest.mark.parametrize(
    ("address", "pmcids"),
    [
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9699149/", [("PMC9699149", None)]),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC9699149/pdf/x.pdf", [("PMC9699149", None)]),
        ("http://europepmc.org/articles/pmc9699149", [("PMC9699149", None)]),
        ("https://www.ncbi.nlm.nih.gov/pubmed/36430452", []),
    ],
)
def test_pmcid(address: str, pmcids: list[tuple[str, str | None]]):
    assert list(find_pmcids(address)) == pmcids


@pytest.mark.parametrize(
    ("record_id", "pmcids"),
    [
        ("oai:pubmedcentral.nih.gov:9699149", [("PMC9699149", None)]),
        ("PMC9699149", [("PMC9699149", None)]),
        # Written for PubMed ids by some and for PubMed Central ids by others.
        ("pubmed-9699149", []),
    ],
)
def test_pmcid_in_a_record_id(record_id: str, pmcids: list[tuple[str, str | None]]):
    assert list(find_pmcid_in_record_id(record_id)) == pmcids


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("https://arxiv.org/abs/1501.00001v2", [("1501.00001", None)]),
        ("http://www.arxiv.org/pdf/0704.0001.pdf", [("0704.0001", None)]),
        ("https://arxiv.org/abs/hep-th/9901001", [("hep-th/9901001", None)]),
        ("https://arxiv.org/abs/math.GT/0309136v1", [("math/0309136", None)]),
        ("arXiv:1501.00001", [("1501.00001", None)]),
        ("https://doi.org/10.48550/arXiv.1501.00001", [("1501.00001", None)]),
        ("https://arxiv.org/abs/1513.00001", [("1513.00001", "month")]),
        ("https://arxiv.org/abs/1501.0001", [("1501.0001", "length")]),
        ("https://arxiv.org/abs/1412.0001", [("1412.0001", None)]),
        ("https://arxiv.org/abs/1412.00001", [("1412.00001", "length")]),
        ("https://arxiv.org/abs/0703.0001", [("0703.0001", "month")]),
        ("https://arxiv.org/abs/math/0703001", [("math/0703001", None)]),
        ("https://arxiv.org/abs/math/0704001", [("math/0704001", "month")]),
        ("https://arxiv.org/abs/nonsense", [("nonsense", "structure")]),
        ("https://arxiv.org/list/math", []),
    ],
)
def test_arxiv(address: str, ids: list[tuple[str, str | None]]):
    assert list(find_arxiv_ids(address)) == ids


def test_arxiv_in_a_record_id():
    assert find_arxiv_id_in_record_id("arxiv-acc-phys/9411002") == (("acc-phys/9411002", None),)
    assert find_arxiv_id_in_record_id("oai:arXiv.org:1501.00001") == (("1501.00001", None),)
    assert find_arxiv_id_in_record_id("loc-1501.00001") == ()


@pytest.mark.parametrize(
    ("address", "handles"),
    [
        ("http://hdl.handle.net/2027/mdp.39015", [("2027/mdp.39015", None)]),
        ("http://hdl.loc.gov/loc.gdc/scd0001.00206775907", [("loc.gdc/scd0001.00206775907", None)]),
        ("hdl:1721.1/12345", [("1721.1/12345", None)]),
        ("https://dspace.mit.edu/handle/1721.1/12345?show=full", [("1721.1/12345", None)]),
        ("http://hdl.handle.net/10.1000/abc", []),
        ("https://x.org/handle/me", []),
    ],
)
def test_handle(address: str, handles: list[tuple[str, str | None]]):
    assert list(find_handles(address)) == handles


NUMBERS = st.from_regex(r"\A[0-9]{1,9}\Z") | st.integers(1, 99_999_999).map(str)
ARXIV_NUMBERS = st.from_regex(r"\A[0-9]{4}\.[0-9]{4,5}(?:v[0-9])?\Z") | st.builds(
    "{}{:02}{:02}{}".format,
    st.sampled_from(["", "hep-th/", "Math.GT/"]),
    st.integers(0, 99),
    st.integers(0, 13),
    st.sampled_from([".0001", ".12345", "001"]),
)
TAILS = st.sampled_from(["", "", "/", "?x=1", ".", "\n"])


@pytest.mark.parametrize(
    ("plain", "finder", "starts", "numbers"),
    [
        (
            PLAIN_PMID_ADDRESS,
            find_pmids,
            [
                "https://www.ncbi.nlm.nih.gov/pubmed/",
                "http://ncbi.nlm.nih.gov/m/pubmed/",
                "https://pubmed.ncbi.nlm.nih.gov/",
            ],
            NUMBERS,
        ),
        (
            PLAIN_PMCID_ADDRESS,
            find_pmcids,
            ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC", "https://pmc.ncbi.nlm.nih.gov/articles/PMC"],
            NUMBERS,
        ),
        (PLAIN_ARXIV_ADDRESS, find_arxiv_ids, ["https://arxiv.org/abs/", "http://arxiv.org/pdf/"], ARXIV_NUMBERS),
        (
            PLAIN_ARXIV_RECORD_ID,
            find_arxiv_id_in_record_id,
            ["arXiv:", "arxiv-", "arxiv/", "oai:arXiv.org:"],
            ARXIV_NUMBERS,
        ),
    ],
)
@settings(max_examples=60)
@given(data=st.data())
def test_plain_addresses_read_in_columns_give_what_the_rule_gives(
    plain: str, finder: Finder, starts: list[str], numbers: st.SearchStrategy[str], data: st.DataObject
) -> None:
    address = st.builds("{}{}{}".format, st.sampled_from(starts), numbers, TAILS)
    written = pa.array(data.draw(st.lists(address, max_size=6)), pa.string())
    found, expected = find_plain(written, plain, r"\1", finder), find_in_texts(written, finder)
    assert found.positions.tolist() == expected.positions.tolist()
    assert found.values.to_pylist() == expected.values.to_pylist()
    assert found.invalid_reasons.to_pylist() == expected.invalid_reasons.to_pylist()
