"""How far a stage is, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far a stage is. ``total`` is in the unit of ``done`` (bytes or parts), 0 where it is not known."""

    stage: str
    doing: str
    records: int
    done: int
    total: int


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Report nothing."""
