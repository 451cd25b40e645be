"""Europe PMC: results of its API, as it answers them and as getpapers keeps them, become documents."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import europe_pmc, folders, looks
from tests.readers.reading import document_of, read

SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "europepmc" / "eupmc_ccby.json"
ANSWER = (
    '{{"version":"6.9","hitCount":2,"nextCursorMark":"A*","request":{{"queryString":"x"}},'
    '"resultList":{{"result":[{}]}}}}'
)
A, B = '{"id":"1","source":"MED","title":"One."}', '{"id":"2","source":"PMC","title":"Two."}'


@pytest.mark.parametrize("chunk_bytes", [1, 50, 1 << 20])
@pytest.mark.parametrize(
    "text",
    [
        ANSWER.format(A + "," + B),
        ANSWER.format(A) + "\n" + ANSWER.format(B),
        f"[{ANSWER.format(A)},{ANSWER.format(B)}]",
        f"[\n  {ANSWER.format(A)},\n  {ANSWER.format(B)}\n]\n",
        f"[{A},\n{B}]",
        f"{A}\n{B}\n",
        '[{"id":["1"],"source":["MED"],"title":["One."]},{"id":["2"],"source":["PMC"],"title":["Two."]}]',
        "HTTP/1.1 200 OK\nContent-Type: application/json\n\n" + ANSWER.format(A + "," + B),
    ],
)
def test_finds_every_result(text: str, chunk_bytes: int):
    assert europe_pmc.FORMAT.recognises(text.encode())
    found, refused = read(europe_pmc.FORMAT, text.encode(), chunk_bytes)
    assert refused == []
    assert [(one["id"], one["title"]) for one in found] == [("MED/1", "One."), ("PMC/2", "Two.")]


@pytest.mark.parametrize("chunk_bytes", [1, 50, 1 << 20])
def test_of_results_a_line_each_a_broken_one_is_refused_alone(chunk_bytes: int):
    lines = [A, B, A[:-2], "{" + A, "", B]
    found, refused = read(europe_pmc.FORMAT, "\r\n".join(lines).encode(), chunk_bytes)
    assert [(one["id"], one["_raw"].decode()) for one in found] == [("MED/1", A), ("PMC/2", B), ("PMC/2", B)]
    assert [(one.line, one.raw.decode()) for one in refused] == [(3, A[:-2]), (4, "{" + A)]


@pytest.mark.parametrize("chunk_bytes", [1, 50, 1 << 20])
@pytest.mark.parametrize(
    "first", ["curl: (28) timeout", A[:-2], "null", "{}", '{"id":null,"source":"MED"}', '{"errCode":404}', '{"id":"1"']
)
def test_a_broken_first_line_is_one_row_and_no_other_format(first: str, chunk_bytes: int):
    text = "\n".join([first, A, B, A]).encode()
    assert europe_pmc.FORMAT.recognises(text)
    found, refused = read(europe_pmc.FORMAT, text, chunk_bytes)
    assert [one["id"] for one in found] == ["MED/1", "PMC/2", "MED/1"]
    assert [(one.line, one.raw.decode()) for one in refused] == [(1, first)]


@pytest.mark.parametrize(
    "first",
    ['{"id":12,"source":"MED"}', "null", '{"id":"1","source":null}', "7", '{"id":"\\ud800","source":[[]]}', '{"id":[]}',
     '{"id":' + 40 * "9" + "}"],
)  # fmt: skip
def test_an_odd_first_element_makes_an_array_no_other_format(first: str):
    text = f"[{first},{A},{B}]".encode()
    assert europe_pmc.FORMAT.recognises(text)
    found, _ = read(europe_pmc.FORMAT, text)
    assert [one["id"] for one in found][-2:] == ["MED/1", "PMC/2"]


def test_a_message_before_answers_is_refused_alone():
    text = "\n".join(["curl: (28) timeout", ANSWER.format(A), ANSWER.format(B)]).encode()
    assert europe_pmc.FORMAT.recognises(text)
    found, refused = read(europe_pmc.FORMAT, text)
    assert [one["id"] for one in found] == ["MED/1", "PMC/2"]
    assert [one.raw.decode().strip() for one in refused] == ["curl: (28) timeout"]


@pytest.mark.parametrize("chunk_bytes", [1, 50, 1 << 20])
def test_among_results_a_line_each_a_line_may_be_an_answer(chunk_bytes: int):
    answer = ANSWER.format(f"{A},{B}")
    lines = [A, B, answer, A, answer[:-3], B, A[:-2], ANSWER.format(B)]
    found, refused = read(europe_pmc.FORMAT, "\n".join(lines).encode(), chunk_bytes)
    assert [one["_raw"].decode() for one in found] == [A, B, A, B, A, A, B, B, B]
    assert [one.reason.split(":")[0] for one in refused] == ["the JSON is cut off", "not JSON"]
    assert (refused[1].line, refused[1].raw.decode()) == (7, A[:-2])


@pytest.mark.parametrize("chunk_bytes", [1, 50, 1 << 20])
def test_results_that_go_over_lines_are_found_by_their_brackets(chunk_bytes: int):
    spread = B.replace(",", ",\n")
    found, refused = read(europe_pmc.FORMAT, f"{A}\n{spread}\n{A}{spread}".encode(), chunk_bytes)
    assert ([one["id"] for one in found], refused) == (["MED/1", "PMC/2", "MED/1", "PMC/2"], [])


@pytest.mark.parametrize(
    "text",
    ['{"id":"1","title":"x"}', '{"id":"1","source":"library"}', '{"resultCount":1,"records":[]}', "[]", "",
     '{"responseHeader":{},"response":{"docs":[]}}', f'{{"responseHeader":{{}},"response":{{"docs":[{A},{B}]}}}}',
     f'{{"responseHeader":{{}},"response":{{"docs":[\n{A},\n{B}]}}}}', f'{{"id":"s","refs":[{A},{B}]}}\n',
     f'{{"title":"t","id":"s","source":"PMC"}}\n{A}\n{B}\n', f"<html><script>var a = [\n{A},\n{B}]</script></html>",
     f'id,refs\ns,"[{A},{B}]"\n', '"source"' + 9_999 * "\n", '"hitCount"' + 9_999 * "\n \n", "From: me\n\nHello\n" + A],
)  # fmt: skip
def test_takes_no_other_json_for_europe_pmcs(text: str):
    assert not europe_pmc.FORMAT.recognises(text.encode())


@pytest.mark.parametrize(
    ("text", "ids", "reasons"),
    [
        (ANSWER.format(""), [], []),
        ('{"version":"6.9","hitCount":0}', [], ["an answer of Europe PMC without results"]),
        (f'[{A},{{"id":"9","source":"MED",}},{B}]', ["MED/1", "PMC/2"], ["not JSON"]),
        (f'[{A},{{"source":"MED"}},{B}]', ["MED/1", "PMC/2"], ["no id"]),
        (f"[{A},7,{B}]", ["MED/1", "PMC/2"], ["not an object but something else in the array"]),
        (ANSWER.format(A + "," + B)[:-25], ["MED/1"], ["the JSON is cut off"]),
        (f'[{A},{{"title":"\\ud800"}}]', ["MED/1"], ["not JSON"]),
        (f'[{A},{{"errCode":404,"errMsg":"Invalid query"}}]', ["MED/1"], ["an error of Europe PMC"]),
    ],
)
def test_what_is_no_result_is_quarantined(text: str, ids: list[str], reasons: list[str]):
    found, refused = read(europe_pmc.FORMAT, text.encode())
    assert [one["id"] for one in found] == ids
    assert [row.reason.split(":")[0] for row in refused] == reasons


def test_a_result_that_is_not_utf_8_says_where():
    data = f"{A}\n{B}\n".encode().replace(b"Two", b"Tw\xf6")
    found, refused = read(europe_pmc.FORMAT, data)
    assert [one["id"] for one in found] == ["MED/1"]
    assert [row.reason for row in refused] == ["not UTF-8: byte 0xf6 at byte 36"]


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    ("result", "fields"),
    [
        ({"pmid": "1", "pmcid": "PMC9", "doi": "10.1/a"},
         {"pmid": "1", "pmcid": "PMC9", "doi_str_mv": ["10.1/a"],
          "url": ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9/", "https://pubmed.ncbi.nlm.nih.gov/1/",
                  "https://doi.org/10.1/a"]}),
        ({"fullTextUrlList": {"fullTextUrl": [{"url": "http://e.org/1", "site": "x"}]}}, {"url": ["http://e.org/1"]}),
        ({"abstractText": "<h4>Background:</h4>We &lt; <i>you</i>.<h4>End</h4> <p>So.</p>"},
         {"description": "Background: We < you. End: So."}),
        ({"authorList": {"author": [
            {"fullName": "Lu C", "firstName": "Changbo", "lastName": "Lu", "initials": "C",
             "authorId": {"type": "ORCID", "value": "0000-0001-8863-153X"},
             "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": "Here."}]}},
            {"collectiveName": "A Group"}, {"fullName": "Ma H"}]}},
         {"author": ["Lu, Changbo", "Ma, H"], "author_corporate": ["A Group"], "author_details": [
             {"name": "Lu, Changbo", "orcid": "0000-0001-8863-153X", "affiliations": ["Here."]}]}),
        ({"authorString": "Lu C, van der Berg AB, King ML Jr."},
         {"author": ["Lu, C", "van der Berg, AB", "King, ML Jr"]}),
        ({"authorString": "Lu C.", "authorList": {"author": [{}, {"affiliation": "Here."}]}}, {"author": ["Lu, C"]}),
        ({"journalInfo": {"volume": "5", "issue": "2", "dateOfPublication": "2019 Jan ", "journal": {
            "title": "Bio", "medlineAbbreviation": "B", "issn": "0000-0019", "essn": "0000-0027", "nlmid": "7"}},
          "pageInfo": "12-19", "pubYear": "2019"},
         {"container_title": "Bio", "container_volume": "5", "container_issue": "2", "container_start_page": "12",
          "pages": "12-19", "publishDate": ["2019-01"], "issn": ["0000-0019", "0000-0027"],
          "journal_abbreviation": "B", "nlm_id": "7"}),
        ({"journalTitle": "Bio", "journalVolume": "5", "issue": "2", "pubYear": "2019", "pageInfo": "e1",
          "journalIssn": "0000-0019; 0000-0027", "pubType": "review; journal article"},
         {"container_title": "Bio", "container_volume": "5", "container_issue": "2", "container_start_page": "e1",
          "publishDate": ["2019"], "issn": ["0000-0019", "0000-0027"],
          "publication_types": ["review", "journal article"]}),
        ({"pubYear": "2019", "electronicPublicationDate": "2019-03-14"},
         {"publishDate": ["2019-03-14"], "electronic_date": "2019-03-14"}),
        ({"meshHeadingList": {"meshHeading": [{"majorTopic_YN": "N", "descriptorName": "Eye", "meshQualifierList": {
            "meshQualifier": [{"qualifierName": "injuries", "majorTopic_YN": "Y"}]}}]},
          "keywordList": {"keyword": ["wings"]}}, {"topic": ["wings", "Eye"], "mesh_headings": ["Eye/*injuries"]}),
        ({"grantsList": {"grant": [{"grantId": "7", "agency": "NIH"}]}, "license": "cc by", "language": "eng"},
         {"grants": ["7/NIH"], "license": "cc by", "language": ["English"]}),
        ({"title": {"what": ["is", 1]}, "authorList": [None, 3], "pubTypeList": "x", "journalInfo": True}, {}),
    ],
)  # fmt: skip
def test_what_a_result_says(result: dict[str, Any], fields: dict[str, Any], wrapped: bool):
    """As the API answers it, and as getpapers has it: each value in a list."""

    def wrap(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: one if isinstance(one, list) else [wrap(one)] for name, one in value.items()}
        return value

    written = {"id": "1", "source": "MED"} | result
    document = document_of(europe_pmc.FORMAT, orjson.dumps(wrap(written) if wrapped else written))
    bare = {"id": "MED/1", "record_format": "europepmc", "format": ["Article"]}
    assert {name: value for name, value in document.items() if bare.get(name) != value} == fields


WORDS = st.sampled_from(
    ["", "a", " b  c ", "<h4>Aim:</h4>d &amp; e", "MED", "ORCID", "0000-0001-8863-153X", "2019 Jan 3"]
)
NAMES = st.sampled_from([
    "id", "source", "title", "abstractText", "authorList", "author", "lastName", "collectiveName", "fullName", "type",
    "authorString", "authorId", "value", "affiliation", "journalInfo", "journal", "issn", "pubYear", "meshHeadingList",
    "meshHeading", "descriptorName", "majorTopic_YN", "pubTypeList", "pubType", "language", "fullTextUrlList",
    "fullTextUrl", "url", "commentCorrectionList", "commentCorrection", "reference", "pmid", "doi", "pageInfo",
])  # fmt: skip
ANYTHING = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(0, 9), st.floats(0, 9)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
)


@given(st.lists(st.dictionaries(NAMES, ANYTHING, max_size=8), min_size=2, max_size=4))
def test_results_together_say_what_each_says_alone(results: list[dict[str, Any]]):
    lines = [orjson.dumps({"id": "1", "source": "MED"} | one) for one in results]
    together, refused = read(europe_pmc.FORMAT, b"\n".join(lines))
    alone = [read(europe_pmc.FORMAT, line) for line in lines]
    assert together == [one for found, _ in alone for one in found]
    assert [row.reason for row in refused] == [row.reason for _, rows in alone for row in rows]


def test_preprints_are_told_by_their_source():
    assert document_of(europe_pmc.FORMAT, b'{"id":"PPR1","source":"PPR"}')["format"] == ["Preprint"]


def test_a_folder_of_answers_is_one_dump(tmp_path: Path):
    (tmp_path / "1.json").write_text(ANSWER.format(A))
    assert looks.look_at(tmp_path / "1.json").kind is folders.Kind.PAGE


@pytest.mark.skipif(not SHARED.exists(), reason="the shared fixtures are not on this machine")
def test_real_results_are_read_whole():
    data = SHARED.read_bytes()
    found, refused = read(europe_pmc.FORMAT, data, 99_999)
    results = orjson.loads(data)
    assert refused == []
    assert len(found) == len(results) == 155
    for document, result in zip(found, results, strict=True):
        assert document["id"] == f"{result['source'][0]}/{result['id'][0]}"
        assert document.get("doi_str_mv") == result.get("doi")
        title = " ".join(result["title"][0].split())
        assert document["title"] == title or re.search("[<&]", title)
        people = [one for one in result["authorList"][0]["author"] if "lastName" in one or "fullName" in one]
        assert len(document.get("author", [])) == len(people)


@given(st.data())
def test_mutated_results_never_raise_and_chunks_change_nothing(data: st.DataObject):
    text = bytearray(ANSWER.format(A + "," + B).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    whole = read(europe_pmc.FORMAT, bytes(text))
    split = read(europe_pmc.FORMAT, bytes(text), data.draw(st.integers(1, 200)))
    assert [one["id"] for one in split[0]] == [one["id"] for one in whole[0]]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


_NAMES = [
    "title", "authorList", "journalInfo", "pubTypeList", "pageInfo", "meshHeadingList", "grantsList", "language",
    "fullTextUrlList", "authorString", "doi", "pmcid", "chemicalList", "commentCorrectionList", "abstractText",
    "keywordList", "bookOrReportDetails", "investigatorList",
]  # fmt: skip
_NESTED = st.fixed_dictionaries({"author": _JSON, "journal": _JSON, "meshHeading": _JSON, "grant": _JSON})


@given(st.dictionaries(st.sampled_from(_NAMES), _JSON | _NESTED, max_size=5))
def test_results_of_any_shape_are_read(result: dict[str, Any]):
    data = orjson.dumps({"id": "1", "source": "MED"} | result)
    found, refused = read(europe_pmc.FORMAT, data)
    assert len(found) + len(refused) == 1
