"""Links are the distinct URLs of a record, in order, each with what it leads to."""

import pyarrow as pa
import pytest

from pipelines.normalize.links import link_kind, link_kinds, normalize_links
from pipelines.records import RAW_RECORDS, RECORD_LINKS
from pipelines.stable_ids import UNIT_SEPARATOR, stable_id

KINDS = [
    ("http://dx.doi.org/10.3390/ijms232213974", "doi"),
    ("https://doi-org.proxy.x.edu/10.1000/x", "doi"),
    ("http://hdl.handle.net/10.1000/x", "doi"),
    ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9699149/", "pmc"),
    ("https://www.ncbi.nlm.nih.gov/pubmed/36430452", "pubmed"),
    ("https://pubmed.ncbi.nlm.nih.gov/36430452/", "pubmed"),
    ("https://arxiv.org/abs/1501.00001", "arxiv"),
    ("http://hdl.loc.gov/loc.gdc/scd0001", "handle"),
    ("https://dspace.mit.edu/handle/1721.1/12345", "handle"),
    ("urn:isbn:9780306406157", "isbn"),
    ("https://x.org/paper.pdf", "full_text"),
    ("https://www.gutenberg.org/ebooks/1", "full_text"),
    ("https://aclanthology.org/2020.acl-main.1/", "publisher"),
    ("https://www.sciencedirect.com/science/article/pii/S0", "publisher"),
    ("https://creativecommons.org/licenses/by/4.0/", "license"),
    ("http://rightsstatements.org/vocab/InC/1.0/", "license"),
    ("http://www.loc.gov/catdir/toc/00011458.html", "other"),
    ("https://notdoi.org/10.1000/x", "other"),
    ("https://x.org/?u=https://doi.org/", "other"),
]


@pytest.mark.parametrize(("url", "kind"), KINDS)
def test_kind_of_a_link(url: str, kind: str):
    assert link_kind(url) == kind


def test_kinds_of_a_column_are_those_of_its_urls():
    urls, kinds = zip(*KINDS, strict=True)
    assert link_kinds(pa.array(urls)).to_pylist() == list(kinds)


def raw_with_urls(*urls: list[str | None] | None) -> pa.Table:
    columns = {field.name: pa.nulls(len(urls), field.type) for field in RAW_RECORDS}
    return pa.table(columns | {"url": pa.array(urls, pa.list_(pa.string()))})


def test_two_spellings_of_a_url_are_one_link():
    raw = raw_with_urls(["HTTP://x.org", None, " ", "http://x.org/", "http://y.org/a b"], None, ["http://x.org/"])
    links = normalize_links(raw, pa.array([7, 8, 9], pa.int64()))
    assert links.schema == RECORD_LINKS
    assert links.drop_columns(["link_id", "kind"]).to_pylist() == [
        dict(zip(("record_id", "position", "url", "url_as_written", "host", "is_valid"), row, strict=True))
        for row in [
            (7, 1, "http://x.org/", "HTTP://x.org", "x.org", True),
            (7, 2, "http://y.org/a b", "http://y.org/a b", None, False),
            (9, 1, "http://x.org/", "http://x.org/", "x.org", True),
        ]
    ]
    assert links["link_id"][0].as_py() == stable_id("7" + UNIT_SEPARATOR + "http://x.org/")


def test_records_without_urls_have_no_links():
    assert normalize_links(raw_with_urls(None, []), pa.array([1, 2], pa.int64())) == RECORD_LINKS.empty_table()
