"""Dumps in random order under random faults give what a rebuild gives: a short soak; `make soak` runs a long one."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

from tests.end_to_end.road import Road
from tests.faults.conftest import Databases
from tests.faults.soak import Soak, comparable, differences, rebuild, story

#: The seed of the dice; a failing soak says it.
SEED = int(os.environ.get("WAREHOUSE_TEST_SOAK", "7"))


def test_a_few_dumps_in_random_order_under_random_faults_give_what_a_rebuild_gives(
    databases: Databases, warehouse_url: str
):
    dice = random.Random(SEED)  # noqa: S311
    dumps = story(dice, 6)
    with tempfile.TemporaryDirectory() as folder:
        road = Road.into(warehouse_url, Path(folder))
        rebuild(road, dumps)
        with databases.copy() as struck:
            Soak(struck, dice).take(dice.sample(dumps, len(dumps)))
            assert differences(comparable(struck.url), comparable(road.url)) == [], f"seed {SEED}"
