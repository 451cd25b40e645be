"""URLs become what a browser makes of them; broken ones are kept as written and flagged."""

import can_ada
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.urls import canonical_url, canonical_urls


@pytest.mark.parametrize(
    ("written", "url", "host"),
    [
        ("https://doi.org/10.1000/x", "https://doi.org/10.1000/x", "doi.org"),
        ("HTTP://WWW.Example.ORG:80", "http://www.example.org/", "www.example.org"),
        ("http://x.org/a/../b/./c", "http://x.org/b/c", "x.org"),
        (" http://x.org/a ", "http://x.org/a", "x.org"),
        ("http://x.org/ü?q=ü", "http://x.org/%C3%BC?q=%C3%BC", "x.org"),
        ("http://bücher.de/", "http://xn--bcher-kva.de/", "xn--bcher-kva.de"),
        ("ftp://x.org/pub/a.txt", "ftp://x.org/pub/a.txt", "x.org"),
        ("http://x.gov.ca:6611/a?b=c", "http://x.gov.ca:6611/a?b=c", "x.gov.ca"),
        ("www.x.org/a", "https://www.x.org/a", "www.x.org"),
        ("doi.org/10.1000/x", "https://doi.org/10.1000/x", "doi.org"),
    ],
)
def test_canonical_form(written: str, url: str, host: str):
    assert canonical_url(written) == (url, host, None)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"),
        ("catalogue entry", "no scheme"),
        ("http.//www.vn.fi/om", "no scheme"),
        ("/pmc/articles/PMC1/", "no scheme"),
        ("example.org:8080/x", "no scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("mailto:a@x.org", "scheme"),
        ("urn:isbn:9780306406157", "scheme"),
        ("http:/x.org/a", "no host"),
        ("http://", "no host"),
        ("http:///a", "no host"),
        ("http://x.org/su docs/a", "blank"),
        ("http://x.org/a\u200b", "blank"),
        ("http://http://x.org/", "host"),
        ("http://x.org;http://y.org", "host"),
        ("http://x..org/", "host"),
        ("http://-x.org/", "host"),
        ("http://1.2.3.4.5/", "syntax"),
        ("http://x.org:99999/", "syntax"),
    ],
)
def test_broken_urls_are_kept_as_written(written: str, reason: str):
    assert canonical_url(written) == (written, None, reason)


PIECES = st.sampled_from(
    ["http://", "https://", "ftp://", "x.org", "X.org", "xn--a", "1.2", "0x1", "-", ".", "..", "/", "//", "?", "#", "a",
     "B", "%2e", "%2E", "%zz", "%41", "'", '"', "<", "é", "|", "^", "[", ":80", ":8080", "@", "~", ";", " ", "\\", "\t",
     "_", "&="]
)  # fmt: skip
URLS = st.lists(PIECES, max_size=9).map("".join) | st.lists(PIECES, max_size=8).map(
    lambda p: "http://x.org/" + "".join(p)
)


@given(st.lists(st.none() | URLS, max_size=8))
def test_a_column_gives_what_its_texts_give(texts: list[str | None]):
    columns = canonical_urls(pa.array(texts, pa.string()))
    got = list(zip(*(column.to_pylist() for column in columns), strict=True))
    assert got == [(None, None, None) if text is None else tuple(canonical_url(text)) for text in texts]


@given(URLS)
def test_a_valid_url_is_as_the_standard_has_it_and_stays_so(text: str):
    result = canonical_url(text)
    if result.is_valid:
        assert can_ada.parse(result.url).href == result.url
        assert canonical_url(result.url) == result
        assert result.host == result.host.lower()
