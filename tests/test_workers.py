"""Work in other processes: in order, bounded, and its errors come home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from operator import floordiv, mul

import pytest

from pipelines.workers import worker_count, workers


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE_WORKERS", "2")


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.usefixtures("two_workers")
def test_results_come_in_the_order_of_the_items(inline: bool):
    with workers(inline=inline) as mapped:
        assert list(mapped(partial(mul, 2), range(50))) == list(range(0, 100, 2))
        assert list(mapped(partial(mul, 2), [])) == []


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.usefixtures("two_workers")
def test_an_error_of_a_worker_is_raised_as_it_was_after_the_results_before_it(inline: bool):
    with workers(inline=inline) as mapped:
        results = mapped(partial(floordiv, 12), [3, 2, 0, 1])
        assert [next(results), next(results)] == [4, 6]
        with pytest.raises(ZeroDivisionError):
            next(results)


@pytest.mark.usefixtures("two_workers")
def test_no_more_items_are_under_way_than_there_are_workers_and_one():
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for item in range(100):
            taken += 1
            yield item

    with workers(inline=False) as mapped:
        for done, _ in enumerate(mapped(abs, items()), start=1):
            assert taken - done <= 2 + 1


@pytest.mark.usefixtures("two_workers")
def test_an_error_of_whoever_reads_ends_the_workers():
    with pytest.raises(LookupError), workers(inline=False) as mapped:
        for _ in mapped(abs, range(100)):
            raise LookupError
    with workers(inline=False) as mapped:
        assert list(mapped(abs, [-1])) == [1]


@pytest.mark.parametrize(("chosen", "count"), [("1", 1), ("7", 7), ("0", 1), ("-3", 1)])
def test_the_number_of_workers_can_be_chosen(monkeypatch: pytest.MonkeyPatch, chosen: str, count: int):
    monkeypatch.setenv("WAREHOUSE_WORKERS", chosen)
    assert worker_count() == count


def test_else_there_are_as_many_as_this_process_may_use_cores(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WAREHOUSE_WORKERS", raising=False)
    assert 1 <= worker_count() <= (os.cpu_count() or 1)
