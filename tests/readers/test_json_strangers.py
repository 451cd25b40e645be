"""JSON of other programs is told from documents of VuFind's index by the first objects of a file."""

import json

import pytest

from pipelines.readers import json_lines, solr_json
from pipelines.readers.chunks import HEAD
from pipelines.readers.json_strangers import CSL, strange_objects
from pipelines.readers.unknown_files import describe

LOG = [{"id": "1", "level": "info", "message": "m"}, {"id": "2", "level": "info", "user": 7}]
SHOWN = "JSON objects with an id, none of whose other fields (level, message, user) may stand in VuFind's index"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, LOG)), json.dumps(LOG), json.dumps(LOG, indent=1), f"\ufeff{json.dumps(LOG)}",
        "\n".join(map(json.dumps, LOG * 200)) + '\n{"id": "3", "le',
    ],
)  # fmt: skip
def test_objects_that_only_have_an_id_in_common_with_documents_are_of_no_known_format(text: str):
    head = text.encode()
    assert not json_lines.FORMAT.recognises(head)
    assert not solr_json.FORMAT.recognises(head)
    assert describe(head) == SHOWN


def test_of_many_fields_the_first_are_named():
    assert "(a, b, c, d, e, …)" in strange_objects(json.dumps({"id": "1"} | dict.fromkeys("abcdef", 1)).encode())


@pytest.mark.parametrize(
    "documents",
    [
        [{"id": "1"}, {"id": "2"}],
        [{"id": "1", "level": 1}, {"id": "2"}],
        [{"id": "1", "level": 1}, {"id": "2", "title": "t"}],
        [{"id": "1", "level_str": "x"}],
        [{"id": "1", "_version_": 1}],
        [{"id": "1", "score": 1.5}],
    ],
)
def test_where_one_has_a_field_of_the_index_or_nothing_but_an_id_all_may_be_documents(documents: list[object]):
    head = "\n".join(map(json.dumps, documents)).encode()
    assert strange_objects(head) == ""
    assert json_lines.FORMAT.recognises(head)


@pytest.mark.parametrize(
    "text",
    [
        "", "[", "{", "[]", "{}", "[1]", '{"id":"1"', '{"x":1}', "text", '{"response":{"docs":[{"id":"1","x":1}]}}',
        '[{"id":"1","x":' + "[" * 60_000, '{"type":"SoftwareSourceCode","author":[{"name":"x"}]}',
    ],
)  # fmt: skip
def test_nothing_is_said_of_other_texts(text: str):
    assert strange_objects(text.encode()) == ""


@pytest.mark.parametrize(
    "text",
    [
        # What is torn may have been a document, and so may what stands behind what is looked at.
        '{"id":"1","views":1}\n{"id": broken\n' + '{"id":"2","title":"x"}\n' * 9,
        '{"id":"1","views":1}\n{"id":"2","title":"' + "x" * HEAD,
        # An update of a local field is one, and is refused as such.
        '{"id":"1","views":{"set":3}}',
    ],
)
def test_a_file_is_not_refused_for_less_than_all_of_its_objects_or_many(text: str):
    head = text.encode()[:HEAD]
    assert strange_objects(head) == ""
    assert json_lines.FORMAT.recognises(head)


BOOK = {"id": "a", "type": "book", "title": "T", "issued": {"date-parts": [[2020]]}}
SITE = {"id": "b", "type": "webpage", "title": "T"}


@pytest.mark.parametrize(
    "items",
    [[BOOK], [SITE, BOOK], [SITE, {"id": "c", "type": "book", "editor": [{"family": "Wu"}]}]],
)
def test_citations_of_zotero_are_told_before_any_goes_in(items: list[object]):
    """One with an author was refused, and one without became a record."""
    for head in (json.dumps(items).encode(), "\n".join(map(json.dumps, items)).encode()):
        assert not json_lines.FORMAT.recognises(head)
        assert not solr_json.FORMAT.recognises(head)
        assert describe(head) == CSL


@pytest.mark.parametrize(
    "documents",
    [
        [{"id": "1", "title": "T", "format": ["Book"]}, BOOK],
        [{"id": "1", "type": "work", "format": ["Book"], "contributor": [{"id": "1!1", "name": "A"}]}],
        [{**BOOK, "format": ["Book"]}],
    ],
)
def test_a_document_of_the_index_is_not_refused_for_what_looks_like_a_citation(documents: list[object]):
    head = "\n".join(map(json.dumps, documents)).encode()
    assert strange_objects(head) == ""
    assert json_lines.FORMAT.recognises(head)


@pytest.mark.parametrize("end", ["x", "]x", '{"id":"2",'])
def test_blanks_are_looked_through_once(end: str):
    """A megabyte of blank lines took hours."""
    assert strange_objects(b'{"id":"1","x":2}' + b"\n" * 500_000 + end.encode()) == ""


def test_in_an_answer_of_solr_every_object_is_a_document():
    assert solr_json.FORMAT.recognises(b'{"response":{"docs":[{"id":"1","local":1}]}}')
