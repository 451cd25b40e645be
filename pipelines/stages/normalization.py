"""The second stage: documents become the frames of the warehouse, part by part."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pyarrow as pa

from pipelines.memory import bounded_memory
from pipelines.normalize.belonging_hashes import belonging_hashes
from pipelines.normalize.columns import one_array
from pipelines.normalize.documents import normalize_documents
from pipelines.parts import Parts
from pipelines.records import HASHED_RECORDS, RECORD_MATCHING_KEYS
from pipelines.stages.progress import Progress, Report, silent
from pipelines.violations import violations
from pipelines.workers import is_small, workers
from pipelines.works.given_work_keys import GivenKeys, check_given_keys
from pipelines.works.match_records import matched_identifiers
from pipelines.works.matching_keys import matching_keys
from pipelines.works.work_keys import record_work_keys

#: Frames that a normalised dump consists of.
NORMALIZED_FRAMES: Final = (
    "records",
    "authors",
    "record_authors",
    "record_links",
    "record_identifiers",
    "record_work_keys",
    "record_matching_keys",
    "deletions",
)


@bounded_memory()
def normalize(raw: Parts, normalized: Parts, source: str, report: Report = silent) -> dict[str, Any]:
    """Normalise every part of an extracted dump into the frames NORMALIZED_FRAMES; returns the manifest."""
    with raw.locked():
        extracted = raw.manifest()
        origin = {"source": source, "sha256": extracted["sha256"], "versions": extracted["versions"]}
        found = normalized.manifest_if_whole()
        if found and all(found[key] == value for key, value in origin.items()):
            return {**found, "reused": True}
        with normalized.making():
            return _normalize(raw, normalized, origin, report)


def _normalize(raw: Parts, normalized: Parts, origin: dict[str, str], report: Report) -> dict[str, Any]:
    began, extracted = time.monotonic(), raw.manifest()
    rows = dict.fromkeys((*NORMALIZED_FRAMES, "repeated"), 0)
    wrong = {"repeated_keys": 0, "orphans": 0}
    given_keys = GivenKeys()
    task = partial(_normalize_part, raw, normalized, origin["source"], datetime.now(UTC).year)
    with workers(inline=is_small(extracted["bytes"])) as mapped:
        for done, (counts, found_wrong, found_given) in enumerate(mapped(task, range(extracted["parts"])), start=1):
            for name, count in counts.items():
                rows[name] += count
            for name, count in found_wrong.items():
                wrong[name] += count
            given_keys += found_given
            report(Progress("normalize", "normalising", rows["records"], done, extracted["parts"]))
    manifest = {
        **origin,
        "parts": extracted["parts"],
        "rows": rows,
        "violations": wrong,
        "given_keys": given_keys.as_json(),
        "seconds": time.monotonic() - began,
    }
    normalized.commit(manifest)
    return manifest


def _normalize_part(
    raw: Parts, normalized: Parts, source: str, this_year: int, part: int
) -> tuple[dict[str, int], dict[str, int], GivenKeys]:
    """Normalise one part and write its frames; runs in a worker.

    Returns the rows of each frame, what is wrong, and how the keys that records bring compare with each profile's.
    """
    documents = raw.read("records", part)
    frames = normalize_documents(documents, source, this_year)
    tables = {name: getattr(frames, name) for name in NORMALIZED_FRAMES if not name.endswith("_keys")}
    record_ids = frames.records.column("record_id")
    tables["record_work_keys"] = record_work_keys(frames.documents, record_ids)
    given_keys = check_given_keys(frames.documents, record_ids, tables["record_work_keys"])
    keys = matching_keys(frames.records, matched_identifiers(frames.record_identifiers))
    tables["record_matching_keys"] = keys.select(["record_id", "work_key_id"]).rename_columns(
        RECORD_MATCHING_KEYS.names
    )
    hashes = belonging_hashes(one_array(record_ids), tables)
    tables["records"] = pa.table([*frames.records.columns, *hashes.values()], schema=HASHED_RECORDS)
    for name, table in tables.items():
        normalized.write(name, part, table)
    rows = {name: table.num_rows for name, table in tables.items()}
    return rows | {"repeated": frames.repeated}, violations(tables), given_keys
