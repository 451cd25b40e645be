"""Settings every test shares."""

import os

from hypothesis import settings

pytest_plugins = ["tests.postgres"]

# Speed is held by benchmarks, never by a test: a slow machine must not fail a rule that is right.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
