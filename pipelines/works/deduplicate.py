"""Which record is which publication and which work, for a first load and for a change.

**A first load.** Most records share no key with another, and these never enter pair logic: only those of
:func:`pipelines.works.candidates.rows_of_shared_keys` are given to :func:`deduplicate`. Each of the others is a
publication and a work of its own (:func:`pipelines.works.survivorship.singleton_publications`).

**A change.** Let T be the records that are new, changed or deleted, and K all keys that a record of T has or
had. The neighbourhood that the warehouse must bring is

* B: T and every record that has a key in K (so that the blocks of K are whole);
* N: B, every member of the works in which a record of B or T is or was, and every record that accepted evidence
  (duplicate or version) links with any of these, over any number of links; without the deleted ones.

``deduplicate(records of N, identifiers of N, keys of N, standing=…, touched_keys=K)`` with ``standing``, the
evidence so far on pairs within N, returns what the warehouse must hold about N: evidence, assignments,
publications and works, in place of all rows it has about records, publications and works of N (and about
deleted records). This equals a rebuild from nothing:

* a verdict depends on its two records alone, and whether a pair is a candidate on its home block alone (see
  :mod:`pipelines.works.candidates`); a pair whose home is not in K has kept both, so its evidence stands;
* an accepted link, old or new, never leaves N: a new one has its home in K, so both records are in B; an old one
  has been followed. So the chains of N are whole, and how a chain is broken (:mod:`pipelines.works.clusters`)
  depends on the chain alone.

Redirects are history, not state: an id that came back to life must lose its redirect, and a redirect to an id
that is redirected now must be led on; the warehouse does both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import among
from pipelines.records import (
    MATCH_RECORDS,
    WORK_ASSIGNMENTS,
    WORK_EVIDENCE,
    conform,
    stable_ids,
)
from pipelines.works.borders import DEFAULT_BORDERS, Borders
from pipelines.works.candidates import MAX_BLOCK, candidate_pairs
from pipelines.works.clusters import Edges, founders, guarded_components, redirects, seniority
from pipelines.works.comparands import Comparands, comparands
from pipelines.works.evidence import decide, evidence_columns
from pipelines.works.survivorship import publications, works

Ints = npt.NDArray[np.int64]

#: Goes up with every change of a rule of keys, candidates, evidence, clusters or survivorship. What
#: another version decided stands until a dump touches it.
MATCHING_VERSION: Final = 3

#: From this score on a verdict of version says for sure that two records are two publications.
SURE: Final = 0.8

#: Pairs decided at a time; bounds the memory, not the result.
_PAIRS_AT_A_TIME: Final = 500_000


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """What follows for a set of records; within one set of records rows ascend by their ids."""

    assignments: pa.Table
    evidence: pa.Table
    publications: pa.Table
    works: pa.Table
    redirects: pa.Table


def deduplicate(
    records: pa.Table,
    identifiers: pa.Table,
    keys: pa.Table,
    *,
    standing: pa.Table | None = None,
    touched_keys: pa.Array | None = None,
    max_block: int = MAX_BLOCK,
    borders: Borders = DEFAULT_BORDERS,
    trusted_sources: Sequence[str] = (),
) -> Deduplicated:
    """Decide the pairs of ``records``, with the ``borders`` where they are wanted, and make publications and works.

    ``records``: MATCH_RECORDS, each record once. ``identifiers``: valid ones, and arXiv ids in any state, as
    (record_id, scheme, value). ``keys``: (record_id, work_key_id, kind, key), as in RECORD_WORK_KEYS; all kinds but
    ``UT`` block. Rows about records that are not in ``records`` are passed over. With ``touched_keys`` (work_key_id),
    only pairs at home in one of them are decided and the others are taken from ``standing`` (WORK_EVIDENCE).
    ``trusted_sources``: see :func:`pipelines.works.survivorship.publications`. Raises FrameError where ``records``
    has another shape and ValueError where a record stands in it twice.
    """
    records = conform(records, MATCH_RECORDS, "match records").sort_by("record_id").combine_chunks()
    record_ids = records["record_id"].to_numpy()
    if (record_ids[1:] == record_ids[:-1]).any():
        raise ValueError("match records: a record_id stands twice")
    evidence = _decided(
        records, record_ids, identifiers, keys, touched_keys=touched_keys, max_block=max_block, borders=borders
    )
    if standing is not None and touched_keys is not None:
        evidence = pa.concat_tables([evidence, _still_standing(standing, record_ids, touched_keys)])
        evidence = evidence.sort_by([("record_id_a", "ascending"), ("record_id_b", "ascending")])

    ranks = seniority(records)
    a = np.searchsorted(record_ids, evidence["record_id_a"].to_numpy())
    b = np.searchsorted(record_ids, evidence["record_id_b"].to_numpy())
    publications_of, works_of = _grouped(len(record_ids), evidence, a, b)
    publication_ids = record_ids[founders(publications_of, ranks)]
    work_ids = record_ids[founders(works_of, ranks)]
    assignments = pa.table(
        {"record_id": records["record_id"], "publication_id": publication_ids, "work_id": work_ids},
        schema=WORK_ASSIGNMENTS,
    )
    rows = publications(records, assignments, trusted_sources)
    former = [
        redirects(level, records[f"{level}_id"].combine_chunks(), new_ids, record_ids, ranks)
        for level, new_ids in (("publication", publication_ids), ("work", work_ids))
    ]
    return Deduplicated(assignments, evidence, rows, works(rows), pa.concat_tables(former))


def _grouped(record_count: int, evidence: pa.Table, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """The number of the publication and of the work of each record, given what is decided on the pairs ``a``, ``b``."""
    edges = Edges(a, b, evidence["score"].to_numpy())
    duplicate, version, different = (
        pc.equal(evidence["verdict"], verdict).to_numpy() for verdict in ("duplicate", "version", "different")
    )
    surely_two = different | (version & (edges.scores >= SURE))
    publications_of = guarded_components(record_count, edges.where(duplicate), edges.where(surely_two))
    # Works are made of whole publications: their edges join the publications of the two records.
    lifted = Edges(publications_of[a], publications_of[b], edges.scores)
    works_of = guarded_components(record_count, lifted.where(duplicate | version), lifted.where(different))
    return publications_of, works_of[publications_of]


def _decided(
    records: pa.Table,
    record_ids: Ints,
    identifiers: pa.Table,
    keys: pa.Table,
    *,
    touched_keys: pa.Array | None,
    max_block: int,
    borders: Borders,
) -> pa.Table:
    """WORK_EVIDENCE of the candidate pairs, of those at home in ``touched_keys`` where given."""
    wanted = pc.and_(pc.not_equal(keys["kind"], "UT"), pc.is_in(keys["record_id"], records["record_id"]))
    # Texts of keys weigh most of all: they are not copied for nothing.
    blocking = keys if pc.all(wanted).as_py() else keys.filter(wanted)
    key_ids, first_row, numbers = np.unique(blocking["work_key_id"].to_numpy(), return_index=True, return_inverse=True)
    members = np.searchsorted(record_ids, blocking["record_id"].to_numpy())
    is_work_key = pc.equal(blocking["kind"], "AT").to_numpy()
    work_keys = np.unique(np.column_stack([members[is_work_key], numbers[is_work_key]]).astype(np.int64), axis=0)
    known = comparands(records, identifiers, work_keys)
    a, b, home = candidate_pairs(members, numbers.astype(np.int64), known.years(), known.places(), max_block)
    if touched_keys is not None:
        touched = among(key_ids[home], np.unique(touched_keys.to_numpy(zero_copy_only=False)))
        a, b, home = a[touched], b[touched], home[touched]
    # Only the keys at which a pair is at home are ever shown.
    homes, home = np.unique(home, return_inverse=True)
    texts = blocking["key"].take(pa.array(first_row[homes]))
    parts = [WORK_EVIDENCE.empty_table()]
    for begin in range(0, len(a), _PAIRS_AT_A_TIME):
        part = slice(begin, begin + _PAIRS_AT_A_TIME)
        parts.append(_evidence(known, record_ids, a[part], b[part], texts.take(pa.array(home[part])), borders))
    return pa.concat_tables(parts)


def _evidence(
    known: Comparands, record_ids: Ints, a: Ints, b: Ints, blocking_keys: pa.ChunkedArray, borders: Borders
) -> pa.Table:
    verdicts = decide(known, a, b, borders)
    columns = {
        "record_id_a": pa.array(record_ids[a]),
        "record_id_b": pa.array(record_ids[b]),
        **evidence_columns(verdicts),
        "blocking_key": blocking_keys,
    }
    return pa.table(columns).filter(pa.array(verdicts.related())).cast(WORK_EVIDENCE)


def _still_standing(standing: pa.Table, record_ids: Ints, touched_keys: pa.Array) -> pa.Table:
    """The rows of ``standing`` on pairs of these records whose home is not among the touched keys."""
    ids = pa.array(record_ids)
    within = standing.filter(pc.and_(pc.is_in(standing["record_id_a"], ids), pc.is_in(standing["record_id_b"], ids)))
    home = np.array(stable_ids(within["blocking_key"].to_pylist()), dtype=np.int64)
    untouched = ~among(home, np.unique(touched_keys.to_numpy(zero_copy_only=False)))
    return conform(within.filter(pa.array(untouched)), WORK_EVIDENCE, "standing evidence")
