"""Volume, issue, pages and edition, as catalogues write them and as they are compared."""

import pytest

from pipelines.works.places import edition_key, numbering_key, page_key, page_range, part_key, volume_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12", "12"),
        ("Vol. 012", "12"),
        ("v.12", "12"),
        ("Volume 12", "12"),
        ("Bd. 3", "3"),
        ("12-13", "12 13"),
        ("12(3)", "12 3"),
        ("XII", "xii"),
        ("Suppl 1", "suppl1"),
        ("S1", "s1"),
        ("第十二卷", "12"),
        ("0", "0"),
        ("", ""),
        ("--", ""),
    ],
)
def test_a_volume_or_issue_is_its_number(written: str, key: str):
    assert numbering_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [("123-130", "123"), ("pp. 0123", "123"), ("e101", "e101"), ("S12", "s12"), ("iv", ""), ("Suppl", "")],
)
def test_a_page_is_its_first(written: str, key: str):
    assert page_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"), [("143 Supplement 3", "143"), ("10 Suppl 2", "10"), ("S1", "s1"), ("12-13", "12"), ("", "")]
)
def test_a_volume_with_a_supplement_is_the_volume(written: str, key: str):
    assert volume_key(written) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("v. 1 pt. 2", "part 2"),
        ("1(Pt 2)", "part 2"),
        ("Bd. 1, Teil II", "part 2"),
        ("v. 2, part B", "part b"),
        ("第一卷 上册", "part 1"),
        ("143 Supplement 3", "supplement 3"),
        ("10 Suppl 2", "supplement 2"),
        ("pt. 2", ""),
        ("12-13", ""),
        ("S1", ""),
        ("", ""),
    ],
)
def test_a_volume_may_tell_its_part(written: str, key: str):
    assert part_key(written) == key


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("123-130", ("", 123, 130)),
        ("pp. 0123", ("", 123, 123)),
        ("1325-32", ("", 1325, 1332)),
        ("083-087", ("", 83, 87)),
        ("S417-S429", ("s", 417, 429)),
        ("e43268", ("e", 43268, 43268)),
        ("1‐7", ("", 1, 7)),
        ("849--871", ("", 849, 871)),
        ("2243-5; author reply 2243-5", ("", 2243, 2245)),
        ('"230-5, 246-51"', ("", 230, 235)),
        ("276A", ("", 276, 276)),
        # Pages that count down are one page.
        ("130-123", ("", 130, 130)),
        ("iv", ("", 0, 0)),
        ("Suppl-29", ("", 0, 0)),
        ("", ("", 0, 0)),
    ],
)
def test_pages_are_a_range_of_one_numbering(written: str, pages: tuple[str, int, int]):
    assert page_range(written) == pages


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2nd ed.", "2"),
        ("Second edition", "2"),
        ("2. Aufl.", "2"),
        ("Ed. 2a.", "2"),
        ("Wyd. 2.", "2"),
        ("[2nd ed.]", "2"),
        ("Rev. ed.", "rev"),
        ("Revised edition", "rev"),
        ("Large print ed.", "large print"),
        ("Ed.", ""),
        ("Chāp-i 3.", "3"),
        ("1999 ed.", "1999"),
    ],
)
def test_an_edition_is_its_number_or_its_words(written: str, key: str):
    assert edition_key(written) == key
