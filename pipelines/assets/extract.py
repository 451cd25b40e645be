"""Extract: a dump -> its Solr documents, and what of it could not be read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import dagster as dg

from pipelines import stages
from pipelines.assets import checks, describe
from pipelines.assets.partitions import DUMPS
from pipelines.assets.resources import STAGE_OF, ProgressResource, WarehouseResource
from pipelines.dumps import find_dumps
from pipelines.parts import Parts
from pipelines.records import RAW_RECORDS


class DumpConfig(dg.Config):
    """Which dump to read, where the dumps root does not say."""

    path: str = ""
    kind: Literal["delta", "full"] = "delta"


@dg.asset(
    partitions_def=DUMPS,
    group_name="extract",
    kinds={"parquet"},
    owners=["team:catalogue"],
    io_manager_key="parts",
    metadata=describe.column_schema(RAW_RECORDS),
    check_specs=[checks.spec("raw_records", "quarantine_is_small", "Little is quarantined beside what could be read")],
)
def raw_records(
    context: dg.AssetExecutionContext, config: DumpConfig, warehouse: WarehouseResource, progress: ProgressResource
) -> Iterator[Any]:
    """Solr documents of one dump as they were delivered, every field kept, with file and byte offset."""
    parts = warehouse.home.parts(STAGE_OF["raw_records"], context.partition_key)
    path = Path(config.path) if config.path else _path_of(warehouse, context.partition_key, parts)
    manifest = stages.extract(path, config.kind, parts, progress.reporter(context))
    yield dg.Output(parts, metadata=describe.extracted(manifest, parts))
    yield checks.quarantine_is_small(manifest)


def _path_of(warehouse: WarehouseResource, partition: str, parts: Parts) -> Path:
    """Where the dump of a partition lies: under the dumps root, else where it was read from last."""
    root = warehouse.home.dumps
    if root.is_dir():
        for dump in find_dumps(root):
            if dump.partition == partition:
                return dump.path
    known = parts.manifest_if_whole()
    if known is None:
        raise dg.Failure(
            f"{partition}: no such dump under {root}; put it there, or name its path in the run's configuration",
            allow_retries=False,
        )
    return Path(known["path"])
