"""Evidence -> publications and works: which record is which, what they show, and where former ids lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ids import among
from pipelines.records import MATCH_RECORDS, WORK_ASSIGNMENTS, WORK_EVIDENCE, conform
from pipelines.works.clusters import Edges, founders, guarded_components, redirects, seniority
from pipelines.works.survivorship import publications, works

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: From this score on a verdict of version says for sure that two records are two publications.
SURE: Final = 0.8

#: What grouping reads of WORK_EVIDENCE.
EDGES: Final = pa.schema([WORK_EVIDENCE.field(name) for name in ("record_id_a", "record_id_b", "verdict", "score")])


@dataclass(frozen=True, slots=True)
class Grouped:
    """What follows for a set of records: WORK_ASSIGNMENTS, PUBLICATIONS, WORKS and WORK_REDIRECTS, by their ids."""

    assignments: pa.Table
    publications: pa.Table
    works: pa.Table
    redirects: pa.Table


def group(records: pa.Table, evidence: pa.Table, trusted_sources: Sequence[str] = ()) -> Grouped:
    """Make publications and works of ``records`` (MATCH_RECORDS, each once) by what ``evidence`` (EDGES) says.

    A record that accepted evidence links with one of ``records`` must be among them; evidence on others is passed
    over. ``trusted_sources`` speak first (:func:`pipelines.works.survivorship.publications`). Raises FrameError where
    ``records`` has another shape and ValueError where a record stands in it twice.
    """
    records = conform(records, MATCH_RECORDS, "match records").sort_by("record_id").combine_chunks()
    record_ids = records["record_id"].to_numpy()
    if (record_ids[1:] == record_ids[:-1]).any():
        raise ValueError("match records: a record_id stands twice")
    within = among(evidence["record_id_a"], record_ids) & among(evidence["record_id_b"], record_ids)
    # In an order of its own: which of two equal edges of a chain gives way must not depend on how they came.
    edges = (
        evidence.select(EDGES.names)
        .filter(pa.array(within))
        .sort_by([("record_id_a", "ascending"), ("record_id_b", "ascending")])
    )
    publications_of, works_of = _components(record_ids, edges)
    ranks = seniority(records)
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
    return Grouped(assignments, rows, works(rows), pa.concat_tables(former))


def is_accepted(evidence: pa.Table) -> pa.ChunkedArray:
    """Which rows of evidence link two records: those that say duplicate or version."""
    return pc.not_equal(evidence["verdict"], "different")


def passed_over(evidence: pa.Table, assignments: pa.Table) -> Ints:
    """For each row of ``evidence`` (EDGES) that is accepted, and that the guard against chains has not followed, the
    row of a pair that it would have brought together and that must stay apart; -1 for all other rows.

    ``assignments``: WORK_ASSIGNMENTS of all records of the evidence, by their ids.
    """
    record_ids = assignments["record_id"].to_numpy()
    a, b = (np.searchsorted(record_ids, evidence[f"record_id_{side}"].to_numpy()) for side in "ab")
    said = _Said.by(evidence)
    walls: Ints = np.full(len(evidence), -1, dtype=np.int64)
    levels = (
        ("publication_id", said.duplicate, said.surely_two),
        ("work_id", said.duplicate | said.version, said.different),
    )
    for level, accepted, refused in levels:
        _, of = np.unique(assignments[level].to_numpy(), return_inverse=True)
        left, right = np.minimum(of[a], of[b]), np.maximum(of[a], of[b])
        between = left * len(record_ids) + right
        apart = np.flatnonzero(refused)
        dropped = np.flatnonzero(accepted & (left != right) & (walls < 0))
        apart = apart[np.argsort(between[apart], kind="stable")]
        at = np.searchsorted(between[apart], between[dropped])
        at[at == len(apart)] = 0
        # What keeps two groups apart is a pair between them.
        walls[dropped] = np.where(between[apart][at] == between[dropped], apart[at], -1) if len(apart) else -1
    return walls


@dataclass(frozen=True, slots=True)
class _Said:
    """Which rows of evidence say what; ``surely_two``: that the two records are surely two publications."""

    duplicate: Mask
    version: Mask
    different: Mask
    surely_two: Mask

    @staticmethod
    def by(evidence: pa.Table) -> _Said:
        duplicate, version, different = (
            pc.equal(evidence["verdict"], verdict).to_numpy() for verdict in ("duplicate", "version", "different")
        )
        sure = evidence["score"].to_numpy() >= SURE
        return _Said(duplicate, version, different, different | (version & sure))


def _components(record_ids: Ints, edges: pa.Table) -> tuple[Ints, Ints]:
    """The number of the publication and of the work of each record."""
    a, b = (np.searchsorted(record_ids, edges[f"record_id_{side}"].to_numpy()) for side in "ab")
    pairs, said = Edges(a, b, edges["score"].to_numpy()), _Said.by(edges)
    publications_of = guarded_components(len(record_ids), pairs.where(said.duplicate), pairs.where(said.surely_two))
    # Works are made of whole publications: their edges join the publications of the two records.
    lifted = Edges(publications_of[a], publications_of[b], pairs.scores)
    accepted = lifted.where(said.duplicate | said.version)
    works_of = guarded_components(len(record_ids), accepted, lifted.where(said.different))
    return publications_of, works_of[publications_of]
