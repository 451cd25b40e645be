"""What the environment says of a load, looked at before anything is read: else it is refused when all is done."""

from __future__ import annotations

from pipelines.warehouse.record_changes import days_kept
from pipelines.warehouse.shrinkage import shrink_limit
from pipelines.workers import worker_count


def check_variables() -> None:
    """Raise :class:`~pipelines.warehouse.connection.WarehouseError` that names the first that cannot be used."""
    worker_count()
    days_kept()
    shrink_limit()
