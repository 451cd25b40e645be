"""The verdict on two records, for the tests of evidence."""

from typing import Any

import numpy as np
from matching_frames import identifier_rows, match_records

from pipelines.works.comparands import comparands
from pipelines.works.evidence import decide

Identifiers = list[tuple[int, str, str]]


UNRELATED = (None, None)
DECOYS = [
    {"title": "No such thing as a free lunch", "author_names": ["Poe, E."], "container_title": container}
    for container in ("Proceedings Data Engineering", "Proc. VLDB", "Records of toads")
]


def judge(
    a: dict[str, Any], b: dict[str, Any], identifiers: Identifiers = (), *, share_a_work_key: bool = False
) -> tuple[str | None, str | None]:
    """Verdict and rule, checked not to depend on the order of the pair nor on other records."""
    work_keys = np.array([[0, 0], [1, 0]]) if share_a_work_key else None
    known = comparands(match_records(a, b), identifier_rows(*identifiers), work_keys)
    first, second = np.array([0, 1]), np.array([1, 0])
    verdicts = decide(known, first, second)
    assert verdicts.rules[0] == verdicts.rules[1], "a verdict must not depend on the order of the pair"
    assert verdicts.scores[0] == verdicts.scores[1]
    moved = [(number + 3, scheme, value) for number, scheme, value in identifiers]
    others = match_records(*DECOYS, b, a)
    swapped = [(9 - number, scheme, value) for number, scheme, value in moved]
    keys = np.array([[3, 0], [4, 0]]) if share_a_work_key else None
    again = decide(comparands(others, identifier_rows(*swapped), keys), np.array([3]), np.array([4]))
    assert again.rules[0] == verdicts.rules[0], "a verdict must not depend on other records"
    assert (0 < verdicts.scores[0] <= 1) == verdicts.related()[0]
    return verdicts.column("verdict")[0].as_py(), verdicts.column("name")[0].as_py()


def titled(title: str, **columns: Any) -> dict[str, Any]:
    """Columns of a record of the year 2000."""
    return {"title": title, "publication_year": 2000} | columns


ONE, TWO = ["Doe, Jane"], ["Doe, Jane", "Roe, Richard"]
THREE = [*TWO, "Poe, Edgar"]
JOURNAL = {"container_title": "A journal of rats"}
PLACE = {"volume": "3", "start_page": "10-19"}
