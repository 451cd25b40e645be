"""The road as a fixture."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.road import Road


@pytest.fixture
def road(warehouse_url: str) -> Iterator[Road]:
    """A road into a new warehouse."""
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-road-") as folder:
        yield Road.into(warehouse_url, Path(folder))
