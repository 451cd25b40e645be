"""What records of articles have in common, many at once: :mod:`pipelines.readers.article_fields` on columns."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from pipelines.readers.article_fields import filled, formats_of, languages_of, precise_date
from pipelines.readers.byte_spans import Flags
from pipelines.readers.text_columns import Texts, is_filled, listed
from pipelines.readers.value_columns import IS_JSON, Column
from pipelines.records import TEXT

#: A blank that stands in no text whose blanks are folded.
_BETWEEN: Final = "\x1f"


def json_of(about: dict[str, Any]) -> str:
    """An object of JSON, without members that have no value."""
    return orjson.dumps(filled(about)).decode()


def formats(types: Texts) -> list[list[str]]:
    """VuFind's formats of each article, by its types."""
    return [_formats(one) for one in types.joined(_BETWEEN).to_pylist()]


@lru_cache(maxsize=4096)
def _formats(types: str) -> list[str]:
    return formats_of(types.split(_BETWEEN))


def languages(codes: Texts) -> Texts:
    """English names of languages' codes."""
    return listed([languages_of(one) for one in codes.texts.to_pylist()], codes.owner, codes.count)


def precise_dates(published: pa.Array, online: pa.Array) -> pa.Array:
    """The days on which articles were published, as far as both dates tell."""
    return pa.array(map(precise_date, published.to_pylist(), online.to_pylist()), TEXT)


def author_details(names: Texts, numbers: pa.Array, affiliations: Texts, wanted: Flags) -> Column:
    """What is known beside their names of authors who are wanted: of each the ORCID, "" for none, and affiliations."""
    wanted = wanted & (affiliations.has() | is_filled(numbers))
    places, chosen = np.flatnonzero(wanted), pa.array(wanted)
    bounds = np.searchsorted(affiliations.owner, [places, places + 1]).T.tolist()
    texts = affiliations.texts.to_pylist()
    about = zip(names.texts.filter(chosen).to_pylist(), numbers.filter(chosen).to_pylist(), bounds, strict=True)
    details = [
        json_of({"name": name, "orcid": number, "affiliations": texts[start:end]})
        for name, number, (start, end) in about
    ]
    return Texts(pa.array(details, TEXT), names.owner[wanted], names.count).column("author_details", IS_JSON)
