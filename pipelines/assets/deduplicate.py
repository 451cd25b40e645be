"""Deduplicate: which record is which publication and which work, against all that the warehouse holds."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines import stages
from pipelines.assets import checks, describe
from pipelines.assets.partitions import DUMPS, dump_of
from pipelines.assets.resources import STAGE_OF, ProgressResource, WarehouseResource
from pipelines.parts import Parts
from pipelines.records import WORK_ASSIGNMENTS, WORK_EVIDENCE
from pipelines.warehouse.plan import Plan
from pipelines.works.clusters import joins


@dg.asset(
    partitions_def=DUMPS,
    group_name="deduplicate",
    kinds={"pandas", "postgres"},
    owners=["team:catalogue"],
    io_manager_key="parts",
    pool="warehouse",
    metadata=describe.column_schema(WORK_ASSIGNMENTS),
    ins={
        "raw_records": dg.AssetIn(),
        "normalized_records": dg.AssetIn(),
        "record_identifiers": dg.AssetIn(),
        "record_work_keys": dg.AssetIn(),
    },
    check_specs=[
        checks.spec("work_assignments", "works_are_plausible", "No work has swallowed a catalogue"),
        checks.spec("work_assignments", "catalogue_does_not_shrink", "A full dump ends no more than it may unasked"),
        checks.spec("work_assignments", "counts_add_up", "Every document read is accounted for"),
    ],
)
def work_assignments(
    context: dg.AssetExecutionContext,
    raw_records: Parts,
    normalized_records: Parts,
    record_identifiers: Parts,
    record_work_keys: Parts,
    warehouse: dg.ResourceParam[WarehouseResource],
    progress: dg.ResourceParam[ProgressResource],
) -> Iterator[Any]:
    """Publications and works of new and changed records and of all they touch, each pair with its evidence.

    The frames of identifiers and work keys lie beside those of the records.
    """
    parts = warehouse.home.parts(STAGE_OF["work_assignments"], context.partition_key)
    extracted = raw_records.manifest()
    dump = dump_of(context.partition_key, extracted["kind"])
    with warehouse.url(context) as url:
        plan = stages.deduplicate(url, raw_records, normalized_records, parts, dump, progress.reporter(context))
    yield dg.Output(parts, metadata=_described(plan, parts))
    yield checks.works_are_plausible(plan)
    yield checks.catalogue_does_not_shrink(plan, extracted)
    yield checks.counts_add_up(plan, extracted, normalized_records.manifest())


def _described(plan: Plan | None, parts: Parts) -> dict[str, Any]:
    seconds = round(parts.manifest()["seconds"], 2)
    if plan is None:
        return {"already in the warehouse": True, "seconds": seconds}
    verdicts = plan.matching.verdicts
    first = next(plan.evidence(), WORK_EVIDENCE.empty_table())
    return {
        "dagster/row_count": len(plan.assignments),
        "seconds": seconds,
        "new": plan.count("new"),
        "changed": plan.count("changed"),
        "unchanged": plan.count("unchanged"),
        "outdated": plan.count("outdated"),
        "ended": len(plan.ended),
        "pairs decided": sum(verdicts.values()),
        **{f"pairs judged {verdict}": count for verdict, count in sorted(verdicts.items())},
        "joined to another": joins(plan.redirects, plan.assignments),
        "sample": describe.sample(first, ["verdict", "rule", "reason", "blocking_key"]),
    }
