"""Extract: a dump -> its Solr documents, and what of it could not be read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import dagster as dg

from pipelines import stages
from pipelines.assets import checks, describe
from pipelines.assets.partitions import DUMPS, dump_of
from pipelines.assets.resources import STAGE_OF, ProgressResource, WarehouseResource
from pipelines.dumps import survey
from pipelines.parts import Parts
from pipelines.readers.addresses import PlaceError
from pipelines.readers.places import Place, place_of, written
from pipelines.readers.reading import DumpError
from pipelines.records import RAW_RECORDS
from pipelines.variables import check_variables
from pipelines.warehouse.connection import WarehouseError, connect
from pipelines.warehouse.history import remembered

AS_BEFORE: Final = "as_before"


class DumpConfig(dg.Config):
    """Which dump to read, where the dumps root does not say, and whether it is all that the catalogue holds.

    ``allow_shrink``: a full dump may end as much of the catalogue as it does.
    """

    path: str = ""
    kind: Literal["as_before", "delta", "full"] = AS_BEFORE
    allow_shrink: bool = False


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
    context: dg.AssetExecutionContext,
    config: DumpConfig,
    warehouse: dg.ResourceParam[WarehouseResource],
    progress: dg.ResourceParam[ProgressResource],
) -> Iterator[Any]:
    """Solr documents of one dump as they were delivered, every field kept, with file and byte offset."""
    try:
        check_variables()
    except WarehouseError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    parts = warehouse.home.parts(STAGE_OF["raw_records"], context.partition_key)
    dump = _place(context, config, warehouse, parts)
    try:
        report = progress.reporter(context)
        manifest = stages.extract(dump.path, dump.kind, parts, report, may_shrink=config.allow_shrink)
    except DumpError as error:
        raise dg.Failure(str(error), metadata={"dump": written(dump.path)}, allow_retries=False) from error
    yield dg.Output(parts, metadata=describe.extracted(manifest, parts))
    yield checks.quarantine_is_small(manifest, _first_quarantined(parts) if manifest["quarantined"] else "")


def _first_quarantined(parts: Parts) -> str:
    """Where the first of what could not be read lies, and why it could not."""
    for _, table in parts.tables("quarantined", ["file", "member", "offset", "reason"]):
        for row in table.slice(0, 1).to_pylist():
            file = " in ".join(each for each in (row["member"], row["file"]) if each)
            return f", the first at byte {row['offset']:,} of {file}: {row['reason']}"
    return ""


class _Place(NamedTuple):
    path: Place
    kind: str


def _place(context: dg.AssetExecutionContext, config: DumpConfig, warehouse: WarehouseResource, parts: Parts) -> _Place:
    """Where the dump of a partition lies and of which kind it is.

    The run's configuration says; else the path is that under the dumps root or where it was read from last, and
    the kind the one it was said to be when it went in last, at first delta.
    """
    path = _given(config.path) if config.path else _under_root(warehouse.home.dumps, context.partition_key)
    kind = None if config.kind == AS_BEFORE else config.kind
    if path and kind:
        return _Place(path, kind)
    # The warehouse alone knows what went in: frames may be of a try that was refused, or gone, or in another home.
    dump = dump_of(context.partition_key, "")
    with warehouse.url(context) as url, connect(url, read_only=True) as connection:
        before = remembered(connection, dump.source, dump.name)
    path = path or _read_from(parts) or (before and _given(before[0]))
    if path is None:
        raise dg.Failure(
            f"{context.partition_key}: no such dump under {warehouse.home.dumps}, and it was never read; "
            "put it there, or name its path in the run's configuration",
            allow_retries=False,
        )
    return _Place(path, kind or (before[1] if before else "delta"))


def _given(path: str) -> Place:
    try:
        return place_of(path)
    except PlaceError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _under_root(root: Path, partition: str) -> Place | None:
    found = survey(root).dumps if root.is_dir() else []
    return next((dump.path for dump in found if dump.partition == partition), None)


def _read_from(parts: Parts) -> Place | None:
    """Where the dump was read from last, whether it went in or not, as its frames say; None where there are none."""
    known = parts.manifest_if_whole()
    return _given(known["path"]) if known else None
