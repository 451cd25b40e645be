"""Keys that records bring, checked against those that the profiles make of the records.

A catalogue's keys tell which program made them, and whether they fit the records still: a site may have its own
rules, an index may be older than its records. Keys are used in any case; this only counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import Mask, as_mask, one_array
from pipelines.normalize.folded_columns import fold_column
from pipelines.works.headings import may_be_more_than_a_name
from pipelines.works.marc_work_keys import PROFILES_OF_MARC, could_be_marc, marc_record, work_keys_of_marc
from pipelines.works.work_key_parts import (
    Indices,
    KeyFields,
    author_parts,
    filed_alike,
    finish_parts,
    flatten,
    has_article,
    is_blank,
    keys_of_fields,
    whole_keys,
)
from pipelines.works.work_key_profiles import PROFILES, WorkKeyProfile

#: Stands for the records whose keys no profile reproduces.
NO_PROFILE: Final = "none"

#: Records that are named as examples of these.
EXAMPLES: Final = 5

#: Titles of MARC that the index has, without saying which are uniform.
_VARIANT_TITLES: Final = ("title_alt", "title_old", "title_new")

#: What is read of a document beside its KeyFields.
_READ: Final = ["id", "fullrecord", *_VARIANT_TITLES]

#: No part is longer than this in any profile; counted in bytes, so that it is enough for all of them.
_SURELY_UNCUT: Final = 255


@dataclass(frozen=True)
class GivenKeys:
    """How many ``records`` bring keys, and how these compare with the keys of each profile.

    ``following``: records all of whose keys the profile makes; ``equal``: those of them of which it makes no further
    key. A record counts for each profile that it follows, and under NO_PROFILE where it follows none: so the profile
    of a catalogue is the one that most records follow. ``examples`` are some that follow none: id and a key.
    """

    records: int = 0
    following: Mapping[str, int] = field(default_factory=dict)
    equal: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()

    def __add__(self, other: GivenKeys) -> GivenKeys:
        return GivenKeys(
            self.records + other.records,
            _sum(self.following, other.following),
            _sum(self.equal, other.equal),
            (self.examples + other.examples)[:EXAMPLES],
        )

    def as_json(self) -> dict[str, Any]:
        """For a manifest."""
        return {
            "records": self.records,
            "following": dict(self.following),
            "equal": dict(self.equal),
            "examples": list(self.examples),
        }

    @staticmethod
    def of_json(found: Mapping[str, Any]) -> GivenKeys:
        """What :meth:`as_json` wrote."""
        return GivenKeys(found["records"], found["following"], found["equal"], tuple(found["examples"]))


def _sum(counts: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    return {name: counts.get(name, 0) + others.get(name, 0) for name in (*PROFILES, NO_PROFILE)}


@dataclass(frozen=True)
class _Batch:
    """Documents that bring keys, and their keys: the row of each in ``documents``, ascending, and its hash."""

    documents: pa.Table
    fields: KeyFields
    rows: Indices
    keys: pa.Array
    hashes: Indices

    def of(self, wanted: Mask) -> _Batch:
        """The part of the batch whose documents are ``wanted``."""
        kept = wanted[self.rows]
        rows = (np.cumsum(wanted) - 1)[self.rows[kept]]
        documents = self.documents.select(_READ).filter(pa.array(wanted))
        return _Batch(documents, self.fields.of_rows(wanted), rows, self.keys.filter(pa.array(kept)), self.hashes[kept])


def check_given_keys(raw: pa.Table, record_ids: pa.Array, work_keys: pa.Table) -> GivenKeys:
    """Compare the given keys of ``work_keys`` (RECORD_WORK_KEYS) with what each profile makes of ``raw``.

    ``raw`` are the RAW_RECORDS of ``record_ids``. The fields come first, and explain most records; MARC is read only
    for records that have it and that the fields do not explain.
    """
    given = work_keys.filter(pc.equal(work_keys["origin"], "given"))
    if not len(given):
        return GivenKeys()
    all_rows = pc.index_in(one_array(given["record_id"]), one_array(record_ids)).to_numpy().astype(np.int64)
    batch = _Batch(raw, KeyFields.of(raw), all_rows, one_array(given["key"]), given["work_key_id"].to_numpy())
    has_keys = np.zeros(len(raw), bool)
    has_keys[all_rows] = True
    records = int(has_keys.sum())
    plain = _plainly_reproduced(batch) & has_keys
    following = equal = dict.fromkeys(PROFILES, int(plain.sum()))
    examples: tuple[str, ...] = ()
    unexplained = 0
    if records > plain.sum():
        rest = batch.of(has_keys & ~plain)
        follows, equals = _compared(rest)
        following = {name: following[name] + int(mask.sum()) for name, mask in follows.items()}
        equal = {name: equal[name] + int(mask.sum()) for name, mask in equals.items()}
        none = ~np.logical_or.reduce(list(follows.values()))
        unexplained = int(none.sum())
        examples = _examples(rest.of(none))
    return GivenKeys(records, {**following, NO_PROFILE: unexplained}, {**equal, NO_PROFILE: 0}, examples)


def _examples(batch: _Batch) -> tuple[str, ...]:
    found, first = np.unique(batch.rows, return_index=True)
    ids = batch.documents["id"].take(pa.array(found[:EXAMPLES])).to_pylist()
    return tuple(f"{name}: {batch.keys[int(at)].as_py()}" for name, at in zip(ids, first[:EXAMPLES], strict=True))


def _plainly_reproduced(batch: _Batch) -> Mask:
    """Which documents bring the very keys, in this order, that all profiles make: where there is nothing to differ in.

    That is a title without article and names without anything else, all of them short once folded.
    """
    fields = batch.fields
    is_odd_heading = ~_is_plain(fields.folded_headings) | as_mask(may_be_more_than_a_name(fields.headings))
    candidate = _is_plain(fields.folded_titles) & ~as_mask(has_article(fields.titles))
    candidate &= as_mask(is_blank(fields.sort_titles)) | as_mask(filed_alike(fields.titles, fields.sort_titles))
    rows, codes = fields.author_rows, fields.author_codes
    candidate &= np.bincount(rows, minlength=len(candidate)) == np.bincount(batch.rows, minlength=len(candidate))
    candidate[rows[is_odd_heading[codes]]] = False
    of_candidates, given = candidate[rows], candidate[batch.rows]
    rows, codes = rows[of_candidates], codes[of_candidates]
    authors, titles = fields.folded_headings.take(pa.array(codes)), fields.folded_titles.take(pa.array(rows))
    expected = pc.binary_join_element_wise("AT", authors, titles, " ")
    keys = batch.keys if given.all() else batch.keys.filter(pa.array(given))
    candidate[rows[~as_mask(pc.equal(expected, keys))]] = False
    return candidate


def _is_plain(folded: pa.Array) -> Mask:
    """Whether a folded text is the same part in all profiles."""
    is_short = pc.and_(pc.less_equal(pc.binary_length(folded), _SURELY_UNCUT), pc.greater(pc.binary_length(folded), 0))
    is_lower = pc.equal(pc.utf8_lower(folded), folded)
    return as_mask(pc.and_(pc.and_(is_short, is_lower), pc.not_equal(folded, "0")))


def _compared(batch: _Batch) -> tuple[dict[str, Mask], dict[str, Mask]]:
    """Which documents follow each profile, and which bring all that it makes as well."""
    count = len(batch.documents)
    follows: dict[str, Mask] = {}
    equals: dict[str, Mask] = {}
    given = _mixed(batch.rows, batch.hashes)
    before: tuple[Indices, pa.Array] | None = None
    is_made = is_whole = np.zeros(0, bool)
    # The two profiles that read MARC mostly make the very same keys.
    for name, profile in sorted(PROFILES.items(), key=lambda item: item[1].reads_marc):
        rows, keys = whole_keys(*keys_of_fields(batch.fields, profile))
        if before is None or not (np.array_equal(before[0], rows) and before[1].equals(keys)):
            made = _mixed(rows, text_hashes(keys))
            is_made = _among(given, made)
            is_whole = _all_of(_among(made, given), rows, count)
        before = rows, keys
        equals[name] = is_whole & _all_of(is_made, batch.rows, count)
        explained = is_made
        if profile.reads_marc and not is_made.all():
            explained = is_made | _is_of_variant_title(batch, profile)
        follows[name] = _all_of(explained, batch.rows, count)
    unexplained = ~np.logical_or.reduce(list(follows.values()))
    for name, (following, equal) in _compared_with_marc(batch, unexplained).items():
        follows[name][following] = True
        equals[name][equal] = True
    return follows, equals


def _compared_with_marc(batch: _Batch, wanted: Mask) -> dict[str, tuple[list[int], list[int]]]:
    """The rows, of those ``wanted``, whose keys each profile makes of their MARC, and those that bring all of these."""
    found: dict[str, tuple[list[int], list[int]]] = {profile.name: ([], []) for profile in PROFILES_OF_MARC}
    texts = one_array(batch.documents["fullrecord"])
    wanted = wanted & as_mask(could_be_marc(texts))
    part = batch.of(wanted)
    starts = np.searchsorted(part.rows, np.arange(len(part.documents) + 1))
    for at, row in enumerate(np.flatnonzero(wanted).tolist()):
        record = marc_record(texts[row].as_py())
        if record is None:
            continue
        given = set(part.keys[starts[at] : starts[at + 1]].to_pylist())
        for profile in PROFILES_OF_MARC:
            made = {key.strip() for key in work_keys_of_marc(record, profile)}
            following, equal = found[profile.name]
            if given <= made:
                following.append(row)
            if given == made:
                equal.append(row)
    return found


def _is_of_variant_title(batch: _Batch, profile: WorkKeyProfile) -> Mask:
    """Which keys have the title part of a variant title that the index holds, and the author part of an author.

    The index does not say which variant is a uniform title. A folded part has no blank, so a key can be taken apart.
    """
    columns = [flatten(batch.documents[name]) for name in _VARIANT_TITLES]
    if not any(len(values) for _, values in columns):
        return np.zeros(len(batch.keys), bool)
    title_rows = np.concatenate([rows for rows, _ in columns])
    titles = finish_parts(fold_column(pa.concat_arrays([values for _, values in columns])), profile)
    author_rows, authors = author_parts(batch.fields, profile)
    author = pc.extract_regex(batch.keys, r"^AT (?P<part>\S+) ").field("part")
    title = pc.replace_substring_regex(batch.keys, r"^(?:UT|AT \S+) ", "")
    has_title = _among(
        _mixed(batch.rows, text_hashes(title)), _mixed(title_rows, text_hashes(pc.fill_null(titles, "")))
    )
    by_author = _among(
        _mixed(batch.rows, text_hashes(pc.fill_null(author, ""))), _mixed(author_rows, text_hashes(authors))
    )
    return has_title & (as_mask(pc.starts_with(batch.keys, "UT ")) | by_author)


def _mixed(rows: Indices, hashes: Indices) -> Indices:
    """One number for a row and a hash in it."""
    return hashes ^ (rows * np.int64(0x1E3779B97F4A7C15))


def _among(numbers: Indices, others: Indices) -> Mask:
    return as_mask(pc.is_in(pa.array(numbers), value_set=pa.array(others)))


def _all_of(is_true: Mask, rows: Indices, count: int) -> Mask:
    """Of each of ``count`` rows, whether all that it has is true."""
    all_true = np.ones(count, bool)
    all_true[rows[~is_true]] = False
    return all_true
