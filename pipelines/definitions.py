"""The Dagster code location: joins everything below it, decides nothing."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.automation import daily_report, ingest_dump, new_dumps, refresh_reporting
from pipelines.assets.deduplicate import work_assignments
from pipelines.assets.extract import raw_records
from pipelines.assets.load import warehouse_tables
from pipelines.assets.normalize import normalized_frames
from pipelines.assets.report import reporting
from pipelines.assets.resources import PartsIOManager, ProgressResource, WarehouseResource
from pipelines.pool import wait_at_rest

wait_at_rest()

defs = dg.Definitions(
    assets=[raw_records, normalized_frames, work_assignments, warehouse_tables, reporting],
    jobs=[ingest_dump, refresh_reporting],
    sensors=[new_dumps],
    schedules=[daily_report],
    resources={"warehouse": WarehouseResource(), "progress": ProgressResource(), "parts": PartsIOManager()},
    executor=dg.in_process_executor,
)
