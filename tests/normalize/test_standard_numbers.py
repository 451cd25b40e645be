"""Standard numbers come out in one form, and wrong ones say why."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.columns import Found, find_in_texts, find_plain
from pipelines.normalize.isbn_columns import clean_isbns
from pipelines.normalize.standard_numbers import (
    PLAIN_LCCN,
    find_isbns,
    find_isbns_in_address,
    find_issns,
    find_labelled_oclc_numbers,
    find_lccns,
    find_oclc_number_in_address,
    find_oclc_numbers,
    find_orcids,
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("0306406152", [("9780306406157", None)]),
        ("0-306-40615-2 (pbk.)", [("9780306406157", None)]),
        ("157003351x", [("9781570033513", None)]),
        ("ISBN-13: 978-0-306-40615-7", [("9780306406157", None)]),
        ("urn:isbn:9780306406157", [("9780306406157", None)]),
        ("978 0 306 40615 7", [("9780306406157", None)]),
        ("979-12-210-7060-6", [("9791221070606", None)]),
        ("0803956983 (cloth) 0803956991 (pbk.)", [("9780803956988", None), ("9780803956995", None)]),
        ("0306406153", [("0306406153", "check digit")]),
        ("9780306406158", [("9780306406158", "check digit")]),
        ("1234567890128", [("1234567890128", "prefix")]),
        ("9790060115615", [("9790060115615", "ismn")]),
        ("188464071 (pbk.)", [("188464071", "length")]),
        ("TODO", [("TODO", "no number")]),
        (" ", []),
    ],
)
def test_isbn(written: str, found: list[tuple[str, str | None]]):
    assert list(find_isbns(written)) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("0378-5955", [("0378-5955", None)]),
        ("03785955", [("0378-5955", None)]),
        ("ISSN 2434-561x", [("2434-561X", None)]),
        ("0378-5955 (print), 2434-561X (online)", [("0378-5955", None), ("2434-561X", None)]),
        ("0378-5954", [("0378-5954", "check digit")]),
        ("378-5955", [("3785955", "length")]),
        ("none", [("none", "no number")]),
        ("", []),
    ],
)
def test_issn(written: str, found: list[tuple[str, str | None]]):
    assert list(find_issns(written)) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("n78-890351", [("n78890351", None)]),
        ("n78-89035", [("n78089035", None)]),
        ("n 78890351 ", [("n78890351", None)]),
        (" 85000002 ", [("85000002", None)]),
        ("85-2 ", [("85000002", None)]),
        ("2001-000002", [("2001000002", None)]),
        ("75-425165//r75", [("75425165", None)]),
        (" 79139101 /AC/r932", [("79139101", None)]),
        ("0003361", [("0003361", "structure")]),
        (" ", []),
    ],
)
def test_lccn_as_the_library_of_congress_normalises_it(written: str, found: list[tuple[str, str | None]]):
    assert list(find_lccns(written)) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("47013195", [("47013195", None)]),
        ("(OCoLC)ocm47013195", [("47013195", None)]),
        ("ocn000123456 ", [("123456", None)]),
        ("on1234567890", [("1234567890", None)]),
        ("(OCoLC)0", [("(OCoLC)0", "structure")]),
        ("abc", [("abc", "structure")]),
        ("", []),
    ],
)
def test_oclc_number(written: str, found: list[tuple[str, str | None]]):
    assert list(find_oclc_numbers(written)) == found


def test_a_control_number_is_an_oclc_number_only_where_it_says_so():
    assert find_labelled_oclc_numbers("(OCoLC)47013195") == (("47013195", None),)
    assert find_labelled_oclc_numbers("(DE-599)BVB47013195") == ()
    assert find_labelled_oclc_numbers("online") == ()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("https://orcid.org/0000-0002-1825-0097", [("0000-0002-1825-0097", None)]),
        ("000000021694233x", [("0000-0002-1694-233X", None)]),
        ("0000-0002-1825-0098", [("0000-0002-1825-0098", "check digit")]),
        ("0000", []),
    ],
)
def test_orcid(written: str, found: list[tuple[str, str | None]]):
    assert list(find_orcids(written)) == found


def test_addresses_name_numbers():
    assert find_oclc_number_in_address("https://www.worldcat.org/title/x/oclc/47013195&referer=y") == (
        ("47013195", None),
    )
    assert find_isbns_in_address("https://x.org/isbn/0306406152") == (("9780306406157", None),)
    assert find_isbns_in_address("https://x.org/book") == ()


def rows(found: Found) -> list[tuple[int, str, str | None]]:
    columns = (found.positions.tolist(), found.values.to_pylist(), found.invalid_reasons.to_pylist())
    return list(zip(*columns, strict=True))


isbns = st.from_regex(r"\A(?:[0-9]{9}[0-9Xx]|97[89][0-9]{10}|[0-9]{8,13})\Z") | st.sampled_from(
    ["0306406152", "157003351X", "157003351x", "9780306406157", "9791221070606", "9790060115615", "0-306-40615-2"]
)
qualifiers = st.sampled_from(
    ["", "", " (pbk.)", "(E-ISBN)", ":", " ;", "X", "-1", " 1", ", ISBN 10", " _isbn", "\n", " é"]
)


@given(st.lists(st.builds("{}{}".format, isbns, qualifiers), max_size=8))
def test_isbns_read_in_columns_are_those_that_the_rule_finds(written: list[str]):
    column = pa.array(["sliced off", *written]).slice(1)
    assert rows(clean_isbns(column)) == rows(find_in_texts(column, find_isbns))


lccns = st.from_regex(r"\A *[a-zA-Z]{0,4} {0,2}[0-9]{7,11} *(?:/.)?\n?\Z") | st.from_regex(
    r"\A[a-z]{0,2}[0-9]{2,4}-[0-9]{1,7}\Z"
)


@given(st.lists(lccns, max_size=8))
def test_control_numbers_read_in_columns_are_those_that_the_rule_finds(written: list[str]):
    column = pa.array(written, pa.string())
    found = find_plain(column, PLAIN_LCCN, r"\1\2\3\4", find_lccns)
    assert rows(found) == rows(find_in_texts(column, find_lccns))
