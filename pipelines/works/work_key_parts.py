"""The parts of work keys, in columns: titles and authors of Solr documents, folded as a profile has them.

From the fields of the index, that is: a key made from MARC can hold less (a name without its dates) and
more (variant titles) than they do; :mod:`pipelines.works.marc_work_keys` reads MARC itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import Mask, as_mask, one_array
from pipelines.normalize.folded_columns import fold_column
from pipelines.works.headings import may_be_more_than_a_name, name_of_person
from pipelines.works.work_key_profiles import VUFIND_MARC, WorkKeyProfile, cut, finish_part

#: MARC's indicator of non-filing characters is one digit (MARC 21, field 245, second indicator).
MAX_NON_FILING: Final = 9

#: VuFind::stripArticles (PHP) knows the English articles, and takes the first alone.
_ENGLISH_ARTICLE: Final = r"(?i)^\s*(?:a|an|the)\s+(\S)"

#: Fields with the persons of a document, in the order of their keys; the corporate bodies come after them.
_PERSONS: Final = ("author", "author2")
_CORPORATE: Final = "author_corporate"

#: Where the title of the keys comes from: the first of these that says something.
_TITLES: Final = ("title", "title_full", "title_short")

#: The fields that :meth:`KeyFields.of` reads.
KEY_FIELDS: Final = [*_TITLES, "title_sort", *_PERSONS, _CORPORATE]

Indices = npt.NDArray[np.int64]


def flatten(column: pa.ChunkedArray | pa.Array) -> tuple[Indices, pa.Array]:
    """The row of each value of a list column, and the values."""
    lists = one_array(column)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    return rows, pc.list_flatten(lists)


@dataclass(frozen=True)
class KeyFields:
    """What the keys of documents are made of, each distinct heading folded once for all profiles.

    ``titles`` and ``sort_titles`` of each document, null where there is none, and ``folded_titles``. ``headings``:
    distinct ones, the first ``persons`` of them persons, the others corporate bodies. ``author_rows`` (ascending) and
    ``author_codes`` tell which document names which heading.
    """

    titles: pa.Array
    folded_titles: pa.Array
    sort_titles: pa.Array
    headings: pa.Array
    persons: int
    folded_headings: pa.Array
    author_rows: Indices
    author_codes: Indices

    @staticmethod
    def of(raw: pa.Table) -> KeyFields:
        """Read RAW_RECORDS, or their KEY_FIELDS; the title is ``title``, else ``title_full``, else ``title_short``."""
        candidates = [one_array(raw[name]) for name in _TITLES]
        titles = pc.coalesce(*(_null_where(texts, is_blank(texts)) for texts in candidates))
        fields = [flatten(raw[name]) for name in _PERSONS]
        corporate_rows, corporate = flatten(raw[_CORPORATE])
        rows = np.concatenate([*(part[0] for part in fields), corporate_rows])
        persons = pc.dictionary_encode(pa.concat_arrays([part[1] for part in fields]))
        bodies = pc.dictionary_encode(corporate)
        headings = pa.concat_arrays([persons.dictionary, bodies.dictionary])
        codes = np.concatenate([_codes(persons, 0), _codes(bodies, len(persons.dictionary))])
        if len(fields[0][0]) < len(rows):
            order = np.argsort(rows, kind="stable")
            rows, codes = rows[order], codes[order]
        if (codes < 0).any():
            rows, codes = rows[codes >= 0], codes[codes >= 0]
        return KeyFields(
            titles,
            fold_column(titles),
            one_array(raw["title_sort"]),
            headings,
            len(persons.dictionary),
            fold_column(headings),
            rows,
            codes,
        )

    def of_rows(self, wanted: Mask) -> KeyFields:
        """Those of the documents that are ``wanted``."""
        kept, mask = wanted[self.author_rows], pa.array(wanted)
        return replace(
            self,
            titles=self.titles.filter(mask),
            folded_titles=self.folded_titles.filter(mask),
            sort_titles=self.sort_titles.filter(mask),
            author_rows=(np.cumsum(wanted) - 1)[self.author_rows[kept]],
            author_codes=self.author_codes[kept],
        )

    @cached_property
    def folded_names(self) -> pa.Array:
        """The headings, folded; those of persons by their names alone."""
        may_be_more = as_mask(may_be_more_than_a_name(self.headings))
        may_be_more[self.persons :] = False
        names = fold_column(name_of_person(self.headings.filter(pa.array(may_be_more))))
        return pc.replace_with_mask(self.folded_headings, pa.array(may_be_more), names)

    @cached_property
    def without_english_article(self) -> pa.Array:
        """The folded title without English a, an, the; null where it has none."""
        found = has_article(self.titles)
        stripped = fold_column(pc.replace_substring_regex(self.titles.filter(found), _ENGLISH_ARTICLE, r"\1"))
        return pc.replace_with_mask(pa.nulls(len(self.titles), pa.string()), found, stripped)

    @cached_property
    def without_article(self) -> pa.Array:
        """The folded title without what the sort title leaves out, at most nine characters as in MARC.

        Without a sort title it is the English article; null where there is none.
        """
        without_sort = is_blank(self.sort_titles)
        stripped = pc.if_else(without_sort, self.without_english_article, pa.scalar(None, pa.string()))
        is_told = pc.and_not_kleene(pc.invert(filed_alike(self.titles, self.sort_titles)), without_sort)
        is_told = pc.fill_null(is_told, False)
        if not pc.any(is_told).as_py():
            return stripped
        tails = fold_column(self.sort_titles.filter(is_told)).to_pylist()
        pairs = zip(self.folded_titles.filter(is_told).to_pylist(), tails, strict=True)
        tails = [tail if _is_filed_tail(whole, tail) else None for whole, tail in pairs]
        return pc.replace_with_mask(stripped, is_told, pa.array(tails, pa.string()))


def _codes(encoded: pa.DictionaryArray, first: int) -> Indices:
    """The place of each value among all headings, of which its own begin at ``first``; -1 for null."""
    codes: Indices = pc.fill_null(pc.add(encoded.indices.cast(pa.int64()), first), -1).to_numpy()
    return codes


def whole_keys(rows: Indices, keys: pa.Array) -> tuple[Indices, pa.Array]:
    """The keys that say something, freed of blanks around them, and their rows."""
    keys = pc.utf8_trim_whitespace(keys)
    is_key = pc.fill_null(pc.match_substring_regex(keys, r"^[AU]T \S"), False)
    return rows[is_key.to_numpy(zero_copy_only=False)], keys.filter(is_key)


def keys_of_fields(fields: KeyFields, profile: WorkKeyProfile = VUFIND_MARC) -> tuple[Indices, pa.Array]:
    """Row and key of each ``AT`` key that ``profile`` makes of the fields of documents; some may stand twice.

    First the keys of the titles, then those of the titles without their article. A program that reads MARC goes by
    :attr:`KeyFields.folded_names` and :attr:`KeyFields.without_article`; one that does not takes headings whole, and
    English articles alone.
    """
    author_rows, authors = author_parts(fields, profile)
    rows: list[Indices] = []
    keys: list[pa.Array] = []
    stripped = fields.without_article if profile.reads_marc else fields.without_english_article
    for folded in (fields.folded_titles, stripped):
        titles = _title_parts(fields.titles, folded, profile).take(pa.array(author_rows))
        has_title = pc.is_valid(titles)
        rows.append(author_rows[has_title.to_numpy(zero_copy_only=False)])
        keys.append(pc.binary_join_element_wise("AT", authors.filter(has_title), titles.filter(has_title), " "))
    return np.concatenate(rows), _cut_keys(pa.concat_arrays(keys), profile)


def author_parts(fields: KeyFields, profile: WorkKeyProfile = VUFIND_MARC) -> tuple[Indices, pa.Array]:
    """Row and part of each author, in the order of the fields within a row; those that fold to nothing left out."""
    parts = finish_parts(fields.folded_names if profile.reads_marc else fields.folded_headings, profile)
    parts = _null_where(parts, pc.equal(parts, ""))
    if profile.drops_zero:
        parts = _null_where(parts, pc.equal(fields.headings, "0"))
    is_there = as_mask(pc.is_valid(parts))[fields.author_codes]
    return fields.author_rows[is_there], parts.take(pa.array(fields.author_codes[is_there]))


def _title_parts(titles: pa.Array, folded: pa.Array, profile: WorkKeyProfile) -> pa.Array:
    """Folded titles as ``profile`` ends them; null where the program makes no key of one."""
    parts = finish_parts(folded, profile)
    if profile.keeps_empty_title:
        return _null_where(parts, pc.equal(titles, "0")) if profile.drops_zero else parts
    parts = _null_where(parts, pc.equal(parts, ""))
    return _null_where(parts, pc.equal(parts, "0")) if profile.drops_zero else parts


def is_blank(texts: pa.Array) -> pa.Array:
    """Whether a text says nothing, as null does."""
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(texts), ""), True)


def filed_alike(titles: pa.Array, sort_titles: pa.Array) -> pa.Array:
    """Whether title and sort title begin alike, so that the one files under the beginning of the other."""
    return pc.equal(
        pc.utf8_lower(pc.utf8_slice_codeunits(titles, 0, 4)), pc.utf8_lower(pc.utf8_slice_codeunits(sort_titles, 0, 4))
    )


def has_article(titles: pa.Array) -> pa.Array:
    """Whether a title begins with an English article."""
    return pc.fill_null(pc.match_substring_regex(titles, _ENGLISH_ARTICLE), False)


def _is_filed_tail(whole: str, tail: str) -> bool:
    return 0 < len(whole) - len(tail) <= MAX_NON_FILING and whole.endswith(tail)


def finish_parts(folded: pa.Array, profile: WorkKeyProfile = VUFIND_MARC) -> pa.Array:
    """:func:`~pipelines.works.work_key_profiles.finish_part` of each folded text."""
    parts = pc.ascii_lower(folded) if profile.lowers_last else folded
    slow = pc.invert(pc.string_is_ascii(parts))
    if profile.part_limit is not None:
        slow = pc.or_(slow, pc.greater(pc.binary_length(parts), profile.part_limit))
    slow = pc.fill_null(slow, False)
    if not pc.any(slow).as_py():
        return parts
    finished = [finish_part(part, profile) for part in parts.filter(slow).to_pylist()]
    return pc.replace_with_mask(parts, slow, pa.array(finished, pa.string()))


def _cut_keys(keys: pa.Array, profile: WorkKeyProfile) -> pa.Array:
    if profile.key_limit is None or not pc.any(pc.greater(pc.binary_length(keys), profile.key_limit)).as_py():
        return keys
    return pa.array([cut(key, profile.key_limit, profile.unit) for key in keys.to_pylist()], pa.string())


def _null_where(texts: pa.Array, mask: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(mask, False), pa.scalar(None, pa.string()), texts)
