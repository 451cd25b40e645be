"""The parts of work keys, in columns: titles and authors of Solr documents, folded as a profile has them.

From the fields of the index, that is: a key made from MARC can hold less (a name without its dates) and
more (variant titles) than they do; :mod:`pipelines.works.marc_work_keys` reads MARC itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import one_array
from pipelines.normalize.folded_columns import fold_column
from pipelines.works.headings import name_of_person
from pipelines.works.work_key_profiles import VUFIND_MARC, WorkKeyProfile, cut, finish_part

#: MARC's indicator of non-filing characters is one digit (MARC 21, field 245, second indicator).
MAX_NON_FILING: Final = 9

#: VuFind::stripArticles (PHP) knows the English articles, and takes the first alone.
_ENGLISH_ARTICLE: Final = r"(?i)^\s*(?:a|an|the)\s+(\S)"

#: Fields with the persons of a document, in the order of their keys; the corporate bodies come after them.
_PERSONS: Final = ("author", "author2")
_CORPORATE: Final = "author_corporate"

#: The fields that :func:`keys_of_fields` reads.
KEY_FIELDS: Final = ["title", "title_full", "title_short", "title_sort", *_PERSONS, _CORPORATE]

Indices = npt.NDArray[np.int64]


def flatten(column: pa.ChunkedArray | pa.Array) -> tuple[Indices, pa.Array]:
    """The row of each value of a list column, and the values."""
    lists = one_array(column)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    return rows, pc.list_flatten(lists)


def whole_keys(rows: Indices, keys: pa.Array) -> tuple[Indices, pa.Array]:
    """The keys that say something, freed of blanks around them, and their rows."""
    keys = pc.utf8_trim_whitespace(keys)
    is_key = pc.fill_null(pc.match_substring_regex(keys, r"^[AU]T \S"), False)
    return rows[is_key.to_numpy(zero_copy_only=False)], keys.filter(is_key)


def keys_of_fields(raw: pa.Table, profile: WorkKeyProfile = VUFIND_MARC) -> tuple[Indices, pa.Array]:
    """Row and key of each ``AT`` key that ``profile`` makes of the fields KEY_FIELDS; some may stand twice.

    Authors by :func:`author_parts`, titles by :func:`title_parts`: first the keys of the titles, then those of the
    titles without their article.
    """
    author_rows, authors = author_parts(raw, profile)
    rows: list[Indices] = []
    keys: list[pa.Array] = []
    for parts in title_parts(raw, profile):
        titles = parts.take(pa.array(author_rows))
        has_title = pc.is_valid(titles)
        rows.append(author_rows[has_title.to_numpy(zero_copy_only=False)])
        keys.append(pc.binary_join_element_wise("AT", authors.filter(has_title), titles.filter(has_title), " "))
    joined = pa.concat_arrays(keys)
    return np.concatenate(rows), _cut_keys(joined, profile)


def author_parts(raw: pa.Table, profile: WorkKeyProfile = VUFIND_MARC) -> tuple[Indices, pa.Array]:
    """Row and part of each author, in the order of the fields within a row; those that fold to nothing left out.

    Where ``profile`` reads MARC, a person is taken by :func:`name_of_person`; else the heading is taken whole.
    """
    persons = [flatten(raw[name]) for name in _PERSONS]
    rows, corporate = flatten(raw[_CORPORATE])
    all_rows = np.concatenate([*(part[0] for part in persons), rows])
    headings = pc.dictionary_encode(pa.concat_arrays([part[1] for part in persons]))
    names = name_of_person(headings.dictionary) if profile.reads_marc else headings.dictionary
    parts = pa.concat_arrays([_author_parts(names, profile).take(headings.indices), _author_parts(corporate, profile)])
    order = np.argsort(all_rows, kind="stable")
    order = order[pc.is_valid(parts).to_numpy(zero_copy_only=False)[order]]
    return all_rows[order], parts.take(pa.array(order))


def title_parts(raw: pa.Table, profile: WorkKeyProfile = VUFIND_MARC) -> tuple[pa.Array, pa.Array]:
    """The part of each record's title and that of its title without article; null where there is none.

    The title is ``title``, else ``title_full``, else ``title_short``. Where ``profile`` reads MARC, the article is what
    ``title_sort`` leaves out (at most nine characters, as in MARC) and, without ``title_sort``, English a, an, the;
    else it is the English one always.
    """
    titles = titles_of(raw)
    folded = fold_column(titles)
    sort_titles = one_array(raw["title_sort"])
    if not profile.reads_marc:
        stripped = _without_article(titles)
        return _finish_titles(titles, folded, profile), _finish_titles(titles, stripped, profile)
    stripped = pc.if_else(is_blank(sort_titles), _without_article(titles), pa.scalar(None, pa.string()))
    to_compare = pc.invert(pc.or_kleene(filed_alike(titles, sort_titles), is_blank(sort_titles)))
    to_compare = pc.fill_null(to_compare, False)
    told = np.flatnonzero(to_compare.to_numpy(zero_copy_only=False))
    if len(told):
        pairs = zip(
            folded.take(pa.array(told)).to_pylist(),
            fold_column(sort_titles.take(pa.array(told))).to_pylist(),
            strict=True,
        )
        tails = [tail if _is_filed_tail(whole, tail) else None for whole, tail in pairs]
        stripped = pc.replace_with_mask(stripped, to_compare, pa.array(tails, pa.string()))
    return _finish_titles(titles, folded, profile), _finish_titles(titles, stripped, profile)


def titles_of(raw: pa.Table) -> pa.Array:
    """The title of each record that gives its keys; null where it has none."""
    candidates = [one_array(raw[name]) for name in ("title", "title_full", "title_short")]
    return pc.coalesce(*(_null_where(texts, is_blank(texts)) for texts in candidates))


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


def _without_article(titles: pa.Array) -> pa.Array:
    """The folded title without English a, an, the; null where it has none."""
    found = has_article(titles)
    stripped = fold_column(pc.replace_substring_regex(titles.filter(found), _ENGLISH_ARTICLE, r"\1"))
    return pc.replace_with_mask(pa.nulls(len(titles), pa.string()), found, stripped)


def _finish_titles(texts: pa.Array, folded: pa.Array, profile: WorkKeyProfile) -> pa.Array:
    """Folded titles as ``profile`` ends them; null where the program makes no key of one."""
    parts = finish_parts(folded, profile)
    if profile.keeps_empty_title:
        return _null_where(parts, pc.equal(texts, "0")) if profile.drops_zero else parts
    parts = _null_where(parts, pc.equal(parts, ""))
    return _null_where(parts, pc.equal(parts, "0")) if profile.drops_zero else parts


def _author_parts(texts: pa.Array, profile: WorkKeyProfile) -> pa.Array:
    parts = finish_parts(fold_column(texts), profile)
    parts = _null_where(parts, pc.equal(parts, ""))
    return _null_where(parts, pc.equal(texts, "0")) if profile.drops_zero else parts


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
