"""Given names tell two people of one family name apart."""

import pytest

from pipelines.works.given_names import are_of_two, given_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Smith, John Paul", "john paul"),
        ("Kim, Young-ho", "young ho"),
        ("Smith, John P., Jr.", "john p"),
        ("Толстой, Лев", "lev"),
        ("Li, Na", "na"),
        # Initials tell nothing, nor what was lost or divided wrongly.
        ("Ulusoy, ?zg?r", ""),
        ("de Ven, Van", ""),
        ("Smith, J.", ""),
        ("Smith, J. Paul", ""),
        ("Smith, JP", ""),
        ("Smith", ""),
        ("World Health Organization", ""),
    ],
)
def test_full_given_names_are_kept(name: str, key: str):
    assert given_key(name) == key


@pytest.mark.parametrize(
    ("first", "second", "two"),
    [
        ("na", "wei", True),
        ("john", "mary", True),
        ("young ho", "soo mi", True),
        ("john", "james", True),
        ("peter", "paul", True),
        ("jean", "john", False),
        ("michael", "mikhail", False),
        ("alexander", "aleksandr", False),
        ("wei", "wen", False),
        ("john", "james john", False),
        ("john paul", "paul", False),
        ("john p", "paul", False),
        ("carl", "karl", False),
        ("evgenij", "yevgeny", False),
        ("johannes", "ioannes", False),
        ("john", "edward", True),
        ("robert", "bob", False),
    ],
)
def test_names_that_begin_or_go_on_otherwise_are_two(first: str, second: str, two: bool):
    assert are_of_two(first, second) is are_of_two(second, first) is two
