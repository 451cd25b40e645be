"""Borders between what is one publication, one work and neither: as by default, and moved."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_frames import identifier_rows, match_records

from pipelines.works.borders import BorderError, Borders
from pipelines.works.comparands import comparands
from pipelines.works.evidence import decide

any_borders = st.builds(
    Borders, **{border.name: st.sampled_from(border.metadata["choices"]) for border in fields(Borders)}
)


@given(any_borders)
def test_the_text_of_borders_reads_back(borders: Borders):
    assert Borders.parse(str(borders)) == borders


def test_the_text_tells_only_what_differs_from_the_default():
    assert str(Borders()) == ""
    assert str(Borders(parts="version", editions="duplicate")) == "editions=duplicate, parts=version"
    assert Borders.parse(" parts = version,editions=duplicate, ") == Borders(parts="version", editions="duplicate")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("edition=duplicate", "there is no border 'edition': there are deposit_versions, .*or corrections"),
        ("editions=same", "editions can be version, duplicate or different, not 'same'"),
        ("parts=duplicate", "parts can be different or version, not 'duplicate'"),
        ("editions", "'editions' is no border: write name=verdict"),
        ("parts=version, parts=different", "parts is given twice"),
    ],
)
def test_what_is_no_border_is_refused_with_the_choices(text: str, message: str):
    with pytest.raises(BorderError, match=message):
        Borders.parse(text)


PREPRINT = {"publication_kind": "preprint", "publication_year": 2000}
ARTICLE = {"publication_kind": "article", "publication_year": 2000}
ERRATUM = {"title": "Erratum: A long enough title"}
CONFERENCE = {"publication_kind": "conference_paper"}
ISSUE = {"publication_kind": "journal", "author_names": None}
FIRST = {"edition": "1st ed.", "publication_year": 2000}
SECOND = {"edition": "2nd ed.", "publication_year": 2005}
CASES = [
    ("preprint_and_article", PREPRINT, ARTICLE, (), "version", "kind_differs"),
    ("preprint_and_article", PREPRINT, ARTICLE | {"publication_year": 2002}, (), "version", "year_differs"),
    ("preprint_and_article", PREPRINT, ARTICLE, ("10.1/x", "10.2/y"), "version", "identifier_conflicts"),
    ("preprint_and_article", PREPRINT, ARTICLE, ("10.1/x", "10.1/x"), "version", "same_identifier_other_kind"),
    ("conference_and_journal", CONFERENCE, ARTICLE, (), "version", "kind_differs"),
    (
        "conference_and_journal",
        {"container_title": "VLDB Conf."},
        {"container_title": "VLDB J.", "source": "t"},
        (),
        "version",
        "container_differs",
    ),
    ("editions", {"edition": "1st ed."}, {"edition": "2nd ed."}, (), "version", "edition_differs"),
    ("editions", FIRST, SECOND, (), "version", "year_differs"),
    ("editions", FIRST, SECOND, ("10.1/x", "10.2/y"), "version", "identifier_conflicts"),
    ("editions", {"publication_year": 2000}, SECOND, (), "version", "year_differs"),
    ("editions", {"publication_year": 2000}, SECOND, ("10.1/x", "10.2/y"), "version", "identifier_conflicts"),
    ("other_year", {"publication_year": 2000}, {"publication_year": 2005}, (), "version", "year_differs"),
    ("deposit_versions", {"doi": "10.1/x.v1"}, {"doi": "10.1/x.v2"}, ("10.1/x.v1", "10.1/x.v2"), "version",
     "same_deposit"),
    ("translations", {"title": "War and peace"}, {"title": "Guerre et paix"}, (), "version", "title_differs"),
    ("parts", {"title": "A study of rats, part I"}, {"title": "A study of rats, part II"}, (), "different",
     "numbers_differ"),
    ("parts", ISSUE | {"issue": "1"}, ISSUE | {"issue": "2"}, (), "different", "other_issue"),
    ("corrections", {}, ERRATUM, (), "different", "text_about_text"),
]  # fmt: skip


@pytest.mark.parametrize(("border", "a", "b", "dois", "verdict", "rule"), CASES)
def test_a_border_moves_the_verdict_and_nothing_else(
    border: str, a: dict[str, Any], b: dict[str, Any], dois: tuple[str, ...], verdict: str, rule: str
):
    identifiers = [(number, "doi", doi) for number, doi in enumerate(dois, start=1)]
    keys = np.array([[0, 0], [1, 0]]) if border == "translations" else None
    known = comparands(match_records(a, b), identifier_rows(*identifiers), keys)
    pair = np.array([0]), np.array([1])
    as_it_is = decide(known, *pair)
    assert (as_it_is.column("verdict")[0].as_py(), as_it_is.column("name")[0].as_py()) == (verdict, rule)
    [choices] = [each.metadata["choices"] for each in fields(Borders) if each.name == border]
    assert choices[0] == verdict, "the default is what the rules say"
    for choice in choices:
        moved = decide(known, *pair, Borders(**{border: choice}))
        assert moved.column("verdict")[0].as_py() == choice
        assert moved.column("reason") == as_it_is.column("reason")
        assert moved.scores.tolist() == as_it_is.scores.tolist()
    others = {each.name: each.metadata["choices"][-1] for each in fields(Borders) if each.name != border}
    if border != "other_year":
        assert decide(known, *pair, Borders(**others)).column("name") == as_it_is.column("name")


@pytest.mark.parametrize("volumes", [("1", "2")])
def test_another_volume_is_no_edition(volumes: tuple[str, str]):
    known = comparands(
        match_records(FIRST | {"volume": volumes[0]}, SECOND | {"volume": volumes[1]}), identifier_rows()
    )
    verdicts = decide(known, np.array([0]), np.array([1]), Borders(editions="duplicate"))
    assert verdicts.column("verdict").to_pylist() == ["version"]


def test_of_two_borders_the_first_decides():
    known = comparands(match_records(PREPRINT, ARTICLE | {"publication_year": 2002}), identifier_rows())
    pair = np.array([0]), np.array([1])
    borders = Borders(preprint_and_article="duplicate", other_year="different")
    assert decide(known, *pair, borders).column("verdict")[0].as_py() == "duplicate"


def test_what_is_no_pair_stays_none():
    known = comparands(match_records({"title": "Toads"}, {"title": "Whales"}), identifier_rows())
    borders = Borders(**{border.name: border.metadata["choices"][-1] for border in fields(Borders)})
    verdicts = decide(known, np.array([0]), np.array([1]), borders)
    assert verdicts.column("verdict").to_pylist() == [None]
