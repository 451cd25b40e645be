"""A job to run in this process: an instance of Dagster that forgets, a home that is removed, a real Postgres."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg2
import pytest
from dagster import DagsterInstance, ExecuteInProcessResult

from pipelines.definitions import defs


@dataclass(frozen=True)
class Road:
    """The job of one dump, from a file to the tables."""

    instance: DagsterInstance
    home: Path
    url: str

    def ingest(self, partition: str, **config: str) -> ExecuteInProcessResult:
        """Run the job of a partition; ``config`` is that of raw_records."""
        self.instance.add_dynamic_partitions("dumps", [partition])
        return defs.resolve_job_def("ingest_dump").execute_in_process(
            instance=self.instance,
            partition_key=partition,
            raise_on_error=False,
            run_config={"ops": {"raw_records": {"config": config}}},
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg2.connect(self.url.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def metadata(self, asset: str) -> dict[str, Any]:
        """The metadata of the newest materialization of an asset."""
        event = self.instance.get_latest_materialization_event(dg.AssetKey(asset))
        assert event is not None and event.asset_materialization is not None, f"{asset} was not materialized"
        return {name: value.value for name, value in event.asset_materialization.metadata.items()}

    def materialized(self, asset: str) -> bool:
        return self.instance.get_latest_materialization_event(dg.AssetKey(asset)) is not None


@pytest.fixture
def road(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    monkeypatch.setenv("WAREHOUSE_URL", warehouse_url)
    monkeypatch.setenv("VUFIND_WAREHOUSE_HOME", str(tmp_path / "home"))
    for name in ("VUFIND_WAREHOUSE_DUMPS", "VUFIND_WAREHOUSE_FRAMES", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    with DagsterInstance.ephemeral() as instance:
        yield Road(instance, tmp_path / "home", warehouse_url)


@pytest.fixture
def make_dump(tmp_path: Path) -> Callable[..., Path]:
    """Write a dump of ``documents`` and ``broken`` lines that are no JSON; returns its path."""

    def make(name: str, documents: list[dict[str, Any]], broken: int = 0) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(document) for document in documents] + ["{broken"] * broken
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return make


@pytest.fixture
def documents() -> Callable[[int], list[dict[str, Any]]]:
    """Any number of Solr documents, all of different works."""

    def make(count: int) -> list[dict[str, Any]]:
        return [
            {"id": f"b{n}", "title": f"Tides of harbour {n}", "author": [f"Person{n}, Ada"], "publishDate": ["1999"]}
            for n in range(count)
        ]

    return make
