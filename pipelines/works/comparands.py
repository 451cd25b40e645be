"""What two records are compared by, beside the signs that a first look is at (:mod:`pipelines.works.signs`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import as_mask, one_array
from pipelines.normalize.folded_columns import fold_column
from pipelines.works.containers import container_class, container_key
from pipelines.works.edition_statements import split_editions
from pipelines.works.forms_of_texts import are_of_form
from pipelines.works.generic_books import is_of_book, tells_year
from pipelines.works.generic_titles import is_generic_title, is_of_guest
from pipelines.works.given_names import given_key
from pipelines.works.numbered_columns import Numbered, number_column, number_hashes
from pipelines.works.places import edition_key, numbering_key
from pipelines.works.signs import Signs, signs_of
from pipelines.works.telling_titles import is_long, is_telling
from pipelines.works.texts_about_texts import is_correction
from pipelines.works.title_words import MARK, session_notes

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Stands for a missing publication year.
NO_YEAR: Final = -(10**6)

#: What the DOI of a version, and that of a supplement, add to that of the text: ``.v2``, ``/v1``; ``.s001``.
_VERSION: Final = re.compile(r"[./]v\d{1,2}$")
_SUPPLEMENT: Final = re.compile(r"\.s\d{3}$")


@dataclass(frozen=True, slots=True)
class Comparands(Signs):
    """Everything a pair is decided by, by position of the record in the table it was made from."""

    source: Numbered
    session: Numbered
    telling: Mask
    cut_off: Mask
    long: Mask
    given_names: Numbered
    kind: Numbered
    container: Numbered
    issue: Numbered
    edition: Numbered
    doi: Numbered
    doi_prefix: Numbered
    doi_base: Numbered
    is_version: Mask
    is_supplement: Mask
    year: Ints
    description: Numbered
    generic: Mask
    guest: Mask
    of_book: Mask
    tells_year: Mask
    is_serial: Mask
    has_own_title: Mask
    is_abstract: Mask
    form: Ints
    is_correction: Mask
    container_class: Ints

    @property
    def has_year(self) -> Mask:
        """Whether a record has a publication year."""
        has_year: Mask = self.year != NO_YEAR
        return has_year


def comparands(records: pa.Table, identifiers: pa.Table, work_keys: Ints | None = None) -> Comparands:
    """Fold and number what pairs of ``records`` are decided by.

    ``records``: MATCH_RECORDS in ascending order of ``record_id``. ``identifiers``: valid ones, and
    arXiv ids in any state, as (record_id, scheme, value); those of other records are passed over. ``work_keys``: rows
    (position of a record, number of an AT key), distinct and ordered.
    """
    titles = one_array(records["title"])
    # An edition that the title tells is no word of it, and as good as one in its column.
    names, editions = split_editions(titles)
    signs = signs_of(records, names, identifiers, work_keys)
    title = signs.title
    container = number_column(records["container_title"], container_key)
    generic, guest, of_book, of_year = _kinds_of_titles(names)
    classes = np.array([*(container_class(value) for value in container.values), 0], dtype=np.int64)
    year = pc.fill_null(pc.cast(records["publication_year"], pa.int64()), NO_YEAR)
    return Comparands(
        **signs.columns(),
        source=number_column(records["source"], str),
        session=number_column(session_notes(titles), str),
        telling=np.array([*(is_telling(value) for value in title.values), False], dtype=bool)[title.codes],
        cut_off=np.array([*(value.endswith(MARK) for value in title.values), False], dtype=bool)[title.codes],
        long=np.array([*(is_long(value) for value in title.values), False], dtype=bool)[title.codes],
        given_names=number_column(_lone_credits(one_array(records["author_names"])), given_key),
        kind=number_column(records["publication_kind"], lambda kind: "" if kind == "other" else kind),
        container=container,
        issue=number_column(records["issue"], numbering_key),
        edition=number_column(_editions(one_array(records["edition"]), editions), edition_key),
        doi=number_column(records["doi"], str.lower),
        doi_prefix=number_column(records["doi"], lambda doi: doi.partition("/")[0]),
        doi_base=number_column(records["doi"], lambda doi: _SUPPLEMENT.sub("", _VERSION.sub("", doi.lower()))),
        is_version=as_mask(pc.match_substring_regex(records["doi"], _VERSION.pattern)),
        is_supplement=as_mask(pc.match_substring_regex(records["doi"], _SUPPLEMENT.pattern)),
        year=year.to_numpy(),
        description=number_hashes(records["description_hash"]),
        generic=generic,
        guest=guest,
        of_book=of_book,
        tells_year=of_year,
        is_serial=as_mask(pc.equal(records["publication_kind"], "journal")),
        has_own_title=_have_own_titles(records, titles),
        is_abstract=are_of_form("abstract", titles),
        is_correction=np.array([*map(is_correction, title.values), False], dtype=bool)[title.codes],
        form=are_of_form("letter", titles) + 2 * are_of_form("editorial", titles).astype(np.int64),
        container_class=classes[container.codes],
    )


def _editions(column: pa.Array, of_titles: pa.Array) -> pa.Array:
    """The edition of each record: what its column says where that has a number, else what its title says."""
    is_numbered = pc.fill_null(pc.match_substring_regex(column, r"\d"), False)
    return pc.if_else(is_numbered, column, pc.coalesce(of_titles, column))


def _have_own_titles(records: pa.Table, titles: pa.Array) -> Mask:
    """Which records of nobody are in a container of their own title, as issues of a serial are."""
    containers = one_array(records["container_title"])
    nobody = pc.less(pc.fill_null(pc.list_value_length(one_array(records["author_names"])), 0), 1)
    places = np.flatnonzero(as_mask(nobody) & as_mask(pc.is_valid(containers)))
    rows = pa.array(places)
    texts = zip(titles.take(rows).to_pylist(), containers.take(rows).to_pylist(), strict=True)
    found = np.zeros(len(titles), dtype=bool)
    found[places] = [container_key(title or "") == container_key(container) for title, container in texts]
    return found


def _lone_credits(author_names: pa.Array) -> pa.Array:
    """The name in each list of one; null for other lists."""
    alone = pc.equal(pc.list_value_length(author_names), 1)
    lists = pc.if_else(alone, author_names, pa.scalar(None, author_names.type))
    rows = np.flatnonzero(as_mask(alone))
    names = np.full(len(author_names), -1, dtype=np.int64)
    names[rows] = np.arange(len(rows))
    return pc.list_flatten(lists.drop_null()).take(pa.array(names, mask=names < 0))


def _kinds_of_titles(titles: pa.Array) -> tuple[Mask, Mask, Mask, Mask]:
    """Which titles are generic, a guest editor's, of generic books, and of what reports the year that it tells.

    By the whole title, for words that say nothing alone make a name of a kind of text.
    """
    encoded = pc.dictionary_encode(titles)
    folded = fold_column(pc.replace_substring_regex(encoded.dictionary, r"(?i)^\s*(?:a|an|the)\s+(\S)", r"\1"))
    texts = folded.to_pylist()
    codes = pc.fill_null(encoded.indices, len(texts)).to_numpy(zero_copy_only=False)
    generic = np.array([*map(is_generic_title, texts), True], dtype=bool)
    guest = np.array([*map(is_of_guest, texts), False], dtype=bool)
    of_book, of_year = np.zeros((2, len(generic)), dtype=bool)
    for place in np.flatnonzero(generic[:-1]).tolist():
        of_book[place], of_year[place] = is_of_book(texts[place]), tells_year(texts[place])
    return generic[codes], guest[codes], of_book[codes], of_year[codes]
