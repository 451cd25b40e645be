"""The warehouse as far as matching goes, in memory: what SQL does there, written with sets and dicts.

It applies dumps one by one by the rule of :mod:`pipelines.works.deduplicate` and never looks at more than what a
change touches.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from matching_frames import identifier_rows, key_rows, match_records

from pipelines.records import WORK_EVIDENCE
from pipelines.stable_ids import stable_id
from pipelines.works.candidates import KeyRows, are_candidates, increment
from pipelines.works.deduplicate import Deduplicated, deduplicate
from pipelines.works.grouping import Grouped, group
from pipelines.works.judging import judge

#: A record as a dump delivers it: its description, keys and identifiers; None where the dump deletes it.
Content = dict[str, Any] | None
Dump = dict[int, Content]
Pair = tuple[int, int]


def ids(values: Any) -> np.ndarray:
    return np.array(sorted(values), dtype=np.int64)


class WarehouseModel:
    """Current records by id, and the tables of matching as dicts of rows."""

    def __init__(self, max_block: int) -> None:
        self.max_block = max_block
        self.dumps: dict[str, Dump] = {}
        self.records: dict[int, dict[str, Any]] = {}
        self.evidence: dict[Pair, dict[str, Any]] = {}
        self.assignments: dict[int, dict[str, Any]] = {}
        self.publications: dict[int, dict[str, Any]] = {}
        self.works: dict[int, dict[str, Any]] = {}
        self.redirects: dict[tuple[str, int], int] = {}

    def current(self) -> dict[int, dict[str, Any]]:
        """The records as the dumps so far have them: the newest dump by name says what, the oldest since when."""
        records: dict[int, dict[str, Any]] = {}
        for name in sorted(self.dumps):
            for record_id, content in self.dumps[name].items():
                if content is None:
                    records.pop(record_id, None)
                else:
                    founded = min(other for other in self.dumps if self.dumps[other].get(record_id) is not None)
                    records[record_id] = content | {"founded": founded}
        return records

    def frames(self, wanted: set[int], records: dict[int, dict[str, Any]]) -> tuple[pa.Table, pa.Table, pa.Table]:
        """MATCH_RECORDS of some records, with the ids they have so far, their identifiers and their keys."""
        rows, keys, identifiers = [], [], []
        for record_id in sorted(wanted):
            description = dict(records[record_id])
            keys += [(record_id, key) for key in description.pop("keys")]
            identifiers += [(record_id, "doi", value) for value in description.pop("dois")]
            former = {name: self.assignments.get(record_id, {}).get(name) for name in ("publication_id", "work_id")}
            rows.append(description | {"record_id": record_id} | former)
        return match_records(*rows), identifier_rows(*identifiers), key_rows(*keys)

    def rebuild(self) -> Deduplicated:
        """Everything from nothing."""
        return deduplicate(*self.frames(set(self.records), self.records), self.max_block)

    def apply(self, name: str, dump: Dump) -> None:
        """Bring in one dump by way of what it touches."""
        self.dumps[name] = dump
        before, after = self.records, self.current()
        touched = {i for i in before.keys() | after.keys() if before.get(i) != after.get(i)}
        evidence, gone = self._evidence(before, after, touched)
        self.evidence = {
            pair: row for pair, row in self.evidence.items() if pair not in gone and not touched.intersection(pair)
        } | evidence
        asked = touched.union(*gone, *evidence)
        linked = self._linked(asked) & after.keys()
        records, _, _ = self.frames(linked, after)
        rows = [row for pair, row in self.evidence.items() if linked.issuperset(pair)]
        self.records = after
        self._write(linked | (touched - after.keys()), group(records, pa.Table.from_pylist(rows, WORK_EVIDENCE)))

    def _evidence(
        self, before: dict[int, Any], after: dict[int, Any], touched: set[int]
    ) -> tuple[dict[Pair, dict[str, Any]], set[Pair]]:
        """The evidence that comes with a change of ``touched`` records, and the pairs that are none any more."""
        coming, held = blocking(after, touched & after.keys()), blocking(before, set(before))
        keys = set(coming.key_ids.tolist()) | set(blocking(before, touched & before.keys()).key_ids.tolist())
        held = held.where(np.isin(held.key_ids, ids(keys)))
        found = increment(lambda: iter([coming]), held, ids(touched), self.max_block)
        pairs = set(zip(found.a.tolist(), found.b.tolist(), strict=True))
        records, identifiers, work_keys = self.frames(set().union(*pairs), after)
        judged = judge(records, identifiers, work_keys, found.a, found.b)
        every = blocking(after, set(after))
        under_narrowed = sorted(
            pair
            for pair in self.evidence
            if not touched.intersection(pair)
            and any(set(pair) <= set(held.record_ids[held.key_ids == key].tolist()) for key in found.narrowed)
        )
        a, b = (np.array([pair[i] for pair in under_narrowed], dtype=np.int64) for i in (0, 1))
        stays = are_candidates(a, b, every, every, self.max_block)
        gone = {pair for pair, kept in zip(under_narrowed, stays.tolist(), strict=True) if not kept}
        return {(row["record_id_a"], row["record_id_b"]): row for row in judged.to_pylist()}, gone

    def _linked(self, wanted: set[int]) -> set[int]:
        """The records, the members of their works, and all that accepted evidence links with them."""
        works = {self.assignments[i]["work_id"] for i in wanted & self.assignments.keys()}
        linked = wanted | {i for i, row in self.assignments.items() if row["work_id"] in works}
        links = [set(pair) for pair, row in self.evidence.items() if row["verdict"] != "different"]
        while more := [pair for pair in links if len(pair & linked) == 1]:
            linked = linked.union(*more)
        return linked

    def _write(self, wanted: set[int], result: Grouped) -> None:
        before_ids = {
            level: {self.assignments[i][f"{level}_id"] for i in wanted & self.assignments.keys()}
            for level in ("publication", "work")
        }
        for table, level, rows in (
            (self.publications, "publication", result.publications),
            (self.works, "work", result.works),
        ):
            for former in before_ids[level]:
                table.pop(former, None)
            table |= {row[f"{level}_id"]: row for row in rows.to_pylist()}
        for record_id in wanted:
            self.assignments.pop(record_id, None)
        self.assignments |= {row["record_id"]: row for row in result.assignments.to_pylist()}
        live = {"publication": self.publications, "work": self.works}
        for row in result.redirects.to_pylist():
            assert row["old_id"] in before_ids[row["level"]]
            assert row["old_id"] not in live[row["level"]]
            assert row["new_id"] in live[row["level"]]
            self.redirects[row["level"], row["old_id"]] = row["new_id"]
        self.redirects = {key: new for key, new in self.redirects.items() if key[1] not in live[key[0]]}


def blocking(records: dict[int, dict[str, Any]], wanted: set[int]) -> KeyRows:
    """The rows of some records' keys, but UT."""
    rows = [(i, stable_id(key)) for i in sorted(wanted) for key in records[i]["keys"] if not key.startswith("UT")]
    return KeyRows(*(np.array([row[i] for row in rows], dtype=np.int64) for i in (0, 1)))
