"""The sensor: every new or changed dump under the dumps root gets one run, whatever happens in between."""

import os
import shutil
import time
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterInstance

from pipelines.assets import automation
from pipelines.assets.automation import new_dumps
from pipelines.definitions import defs


class Watch:
    """The sensor with its cursor, tick by tick, as the daemon runs it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cursor: str | None = None
        self.partitions: set[str] = set()

    def put(self, dump: str, text: str = "{}\n", age: float = 3600) -> None:
        path = self.root / dump
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (time.time() - age,) * 2)

    def tick(self) -> dg.SensorResult | dg.SkipReason:
        with DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(instance, cursor=self.cursor, definitions=defs)
            answer = new_dumps(context)
        assert isinstance(answer, dg.SensorResult | dg.SkipReason)
        if isinstance(answer, dg.SensorResult):
            self.cursor = answer.cursor
            for request in answer.dynamic_partitions_requests or []:
                self.partitions.update(request.partition_keys)
        return answer

    def asked(self) -> list[str]:
        """The partitions that a tick asks a run of."""
        answer = self.tick()
        return [str(each.partition_key) for each in answer.run_requests or []] if _asks(answer) else []


def _asks(answer: dg.SensorResult | dg.SkipReason) -> bool:
    return isinstance(answer, dg.SensorResult)


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    monkeypatch.setenv("VUFIND_WAREHOUSE_DUMPS", str(tmp_path / "dumps"))
    return Watch(tmp_path / "dumps")


def test_without_a_dumps_root_it_says_where_to_put_dumps(watch: Watch) -> None:
    answer = watch.tick()
    assert isinstance(answer, dg.SkipReason)
    assert str(watch.root) in str(answer.skip_message)


def test_each_new_dump_is_asked_for_once_in_the_order_of_names(watch: Watch) -> None:
    watch.put("city/2024-02-01.jsonl")
    watch.put("city/2024-01-01.jsonl")
    watch.put("abbey/2024-03-01.jsonl.gz")
    assert watch.asked() == ["abbey/2024-03-01", "city/2024-01-01", "city/2024-02-01"]
    assert watch.partitions == {"abbey/2024-03-01", "city/2024-01-01", "city/2024-02-01"}
    assert watch.asked() == []
    watch.put("city/2024-03-01.jsonl")
    assert watch.asked() == ["city/2024-03-01"]


def test_a_run_is_told_the_path_and_nothing_else(watch: Watch) -> None:
    watch.put("city/2024-01-01.jsonl")
    answer = watch.tick()
    assert isinstance(answer, dg.SensorResult) and answer.run_requests
    [request] = answer.run_requests
    config = request.run_config["ops"]["raw_records"]["config"]
    assert config == {"path": str(watch.root / "city" / "2024-01-01.jsonl")}


@pytest.mark.parametrize("change", ["other bytes", "touched", "a page more"])
def test_a_changed_dump_is_asked_for_again(watch: Watch, change: str) -> None:
    watch.put("city/2024-01-01.jsonl")
    pages = "clinic/2024-01-01/one.txt"
    watch.put(pages, "Title\nStaff View\nField | Value |\nid | 1 |\n")
    first = watch.tick()
    if change == "a page more":
        watch.put("city/2024-01-01.jsonl", "{}\n{}\n", age=1800)
    else:
        watch.put("city/2024-01-01.jsonl", "{} \n" if change == "other bytes" else "{}\n", age=1800)
    second = watch.tick()
    assert isinstance(first, dg.SensorResult) and isinstance(second, dg.SensorResult)
    assert [each.partition_key for each in second.run_requests or []] == ["city/2024-01-01"]


def test_a_dump_that_is_laid_back_as_it_was_is_asked_for_again(watch: Watch) -> None:
    """The daemon passes over a run key that it has had."""
    keys = []
    laid = time.time() - 7200
    for text, at in (("{}\n", laid), ("{} \n", laid + 60), ("{}\n", laid)):
        watch.put("city/2024-01-01.jsonl", text)
        os.utime(watch.root / "city/2024-01-01.jsonl", (at, at))
        answer = watch.tick()
        assert isinstance(answer, dg.SensorResult)
        keys += [each.run_key for each in answer.run_requests or []]
    assert keys == [None, None, None]


def test_a_dump_that_is_still_being_written_waits(watch: Watch) -> None:
    watch.put("city/2024-01-01.jsonl", age=0)
    answer = watch.tick()
    assert isinstance(answer, dg.SkipReason) and "still being written" in str(answer.skip_message)
    watch.put("city/2024-01-01.jsonl", age=automation.SETTLED_AFTER + 1)
    assert watch.asked() == ["city/2024-01-01"]


def test_a_date_in_the_future_does_not_keep_a_dump_out(watch: Watch) -> None:
    watch.put("city/2024-01-01.jsonl", age=-86400)
    assert watch.asked() == ["city/2024-01-01"]


def test_a_tick_asks_for_so_many_and_the_next_for_the_rest(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automation, "RUNS_A_TICK", 2)
    for day in range(1, 6):
        watch.put(f"city/2024-01-0{day}.jsonl")
    ticks = [watch.asked() for _ in range(4)]
    assert [len(asked) for asked in ticks] == [2, 2, 1, 0]
    assert [dump for asked in ticks for dump in asked] == [f"city/2024-01-0{day}" for day in range(1, 6)]


def test_a_dump_that_was_taken_away_is_not_asked_for(watch: Watch) -> None:
    watch.put("city/2024-01-01.jsonl")
    watch.asked()
    shutil.rmtree(watch.root / "city")
    assert watch.asked() == []


def test_a_dump_that_goes_while_it_is_looked_at_holds_up_no_other(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.put("abbey/1.json")
    watch.put("city/1.json")
    look = automation._state

    def gone(path: Path) -> automation._State:
        if path.parent.name == "abbey":
            path.unlink(missing_ok=True)
        return look(path)

    monkeypatch.setattr(automation, "_state", gone)
    assert watch.asked() == ["city/1"]


def test_one_bad_entry_holds_up_no_other_and_is_named(watch: Watch) -> None:
    watch.put("city/1.json")
    watch.put("city/1.jsonl")
    watch.put("abbey/2.json")
    (watch.root / "abbey" / "broken").symlink_to(watch.root / "nowhere")
    assert watch.asked() == ["abbey/2"]
    answer = watch.tick()
    assert isinstance(answer, dg.SkipReason) and "city/1.jsonl would be the same dump" in str(answer.skip_message)
