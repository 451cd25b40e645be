"""A year is given where the catalogue gives one, with a note where it is not to be taken as it stands."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.normalize.dates import YEAR_NOTES, parse_publication_date, publication_dates

NOW = 2026


@pytest.mark.parametrize(
    ("written", "year", "note"),
    [
        ("1998", 1998, None),
        ("[1998]", 1998, None),
        ("1998.", 1998, None),
        ("November 2012", 2012, None),
        ("2001-02", 2001, None),
        ("1998, c1997", 1998, None),
        ("MCMXCIX", 1999, None),
        ("M.DCC.LXX.", 1770, None),
        ("1899 [i.e. 1999]", 1999, None),
        ("c1998", 1998, "copyright"),
        ("©2005", 2005, "copyright"),
        ("cop. 1998", 1998, "copyright"),
        ("[1976?]", 1976, "uncertain"),
        ("2001 or 2002", 2001, "uncertain"),
        ("ca. 1850", 1850, "uncertain"),
        ("ca. 1420", 1420, "uncertain"),
        ("between 1970 and 1975", 1970, "uncertain"),
        ("2022-02-30", 2022, "uncertain"),
        ("1999-2003", 1999, "range"),
        ("1998-99", 1998, "range"),
        ("1999-", 1999, "range"),
        ("1999/2000", 1999, "range"),
        ("[197-]", None, "decade"),
        ("197?", None, "decade"),
        ("199u", None, "decade"),
        ("1970s", None, "decade"),
        ("19--", None, "century"),
        ("19uu", None, "century"),
        ("[19--?]", None, "century"),
        ("2059 [2002 or 2003]", 2002, "not_gregorian"),
        ("1420 [1999 or 2000]", 1999, "not_gregorian"),
        ("5759 [1998 or 1999]", 1998, "not_gregorian"),
        ("1420 or 1421 [1999 or 2000]", 1999, "not_gregorian"),
        ("Shōwa 55 [1980]", 1980, "not_gregorian"),
        ("1420", None, "not_gregorian"),
        ("1420 or 1421", None, "not_gregorian"),
        ("١٤٢٠", None, "not_gregorian"),
        ("2059", None, "not_gregorian"),
        ("2543", None, "not_gregorian"),
        ("5759", None, "not_gregorian"),
        ("0000", None, "implausible"),
        ("0999", None, "implausible"),
        ("9999", None, "implausible"),
        ("2028", 2028, None),
        ("2029", None, "not_gregorian"),
        ("2571", None, "not_gregorian"),
        ("2572", None, "implausible"),
        ("5185", None, "implausible"),
        ("5788", None, "not_gregorian"),
        ("5789", None, "implausible"),
        ("1000", 1000, None),
        ("n.d.", None, "unparsed"),
        ("mimi", None, "unparsed"),
        ("mix", None, "unparsed"),
    ],
)
def test_year_and_note(written: str, year: int | None, note: str | None):
    assert parse_publication_date([written], NOW) == (year, note, None)


@pytest.mark.parametrize(
    "written",
    ["2022-11-05", "20221105", "2022-11-05T10:00:00Z", "2022 Nov 5", "5 November 2022", "Nov. 5, 2022"],
)
def test_the_day_where_it_is_given(written: str):
    assert parse_publication_date([written], NOW) == (2022, None, dt.date(2022, 11, 5))


@pytest.mark.parametrize(
    ("values", "year", "note"),
    [
        (["c1997", "1998"], 1998, None),
        (["1997", "1998"], 1997, None),
        (["n.d.", "[1976?]"], 1976, "uncertain"),
        ([" "], None, None),
        ([], None, None),
    ],
)
def test_of_several_values_the_surest_counts(values: list[str], year: int | None, note: str | None):
    assert parse_publication_date(values, NOW)[:2] == (year, note)


PIECES = st.sampled_from(
    ["19", "98", "1998", "2029", "1420", "-", "?", "[", "]", "c", "©", " ", "or", "MCM", "u", "/", "s", "Nov", "²"]
)
WRITTEN = st.text(max_size=6) | st.lists(PIECES, max_size=6).map("".join)


@given(st.lists(WRITTEN, max_size=3))
def test_any_text_gives_a_plausible_year_or_none_and_a_known_note(values: list[str]):
    year, note, date = parse_publication_date(values, NOW)
    assert year is None or 1000 <= year <= NOW + 2
    assert note is None or note in YEAR_NOTES
    assert date is None or date.year == year


@given(st.lists(st.none() | st.lists(st.none() | WRITTEN, max_size=3), max_size=6))
@example([["1998"], [None, "2001"], None, ["c"], [None]])
def test_a_column_gives_what_the_texts_of_its_lists_give(lists: list[list[str | None] | None]):
    columns = publication_dates(pa.array(lists, pa.list_(pa.string())), NOW)
    got = list(zip(*(column.to_pylist() for column in columns), strict=True))
    texts = [[text for text in values or [] if text is not None] for values in lists]
    assert got == [tuple(parse_publication_date(values, NOW)) for values in texts]
