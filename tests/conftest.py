"""Settings every test shares."""

import gc
import os

from hypothesis import settings

pytest_plugins = ["tests.postgres", "tests.ready"]

# Speed is held by benchmarks, never by a test: a slow machine must not fail a rule that is right.
# So many examples that the whole suite stays below CI's limit; where a rule needs more, its test says so.
settings.register_profile("default", deadline=None, max_examples=30)
settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_collection_finish() -> None:
    """What is imported by now stays to the end: no collection has to look through a million objects again."""
    gc.collect()
    gc.freeze()
