"""Match a file of citations: the rules of the road, without a warehouse.

A citation becomes a document, is normalised and judged as a record of a catalogue is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.documents import normalize_documents
from pipelines.readers.citations import Citations, read_citations
from pipelines.works.borders import DEFAULT_BORDERS, Borders
from pipelines.works.deduplicate import deduplicate
from pipelines.works.grouping import passed_over
from pipelines.works.match_records import match_records, matched_identifiers
from pipelines.works.matching_keys import matching_keys
from pipelines.works.work_keys import record_work_keys


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of a file of citations.

    ``clusters`` (id, publication, work), a row a citation in the order of the file: publication and work are the id
    of their first citation. ``evidence`` (id_a, id_b, verdict, rule, reason, score, key, passed_over), a row a decided
    pair; ``passed_over`` says why a pair that was accepted was not followed, and is empty for all others.
    ``untitled`` are the ids of citations without title, of which only identifiers and keys can tell anything;
    ``unused`` the columns of a CSV that are not looked at.
    """

    clusters: pa.Table
    evidence: pa.Table
    unreadable: list[str]
    untitled: list[str]
    unused: list[str]


def match_file(path: Path, borders: Borders = DEFAULT_BORDERS) -> Matched:
    """Match the citations of a CSV, BibTeX or RIS file, with the ``borders`` where they are wanted.

    Raises :class:`pipelines.readers.citation_error.CitationError` where the file cannot be read as a whole.
    """
    citations = read_citations(path)
    records, identifiers, keys = _normalized(citations)
    decided = deduplicate(records.drop_columns("row"), identifiers, keys, borders=borders)
    assignments = decided.groups.assignments
    rows = dict(zip(records["record_id"].to_pylist(), records["row"].to_pylist(), strict=True))
    return Matched(
        clusters=_clusters(citations.ids, assignments, rows),
        evidence=_evidence(citations.ids, decided.evidence, rows, passed_over(decided.evidence, assignments)),
        unreadable=citations.unreadable,
        untitled=citations.untitled,
        unused=citations.unused,
    )


def _normalized(citations: Citations) -> tuple[pa.Table, pa.Table, pa.Table]:
    """MATCH_RECORDS with the ``row`` of the citation, valid identifiers, and keys of all citations."""
    records, identifiers, keys = [], [], []
    sources = pa.array(citations.sources)
    for source in pc.unique(sources).to_pylist():
        raw = citations.documents.filter(pc.equal(sources, source))
        frames = normalize_documents(raw, source, datetime.now(UTC).year)
        rows = pc.cast(frames.records["source_record_id"], pa.int64())
        records.append(match_records(frames.records, _never_loaded(len(rows))).append_column("row", rows))
        matched = matched_identifiers(frames.record_identifiers)
        identifiers.append(matched)
        keys.append(record_work_keys(frames.documents, frames.records["record_id"]))
        keys.append(matching_keys(frames.records, matched))
    return pa.concat_tables(records), pa.concat_tables(identifiers), pa.concat_tables(keys)


def _never_loaded(count: int) -> pa.Table:
    """What is known of records that no warehouse has seen: nothing."""
    nothing = pa.nulls(count, pa.int64())
    return pa.table({"founded": pa.repeat(pa.scalar(""), count), "publication_id": nothing, "work_id": nothing})


def _clusters(ids: list[str], assignments: pa.Table, rows: dict[int, int]) -> pa.Table:
    columns = {"id": ids}
    places = np.array([rows[record] for record in assignments["record_id"].to_pylist()], dtype=np.int64)
    for level in ("publication", "work"):
        first = np.arange(len(ids))
        _, group = np.unique(assignments[f"{level}_id"].to_numpy(), return_inverse=True)
        leaders = np.full(int(group.max(initial=-1)) + 1, len(ids), dtype=np.int64)
        np.minimum.at(leaders, group, places)
        first[places] = leaders[group]
        columns[level] = [ids[row] for row in first.tolist()]
    return pa.table(columns)


def _evidence(ids: list[str], evidence: pa.Table, rows: dict[int, int], walls: npt.NDArray[np.int64]) -> pa.Table:
    named = {f"id_{side}": [ids[rows[record]] for record in evidence[f"record_id_{side}"].to_pylist()] for side in "ab"}
    told = {name: evidence[name] for name in ("verdict", "rule", "reason", "score")}
    passed = [""] * len(evidence)
    for row in np.flatnonzero(walls >= 0).tolist():
        one, other = (named[f"id_{side}"][walls[row]] for side in "ab")
        passed[row] = f"It would bring together {one} and {other}, which must stay apart."
    return pa.table(named | told | {"key": evidence["blocking_key"], "passed_over": passed})
