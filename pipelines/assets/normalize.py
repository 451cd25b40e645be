"""Normalise: Solr documents -> the frames of the warehouse's tables, all ids final."""

from collections.abc import Iterator
from typing import Any, Final

import dagster as dg
from sqlalchemy import Table

from pipelines import stages
from pipelines.assets import checks, describe
from pipelines.assets.partitions import DUMPS, dump_of
from pipelines.assets.resources import STAGE_OF, ProgressResource, WarehouseResource
from pipelines.parts import Parts
from pipelines.records import HASHED_RECORDS, RECORD_AUTHORS, RECORD_IDENTIFIERS, RECORD_LINKS, RECORD_WORK_KEYS
from pipelines.warehouse import tables

#: Each asset: its frame, its schema, what it is, the columns of its sample.
_FRAMES: Final = {
    "normalized_records": (
        "records", HASHED_RECORDS,
        "Records with clean text, languages as ISO 639-3, years and dates, and hashes by which changes are told.",
        ["source_record_id", "title", "publication_year", "publication_kind", "language", "doi"],
    ),
    "record_authors": (
        "record_authors", RECORD_AUTHORS,
        "Credits: which heading stands in which record, in which place and role.",
        ["position", "author_id", "role", "name_as_written"],
    ),
    "record_links": (
        "record_links", RECORD_LINKS,
        "URLs in their canonical form, by kind and host; broken ones flagged.",
        ["position", "url", "kind", "host", "is_valid"],
    ),
    "record_identifiers": (
        "record_identifiers", RECORD_IDENTIFIERS,
        "DOI, PMID, PMCID, arXiv, ISBN, ISSN …: validated; wrong ones with the reason.",
        ["scheme", "value", "source_field", "is_valid", "invalid_reason"],
    ),
    "record_work_keys": (
        "record_work_keys", RECORD_WORK_KEYS,
        "Work keys, given by the catalogue or computed by VuFind's rule.",
        ["kind", "key", "origin"],
    ),
}  # fmt: skip


def _table_of(frame: str) -> Table:
    """The table of the warehouse that a frame goes to; only links have lost their prefix there."""
    return tables.metadata.tables[f"catalog.{'links' if frame == 'record_links' else frame}"]


@dg.multi_asset(
    partitions_def=DUMPS,
    group_name="normalize",
    outs={
        name: dg.AssetOut(
            io_manager_key="parts",
            description=description,
            kinds={"parquet", "pandas"},
            owners=["team:catalogue"],
            metadata=describe.column_schema(schema, _table_of(frame)),
        )
        for name, (frame, schema, description, _) in _FRAMES.items()
    },
    check_specs=[
        checks.spec("normalized_records", "keys_are_unique", "Every primary key stands once"),
        checks.spec("record_authors", "no_orphans", "Every row belongs to a record, every credit to a heading"),
    ],
)
def normalized_frames(
    context: dg.AssetExecutionContext,
    raw_records: Parts,
    warehouse: dg.ResourceParam[WarehouseResource],
    progress: dg.ResourceParam[ProgressResource],
) -> Iterator[Any]:
    """Normalise one dump."""
    parts = warehouse.home.parts(STAGE_OF["normalized_records"], context.partition_key)
    source = dump_of(context.partition_key, "").source
    manifest = stages.normalize(raw_records, parts, source, progress.reporter(context))
    for name, (frame, _, _, columns) in _FRAMES.items():
        yield dg.Output(parts, output_name=name, metadata=describe.normalized(manifest, parts, frame, columns))
    yield checks.keys_are_unique(manifest)
    yield checks.no_orphans(manifest)
