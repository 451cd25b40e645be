"""A MARC 21 record as the Solr document that VuFind's import makes of it.

Source of the rules: VuFind 10, ``import/marc.properties`` and what it calls in ``import/index_java``. Beyond
them: 520 is the description, 773 tells the container with volume, issue and page, and ``extra`` keeps the notes
of links (``links_856``) and what fields 880 write in the original script (``original_script``).
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import unquote

from pipelines.readers.marc_authors import authors
from pipelines.readers.marc_codes import language_names
from pipelines.readers.marc_formats import formats
from pipelines.readers.marc_record import SUBFIELD, Field, MarcRecord, NotMarcError, write_record

#: Tag and subfields; several make one value, a single one makes a value each time.
_Specs = tuple[tuple[str, str], ...]


def _specs(text: str) -> _Specs:
    return tuple((one[:3], one[3:]) for one in text.split())


#: Solr fields of many values and where they come from.
_MANY: Final[dict[str, _Specs]] = {
    "ctrlnum": _specs("035a"),
    "title_alt": _specs("100t 130adfgklnpst 240a 246abnp 505t 700t 710t 711t 730adfgklnpst 740a"),
    "title_old": _specs("780ast"),
    "title_new": _specs("785ast"),
    "series": _specs("440ap 800abcdfpqt 830ap"),
    "series2": _specs("490a"),
    "physical": _specs("300abcefg 530abcd"),
    "dateSpan": _specs("362a"),
    "contents": _specs("505a 505t"),
    "author_additional": _specs("505r"),
    "isbn": _specs("020a 773z"),
    "issn": _specs("022a 440x 490x 730x 773x 776x 780x 785x"),
    "callnumber-raw": _specs("099ab 090ab 050ab"),
    "dewey-raw": _specs("082a 083a"),
    "url": _specs("856u 555u"),
}
_TOPICS: Final = {
    "topic": ("600", "610", "611", "630", "650", "653", "656"),
    "genre": ("655",),
    "geographic": ("651",),
    "era": ("648",),
}
#: Tags in an order in which all fields get their values in that of their specs.
_TAGS: Final = sorted(
    {tag for specs in _MANY.values() for tag, _ in specs} | {tag for tags in _TOPICS.values() for tag in tags},
    key=lambda tag: {"090": "0991", "050": "0992", "555": "8561"}.get(tag, tag),
)
#: What each tag feeds: Solr field and subfields, all letters for topics.
_FEEDS: Final[dict[str, list[tuple[str, str]]]] = {
    tag: [
        *((name, codes) for name, specs in _MANY.items() for found, codes in specs if found == tag),
        *((name, "") for name, tags in _TOPICS.items() if tag in tags),
    ]
    for tag in _TAGS
}
_LCC: Final = {
    "A": "General Works", "B": "Philosophy, Psychology, Religion", "C": "Historical Sciences", "D": "World History",
    "E": "United States History", "F": "General American History", "G": "Geography, Anthropology, Recreation",
    "H": "Social Science", "J": "Political Science", "K": "Law", "L": "Education", "M": "Music", "N": "Fine Arts",
    "P": "Language and Literature", "Q": "Science", "R": "Medicine", "S": "Agriculture", "T": "Technology",
    "U": "Military Science", "V": "Naval Science", "Z": "Library Science",
}  # fmt: skip
_OCLC: Final = re.compile(r"\(ocolc\)[^0-9]*0*([0-9]+)|(?:ocm|ocn|on)0*([0-9]+)", re.IGNORECASE)
_DOI: Final = re.compile(r"(?:urn:doi:|https?://(?:dx\.)?doi\.org/)([^?#]+)", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"\[((?:1[0-9]|20)[0-9]{2})\]")
_DECADE: Final = re.compile(r"((?:19|20)[0-9])[-?]")
_YEAR: Final = re.compile(r"(?<![0-9])(?:1[0-9]|20)[0-9]{2}(?![0-9])")
_CORRECTED: Final = re.compile(r"i\.\s*e\.,?\s*((?:1[0-9]|20)[0-9]{2})")
_BEFORE_CHRIST: Final = re.compile(r"[0-9] [Bb]\.?\s?[Cc]\.?")
_CAPITALS: Final = re.compile("[A-Z]*")
_DEWEY: Final = re.compile(r"\s*([0-9]{1,3})(?:\.[0-9]+)?")
_VOLUME: Final = re.compile(r"\b(?:vol(?:ume)?s?|v|bd|band|t|tome|tom)\b[.:]?\s*([0-9]+[a-z]?)", re.IGNORECASE)
_ISSUE: Final = re.compile(r"\b(?:no|nr|n|num|number|issue|iss|heft|h|fasc)\b[.:°]?\s*([0-9]+(?:[-/][0-9]+)?)", re.I)
_PAGE: Final = re.compile(r"\b(?:pages?|pp?|s|seiten?|str)\b[.:]?\s*\[?([a-z]?[0-9]+)", re.IGNORECASE)
_SHORT_PARTS: Final = re.compile(r"([^:<]*)(?::([^:<]*))?[^<]*(?:<(.+))?")
_SORT_END: Final = " /:;,.="
_LINK: Final = re.compile(r"([0-9]{3})-")
#: Leader position 6: what is no bibliographic record.
_OTHER_KINDS: Final = {
    "z": "an authority record", "w": "a classification record", "q": "a community information record",
    "u": "a holdings record", "v": "a holdings record", "x": "a holdings record", "y": "a holdings record",
}  # fmt: skip


#: What a document has beside the fields of the index.
LOCAL_FIELDS: Final = ("links_856", "marc_error", "original_script")


def to_document(record: MarcRecord) -> dict[str, Any]:
    """The Solr document of a record; local fields stand beside those of the index. Pure.

    Raises :class:`NotMarcError` for what is no MARC 21 bibliographic record, or has no 001.
    """
    _refuse(record)
    document: dict[str, Any] = {"id": record.control("001").strip(), "record_format": "marc"}
    if not document["id"]:
        raise NotMarcError("no id: the record has no field 001")
    _put_many(record, document)
    _put_titles(record, document)
    document.update(authors(record))
    _put_publication(record, document)
    _put_numbers(record, document)
    _put_container(record, document)
    _put_local(record, document)
    document["language"] = _languages(record)
    document["format"] = formats(record)
    document["fullrecord"] = write_record(record)
    return document


def _refuse(record: MarcRecord) -> None:
    kind = record.leader[6:7].lower()
    if kind in _OTHER_KINDS:
        raise NotMarcError(f"{_OTHER_KINDS[kind]} (leader position 6 is {kind}), not a bibliographic one")
    if record.has("245") or not record.has("200"):
        return
    general = [value for field in record.fields("100") for value in field.values("a")]
    if any(value[:8].isdigit() and len(value) > 20 for value in general):
        raise NotMarcError("a UNIMARC record (its title is in 200, its coded data in 100): only MARC 21 is read")


def _put_many(record: MarcRecord, document: dict[str, Any]) -> None:
    for tag in _TAGS:
        if tag not in record.by_tag:
            continue
        for name, codes in _FEEDS[tag]:
            found = _values(record, tag, codes)
            if found and name in document:
                document[name] += found
            elif found:
                document[name] = found
    for name, values in document.items():
        if isinstance(values, list) and len(values) > 1:
            document[name] = list(dict.fromkeys(values))


def _values(record: MarcRecord, tag: str, codes: str) -> list[str]:
    """Each value of one subfield, or a value a field of several; of all letters where none is named."""
    if len(codes) == 1:
        mark = SUBFIELD + codes
        # Only fields that have the subfield are taken apart.
        if not [text for text in record.by_tag[tag] if mark in text]:
            return []
        return [value for field in record.fields(tag) for value in field.values(codes)]
    if codes:
        return [text for field in record.fields(tag) if (text := field.joined(codes))]
    return [text for field in record.fields(tag) if (text := field.letters())]


def _first(record: MarcRecord, tag: str, codes: str) -> str:
    if tag not in record.by_tag:
        return ""
    return next((text for field in record.fields(tag) if (text := field.joined(codes))), "")


def _put(document: dict[str, Any], name: str, value: object) -> None:
    if value:
        document[name] = value


def _put_titles(record: MarcRecord, document: dict[str, Any]) -> None:
    titles = record.fields("245")
    if not titles:
        return
    first = titles[0]
    title = first.joined("ab")
    if title:
        document["title"] = document["title_auth"] = title
        _put(document, "title_short", first.joined("a"))
        _put(document, "title_sub", first.joined("b"))
    _put(document, "title_full", first.letters())
    sortable = first.joined("abkp")
    non_filing = first.indicators[1]
    if non_filing != "0" and non_filing.isascii() and non_filing.isdigit():
        sortable = sortable[int(non_filing) :]
    _put(document, "title_sort", sortable.lower().strip(_SORT_END))


def _put_publication(record: MarcRecord, document: dict[str, Any]) -> None:
    imprints = _imprints(record)
    if imprints:
        _put(document, "publisher", list(dict.fromkeys([text for one in imprints if (text := one.joined("b"))])))
        years = [year for one in imprints for text in one.values("c") if (year := _year(text))]
        _put(document, "publishDate", list(dict.fromkeys(years)))
    _put(document, "edition", _first(record, "250", "a"))
    if "520" in record.by_tag:
        _put(document, "description", "\n".join(_values(record, "520", "ab")))


def _imprints(record: MarcRecord) -> list[Field]:
    """Fields 260, and 264 of the publication; those of the copyright where there are none of the publication."""
    found = record.fields("260")
    if "264" in record.by_tag:
        later = record.fields("264")
        published = [field for field in later if field.indicators[1] == "1"]
        found = found + (published or [field for field in later if field.indicators[1] == "4"])
    return found


def _year(text: str) -> str:
    if len(text) > 6:
        if _BEFORE_CHRIST.search(text):
            return ""
        corrected = _IN_BRACKETS.search(text) or _CORRECTED.search(text)
        if corrected:
            return corrected.group(1)
    year = _YEAR.search(text)
    if year:
        return year.group()
    decade = _DECADE.search(text)
    return f"{decade.group(1)}0" if decade else ""


def _put_numbers(record: MarcRecord, document: dict[str, Any]) -> None:
    _put(document, "lccn", _first(record, "010", "a"))
    if "ctrlnum" in document:
        matches = [match for value in document["ctrlnum"] if (match := _OCLC.match(value))]
        _put(document, "oclc_num", list(dict.fromkeys([match.group(1) or match.group(2) for match in matches])))
    if "url" in document:
        matches = [match for value in document["url"] if (match := _DOI.search(value))]
        _put(document, "doi_str_mv", list(dict.fromkeys([unquote(match.group(1)) for match in matches])))
    if "callnumber-raw" in document:
        _put_call_number(record, document)
    if "dewey-raw" in document:
        _put_dewey(document)


def _put_call_number(record: MarcRecord, document: dict[str, Any]) -> None:
    local, other, own = (_first(record, tag, "a") for tag in ("099", "090", "050"))
    letter = (local or other or own)[:1]
    if letter in _LCC:
        document["callnumber-first"] = f"{letter} - {_LCC[letter]}"
    number = (other or own).upper()
    subject = _CAPITALS.match(number)
    _put(document, "callnumber-subject", subject.group() if subject else "")
    _put(document, "callnumber-label", number.partition(".")[0] if not number.startswith(".") else number)


def _put_dewey(document: dict[str, Any]) -> None:
    classes = [(match, raw) for raw in document["dewey-raw"] if (match := _DEWEY.match(raw))]
    if classes:
        whole = [match.group(1).zfill(3) for match, _ in classes]
        document["dewey-hundreds"] = list(dict.fromkeys(f"{one[0]}00" for one in whole))
        document["dewey-tens"] = list(dict.fromkeys(f"{one[:2]}0" for one in whole))
        document["dewey-ones"] = list(dict.fromkeys(whole))
        document["dewey-full"] = list(dict.fromkeys(raw.upper().replace(" ", "") for _, raw in classes))


def _put_container(record: MarcRecord, document: dict[str, Any]) -> None:
    """The host of a part, 773: $t its title, $g volume, issue and page in words, $q the same in signs."""
    hosts = record.fields("773")
    if not hosts:
        return
    host = next((field for field in hosts if field.values("t")), hosts[0])
    _put(document, "container_title", host.joined("t").rstrip(_SORT_END) or host.joined("a").rstrip(_SORT_END))
    related = host.joined("g")
    _put(document, "container_reference", related)
    short = _SHORT_PARTS.fullmatch(next(iter(host.values("q")), "")) or _SHORT_PARTS.fullmatch("")
    for place, (name, pattern) in enumerate(
        (("container_volume", _VOLUME), ("container_issue", _ISSUE), ("container_start_page", _PAGE)), 1
    ):
        match = pattern.search(related)
        _put(document, name, (short and (short.group(place) or "").strip()) or (match.group(1) if match else ""))


def _put_local(record: MarcRecord, document: dict[str, Any]) -> None:
    _put(document, "marc_error", list(dict.fromkeys(record.notes)))
    if "856" not in record.by_tag and "880" not in record.by_tag:
        return
    links = [
        {"url": url} | notes
        for field in record.fields("856")
        for url in field.values("u")
        if (notes := {name: text for code, name in (("3", "materials"), ("y", "text"), ("z", "note"))
                      if (text := field.joined(code))})
    ]  # fmt: skip
    _put(document, "links_856", links)
    scripts: dict[str, list[str]] = {}
    for field in record.fields("880"):
        link = _LINK.match(next(iter(field.values("6")), ""))
        text = field.letters()
        if text:
            scripts.setdefault(link.group(1) if link else "", []).append(text)
    _put(document, "original_script", scripts)


def _languages(record: MarcRecord) -> list[str]:
    codes = [record.control("008")[35:38]]
    for field in record.fields("041"):
        codes += [value for code in "adhj" for value in field.values(code)]
    return list(dict.fromkeys(name for code in codes for name in language_names(code)))
