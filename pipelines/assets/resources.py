"""What assets need from outside: where everything lies, whom to tell how far they are, and their frames.

Plain objects: there is nothing to configure in Dagster, the environment says it all.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import dagster as dg
import psycopg2
from sqlalchemy import URL

from pipelines.home import Home
from pipelines.orphans import say_where_it_runs
from pipelines.parts import Parts
from pipelines.stages import Progress, Report
from pipelines.warehouse.connection import UnreachableError, WarehouseError
from pipelines.warehouse.faults import explained, may_pass
from pipelines.warehouse.interrupts import was_interrupted

#: The stage whose parts hold an asset's frames.
STAGE_OF: Final = {
    "raw_records": "raw",
    "normalized_records": "normalized",
    "record_authors": "normalized",
    "record_links": "normalized",
    "record_identifiers": "normalized",
    "record_work_keys": "normalized",
    "work_assignments": "planned",
}

#: Seconds between two lines of progress in a run's log.
LOG_EVERY: Final = 5.0

#: Seconds before each further try of a step whose fault may pass.
RETRY_AFTER: tuple[float, ...] = (1.0, 10.0, 30.0)


class WarehouseResource:
    """The warehouse and its home, as the environment names them; no secret is part of any configuration."""

    @property
    def home(self) -> Home:
        """Where everything lies."""
        return Home.here()

    @contextmanager
    def url(self, context: dg.AssetExecutionContext) -> Iterator[URL]:
        """The URL of the running warehouse. A fault that may pass asks Dagster to try the step again, a few times.

        Raises :class:`~pipelines.warehouse.connection.WarehouseError` for every other error of the database, and when
        the tries are used up: it says what happened and what to do.
        """
        say_where_it_runs(context.instance, context.run)
        try:
            with self.home.warehouse(context.log.info) as url:
                yield url
        except (psycopg2.Error, UnreachableError) as error:
            if was_interrupted():
                raise KeyboardInterrupt from error
            what, tries = explained(error), context.retry_number + 1
            if not may_pass(error):
                raise WarehouseError(what) from error
            if tries > len(RETRY_AFTER):
                raise WarehouseError(f"{what} (tried {tries} times)") from error
            wait = RETRY_AFTER[tries - 1]
            context.log.warning("%s; trying again in %.0f s", what, wait)
            fault = WarehouseError(what)
            fault.__cause__ = error
            raise dg.RetryRequested(max_retries=len(RETRY_AFTER), seconds_to_wait=wait) from fault


class ProgressResource:
    """Tells how far a stage is: here in the run's log, in the command on the screen."""

    def reporter(self, context: dg.AssetExecutionContext) -> Report:
        """A function that the stages call as often as they like."""
        say_where_it_runs(context.instance, context.run)
        last = time.monotonic()

        def report(progress: Progress) -> None:
            nonlocal last
            if time.monotonic() - last >= LOG_EVERY:
                last = time.monotonic()
                share = f", {progress.done / progress.total:.0%}" if progress.total else ""
                context.log.info("%s: %s, %s records%s", progress.stage, progress.doing, f"{progress.records:,}", share)

        return report


class PartsIOManager(dg.IOManager):
    """Hands frames from one asset to the next as Parquet parts, in a local folder or an object store.

    An asset's stage has written its parts before it returns them; what is kept here is where they lie, and
    they are only handed on whole.
    """

    def handle_output(self, context: dg.OutputContext, obj: Parts) -> None:
        """Check that the parts are whole."""
        obj.manifest()
        context.add_output_metadata({"frames": dg.MetadataValue.path(obj.uri)})

    def load_input(self, context: dg.InputContext) -> Parts:
        """The parts of the upstream asset's stage, for the same dump. Raises PartsError where they are not whole."""
        parts = Home.here().parts(STAGE_OF[context.asset_key.path[-1]], context.partition_key)
        parts.manifest()
        return parts
