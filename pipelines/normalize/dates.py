"""The year and date of a publication, out of what catalogues write in ``publishDate``.

Source of the forms: AACR2 1.4F, RDA 2.8.6, MARC 21 field 008 and 264 $c, ISO 8601, PubMed's PubDate.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import as_mask, joined_lists

#: Every note that :func:`parse_publication_date` can give.
YEAR_NOTES: Final = (
    "uncertain", "range", "copyright", "decade", "century", "not_gregorian", "implausible", "unparsed",
)  # fmt: skip

EARLIEST_YEAR: Final = 1000
#: Years from here to before the first dated print (1454) are those of the Islamic calendars (1250 AH is
#: 1834, 1300 SH is 1921) and of Bengal's, wherever a catalogue of prints shows them.
_ISLAMIC_FROM, _FIRST_PRINT = 1250, 1454
#: How far calendars run ahead of ours, in years: Bikram Sambat (Nepal) 57, Buddhist 543, Hebrew 3760.
_BIKRAM_SAMBAT, _BUDDHIST, _HEBREW = 57, 543, 3760
#: Hebrew and Buddhist years of prints lie within so many years before today's.
_PRINTING: Final = 600

_ISO: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_IN_BRACKETS: Final = re.compile(
    r"[\[(]\s*(i\.\s?e\.,?|that is,?)?\s*(?:c|ca\.?|©)?\s*(\d{4})(?!\d)(\?|\s*(?:or|-|/|/)\s*\d{1,4}\??)?"
)
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_COPYRIGHT: Final = re.compile(r"(?:(?<![a-z])[cp]|©|℗|\(c\)|cop\.?|copr\.?|copyright)\s*(\d{4})(?!\d)", re.IGNORECASE)
_DECADE: Final = re.compile(r"(?<!\d)\d{3}[-?ux_](?!\d)", re.IGNORECASE)
_DECADE_NAME: Final = re.compile(r"(?<!\d)\d{3}0['’]?s(?![a-z])", re.IGNORECASE)
_CENTURY: Final = re.compile(
    r"(?<!\d)\d{2}(?:--|-\?|\?\?|uu|xx|__|-)(?!\d)|(?:century|jahrhundert|siècle|siglo|secolo|\bjh\.)", re.IGNORECASE
)
_RANGE: Final = re.compile(r"(?<!\d)\d{4}\s*\??\s*(?:[-/]|–|—|to|bis)\s*(?:\d{2}(?!\d)|\d{4}|$|[\]).?])")
_SPAN: Final = re.compile(r"\d{4}-\d{4}")
_YEAR_MONTH: Final = re.compile(r"\d{4}[-/](?:0[1-9]|1[0-2])")
_DOUBT: Final = re.compile(
    r"\?|(?<![a-z])(?:ca?\.|circa|approximately|approx|probably|between|or|before|after|um|vers|hacia|etwa|ang)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_CIRCA: Final = re.compile(r"(?<![a-z])(?:ca?\.|circa|approximately|approx|um|vers|hacia|etwa)\s*\[?\d", re.IGNORECASE)
_ROMAN: Final = re.compile(r"(?<![A-Z])M{1,2}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})(?![A-Z])")
_ROMAN_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_OF_MONTH: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<year>\d{{4}})[ ,]+(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})",
        rf"(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? (?P<month>{_MONTH})\.?,? (?P<year>\d{{4}})",
    )
)
_CALENDAR_WORDS: Final = re.compile(
    r"(?<![a-z])(?:a\.?h\.?|hijri|h\.|s\.?h\.|b\.?e\.|v\.?s\.|b\.?s\.|saka|samvat|"
    r"sh[oō]wa|heisei|meiji|taish[oō]|minguo|anno mundi)(?![a-z])|昭和|平成|令和|明治|大正|民國|民国",
    re.IGNORECASE,
)


class PublicationDate(NamedTuple):
    """A year, what is to be known about it, and the day where it is given."""

    year: int | None = None
    note: str | None = None
    date: dt.date | None = None


def parse_publication_date(values: list[str], this_year: int) -> PublicationDate:
    """The date of a publication out of the values of ``publishDate``: the first that needs no note, or the first.

    Where a value gives a decade or a century, the year stays null: a made-up one would look exact. A year of
    another calendar (Islamic, Bikram Sambat, Buddhist, Hebrew) is not believed; a Gregorian one in brackets
    behind it is (``1420 [1999 or 2000]``). Notes are :data:`YEAR_NOTES`; ``implausible`` years lie outside
    1000 to ``this_year`` + 2.
    """
    dates = [_parse_value(value, this_year) for value in values if value.strip()]
    with_year = [date for date in dates if date.year is not None]
    return min(with_year or dates, key=lambda date: date.note is not None, default=PublicationDate())


def publication_dates(values: pa.Array, this_year: int) -> tuple[pa.Array, pa.Array, pa.Array]:
    """:func:`parse_publication_date` of each list of a ``list<string>`` column: years (int32), notes, dates (date32).

    Single plain years of print pass in columns, the rest is parsed once for each distinct list.
    """
    joined = joined_lists(values, "\x1f")
    plain = as_mask(pc.match_substring_regex(joined, "^[0-9]{4}$"))
    numbers = pc.cast(pc.if_else(pa.array(plain), joined, None), pa.int32())
    plain &= as_mask(pc.and_(pc.greater_equal(numbers, _FIRST_PRINT), pc.less_equal(numbers, this_year + 2)))
    encoded = pc.if_else(pa.array(plain), None, joined).dictionary_encode()
    dates = [parse_publication_date(text.split("\x1f"), this_year) for text in encoded.dictionary.to_pylist()]
    years, notes, days = (
        pa.array([date[part] for date in dates], kind).take(encoded.indices)
        for part, kind in enumerate((pa.int32(), pa.string(), pa.date32()))
    )
    return pc.if_else(pa.array(plain), numbers, years), notes, days


def _parse_value(value: str, this_year: int) -> PublicationDate:
    text = "".join(_digit(character) for character in unicodedata.normalize("NFC", value)).strip()
    day = _day(text)
    if day:
        judged = _judged(day.year, None, this_year)
        return judged._replace(date=day) if judged.year else judged
    corrected = _corrected(text, this_year)
    if corrected:
        return corrected
    years = [int(year) for year in _YEAR.findall(_DECADE_NAME.sub("", text))]
    if years:
        return _with_note(text, years, this_year)
    if _DECADE.search(text) or _DECADE_NAME.search(text):
        return PublicationDate(note="decade")
    if _CENTURY.search(text):
        return PublicationDate(note="century")
    roman = _roman_year(text)
    return _judged(roman, _doubt(text), this_year) if roman else PublicationDate(note="unparsed")


def _digit(character: str) -> str:
    """Decimal digits of any script (٢٠٠٠, २०००) as ASCII."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _day(text: str) -> dt.date | None:
    iso = _ISO.fullmatch(text)
    if iso:
        return _date(*(int(part) for part in iso.groups()))
    for pattern in _DAY_OF_MONTH:
        written = pattern.fullmatch(text)
        if written:
            return _date(int(written["year"]), _MONTHS[written["month"].lower()], int(written["day"]))
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    """The day, or None where the calendar has none."""
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(1)).day if year < dt.MAXYEAR else 28
    return dt.date(year, month, day) if day <= last else None


def _corrected(text: str, this_year: int) -> PublicationDate | None:
    """The year in brackets behind another: of our calendar, or the cataloguer's correction (``i.e.``)."""
    bracket = _IN_BRACKETS.search(text)
    before = _YEAR.findall(text[: bracket.start()]) if bracket else []
    if not bracket or not (before or _CALENDAR_WORDS.search(text[: bracket.start()])):
        return None
    year = _judged(int(bracket.group(2)), None, this_year)
    if year.year is None:
        return None
    foreign = not before or _judged(int(before[-1]), None, this_year).note == "not_gregorian"
    if foreign or _CALENDAR_WORDS.search(text[: bracket.start()]):
        return year._replace(note="not_gregorian")
    if bracket.group(1):
        return year._replace(note="uncertain" if bracket.group(3) else None)
    return None


def _with_note(text: str, years: list[int], this_year: int) -> PublicationDate:
    copyright_years = {int(year) for year in _COPYRIGHT.findall(text)}
    published = [year for year in years if year not in copyright_years] or years
    note = _doubt(text)
    if set(years) <= copyright_years:
        note = "copyright"
    elif _ISO.fullmatch(text) and not _SPAN.fullmatch(text):
        note = "uncertain"  # a day that no calendar has
    elif _RANGE.search(text) and not _YEAR_MONTH.fullmatch(text):
        note = note or "range"
    if _CALENDAR_WORDS.search(text):
        return PublicationDate(note="not_gregorian")
    if _CIRCA.search(text) and published[0] in range(_ISLAMIC_FROM, _FIRST_PRINT):
        # "ca. 1420" is how manuscripts of our calendar are dated.
        return PublicationDate(published[0], note)
    return _judged(published[0], note, this_year)


def _doubt(text: str) -> str | None:
    return "uncertain" if _DOUBT.search(text) else None


def _judged(year: int, note: str | None, this_year: int) -> PublicationDate:
    """``year`` with ``note``, or without year where it is of another calendar or of none."""
    if year < EARLIEST_YEAR:
        return PublicationDate(note="implausible")
    if year <= this_year + 2:
        if _ISLAMIC_FROM <= year < _FIRST_PRINT:
            return PublicationDate(note="not_gregorian")
        return PublicationDate(year, note)
    ahead = year - this_year
    other = ahead <= _BIKRAM_SAMBAT + 2 or any(
        calendar - _PRINTING <= ahead <= calendar + 2 for calendar in (_BUDDHIST, _HEBREW)
    )
    return PublicationDate(note="not_gregorian" if other else "implausible")


def _roman_year(text: str) -> int | None:
    """A year in Roman numerals (``MCMXCIX``, ``M.DCC.LXX``); at least four signs, or it may be a word."""
    numeral = _ROMAN.search(re.sub(r"(?<=[MDCLXVI])[. ]+(?=[MDCLXVI])", "", text.upper()))
    if not numeral or len(numeral.group()) < 4:
        return None
    digits = [_ROMAN_DIGITS[sign] for sign in numeral.group()]
    return sum(-digit if digit < after else digit for digit, after in zip(digits, [*digits[1:], 0], strict=True))
