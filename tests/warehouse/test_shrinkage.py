"""How much of its catalogue a full dump may end unasked."""

from __future__ import annotations

import pytest

from pipelines.warehouse.shrinkage import Shrinkage, too_much_shrunk


@pytest.mark.parametrize(
    ("living", "lacking", "told"),
    [
        (100, 10, None),
        (100, 11, "lacks 11 of the 100 living records of its source (11%, more than the 10% that may end unasked)"),
        (0, 0, None),
        # Counts that somebody has emptied by hand.
        (0, 5, "lacks 5 of the 5 living records of its source (100%, "),
    ],
)
def test_a_full_dump_that_lacks_too_much_is_refused(living: int, lacking: int, told: str | None):
    said = too_much_shrunk(Shrinkage(living, lacking), allowed=False)
    assert (said is None) if told is None else (said is not None and told in said)
    assert too_much_shrunk(Shrinkage(living, lacking), allowed=True) is None
