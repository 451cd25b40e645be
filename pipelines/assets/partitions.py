"""One dump is one partition, ``source/dump``."""

from __future__ import annotations

from typing import Final

import dagster as dg

from pipelines.warehouse.changes import Dump

DUMPS: Final = dg.DynamicPartitionsDefinition(name="dumps")


def dump_of(partition: str, kind: str) -> Dump:
    """The dump that a partition key names."""
    source, _, name = partition.partition("/")
    return Dump(source, name, kind)
