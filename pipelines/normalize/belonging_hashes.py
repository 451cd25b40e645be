"""The hashes by which what hangs on a record is seen to have changed, kind by kind.

A record changes far more often in a text of its own than in its credits, links, identifiers or keys. With a number for
the rows of each of these, a load needs neither to bring nor to read what stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.ids import Ids
from pipelines.normalize.byte_columns import text_hashes
from pipelines.normalize.columns import one_array
from pipelines.normalize.content_hash import RULES_VERSION
from pipelines.records import BELONGING_HASHES
from pipelines.runs import run_starts

Numbers = npt.NDArray[np.uint64]

#: What of each frame is hashed: what the other columns follow from, by the rules of one version.
_TELLING: Final = {
    "record_authors": ("position", "author_id", "role", "source_field", "name_as_written"),
    "record_links": ("position", "link_id", "url_as_written", "kind", "is_valid"),
    "record_identifiers": ("scheme", "value_as_written", "source_field", "is_valid"),
    "record_work_keys": ("work_key_id", "origin"),
    "record_matching_keys": ("matching_key_id",),
}
#: What a null counts as: a number that no value has, but for one in 2^64.
_NULL: Final = np.uint64(0x9E37_79B9_7F4A_7C15)
#: The finaliser of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
_STEPS: Final = ((np.uint64(30), np.uint64(0xBF58_476D_1CE4_E5B9)), (np.uint64(27), np.uint64(0x94D0_49BB_1331_11EB)))
_LAST: Final = np.uint64(31)


def belonging_hashes(
    record_ids: pa.Array, frames: Mapping[str, pa.Table], rules_version: int = RULES_VERSION
) -> dict[str, pa.Array]:
    """The columns of BELONGING_HASHES for records: of each frame that hangs on them a 64-bit hash of its rows.

    It is the sum over the rows, in whatever order, of a hash of each row and of the version of the rules: 0 where there
    is none. ``record_ids`` are distinct; rows of other records count nowhere.
    """
    ids = record_ids.to_numpy()
    order = np.argsort(ids)
    return {
        column: pa.array(_sums(ids, order, frames[frame], _TELLING[frame], rules_version).view(np.int64))
        for column, frame in BELONGING_HASHES.items()
    }


def _sums(record_ids: Ids, order: Ids, table: pa.Table, columns: tuple[str, ...], rules_version: int) -> Numbers:
    sums = np.zeros(len(record_ids), np.uint64)
    if not len(table) or not len(record_ids):
        return sums
    ids = one_array(table["record_id"]).to_numpy()
    # Rows of one record stand together; where they do not, its runs are added up.
    starts = run_starts(ids)
    totals = np.add.reduceat(_row_hashes([one_array(table[name]) for name in columns], rules_version), starts)
    places = np.searchsorted(record_ids, ids[starts], sorter=order)
    places = order[np.minimum(places, len(order) - 1)]
    known = record_ids[places] == ids[starts]
    np.add.at(sums, places[known], totals[known])
    return sums


def _row_hashes(columns: list[pa.Array], rules_version: int) -> Numbers:
    hashes = np.full(len(columns[0]), rules_version, np.uint64)
    for column in columns:
        # Mixed in after those before it: in which column a value stands counts.
        hashes = _mixed(hashes) + _numbers(column)
    return _mixed(hashes)


def _mixed(values: Numbers) -> Numbers:
    for shift, factor in _STEPS:
        values = (values ^ (values >> shift)) * factor
    return values ^ (values >> _LAST)


def _numbers(column: pa.Array) -> Numbers:
    """A number for each value: itself, or the hash of a text."""
    if pa.types.is_string(column.type):
        encoded = column.dictionary_encode()
        hashes = np.append(text_hashes(encoded.dictionary).view(np.uint64), _NULL)
        numbers: Numbers = hashes[encoded.indices.fill_null(len(hashes) - 1).to_numpy()]
        return numbers
    # Numbers and truths are nowhere null.
    values: Numbers = column.cast(pa.int64()).to_numpy().view(np.uint64)
    return values
