"""Which record is which publication and which work: of a set of records at once, and of a change.

**At once**: keys make candidates (:mod:`candidates`), each pair gets a verdict (:mod:`judging`), and the verdicts make
publications and works (:mod:`grouping`). That is :func:`deduplicate`.

**A change.** Let T be the records that are new, changed, ended or back. What has to be done is bounded, and equals a
rebuild from nothing, since a verdict depends on its two records alone and a candidate on the holders of its keys:

* evidence on a record of T goes, and every pair of a record of T, as it is now, with another holder of one of its
  keys is decided. Between two records that are not of T a pair becomes a candidate, or is none any more, only where
  a key passes the bound on its holders or gets another hub; :func:`pipelines.works.candidates.increment` tells these
  pairs and keys;
* publications and works can change only where accepted evidence, old or new, links records with one of T or with a
  record whose evidence changed, over any number of links. These chains are whole among the records that such links
  reach, and how a chain is broken (:mod:`clusters`) depends on the chain alone.

A record that neither accepted evidence nor a former group holds is a publication and a work of its own
(:func:`pipelines.works.survivorship.singleton_publications`), and never enters grouping.

Redirects are history, not state: an id that came back to life must lose its redirect, and a redirect to an id that is
redirected now must be led on; the warehouse does both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import among
from pipelines.works.borders import DEFAULT_BORDERS, Borders
from pipelines.works.candidates import MAX_BLOCK, KeyRows, candidate_pairs
from pipelines.works.grouping import Grouped, group
from pipelines.works.judging import judge

#: Goes up with every change of a rule of keys, candidates, evidence, clusters or survivorship. What
#: another version decided stands until a dump touches it.
MATCHING_VERSION: Final = 8


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """What follows for a set of records: WORK_EVIDENCE, and the groups it makes."""

    evidence: pa.Table
    groups: Grouped


def deduplicate(
    records: pa.Table,
    identifiers: pa.Table,
    keys: pa.Table,
    max_block: int = MAX_BLOCK,
    *,
    borders: Borders = DEFAULT_BORDERS,
    trusted_sources: Sequence[str] = (),
) -> Deduplicated:
    """Decide the pairs of ``records``, with the ``borders`` where they are wanted; make publications and works.

    ``records``: MATCH_RECORDS, each record once. ``identifiers``: valid ones, and arXiv ids in any state, as
    (record_id, scheme, value). ``trusted_sources``: see :func:`pipelines.works.survivorship.publications`.
    ``keys``: RECORD_WORK_KEYS without origin, of work keys and matching keys; all kinds but ``UT`` block. Rows about
    records that are not in ``records`` are passed over. Raises as :func:`pipelines.works.grouping.group` does.
    """
    records = records.sort_by("record_id").combine_chunks()
    record_ids = records["record_id"].to_numpy()
    blocking = pc.and_(pc.not_equal(keys["kind"], "UT"), pa.array(among(keys["record_id"], record_ids)))
    rows = KeyRows.of(keys.select(["record_id", "work_key_id"]).filter(blocking))
    a, b = candidate_pairs(rows, max_block)
    evidence = judge(records, identifiers, keys, a, b, borders)
    return Deduplicated(evidence, group(records, evidence, trusted_sources))
