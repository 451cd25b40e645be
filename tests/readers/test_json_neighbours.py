"""A sign that is missing or too many in JSON takes no other document along, and no other answer."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers import europe_pmc, rest_api, solr_json
from pipelines.readers.chunks import Format, Piece
from pipelines.readers.formats import FORMATS
from pipelines.readers.streams import ByteStream
from tests.readers.reading import read

#: What structures a text, and what the look at a file goes by.
SIGNS: Final = '{}[]",:'

Document = dict[str, Any]


def of_the_index(number: int) -> Document:
    """With brackets, quotes and commas in its texts, of which an odd number may stand in one."""
    title = f'Title, {number} [x] {{y}} "z", {{and'
    return {"id": f"r{number}", "title": title, "author": ["A, B", "C, D"], "publishDate": ["2001"]}


def of_the_api(number: int) -> Document:
    urls = [{"url": "http://a.example", "desc": "d"}, {"url": "http://b.example", "desc": "e"}]
    authors = {"primary": {"A, B": {"role": ["aut"]}}, "secondary": [], "corporate": []}
    return {"id": f"r{number}", "title": "T", "authors": authors, "urls": urls, "subjects": [["a", "b"], ["c"]]}


def with_items(number: int) -> Document:
    """With objects in it that begin as it does."""
    items = [{"id": f"item {number} {one}", "shelf": "s"} for one in "abc"]
    return {"id": f"r{number}", "title": "T", "items": items, "recordPage": "/Record/r"}


def of_europe_pmc(number: int) -> Document:
    authors = [{"fullName": "A B", "firstName": "A"}, {"fullName": "C"}]
    journal = {"issue": "1", "journal": {"title": "J"}}
    return {"id": f"r{number}", "source": "MED", "authorList": {"author": authors}, "journalInfo": journal}


def in_array(documents: Sequence[Document]) -> object:
    return documents


def in_solr(documents: Sequence[Document]) -> object:
    """Facets come behind the documents, and lists of lists in them."""
    response = {"numFound": len(documents), "start": 0, "docs": documents}
    return {"responseHeader": {"status": 0}, "response": response, "facet_counts": {"facet_fields": {"f": ["a", 1]}}}


def in_api(documents: Sequence[Document]) -> object:
    return {"resultCount": len(documents), "records": documents, "status": "OK"}


def in_europe_pmc(documents: Sequence[Document]) -> object:
    return {"version": "6.9", "hitCount": len(documents), "resultList": {"result": documents}}


def in_groups(documents: Sequence[Document]) -> object:
    groups = [
        {"groupValue": str(number), "doclist": {"numFound": 2, "start": 0, "docs": some}}
        for number, some in enumerate([documents[:2], documents[2:]])
    ]
    return {"responseHeader": {"status": 0}, "grouped": {"g": {"matches": len(documents), "groups": groups}}}


LISTS: Final[dict[str, tuple[Format, Callable[[int], Document], Callable[[Sequence[Document]], object]]]] = {
    "array": (solr_json.FORMAT, of_the_index, in_array),
    "answer of Solr": (solr_json.FORMAT, of_the_index, in_solr),
    "answer of the API": (rest_api.FORMAT, of_the_api, in_api),
    "answer of the API with items": (rest_api.FORMAT, with_items, in_api),
    "answer of Europe PMC": (europe_pmc.FORMAT, of_europe_pmc, in_europe_pmc),
}
ANSWERS: Final = {name: of for name, of in LISTS.items() if name != "array"} | {
    "groups of Solr": (solr_json.FORMAT, of_the_index, in_groups)
}


def written(value: object, indent: int | None) -> str:
    return json.dumps(value, indent=indent, separators=None if indent else (",", ":"))


def damaged(text: str, place: int, *, is_lost: bool) -> bytes:
    """The text without the sign there, or with another one of it."""
    return (text[:place] + ("" if is_lost else text[place]) + text[place + (1 if is_lost else 0) :]).encode()


def ids(one: Format, data: bytes, chunk_bytes: int = 1 << 20) -> list[str]:
    return [document["id"].removeprefix("MED/") for document in read(one, data, chunk_bytes)[0]]


def places_of(text: str, start: int, end: int) -> list[int]:
    return [place for place in range(start, end) if text[place] in SIGNS]


@pytest.mark.parametrize("name", sorted(LISTS))
@pytest.mark.parametrize("indent", [1, 2, "\t"])
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_a_document_set_in_over_lines_takes_none_along_wherever_it_is_cut_off(
    name: str, indent: int | str, chunk_bytes: int
):
    form, make, frame = LISTS[name]
    documents = [make(number) for number in range(12)]
    text = json.dumps(frame(documents), indent=indent)
    start = text.rindex("{", 0, text.index('"r5"'))
    _, end = json.JSONDecoder().raw_decode(text, start)
    others = [one["id"] for one in documents if one["id"] != "r5"]
    for place in range(start + 1, end, 7):
        found = ids(form, (text[:place] + text[end:]).encode(), chunk_bytes)
        assert [one for one in found if one != "r5"] == others, text[place - 20 : place]


@pytest.mark.parametrize("put_in", ["[", '"i"d":1,', '\\"', '"]', "{", "]", '"x":{"a":'])
@pytest.mark.parametrize("name", ["array", "answer of Solr", "answer of Europe PMC"])
def test_nor_does_it_with_a_sign_too_many(name: str, put_in: str):
    form, make, frame = LISTS[name]
    text = json.dumps(frame([make(number) for number in range(12)]), indent=2)
    place = text.rindex("{", 0, text.index('"r5"')) + 1
    found = ids(form, (text[:place] + put_in + text[place:]).encode())
    assert [one for one in found if one != "r5"] == [f"r{number}" for number in range(12) if number != 5]


@pytest.mark.parametrize("within", ['"x":{"a":"1"', '"x":{"a":"1","b":{"c":[]', '"x":[{"a":"1"', '"x":{"a":[{"b":"1"'])
def test_a_document_that_is_cut_off_in_an_object_takes_none_along(within: str):
    form, make, frame = LISTS["array"]
    documents = [make(number) for number in range(12)]
    text = written(frame(documents), None)
    start = text.index('{"id":"r5"')
    _, end = json.JSONDecoder().raw_decode(text, start)
    found = ids(form, (text[:start] + '{"id":"r5","title":"T",' + within + text[end:]).encode())
    assert [one for one in found if one != "r5"] == [one["id"] for one in documents if one["id"] != "r5"]


@pytest.mark.parametrize("count", [5, 3_000])
def test_however_many_objects_are_in_a_document_that_begin_as_it_does(count: int):
    items = [{"id": f"item {number}", "shelf": "s"} for number in range(count)]
    documents = [{"id": f"r{number}", "title": "T", "items": items, "recordPage": "/r"} for number in range(12)]
    text = written(in_api(documents), None)
    start = text.index('{"id":"r5"')
    # Its own bracket is lost.
    text = text[:start] + text[start:].replace('}],"recordPage":"/r"},', '}],"recordPage":"/r",', 1)
    found = ids(rest_api.FORMAT, text.encode())
    assert found == [f"r{number}" for number in range(12) if number != 5]


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_documents_set_in_over_lines_one_after_another_may_begin_with_any_key(chunk_bytes: int):
    documents = [of_the_api(number) for number in range(300)]
    documents = [one if one["id"].endswith(("1", "5")) else dict(reversed(one.items())) for one in documents]
    text = "\n".join(json.dumps(one, indent=2) for one in documents)
    found, refused = read(rest_api.FORMAT, text.encode(), chunk_bytes)
    assert ([one["id"] for one in found], refused) == ([one["id"] for one in documents], [])


def put_together(documents: Sequence[Document]) -> str:
    """As a program writes that puts texts together at both levels, each set in by itself."""
    texts = []
    for document in documents:
        items = ",\n".join(json.dumps(item, indent=2) for item in document.get("items", []))
        text = json.dumps(document | {"items": ["ITEMS"]}, indent=2)
        texts.append(text.replace('[\n    "ITEMS"\n  ]', f"[\n{items}\n]" if items else "[]"))
    return ",\n".join(texts)


@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 20])
@pytest.mark.parametrize("frame", ["[\n{}\n]\n", '{{"resultCount":40,"records":[\n{}\n],"status":"OK"}}', "{}"])
def test_texts_that_are_put_together_tell_nothing_by_their_lines(frame: str, chunk_bytes: int):
    documents = [
        {"id": f"r{number}", "title": "T", "items": [{"id": "a", "n": "b"}, {"id": "c"}][: number % 3]}
        for number in range(40)
    ]
    data = frame.format(put_together(documents)).encode()
    found, refused = read(rest_api.FORMAT, data, chunk_bytes)
    assert ([one["id"] for one in found], refused) == ([one["id"] for one in documents], [])


def test_a_value_in_a_line_of_its_own_is_no_document():
    data = b'[\n{\n  "id": "1",\n  "child":\n{\n  "id": "a"\n},\n  "title": "T"\n},\n{\n  "id": "2"\n}\n]\n'
    for chunk_bytes in (1, 1 << 20):
        found, refused = read(rest_api.FORMAT, data, chunk_bytes)
        assert ([one["id"] for one in found], refused) == (["1", "2"], [])


@pytest.mark.parametrize("indent", [None, 2])
def test_results_of_europe_pmc_are_told_behind_a_first_one_that_is_broken_and_long(indent: int | None):
    results = [
        of_europe_pmc(number) | {"authorList": {"author": [{"fullName": f"A {name}"} for name in range(50)]}}
        for number in range(4)
    ]
    data = written(results, indent).replace('"source":', '"source"', 1).encode()
    assert next(each for each in FORMATS if each.recognises(data)) is europe_pmc.FORMAT
    assert ids(europe_pmc.FORMAT, data) == ["r1", "r2", "r3"]


@pytest.mark.parametrize("name", ["array", "answer of Solr"])
def test_a_bracket_that_opens_in_the_place_of_one_that_closes_takes_no_documents_along(name: str):
    form, make, frame = LISTS[name]
    text = written(frame([make(number) for number in range(30)]), None)
    start = text.index('{"id":"r5"')
    end = text.index('{"id":"r6"')
    for place in [place for place in places_of(text, start + 1, end - 2) if text[place] == "]"]:
        found = ids(form, (text[:place] + "[" + text[place + 1 :]).encode())
        assert [one for one in found if one != "r5"] == [f"r{number}" for number in range(30) if number != 5]


def test_where_nothing_is_set_in_objects_in_documents_are_none():
    """As a program writes that ends each line with a bracket or comma, and sets nothing in."""
    items = [{"id": f"i{number}", "n": "1"} for number in range(3)]
    documents = [{"id": f"r{number}", "title": "T", "items": items} for number in range(5)]
    text = json.dumps(documents, indent=2).replace("\n ", "\n").replace("  ", "")
    found = ids(rest_api.FORMAT, text.encode(), 1)
    assert found == [f"r{number}" for number in range(5)]


@given(
    st.sampled_from(sorted(LISTS)),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([0, 1, 4, 9]),
    st.integers(0, 1000),
    st.booleans(),
    st.sampled_from([1, 300, 1 << 20]),
)
@example("answer of the API with items", None, 9, 10, True, 1)
def test_whatever_sign_of_a_document_is_damaged_all_others_are_read(
    name: str, indent: int | None, number: int, sign: int, is_lost: bool, chunk_bytes: int
):
    one, make, in_list = LISTS[name]
    text = written(in_list([make(each) for each in range(10)]), indent)
    start = text.index(f'"r{number}"')
    start = text.rindex("{", 0, start)
    end = start + json.JSONDecoder().raw_decode(text[start:])[1]
    places = places_of(text, start, end)
    # An array whose first bracket is missing begins as no array.
    place = places[sign % len(places)]
    if place == start and number == 0 and name == "array":
        return
    found = ids(one, damaged(text, place, is_lost=is_lost), chunk_bytes)
    assert [each for each in found if each != f"r{number}"] == [f"r{each}" for each in range(10) if each != number]


@given(
    st.sampled_from(sorted(ANSWERS)),
    st.sampled_from([None, 1]),
    st.sampled_from([("", "\n", "\n"), ("[", ",", "]"), ("[\n ", ",\n ", "\n]")]),
    st.integers(0, 2),
    st.integers(0, 1000),
    st.booleans(),
)
@example("groups of Solr", None, ("", "\n", "\n"), 1, 5, True)
def test_whatever_sign_around_documents_is_damaged_those_of_other_answers_are_read(
    name: str, indent: int | None, around: tuple[str, str, str], number: int, sign: int, is_lost: bool
):
    one, make, in_list = ANSWERS[name]
    begin, between, end = around
    answers = [written(in_list([make(4 * answer + each) for each in range(4)]), indent) for answer in range(3)]
    own = answers[number]
    first, last = (own.rindex("{", 0, own.index(f'"r{4 * number + each}"')) for each in (0, 3))
    behind = last + json.JSONDecoder().raw_decode(own[last:])[1]
    places = places_of(own, 0, first) + places_of(own, behind, len(own))
    answers[number] = damaged(own, places[sign % len(places)], is_lost=is_lost).decode()
    data = (begin + between.join(answers) + end).encode()
    if begin and number == 0 and is_lost and sign % len(places) == 0:
        # An array whose first bracket is missing begins as no array.
        return
    assert next(each for each in FORMATS if each.recognises(data)) is one
    others = [f"r{each}" for each in range(12) if each // 4 != number]
    assert [each for each in ids(one, data) if each in others] == others


GROUPS: Final = written(in_groups([{"id": f"r{number}", "a": ["x"]} for number in range(4)]), None)


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("whole", "broken", "found"),
    [
        # The key of a list, and its bracket.
        ('"docs":[{"id":"r2"', '"dcs":[{"id":"r2"', "r0 r1 r2 r3"),
        ('"docs":[{"id":"r2"', '"doccs":[{"id":"r2"', "r0 r1 r2 r3"),
        ('"docs":[{"id":"r2"', '"dXcs":[{"id":"r2"', "r0 r1 r2 r3"),
        ('"docs":[{"id":"r2"', '"docs"[{"id":"r2"', "r0 r1 r2 r3"),
        ('"docs":[{"id":"r2"', '"docs":{"id":"r2"', "r0 r1 r2 r3"),
        ('"docs":[{"id":"r2"', '"docs{":[{"id":"r2"', "r0 r1 r2 r3"),
        ('"docs":[{"id":"r2"', '"docs"}:[{"id":"r2"', "r0 r1 r2 r3"),
        ('"docs":[{"id":"r0"', '"dcs":[{"id":"r0"', "r0 r1 r2 r3"),
        # The list of the first group ends too soon.
        ('"r0","a":["x"]', '"r0","a":["x"]]', "r1 r2 r3"),
        # A quote before it.
        ('"status":0', '"status:0', "r0 r1 r2 r3"),
        # The name of the answer.
        ('"responseHeader"', '"responseHeadr"', "r0 r1 r2 r3"),
        # Two signs in the last document of a group: what begins the next one is not beside it.
        ('"r1","a":["x"]', '"r1,"a":["x"', "r0 r3"),
    ],
)
def test_documents_of_an_answer_are_found_by_what_is_left_of_it(whole: str, broken: str, found: str, chunk_bytes: int):
    assert whole in GROUPS
    data = GROUPS.replace(whole, broken, 1).encode()
    assert next(each for each in FORMATS if each.recognises(data)) is solr_json.FORMAT
    assert " ".join(ids(solr_json.FORMAT, data, chunk_bytes)) == found


@pytest.mark.parametrize("key", ["docs2", "dogs", "do,cs", "documents", ""])
def test_the_list_beside_the_number_of_documents_is_theirs_whatever_it_is_called(key: str):
    data = GROUPS.replace('"docs":[{"id":"r2"', f'"{key}":[{{"id":"r2"', 1).encode()
    assert ids(solr_json.FORMAT, data) == ["r0", "r1", "r2", "r3"]
    elsewhere = _ANSWER % f',"x":{{"{key}":[{{"id":"no document"}}]}}'
    assert ids(solr_json.FORMAT, elsewhere.encode()) == ["r1"]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_document_with_many_objects_in_it_that_begin_alike_is_one(indent: int | None):
    children = [0, 2_000, 0, 9_000]
    documents = [
        {"id": f"r{number}", "children": [{"id": f"c{one}"} for one in range(count)]}
        for number, count in enumerate(children)
    ]
    assert ids(solr_json.FORMAT, written(documents, indent).encode(), 100) == ["r0", "r1", "r2", "r3"]


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize("between", ["],x,", "],,", "][", "][,", "],", "}],", "]\n,\n", ',"', '",', "],\n"])
@pytest.mark.parametrize("name", sorted(LISTS))
def test_whatever_stands_between_two_documents_none_is_lost(name: str, between: str, chunk_bytes: int):
    one, make, in_list = LISTS[name]
    text = written(in_list([make(each) for each in range(12)]), None)
    place = text.rindex("},", 0, text.index('"r9"')) + 1
    data = (text[:place] + between + text[place + 1 :]).encode()
    if name == "array" and "]" in between:
        # Behind an array that has ended stand no elements of it.
        return
    documents, refused = read(one, data, chunk_bytes)
    assert [each["id"].removeprefix("MED/") for each in documents] == [f"r{each}" for each in range(12)]
    assert bool(refused) is (between != "][")


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_an_object_behind_a_key_is_no_document_though_its_own_has_lost_its_bracket(chunk_bytes: int):
    related = '"related":{"id":"no document","title":"t","authors":{"primary":{"A":{}}}}'
    records = ",".join(f'{{"id":"r{number}","title":"t",{related}}}' for number in range(3))
    data = f'{{"resultCount":3,"records":[{records}],"status":"OK"}}'.replace('{"id":"r1"', '"id":"r1"').encode()
    assert ids(rest_api.FORMAT, data, chunk_bytes) == ["r0", "r2"]


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_of_documents_over_several_lines_no_object_to_the_right_is_one(chunk_bytes: int):
    documents = [{"id": f"r{number}", "items": [{"id": f"c{number}"}], "x": {"id": "d"}} for number in range(3)]
    text = "\n".join(written(one, 1) for one in documents).replace('{\n "id": "r1"', '\n "id": "r1"', 1)
    assert ids(solr_json.FORMAT, text.encode(), chunk_bytes) == ["r0", "r2"]


@pytest.mark.parametrize("sign", ["}", "]"])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_a_bracket_that_closes_where_a_document_opens_hides_nothing_of_it(
    sign: str, indent: int | None, chunk_bytes: int
):
    text = written(in_api([with_items(number) for number in range(4)]), indent)
    place = text.rindex("{", 0, text.index('"r1"'))
    data = (text[:place] + sign + text[place + 1 :]).encode()
    found, refused = read(rest_api.FORMAT, data, chunk_bytes)
    assert [each["id"] for each in found] == ["r0", "r2", "r3"]
    at = data.index(b'"r1"')
    assert any(row.offset <= at < row.offset + row.length for row in refused)


@pytest.mark.parametrize(
    "text",
    [
        '[{"id":"1",,"source":"MED"},\n{"id":"2","source":"MED","authorString":"A B."}]',
        '[]\n{"id":"2","source":"MED","title":"T"}\n{"id":"3","source":"MED","title":"T"}\n',
    ],
)
def test_results_of_europe_pmc_are_told_behind_a_broken_beginning(text: str):
    one = next(each for each in FORMATS if each.recognises(text.encode()))
    assert "MED/2" in [document["id"] for document in read(one, text.encode())[0]]


_ANSWER: Final = (
    '{"responseHeader":{"status":0},"response":{"numFound":1,"start":0,"docs":[{"id":"r1","title":"t"}]}%s}'
)
_LIKE_IT: Final = '{"numFound":1,"start":0,"docs":[{"id":"r2","title":"t"}]}'
_MORE: Final = f'"moreLikeThis":["0",{{"numFound":0,"start":0,"docs":[]}},"z",{_LIKE_IT}]'


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        # What is called as a list of documents is, or nearly so, and is none.
        (_ANSWER % ',"highlighting":{"docs":{"id":["<em>docs</em>"]}}', "r1"),
        (_ANSWER % ',"facet_counts":{"facet_fields":{"docs":{"id":5,"b":3}}}', "r1"),
        (_ANSWER % ',"facet_counts":{"facet_pivot":{"doc":[{"field":"doc","value":"x","count":1}]}}', "r1"),
        ('{"version":"6.9","hitCount":1,"results":[{"id":"9","source":"MED"}],"resultList":{"result":'
         '[{"id":"r1","source":"MED"}]}}', "r1"),
        ('{"id":"r0","title":"a"}\n{\n"author":["x"],"docs":[{"name":"y"}],\n"id":"r1","title":"T"}\n', "r0 r1"),
        ('{"title":"a","id":"r0","author":["A, B"],"records":[{"x":"1"}]}\n{"id":"r1","author":["A, B"]}', "r0 r1"),
        # What begins as an answer does stands in one, in an array of them, and in lines of its own.
        ("[" + _ANSWER % f",{_MORE}" + "," + _ANSWER % "" + "]", "r1 r2 r1"),
        ("[\n" + (_ANSWER % "").replace(":{", ":\n {") + ",\n" + _ANSWER % "" + "\n]", "r1 r1"),
        # An object in a document, far behind its key.
        ("[" + ",".join(['{"id":"r0"}'] * 9) + ',{"id":"r1","x":' + " " * 300 + '{"id":"c"}}]', "r0 " * 9 + "r1"),
    ],
)  # fmt: skip
def test_what_is_whole_is_read_as_it_stands(text: str, found: str, chunk_bytes: int):
    data = text.encode()
    one = next(each for each in FORMATS if each.recognises(data))
    documents, refused = read(one, data, chunk_bytes)
    assert " ".join(str(each["id"]).removeprefix("MED/") for each in documents) == found.strip()
    assert refused == []


@pytest.mark.parametrize(
    "left",
    [
        '{"id":"3","title":"T',
        '{"id":"3","title":',
        '{"id":"3","title":"T","author":["A, B"]',
        '{"id":"3",',
        '{"id":"3","',
        '{"id":',
    ],
)
@pytest.mark.parametrize("frame", ["[%s]", '{"responseHeader":{},"response":{"numFound":8,"start":0,"docs":[%s]}}'])
@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 20])
def test_a_document_that_is_cut_off_takes_no_other_along(left: str, frame: str, chunk_bytes: int):
    documents = [f'{{"id":"{number}","title":"T","author":["A, B"],"format":["Book"]}}' for number in range(8)]
    documents[3] = left
    found, refused = read(solr_json.FORMAT, (frame % ",".join(documents)).encode(), chunk_bytes)
    assert [one["id"] for one in found] == ["0", "1", "2", "4", "5", "6", "7"]
    assert left.strip(",").encode() in refused[0].raw


@pytest.mark.parametrize("chunk_bytes", [1000, 1 << 16, 1 << 20])
def test_objects_behind_strings_in_a_list_of_a_document_are_none(chunk_bytes: int):
    within = {"id": "n", "title": "T", "author": ["A, B"]}
    documents = [{"id": f"r{number}", "title": "T", "x": ["A", within, "B", within]} for number in range(12)]
    documents += [{"id": "p", "title": "T"}] * 2_000 + [{"id": "q", "title": "T", "x": ["A", *[within] * 2_000]}]
    stream = ByteStream(iter([json.dumps(documents).encode()]))
    parts = list(solr_json.FORMAT.split("f", "m", stream, chunk_bytes))
    lines = [json.loads(line) for part in parts if isinstance(part, Piece) for line in part.data.splitlines() if line]
    assert lines == documents


@pytest.mark.parametrize("indent", [1, 2, 4])
@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
def test_behind_what_is_no_json_documents_begin_as_those_before_did(indent: int, chunk_bytes: int):
    documents = [{"id": f"r{number}", "x": [{"id": "n"}]} for number in range(6)]
    text = json.dumps(documents, indent=indent)
    for broken in (text.replace('"x": [', '"x": ]', 1), text.replace("  },", "  },\nxx", 1).removeprefix("[")):
        found, refused = read(solr_json.FORMAT, broken.encode(), chunk_bytes)
        assert [one["id"] for one in found][-5:] == ["r1", "r2", "r3", "r4", "r5"]
        assert refused


@pytest.mark.parametrize("behind", ['"status":"OK"}', ' "facets":{}}'])
def test_a_comma_that_is_missing_behind_the_documents_is_none_of_them(behind: str):
    text = '{"resultCount":1,"records":[{"id":"r0","title":"t"}]' + behind
    found, refused = read(rest_api.FORMAT, text.encode())
    assert ([one["id"] for one in found], refused) == (["r0"], [])


@pytest.mark.parametrize(
    "text",
    [
        '{"help":"x","success":true,"result":[{"id":"x","name":"y","title":"t"}]}',
        '{"jsonrpc":"2.0","result":[{"id":"x","source":"MED"}]}',
        '{"total":1,"records":[{"id":"x","title":"y"}]}',
        '{"count":1,"start":0,"limit":10,"docs":[{"id":"d1","sourceResource":{"title":"x"}}]}',
    ],
)
def test_answers_of_other_servers_are_none_of_ours(text: str):
    one = next(each for each in FORMATS if each.recognises(text.encode()))
    assert ids(one, text.encode()) == []


@pytest.mark.parametrize("chunk_bytes", [1, 1 << 20])
@pytest.mark.parametrize(
    "records",
    [
        '{"id":"r0","items":[{"id":"c1"}},{"id":"c2"}],"z":"l"}',
        '{"id":"r0","items":[{id":"c1"},{"id":"c2"}],"z":"l"}',
        '{"id":"r0","title":"t","children":[{"id":"c1","title":"x"}},{"id":"c2","title":"y"}],"z":"l"}',
        '{"id":"r0","items":[{"id:"c0"},' + ",".join(f'{{"id":"c{each}"}}' for each in range(20_000)) + "]}",
    ],
)
def test_objects_within_a_broken_document_are_no_documents(records: str, chunk_bytes: int):
    data = f'{{"resultCount":1,"records":[{records}],"status":"OK"}}'.encode()
    assert ids(rest_api.FORMAT, data, chunk_bytes) == []


@pytest.mark.parametrize("text", ['{"docs" 1%s}', "[" + _ANSWER % "" + "%s]", '[{"id":"a"},{"id":"b","t":"%s"'])
def test_no_end_of_blanks_takes_long(text: str):
    data = (text % ("\n" * 300_000)).encode()
    for one in FORMATS:
        one.recognises(data)
    read(solr_json.FORMAT, data)


def test_each_of_very_many_broken_documents_is_a_row():
    whole, broken = '{"id":"a","title":"x","author":["y"]}', '{"id":"b","title":"x,"author":["y"]}'
    data = f"[{','.join([whole, broken] * 400)},{whole}]".encode()
    found, refused = read(solr_json.FORMAT, data)
    assert len(found) == 401
    assert [row.raw.decode() for row in refused] == [broken] * 400
