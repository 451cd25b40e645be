"""The identifiers of records, each from every field that carries it.

A source of identifiers is a row of :data:`SOURCES`: a scheme, a field, the rule that finds it there and,
for fields that mostly hold something else, an RE2 pattern without which the rule finds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import (
    Finder,
    Found,
    Rows,
    codes_of,
    exploded,
    find_in_texts,
    find_plain,
    is_repeat,
    matching,
    one_array,
)
from pipelines.normalize.doi import clean_dois
from pipelines.normalize.isbn_columns import clean_isbns
from pipelines.normalize.repositories import (
    PLAIN_ARXIV_ADDRESS,
    PLAIN_ARXIV_RECORD_ID,
    PLAIN_PMCID_ADDRESS,
    PLAIN_PMID_ADDRESS,
    find_arxiv_id_in_record_id,
    find_arxiv_ids,
    find_handles,
    find_pmcid_in_record_id,
    find_pmcids,
    find_pmids,
)
from pipelines.normalize.standard_numbers import (
    PLAIN_LCCN,
    find_isbns_in_address,
    find_issns,
    find_labelled_oclc_numbers,
    find_lccns,
    find_oclc_number_in_address,
    find_oclc_numbers,
    find_orcids_in_address,
)
from pipelines.records import RECORD_IDENTIFIERS, conform


class IdentifierSource(NamedTuple):
    """Where identifiers of a scheme are found: a field, the rule for its column, what to look at.

    Whether any pattern of a field that ``is_rare`` matches is asked first, of all of them at once.
    """

    scheme: str
    field: str
    find: Callable[[pa.Array], Found]
    pattern: str | None = None
    is_rare: bool = False


def _each(finder: Finder) -> Callable[[pa.Array], Found]:
    return partial(find_in_texts, finder=finder)


def _plainly(plain: str, finder: Finder, replacement: str = r"\1") -> Callable[[pa.Array], Found]:
    return partial(find_plain, plain=plain, replacement=replacement, finder=finder)


#: In the order in which they are believed: of two ways to one identifier the first is recorded.
SOURCES: Final = (
    IdentifierSource("doi", "doi_str_mv", clean_dois),
    IdentifierSource("doi", "url", partial(clean_dois, addresses=True), r"10(?:\.|%2e).*(?:/|%2f)|doi[.-][^/]*/+[0-9]"),
    IdentifierSource("pmid", "url", _plainly(PLAIN_PMID_ADDRESS, find_pmids), r"pubmed|pmid|/med/"),
    IdentifierSource("pmcid", "url", _plainly(PLAIN_PMCID_ADDRESS, find_pmcids), r"pmc|pubmedcentral"),
    IdentifierSource("pmcid", "id", _each(find_pmcid_in_record_id), r"pmc|pubmedcentral"),
    IdentifierSource("arxiv", "url", _plainly(PLAIN_ARXIV_ADDRESS, find_arxiv_ids), r"arxiv|xxx\.lanl", is_rare=True),
    IdentifierSource("arxiv", "id", _plainly(PLAIN_ARXIV_RECORD_ID, find_arxiv_id_in_record_id), r"^(?:oai:)?arxiv"),
    IdentifierSource("arxiv", "doi_str_mv", _each(find_arxiv_ids), r"arxiv"),
    IdentifierSource("handle", "url", _each(find_handles), r"hdl[.:/]|/handle/", is_rare=True),
    IdentifierSource("handle", "doi_str_mv", _each(find_handles), r"hdl[.:/]|/handle/"),
    IdentifierSource("orcid", "url", _each(find_orcids_in_address), r"orcid\.org/", is_rare=True),
    IdentifierSource("isbn", "isbn", clean_isbns),
    IdentifierSource("isbn", "url", _each(find_isbns_in_address), r"isbn", is_rare=True),
    IdentifierSource("issn", "issn", _each(find_issns)),
    IdentifierSource("lccn", "lccn", _plainly(PLAIN_LCCN, find_lccns, r"\1\2\3\4")),
    IdentifierSource("oclc", "oclc_num", _each(find_oclc_numbers)),
    IdentifierSource("oclc", "ctrlnum", _each(find_labelled_oclc_numbers), r"^\s*(?:\(oco|oc|on)"),
    IdentifierSource("oclc", "url", _each(find_oclc_number_in_address), r"worldcat\.org/", is_rare=True),
)

_RARE_PATTERNS: Final = {
    source.field: "|".join(other.pattern or "" for other in SOURCES if other.is_rare and other.field == source.field)
    for source in SOURCES
    if source.is_rare
}


def normalize_identifiers(raw: pa.Table, record_ids: pa.Array) -> pa.Table:
    """The identifiers of ``raw`` (RAW_RECORDS) as RECORD_IDENTIFIERS, in the order of the records.

    ``record_ids`` (int64) has one id for each row. A value stands once for each record and scheme, from
    the first source that has it; within a record, identifiers are in the order of :data:`SOURCES`. What a
    standard refuses is a row too, with its reason. Raises FrameError where a record id is null.
    """
    fields = {field: exploded(one_array(raw[field])) for field in {source.field for source in SOURCES}}
    rare = {field: _matching_texts(*fields[field], pattern) for field, pattern in _RARE_PATTERNS.items()}
    rows, parts = [np.empty(0, np.int64)], [_part(SOURCES[0], pa.array([], pa.string()))[1]]
    for source in SOURCES:
        field_rows, texts = (rare if source.is_rare else fields)[source.field]
        if source.pattern:
            field_rows, texts = _matching_texts(field_rows, texts, source.pattern)
        if not len(texts):
            continue
        positions, part = _part(source, texts)
        rows.append(field_rows[positions])
        parts.append(part)
    found, record_rows = pa.concat_tables(parts).combine_chunks(), np.concatenate(rows)
    values, schemes = one_array(found["value"]), one_array(found["scheme"])
    first = np.flatnonzero(~is_repeat(record_rows, codes_of(schemes), codes_of(values)))
    order = first[np.argsort(record_rows[first], kind="stable")]
    table = found.take(pa.array(order)).append_column("record_id", record_ids.take(pa.array(record_rows[order])))
    return conform(table, RECORD_IDENTIFIERS, "record_identifiers")


def _matching_texts(rows: Rows, texts: pa.Array, pattern: str) -> tuple[Rows, pa.Array]:
    """The texts that hold a match of ``pattern``, in any case, and their rows."""
    hit = matching(texts, pattern, ignore_case=True)
    return rows[hit], texts.filter(pa.array(hit))


def _part(source: IdentifierSource, texts: pa.Array) -> tuple[Rows, pa.Table]:
    """What ``source`` finds in ``texts``: the position of the text of each find, and the finds as a table."""
    found = source.find(texts)
    count = len(found.values)
    return found.positions, pa.table(
        {
            "scheme": pa.repeat(pa.scalar(source.scheme), count),
            "value": found.values,
            "value_as_written": texts.take(pa.array(found.positions)),
            "source_field": pa.repeat(pa.scalar(source.field), count),
            "is_valid": pc.is_null(found.invalid_reasons),
            "invalid_reason": found.invalid_reasons,
        }
    )
