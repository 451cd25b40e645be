"""Identifiers are gathered from every field that carries them, each once for a record."""

from typing import Any

import pyarrow as pa
import pytest

from pipelines.normalize.identifiers import SOURCES, normalize_identifiers
from pipelines.records import RAW_RECORDS, RECORD_IDENTIFIERS


def identifiers_of(*documents: dict[str, Any]) -> pa.Table:
    lineage = {"file": "f", "member": "", "offset": 0, "length": 0, "line": 1, "id": "x"}
    raw = pa.Table.from_pylist([lineage | document for document in documents], RAW_RECORDS)
    return normalize_identifiers(raw, pa.array(range(len(documents)), pa.int64()))


@pytest.mark.parametrize(
    ("document", "scheme", "value"),
    [
        ({"doi_str_mv": ["10.1000/A"]}, "doi", "10.1000/a"),
        ({"url": ["https://doi.org/10.1000/A"]}, "doi", "10.1000/a"),
        ({"url": ["https://doi.org/10.1000%2FA"]}, "doi", "10.1000/a"),
        ({"url": ["https://pubs.acs.org/doi/full/10.1021/A"]}, "doi", "10.1021/a"),
        ({"url": ["https://pubmed.ncbi.nlm.nih.gov/1"]}, "pmid", "1"),
        ({"url": ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/"]}, "pmcid", "PMC1"),
        ({"id": "oai:pubmedcentral.nih.gov:1"}, "pmcid", "PMC1"),
        ({"url": ["https://arxiv.org/abs/1501.00001v1"]}, "arxiv", "1501.00001"),
        ({"id": "arxiv-1501.00001"}, "arxiv", "1501.00001"),
        ({"url": ["http://hdl.handle.net/2027/a"]}, "handle", "2027/a"),
        ({"url": ["https://orcid.org/0000-0002-1825-0097"]}, "orcid", "0000-0002-1825-0097"),
        ({"isbn": ["0306406152 (pbk.)"]}, "isbn", "9780306406157"),
        ({"url": ["https://x.org/isbn/0306406152"]}, "isbn", "9780306406157"),
        ({"issn": ["0378-5955"]}, "issn", "0378-5955"),
        ({"lccn": "n78-89035"}, "lccn", "n78089035"),
        ({"oclc_num": ["ocm00000001"]}, "oclc", "1"),
        ({"ctrlnum": ["(OCoLC)1"]}, "oclc", "1"),
        ({"url": ["https://www.worldcat.org/oclc/1"]}, "oclc", "1"),
    ],
)
def test_each_field_gives_its_identifiers(document: dict[str, Any], scheme: str, value: str):
    rows = identifiers_of(document).to_pylist()
    assert [(row["scheme"], row["value"], row["is_valid"]) for row in rows] == [(scheme, value, True)]


def test_an_identifier_of_several_fields_stands_once_from_the_one_believed_first():
    rows = identifiers_of({"url": ["http://dx.doi.org/10.1000/A"], "doi_str_mv": ["10.1000/a."]}).to_pylist()
    assert [(row["value"], row["value_as_written"], row["source_field"]) for row in rows] == [
        ("10.1000/a", "10.1000/a.", "doi_str_mv")
    ]


def test_a_datacite_doi_of_arxiv_names_the_preprint_too():
    rows = identifiers_of({"doi_str_mv": ["10.48550/arXiv.1501.00001"]}).to_pylist()
    assert [(row["scheme"], row["value"]) for row in rows] == [
        ("doi", "10.48550/arxiv.1501.00001"),
        ("arxiv", "1501.00001"),
    ]


def test_a_record_id_of_pubmed_is_not_believed_on_its_own():
    assert len(identifiers_of({"id": "pubmed-9699149"})) == 0


def test_an_invalid_identifier_is_a_row_with_its_reason():
    rows = identifiers_of({"isbn": ["0306406153"]}).to_pylist()
    assert [(row["value"], row["is_valid"], row["invalid_reason"]) for row in rows] == [
        ("0306406153", False, "check digit")
    ]


def test_rows_follow_the_records_and_are_unique():
    document = {"isbn": ["0306406152", "9780306406157", None], "issn": ["0378-5955"], "doi_str_mv": ["10.1000/a"]}
    table = identifiers_of(document, {}, document)
    assert table.schema == RECORD_IDENTIFIERS
    assert table["record_id"].to_pylist() == [0, 0, 0, 2, 2, 2]
    assert table["scheme"].to_pylist() == ["doi", "isbn", "issn"] * 2


def test_every_source_reads_a_field_of_the_raw_records():
    assert {source.field for source in SOURCES} <= set(RAW_RECORDS.names)
