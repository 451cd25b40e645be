"""A clock that was set back: loads are told apart by their versions, dumps by their names, processes by the kernel."""

from __future__ import annotations

import psutil
import pytest

from pipelines.orphans import process_tags
from tests.faults.conftest import Databases


def test_a_load_whose_clock_is_behind_that_of_the_last_load_ends_as_any(databases: Databases):
    expected = databases.undisturbed("2020", "2021")
    with databases.copy("2020") as struck:
        struck.rows("UPDATE ops.loads SET loaded_at = loaded_at + interval '2 years'")
        struck.rows("UPDATE ops.dumps SET loaded_at = loaded_at + interval '2 years'")
        struck.rows("UPDATE catalog.records SET changed_at = changed_at + interval '2 years'")
        struck.take_road()
        assert (struck.state(), struck.files()) == expected
        assert struck.rows("SELECT DISTINCT dump FROM reporting.last_changes") == [("2021",)]
        assert struck.rows("SELECT name FROM ops.dumps JOIN ops.loads USING (dump_id) ORDER BY warehouse_version") == [
            ("2020",),
            ("2021",),
        ]


def test_a_process_is_known_again_after_the_clock_was_set(monkeypatch: pytest.MonkeyPatch):
    """psutil counts from the moment at which the machine was started, which moves with the clock."""
    before = process_tags("a run")
    monkeypatch.setattr(psutil.Process, "create_time", lambda _: 86_400.0)
    assert process_tags("a run") == before
