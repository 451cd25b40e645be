"""Load: one dump, one transaction, into the tables people query."""

from collections.abc import Iterator
from typing import Any, Final

import dagster as dg
import psycopg2
from sqlalchemy import URL

from pipelines import stages
from pipelines.assets import checks, describe
from pipelines.assets.partitions import DUMPS, dump_of
from pipelines.assets.resources import ProgressResource, WarehouseResource
from pipelines.parts import Parts
from pipelines.warehouse.connection import WarehouseError
from pipelines.warehouse.status import work_key_profile
from pipelines.warehouse.tables import catalog
from pipelines.warehouse.words import refresh_words

#: Each asset: the table it is, and the frames that its rows come from.
_TABLES: Final = {
    "records": (
        catalog.records,
        {"raw_records", "normalized_records", "record_identifiers", "record_work_keys", "work_assignments"},
    ),
    "authors": (catalog.authors, {"record_authors"}),
    "links": (catalog.links, {"record_links"}),
    "publications": (catalog.publications, {"work_assignments"}),
    "works": (catalog.works, {"work_assignments"}),
}


@dg.multi_asset(
    partitions_def=DUMPS,
    group_name="load",
    pool="warehouse",
    outs={
        name: dg.AssetOut(
            dagster_type=dg.Nothing,
            description=f"{table.comment}.",
            kinds={"postgres", "table"},
            owners=["team:catalogue"],
            metadata=describe.table_schema(table),
        )
        for name, (table, _) in _TABLES.items()
    },
    ins={name: dg.AssetIn() for name in ("raw_records", "normalized_records", "work_assignments")},
    deps=["record_authors", "record_links", "record_identifiers", "record_work_keys"],
    internal_asset_deps={name: {dg.AssetKey(frame) for frame in frames} for name, (_, frames) in _TABLES.items()},
    check_specs=[
        checks.spec(
            "records",
            "work_keys_follow_a_profile",
            "The work keys that the dump brings are made by known rules, and by the same as before",
            blocking=False,
        )
    ],
)
def warehouse_tables(
    context: dg.AssetExecutionContext,
    raw_records: Parts,
    normalized_records: Parts,
    work_assignments: Parts,
    warehouse: dg.ResourceParam[WarehouseResource],
    progress: dg.ResourceParam[ProgressResource],
) -> Iterator[Any]:
    """Load one dump: new and changed records, their credits and links, publications and works."""
    dump = dump_of(context.partition_key, raw_records.manifest()["kind"])
    report = progress.reporter(context)
    with warehouse.url(context) as url:
        outcome = stages.load(url, raw_records, normalized_records, work_assignments, dump, report)
        profile = work_key_profile(url, dump.source, dump.name)
        report(stages.Progress("load", "making words for search", outcome.counts.records_read, 0, 0))
        _make_words(context, url)
    figures = describe.counts(outcome.counts)
    common = {"warehouse version": outcome.warehouse_version, "already in the warehouse": outcome.is_repetition}
    for name in _TABLES:
        rows = {"dagster/row_count": figures[name]} if name in figures else {}
        yield dg.Output(None, output_name=name, metadata={**common, **figures, **rows})
    yield checks.work_keys_follow_a_profile(profile)


def _make_words(context: dg.AssetExecutionContext, url: URL) -> None:
    """Make the words for search that the load has made due.

    What fails here undoes no load, and the asset ``reporting`` makes them later.
    """
    try:
        refresh_words(url)
    except (psycopg2.Error, WarehouseError) as error:
        context.log.warning("words for search were not made, and searches are slower until they are: %s", error)
