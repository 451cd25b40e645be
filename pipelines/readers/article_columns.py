"""What records of articles have in common, many at once: :mod:`pipelines.readers.article_fields` on columns."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.readers.article_fields import (
    DOI_ADDRESS,
    PMC_ADDRESS,
    PUBMED_ADDRESS,
    filled,
    formats_of,
    languages_of,
)
from pipelines.readers.byte_spans import Flags
from pipelines.readers.json_columns import json_values
from pipelines.readers.text_columns import Texts, is_filled, lists, mapped_lists, together
from pipelines.readers.value_columns import IS_JSON, Column

#: A blank that stands in no text whose blanks are folded.
_BETWEEN: Final = "\x1f"


def json_of(about: dict[str, Any]) -> str:
    """An object of JSON, without members that have no value."""
    return orjson.dumps(filled(about)).decode()


def formats(types: Texts) -> Texts:
    """VuFind's formats of each article, by its types."""
    joined = types.joined(_BETWEEN)
    return mapped_lists(Texts(joined, np.arange(len(joined)), len(joined)), _formats)


@lru_cache(maxsize=4096)
def _formats(types: str) -> list[str]:
    return formats_of(types.split(_BETWEEN))


def languages(codes: Texts) -> Texts:
    """English names of languages' codes."""
    return mapped_lists(codes, languages_of)


def precise_dates(published: pa.Array, online: pa.Array) -> pa.Array:
    """The days on which articles were published, as far as both dates tell."""
    is_year = pc.equal(pc.utf8_length(published), 4)
    wanted = pc.and_(is_year, pc.equal(pc.utf8_slice_codeunits(online, 0, 4), published))
    return pc.if_else(wanted, online, published)


def links(pmid: pa.Array, pmc: pa.Array, dois: Texts) -> Texts:
    """The addresses of each article; see :func:`article_fields.addresses`."""
    parts = ((lists(pmc), PMC_ADDRESS), (lists(pmid), PUBMED_ADDRESS), (dois, DOI_ADDRESS))
    return together([_filled_in(texts, address) for texts, address in parts])


def _filled_in(texts: Texts, address: str) -> Texts:
    before, after = address.split("{}")
    return Texts(pc.binary_join_element_wise(before, texts.texts, after, ""), texts.owner, texts.count)


def author_details(names: Texts, numbers: pa.Array, affiliations: Texts, wanted: Flags) -> Column:
    """What is known beside their names of authors who are wanted: of each the ORCID, "" for none, and affiliations."""
    wanted = wanted & (affiliations.has() | is_filled(numbers))
    chosen = pa.array(wanted)
    number = numbers.filter(chosen)
    places = Texts(json_values(affiliations.texts), affiliations.owner, affiliations.count).joined(",").filter(chosen)
    parts = (
        ('{"name":', json_values(names.texts.filter(chosen))),
        (',"orcid":', _written_if_filled(json_values(number), number)),
        (',"affiliations":', _written_if_filled(pc.binary_join_element_wise("[", places, "]", ""), places)),
    )
    members = [_written_if_filled(pc.binary_join_element_wise(key, one, ""), one) for key, one in parts]
    details = pc.binary_join_element_wise(*members, "}", "")
    return Texts(details, names.owner[wanted], names.count).column("author_details", IS_JSON)


def _written_if_filled(written: pa.Array, texts: pa.Array, empty: str = "") -> pa.Array:
    """What is written of texts, nothing of those that are empty."""
    return pc.if_else(pc.equal(texts, empty), "", written)
