"""How much of a catalogue a full dump would end, and how much it may end unasked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from pipelines.warehouse.connection import WarehouseError

#: Says which share of a catalogue's living records a full dump may end, from 0 to 1.
LIMIT_VARIABLE: Final = "WAREHOUSE_SHRINK_LIMIT"
DEFAULT_LIMIT: Final = 0.1


@dataclass(frozen=True)
class Shrinkage:
    """Of a full dump: how many records of its source are ``living``, and how many of them it is ``lacking``.

    Records that the dump says to be deleted are not lacking. Nothing is for a delta.
    """

    living: int = 0
    lacking: int = 0


def shrink_limit() -> float:
    """The share that a full dump may end; raises :class:`WarehouseError` where the variable holds no share."""
    given = os.environ.get(LIMIT_VARIABLE) or str(DEFAULT_LIMIT)
    try:
        limit = float(given)
    except ValueError:
        limit = -1.0
    if not 0 <= limit <= 1:
        raise WarehouseError(f"{LIMIT_VARIABLE} must be a share from 0 to 1, such as {DEFAULT_LIMIT}, and is {given!r}")
    return limit


def too_much_shrunk(shrinkage: Shrinkage, allowed: bool) -> str | None:
    """What is wrong with a full dump that would end more than the limit, and what to do; None where nothing is.

    ``allowed`` says that a person has allowed it.
    """
    limit = shrink_limit()
    if allowed or shrinkage.lacking <= limit * shrinkage.living:
        return None
    # The living are told by counts, which may have been spoilt by hand.
    living = max(shrinkage.living, shrinkage.lacking)
    share = shrinkage.lacking / living
    return (
        f"this full dump lacks {shrinkage.lacking:,} of the {living:,} living records of its source "
        f"({share:.0%}, more than the {limit:.0%} that may end unasked): if they are really gone, ingest it with "
        "--allow-shrink; if the dump is a part of the catalogue, with --kind delta (in the UI, the configuration of "
        "raw_records: allow_shrink: true, or kind: delta)"
    )
