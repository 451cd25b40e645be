"""Results of Europe PMC that are read together give what they give read one by one, whatever they hold."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import europe_pmc, json_batches
from pipelines.readers.chunks import Batch, Piece
from pipelines.readers.europe_pmc_columns import table_of_results
from pipelines.readers.json_paths import objects
from pipelines.readers.lines import find_lines
from tests.readers.reading import assert_alike, changed, needs_compiled_code

AUTHOR = {"fullName": "Lu C", "firstName": "Changbo", "lastName": "Lu", "initials": "C"}
#: Members of results as the API writes them, then others.
MEMBERS: list[dict[str, Any]] = [
    {"pmid": "1", "pmcid": "PMC9", "doi": "10.1/a", "title": " A <i>b</i>\u2003&amp; c ", "isOpenAccess": "Y"},
    {"abstractText": "<h4>Aim:</h4>We &lt; <i>you</i>.\n<p>So.</p>", "language": "eng", "license": "cc by"},
    {"authorList": {"author": [AUTHOR, {"collectiveName": "A Group"}, {"fullName": "Ma H"}, {}]}},
    {"authorList": {"author": [AUTHOR | {
        "authorId": {"type": "ORCID", "value": "0000-0001-8863-153X"}, "suffix": "Jr",
        "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": "Here."}, {"affiliation": " "}, {}]},
        "authorAffiliationsList": {"authorAffiliation": ["There.", "Here.", ""]}, "affiliation": "Beyond."}]}},
    {"authorString": "Lu C, van der Berg AB, King ML Jr.", "pubType": "review; journal article", "issue": "9"},
    {"journalInfo": {"volume": "5", "issue": "2", "dateOfPublication": "2019 Jan ", "journal": {
        "title": "Bio", "medlineAbbreviation": "B", "issn": "0000-0019", "essn": "0000-0027", "nlmid": "7"}},
     "pageInfo": "12-19", "pubYear": "2019", "electronicPublicationDate": "2019-03-14"},
    {"journalTitle": "Bio", "journalVolume": "5", "pageInfo": "e1", "journalIssn": "0000-0019; 0000-0027"},
    {"bookOrReportDetails": {"comprisingTitle": "B", "isbn13": "1", "isbn10": "2", "publisher": "P"}},
    {"meshHeadingList": {"meshHeading": [{"majorTopic_YN": "N", "descriptorName": "Eye", "meshQualifierList": {
        "meshQualifier": [{"qualifierName": "injuries", "majorTopic_YN": "Y"}, {}]}}, {"descriptorName": "D"}]}},
    {"keywordList": {"keyword": ["wings", "", "Eye"]}, "pubTypeList": {"pubType": ["Journal Article", "Dataset", ""]}},
    {"fullTextUrlList": {"fullTextUrl": [{"url": "http://e.org/1", "site": "x"}, {"site": "y"}]}},
    {"grantsList": {"grant": [{"grantId": "7", "agency": "NIH", "orderIn": 0}]}, "dateOfRevision": "2020-01-01"},
    {"chemicalList": {"chemical": [{"name": "S", "registryNumber": "0"}]}, "citedByCount": 7, "inEPMC": None},
    {"commentCorrectionList": {"commentCorrection": [{"type": "Cites", "id": "1"}, {"type": "Erratum", "id": "2"}]}},
    {"investigatorList": {"investigator": [{"firstName": "I", "lastName": "J"}, {}]}, "authorString": "A B."},
    {"authorList": None, "journalInfo": {}, "keywordList": {"keyword": []}, "title": None, "pubTypeList": {}},
    {"authorList": {"author": [None, AUTHOR]}, "keywordList": {"keyword": ["a", None]}, "meshHeadingList": None},
    {"title": ["in a list"], "source": ["MED"]}, {"title": 7, "pubYear": 2019}, {"title": {"what": "is"}},
    {"keywordList": {"keyword": "alone"}}, {"keywordList": ["k"]}, {"authorList": {"author": AUTHOR}}, {"id": ""},
    {"authorList": {"author": [{"authorId": {"$": {"type": "ORCID"}, "_": "0000-0001-8863-153X"}}]}}, {"source": None},
    {"id": None}, {"journalInfo": True}, {"abstractText": "a\u0000b \\ \"c\"", "language": "gerfre"}, {"x": [[[{}]]]},
]  # fmt: skip
#: What a line may be beside a result.
LINES = [
    b'{"id":"1","source":"MED","x":NaN}', b'{"id":"1","source":"MED","title":"Inf, NaN, -Inf","x":[ -Infinity]}',
    b'{"id":"1","source":"MED","title":"a","title":"b"}', b'{"id":"1","source":"MED","x":1,"x":2}',
    b'{"id":"1","source":"MED","title":"\\ud800"}', b'{"id":"1","source":"MED","title":"\xff"}', b"7", b"[]", b"{}",
    b'{"id":"1","source":"MED"}{"id":"2","source":"MED"}', b'{"id":"1","source":"MED"}\0{"id":"2"}', b'{"id":"1"',
    b'{"id":"1","source":"MED"}\0}', b'{"\\u0069d":"1","source":"MED"}', b'{"id":"1","source":"MED",}', b"{",
    b'{"id":"1","source":"MED","x":' + 999 * b"[" + 999 * b"]" + b"}", b'{"id":"1","source":"MED","x":01}',
    b'{"id":"1","source":"MED","x":' + 1500 * b"[" + 1500 * b"]" + b"}", b'  {"id":"1","source":"MED"} ',
    b'{"id":"1","source":"MED","x":' + 99 * b" " + b"-Inf}", b'{"id":"1","source":"MED","x":[1,NaN]}',
    b'{"id":"1","source":"MED","x":1e999}', b'{"id":"1","source":"MED","x":"\t"}', b'{"id":"1","source":"PPR"}',
]  # fmt: skip


def listed(value: Any) -> Any:
    """A value as getpapers writes it."""
    if isinstance(value, dict):
        return [{name: one if name in {"_", "$"} else listed(one) for name, one in value.items()}]
    return [one for inner in value for one in listed(inner)] if isinstance(value, list) else [value]


results = st.lists(st.one_of(st.sampled_from(MEMBERS[:16]), st.sampled_from(MEMBERS)), max_size=5).map(
    lambda parts: orjson.dumps(
        {"id": "1", "source": "MED"} | {name: one for part in parts for name, one in part.items()}
    )
)


#: The same as getpapers has them, some as the API has them among them.
of_getpapers = st.tuples(results, st.sampled_from([True, True, True, False])).map(
    lambda drawn: orjson.dumps(listed(orjson.loads(drawn[0]))[0]) if drawn[1] else drawn[0]
)


def both_ways(data: bytes) -> Batch:
    """What compiled code and orjson read together, held to what orjson reads alone."""
    pieces = (Piece("f", "m", 1000, 7, data),)
    together = europe_pmc.FORMAT.parse(pieces)
    alone = json_batches.parse_batches(pieces, lambda found, _: table_of_results(objects(found)), europe_pmc._refuse)
    assert_alike(together, alone)
    return together


@given(st.lists(st.one_of(results, results, results, st.sampled_from(LINES)), min_size=1, max_size=6))
@example([orjson.dumps({"id": "1", "source": "MED"} | one) for one in MEMBERS])
@example(LINES)
def test_lines_together_say_what_objects_say(lines: list[bytes]):
    both_ways(b"\n".join(lines))


@given(st.lists(st.one_of(of_getpapers, of_getpapers, st.sampled_from(LINES)), min_size=1, max_size=6))
@example([orjson.dumps(listed({"id": "1", "source": "MED"} | one)[0]) for one in MEMBERS])
def test_so_they_do_as_getpapers_writes_them(lines: list[bytes]):
    both_ways(b"\n".join(lines))


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_odd_changes_no_other(line: bytes):
    plain = b'{"id":"1","source":"MED","title":"Inflation"}'
    found = both_ways(b"\n".join([plain, line, b"", plain, line, plain])).documents
    assert [one for one in found["title"].to_pylist() if one == "Inflation"] == 3 * ["Inflation"]


@given(
    st.lists(results, min_size=1, max_size=4),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=4)), max_size=3),
)
def test_so_they_do_where_bytes_are_lost_or_others(lines: list[bytes], changes: list[tuple[float, int, bytes]]):
    both_ways(changed(b"\n".join(lines), changes))


#: Members of another kind than the paths say.
ODD: list[dict[str, Any]] = [
    {"title": {"what": "is"}}, {"keywordList": ["k"]}, {"journalInfo": True}, {"title": 1.5}, {"isOpenAccess": True},
]  # fmt: skip


@needs_compiled_code
@pytest.mark.parametrize("write", [lambda value: value, lambda value: listed(value)[0]])
def test_plain_results_are_read_together_and_the_odd_ones_apart(write: Callable[[Any], Any]):
    plain = [orjson.dumps(write({"id": "1", "source": "MED"} | one)) for one in MEMBERS[:19]]
    odd = [orjson.dumps({"id": "2", "source": "MED"} | one) for one in ODD]
    lines = find_lines((Piece("f", "m", 0, 1, b"\n".join([*plain[:9], *odd, *plain[9:]])),))
    table, rows = europe_pmc._map_lines(lines.text, lines.starts, lines.ends)
    assert rows.tolist() == [*range(9), *range(14, 24)]
    assert set(table["id"].to_pylist()) == {"MED/1"}


@needs_compiled_code
def test_without_a_compiler_all_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch):
    pieces = (Piece("f", "m", 0, 1, b"\n".join(orjson.dumps({"id": "1", "source": "MED"} | one) for one in MEMBERS)),)
    compiled = europe_pmc.FORMAT.parse(pieces)
    monkeypatch.setattr(europe_pmc, "IS_COMPILED", False)
    assert_alike(europe_pmc.FORMAT.parse(pieces), compiled)
