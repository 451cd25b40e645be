"""Answers of Solr in JSON: what they look like."""

from __future__ import annotations

import re
from typing import Final

from pipelines.readers.json_answers import Answers

#: A Solr answer, not a document: these keys come first in it. Where a program has sorted them (``jq -S``), those of its
#: parts come first that a person asked for besides (Solr's reference guide: faceting, JSON facets, highlighting, debug,
#: collapse and expand, MoreLikeThis, cursors), and what stands in these tells them from fields of a document.
_BEGINS: Final = re.compile(
    rb'\s*\{\s*"(?:(?:responseHeader|response|match|grouped|result-set)"\s*:\s*\{|docs"\s*:\s*\['
    rb'|facet_counts"\s*:\s*\{\s*(?:\}|"facet_)'
    rb'|facets"\s*:\s*\{\s*"(?:count"\s*:\s*[0-9]|[^"\\]{1,200}"\s*:\s*\{\s*"(?:allBuckets|between|buckets|count|missing)")'
    rb'|highlighting"\s*:\s*\{\s*(?:\}|"(?:[^"\\]|\\.){1,1000}"\s*:\s*\{\s*(?:\}|"(?:[^"\\]|\\.){1,200}"\s*:\s*\[))'
    rb'|debug"\s*:\s*\{\s*"(?:QParser|altquerystring|boost|explain|facet|filter_queries|parsed|query|raw|timing|track)'
    rb'|(?:expanded|moreLikeThis)"\s*:\s*\{\s*(?:\}|"(?:[^"\\]|\\.){1,1000}"\s*:\s*\{\s*"(?:docs|maxScore|numFound|start))'
    # What ``jq .response`` takes out of an answer.
    rb'|numFound"\s*:\s*[0-9]+\s*,\s*"(?:(?:start|maxScore)"\s*:\s*[0-9.]+\s*,|numFoundExact"\s*:\s*(?:true|false)|docs"\s*:\s*\[)'
    rb'|error"\s*:\s*\{\s*"(?:code|details|errorClass|metadata|msg|trace)"'
    rb'|nextCursorMark"\s*:\s*"[^"]{0,2000}"\s*,\s*"response(?:Header)?"\s*:\s*\{)'
)
#: The last tuple of a stream (Solr's reference guide, "Streaming Expressions"): a time, or what went wrong.
_LAST_TUPLE: Final = re.compile(
    rb'\{\s*(?:"EXCEPTION"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*)?'
    rb'"EOF"\s*:\s*true\s*(?:,\s*"RESPONSE_TIME"\s*:\s*[0-9]+\s*)?\}'
)
#: How many documents a search has found, the marks of a cursor (Solr's reference guide, "Pagination of Results"), and
#: that not all of the index has answered (SOLR-5535, SOLR-17158).
_SAID: Final = re.compile(
    rb'(?<!\\)"(?:numFound"\s*:\s*(?P<announced>[0-9]+)'
    rb'|cursorMark"\s*:\s*"(?P<asked>[^"]*)"|nextCursorMark"\s*:\s*"(?P<more>[^"]*)"'
    rb'|partialResults"\s*:\s*(?P<partial>true|"omitted"))'
)
#: So no document begins, which may have a field that is called as a part of an answer is.
_SURELY: Final = re.compile(
    rb'\{\s*"(?:responseHeader"\s*:\s*\{|response"\s*:\s*\{\s*"numFound"\s*:\s*[0-9]'
    rb'|numFound"\s*:\s*[0-9]+\s*,\s*"start"\s*:\s*[0-9]|result-set"\s*:\s*\{\s*"docs"\s*:\s*\[)'
)
ANSWERS: Final = Answers(
    _BEGINS,
    _SURELY,
    re.compile(rb'\{\s*"(?:responseHeader"\s*:\s*\{|response"\s*:\s*\{\s*"numFound"\s*:\s*[0-9])'),
    b"docs",
    rb'"numFound"\s*:\s*[0-9]{1,18}\s*,[^{}\[\]]{0,300}?',
    "an answer of Solr without documents",
    _SAID,
    last=_LAST_TUPLE,
)


def is_answer(text: bytes) -> bool:
    """Whether the JSON that begins with ``text`` is an answer of Solr that holds documents, not a document."""
    return ANSWERS.begins.match(text) is not None


def holds_answers(text: bytes) -> bool:
    """Whether the JSON that begins with ``text`` is answers of Solr, the first of which may be broken."""
    return is_answer(text) or ANSWERS.are_in(text)
