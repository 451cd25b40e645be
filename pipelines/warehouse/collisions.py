"""Two natural keys under one computed id: never seen, and never to be overlooked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pipelines.warehouse.connection import WarehouseError


def refuse_collisions(what: str, ids: Collection[Any]) -> None:
    """Raise :class:`WarehouseError` where there are ids of ``what`` that two natural keys have."""
    if len(ids):
        some = ", ".join(map(str, sorted(ids)[:5]))
        raise WarehouseError(
            f"two natural keys have the same id: {what} {some}; nothing was loaded; please report these ids"
        )
