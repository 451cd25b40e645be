"""When two names of journals, books and conferences can be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.containers import (
    Containers,
    compare_containers,
    container_class,
    container_key,
    containers_agree,
    containers_overlap,
)


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        ("J. Biol. Chem.", "Journal of Biological Chemistry", True),
        ("JAMA", "Journal American Medical Association", True),
        ("MIS Quarterly", "MIS Quarterly: Management Information Systems", True),
        ("Cancer", "Lancet", False),
        # The letter of a series is part of the name.
        ("Physical Review A", "Physical Review E", False),
        ("Physical Review A", "Phys. Rev. A", True),
        ("A Journal of the Plague", "Journal of the Plague", True),
        ("Proceedings of the 4th Workshop", "Proceedings of the 5th Workshop", False),
    ],
)
def test_a_container_may_be_abbreviated(first: str, second: str, agree: bool):
    assert containers_agree(container_key(first), container_key(second)) is agree
    assert containers_agree(container_key(second), container_key(first)) is agree


@pytest.mark.parametrize(
    ("title", "kind"),
    [("VLDB Conference", 1), ("Proc. of X", 1), ("VLDB Journal", 2), ("Proceedings of the Journal", 0), ("Nature", 0)],
)
def test_a_container_tells_whether_it_is_a_conference_or_a_journal(title: str, kind: int):
    assert container_class(container_key(title)) == kind


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("mt summit 12", "8 conference association machine translation americas", False),
        ("int j mol sci", "international journal molecular sciences", True),
        ("proceedings coling 2012 posters", "coling 2012", True),
        ("nature", "science", False),
    ],
)
def test_containers_of_two_catalogues_overlap_where_half_of_the_shorter_is_found(
    first: str, second: str, overlap: bool
):
    assert containers_overlap(first, second) is overlap
    assert containers_overlap(second, first) is overlap


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("J. Exp. Med.", "Journal of Experimental Medicine", Containers.AGREE),
        ("PLoS ONE", "PLoS ONE [Electronic Resource]", Containers.AGREE),
        ("Letters of cancer", "Cancer research letters", Containers.OVERLAP),
        ("Nature", "Science", Containers.STRANGE),
        ("SIGMOD Conference", "SIGMOD Record", Containers.OTHER_CLASS),
        # One is the journal of what the other names.
        ("VLDB", "VLDB J.", Containers.OTHER_CLASS),
        ("Very Large Data Bases", "VLDB Journal", Containers.OTHER_CLASS),
    ],
)
def test_containers_are_one_or_another(first: str, second: str, relation: Containers):
    a, b = container_key(first), container_key(second)
    assert compare_containers(a, b) is compare_containers(b, a) is relation


keys = st.lists(st.sampled_from(["a", "ab", "abc", "j", "conf", "1", "of", "data"]), min_size=1, max_size=4).map(
    " ".join
)


@given(keys, keys)
def test_the_order_of_two_containers_does_not_show(first: str, second: str):
    assert compare_containers(first, second) is compare_containers(second, first)


def test_meetings_that_are_held_together_are_one_by_the_number_of_either():
    both = "36th Annual Meeting of the Association for Rats and 17th International Conference on Computing with Rats"
    one = "COMPRATS 1998 Volume 1: The 17th International Conference on Computing with Rats"
    other = "COMPRATS 2000 Volume 1: The 18th International Conference on Computing with Rats"
    keys = [container_key(name) for name in (both, one, other)]
    assert compare_containers(keys[0], keys[1]) == Containers.AGREE
    assert compare_containers(keys[0], keys[2]) != Containers.AGREE
