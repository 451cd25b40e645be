"""Work keys as VuFind makes them: what two records of one work have in common.

Rules: VuFind 10, ``import/index_java/src/org/vufind/index/WorkKeys.java`` and the default of
``import/marc.properties``; articles as ``VuFind::stripArticles`` (PHP) where no sort title tells.
A key is ``UT uniformtitle`` or ``AT author title``, each part folded and cut on its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.folding import DEFAULT_ICU_RULES, fold, fold_column
from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import is_repeat, one_array
from pipelines.records import RECORD_WORK_KEYS
from pipelines.works.headings import name_of_person

#: Java counts UTF-16 code units; so does the cut.
MAX_PART_LENGTH: Final = 255

#: MARC's indicator of non-filing characters is one digit (MARC 21, field 245, second indicator).
MAX_NON_FILING: Final = 9

_ENGLISH_ARTICLE: Final = r"(?i)^\s*(?:a|an|the)\s+(\S)"

Indices = npt.NDArray[np.int64]


def cut_part(text: str) -> str:
    """``text`` cut to 255 UTF-16 units; half a surrogate pair, which no index can store, falls away."""
    if len(text) * 2 <= MAX_PART_LENGTH or (text.isascii() and len(text) <= MAX_PART_LENGTH):
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * MAX_PART_LENGTH].decode("utf-16-le", "ignore")


def normalize_key_part(
    text: str,
    include: re.Pattern[str] | None = None,
    exclude: re.Pattern[str] | None = None,
    icu_rules: str = DEFAULT_ICU_RULES,
) -> str:
    """One part of a work key, by ``WorkKeys.java``.

    ICU rules (only NFKC where they are empty), then the matches of ``include`` joined, then those of
    ``exclude`` removed, then lower case, then the cut. Not idempotent: never apply it to a stored key.
    """
    part = fold(text, icu_rules or ":: NFKC;")
    if include is not None:
        part = "".join(match.group() for match in include.finditer(part))
    if exclude is not None:
        part = exclude.sub("", part)
    return cut_part(part.lower())


def work_keys(
    uniform_titles: Iterable[str],
    titles: Iterable[str],
    stripped_titles: Iterable[str],
    authors: Sequence[str],
    *,
    include: re.Pattern[str] | None = None,
    exclude: re.Pattern[str] | None = None,
    icu_rules: str = DEFAULT_ICU_RULES,
) -> list[str]:
    """The distinct work keys of one record, in VuFind's order: uniform titles, then titles x authors.

    ``stripped_titles`` are the titles without their leading article. Parts that fold to nothing give no key.
    """

    def parts(texts: Iterable[str]) -> list[str]:
        return [part for text in texts if (part := normalize_key_part(text, include, exclude, icu_rules))]

    author_parts = parts(authors)
    keys = [f"UT {title}" for title in parts(uniform_titles)]
    keys += [f"AT {author} {title}" for title in parts([*titles, *stripped_titles]) for author in author_parts]
    return list(dict.fromkeys(keys))


def record_work_keys(raw: pa.Table, record_ids: pa.Array) -> pa.Table:
    """The work keys of a batch of Solr documents: RAW_RECORDS and their ids -> RECORD_WORK_KEYS.

    A record that brings keys (``work_keys_str_mv``) keeps them as they are, freed of blanks around them and
    of NUL (origin ``given``); a value that is neither ``AT …`` nor ``UT …`` is no key. Another gets VuFind's
    default keys from its title (else ``title_full``, else ``title_short``) and from ``author``, ``author2``
    and ``author_corporate`` (origin ``computed``), the persons by :func:`name_of_person`. Both the title and
    the title without its leading article give keys; the article is what ``title_sort`` leaves out (at most
    nine characters, as in MARC) and, without ``title_sort``, English a, an, the. Rows are distinct by record
    and key, in the order of the records.
    """
    ids = one_array(record_ids)
    given_rows, given = _given_keys(raw["work_keys_str_mv"])
    has_given = np.zeros(len(ids), dtype=bool)
    has_given[given_rows] = True
    computed_rows, computed = _computed_keys(raw, ~has_given)
    rows = np.concatenate([given_rows, computed_rows])
    keys = pa.concat_arrays([given, computed])
    key_ids = text_hashes(keys)
    kept = np.flatnonzero(~is_repeat(rows, pd.factorize(key_ids)[0].astype(np.int64)))
    kept = kept[np.argsort(rows[kept], kind="stable")]
    in_order = len(kept) == len(keys) and bool((np.diff(kept) == 1).all())
    kept_keys = keys if in_order else keys.take(pa.array(kept))
    return pa.table(
        {
            "record_id": ids.take(pa.array(rows[kept])),
            "work_key_id": pa.array(key_ids[kept]),
            "kind": pc.utf8_slice_codeunits(kept_keys, 0, 2),
            "key": kept_keys,
            "origin": pa.array(["given", "computed"]).take(pa.array((kept >= len(given_rows)).astype(np.int8))),
        },
        schema=RECORD_WORK_KEYS,
    )


def _flatten(column: pa.ChunkedArray | pa.Array) -> tuple[Indices, pa.Array]:
    """The row of each value of a list column, and the values."""
    lists = one_array(column)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False).astype(np.int64)
    return rows, pc.list_flatten(lists)


def _given_keys(column: pa.ChunkedArray | pa.Array) -> tuple[Indices, pa.Array]:
    rows, keys = _flatten(column)
    keys = pc.utf8_trim_whitespace(pc.replace_substring(keys, "\0", ""))
    is_key = pc.fill_null(pc.match_substring_regex(keys, r"^[AU]T \S"), False)
    return rows[is_key.to_numpy(zero_copy_only=False)], keys.filter(is_key)


def _computed_keys(raw: pa.Table, wanted: npt.NDArray[np.bool_]) -> tuple[Indices, pa.Array]:
    if not wanted.any():
        return np.empty(0, dtype=np.int64), pa.array([], pa.string())
    titles, stripped_titles = _title_parts(raw)
    author_rows, authors = _author_parts(raw)
    kept = wanted[author_rows]
    author_rows, authors = author_rows[kept], authors.filter(pa.array(kept))
    rows: list[Indices] = []
    keys: list[pa.Array] = []
    for parts in (titles, stripped_titles):
        titles_of_authors = parts.take(pa.array(author_rows))
        has_title = pc.is_valid(titles_of_authors)
        rows.append(author_rows[has_title.to_numpy(zero_copy_only=False)])
        keys.append(
            pc.binary_join_element_wise("AT", authors.filter(has_title), titles_of_authors.filter(has_title), " ")
        )
    return np.concatenate(rows), pa.concat_arrays(keys)


def _author_parts(raw: pa.Table) -> tuple[Indices, pa.Array]:
    """Row and folded name of each author, in the order of the fields within a row."""
    persons = [_flatten(raw[name]) for name in ("author", "author2")]
    rows, corporate = _flatten(raw["author_corporate"])
    person_rows = np.concatenate([part[0] for part in persons])
    headings = pc.dictionary_encode(pa.concat_arrays([part[1] for part in persons]))
    names = _key_parts(name_of_person(headings.dictionary)).take(headings.indices)
    all_rows = np.concatenate([person_rows, rows])
    parts = pa.concat_arrays([names, _key_parts(corporate)])
    order = np.argsort(all_rows, kind="stable")
    valid = pc.is_valid(parts).to_numpy(zero_copy_only=False)[order]
    order = order[valid]
    return all_rows[order], parts.take(pa.array(order))


def _title_parts(raw: pa.Table) -> tuple[pa.Array, pa.Array]:
    """The folded title of each record and the folded title without its article; null where there is none."""
    candidates = [one_array(raw[name]) for name in ("title", "title_full", "title_short")]
    titles = pc.coalesce(*(_null_where(texts, pc.equal(pc.utf8_trim_whitespace(texts), "")) for texts in candidates))
    folded = fold_column(titles)
    sort_titles = one_array(raw["title_sort"])
    filed_alike = pc.equal(
        pc.utf8_lower(pc.utf8_slice_codeunits(titles, 0, 4)), pc.utf8_lower(pc.utf8_slice_codeunits(sort_titles, 0, 4))
    )
    without_sort = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(sort_titles), ""), True)
    to_compare = pc.fill_null(pc.invert(pc.or_kleene(filed_alike, without_sort)), False)
    stripped = pc.if_else(without_sort, _without_article(titles), pa.scalar(None, pa.string()))
    told = np.flatnonzero(to_compare.to_numpy(zero_copy_only=False))
    if len(told):
        pairs = zip(
            folded.take(pa.array(told)).to_pylist(),
            fold_column(sort_titles.take(pa.array(told))).to_pylist(),
            strict=True,
        )
        tails = [tail if _is_filed_tail(whole, tail) else None for whole, tail in pairs]
        stripped = pc.replace_with_mask(stripped, to_compare, pa.array(tails, pa.string()))
    return _cut_parts(folded), _cut_parts(stripped)


def _is_filed_tail(whole: str, tail: str) -> bool:
    return 0 < len(whole) - len(tail) <= MAX_NON_FILING and whole.endswith(tail)


def _without_article(titles: pa.Array) -> pa.Array:
    """The folded title without English a, an, the; null where it has none."""
    has_article = pc.fill_null(pc.match_substring_regex(titles, _ENGLISH_ARTICLE), False)
    stripped = fold_column(pc.replace_substring_regex(titles.filter(has_article), _ENGLISH_ARTICLE, r"\1"))
    return pc.replace_with_mask(pa.nulls(len(titles), pa.string()), has_article, stripped)


def _key_parts(texts: pa.Array) -> pa.Array:
    return _cut_parts(fold_column(texts))


def _cut_parts(folded: pa.Array) -> pa.Array:
    """Folded texts in lower case and cut; null where nothing is left."""
    parts = pc.ascii_lower(folded)
    slow = pc.fill_null(
        pc.or_(pc.invert(pc.string_is_ascii(parts)), pc.greater(pc.binary_length(parts), MAX_PART_LENGTH)), False
    )
    if pc.any(slow).as_py():
        cut = [cut_part(part.lower()) for part in parts.filter(slow).to_pylist()]
        parts = pc.replace_with_mask(parts, slow, pa.array(cut, pa.string()))
    return _null_where(parts, pc.equal(parts, ""))


def _null_where(texts: pa.Array, mask: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(mask, False), pa.scalar(None, pa.string()), texts)
