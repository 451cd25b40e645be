"""The warehouse as far as matching goes, in memory: what SQL does there, written with sets and dicts.

It applies dumps one by one by the rule of :mod:`pipelines.works.deduplicate` and never looks at more than the
neighbourhood of what changed.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from matching_frames import identifier_rows, key_rows, match_records

from pipelines.records import WORK_EVIDENCE, stable_id
from pipelines.works.deduplicate import Deduplicated, deduplicate

#: A record as a dump delivers it: its description, keys and identifiers; None where the dump deletes it.
Content = dict[str, Any] | None
Dump = dict[int, Content]


class WarehouseModel:
    """Current records by id, and the tables of matching as dicts of rows."""

    def __init__(self, max_block: int) -> None:
        self.max_block = max_block
        self.dumps: dict[str, Dump] = {}
        self.records: dict[int, dict[str, Any]] = {}
        self.evidence: dict[tuple[int, int], dict[str, Any]] = {}
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

    def run(self, ids: set[int], records: dict[int, dict[str, Any]], **options: Any) -> Deduplicated:
        """Call the product on some records, with the ids they have so far."""
        rows, keys, identifiers = [], [], []
        for record_id in sorted(ids):
            description = dict(records[record_id])
            keys += [(record_id, key) for key in description.pop("keys")]
            identifiers += [(record_id, "doi", value) for value in description.pop("dois")]
            former = {name: self.assignments.get(record_id, {}).get(name) for name in ("publication_id", "work_id")}
            rows.append(description | {"record_id": record_id} | former)
        frames = match_records(*rows), identifier_rows(*identifiers), key_rows(*keys)
        return deduplicate(*frames, max_block=self.max_block, **options)

    def rebuild(self) -> Deduplicated:
        """Everything from nothing."""
        return self.run(set(self.records), self.records)

    def apply(self, name: str, dump: Dump) -> None:
        """Bring in one dump by way of the neighbourhood it touches."""
        self.dumps[name] = dump
        before, after = self.records, self.current()
        touched = {i for i in before.keys() | after.keys() if before.get(i) != after.get(i)}
        keys = {key for state in (before, after) for i in touched & state.keys() for key in state[i]["keys"]}
        holders = {i for i, record in after.items() if keys & set(record["keys"])}
        works = {self.assignments[i]["work_id"] for i in (touched | holders) & self.assignments.keys()}
        members = {i for i, row in self.assignments.items() if row["work_id"] in works}
        neighbourhood = self._linked(touched | holders | members) & after.keys()
        standing = [row for pair, row in self.evidence.items() if neighbourhood.issuperset(pair)]
        result = self.run(
            neighbourhood,
            after,
            standing=pa.Table.from_pylist(standing, schema=WORK_EVIDENCE),
            touched_keys=pa.array([stable_id(key) for key in sorted(keys)], pa.int64()),
        )
        self.records = after
        self._write(neighbourhood | (touched - after.keys()), result)

    def _linked(self, ids: set[int]) -> set[int]:
        """The records, and all that accepted evidence links with them."""
        links = [set(pair) for pair, row in self.evidence.items() if row["verdict"] != "different"]
        while more := [pair for pair in links if len(pair & ids) == 1]:
            ids = ids.union(*more)
        return ids

    def _write(self, ids: set[int], result: Deduplicated) -> None:
        before_ids = {
            level: {self.assignments[i][f"{level}_id"] for i in ids & self.assignments.keys()}
            for level in ("publication", "work")
        }
        self.evidence = {
            pair: row
            for pair, row in self.evidence.items()
            if not (ids.issuperset(pair) or not self.records.keys() >= set(pair))
        }
        self.evidence |= {(row["record_id_a"], row["record_id_b"]): row for row in result.evidence.to_pylist()}
        for table, level, rows in (
            (self.publications, "publication", result.publications),
            (self.works, "work", result.works),
        ):
            for former in before_ids[level]:
                table.pop(former, None)
            table |= {row[f"{level}_id"]: row for row in rows.to_pylist()}
        for record_id in ids:
            self.assignments.pop(record_id, None)
        self.assignments |= {row["record_id"]: row for row in result.assignments.to_pylist()}
        live = {"publication": self.publications, "work": self.works}
        for row in result.redirects.to_pylist():
            assert row["old_id"] in before_ids[row["level"]]
            assert row["old_id"] not in live[row["level"]]
            assert row["new_id"] in live[row["level"]]
            self.redirects[row["level"], row["old_id"]] = row["new_id"]
        self.redirects = {key: new for key, new in self.redirects.items() if key[1] not in live[key[0]]}
