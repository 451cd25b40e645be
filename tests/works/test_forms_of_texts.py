"""What a title says of the form of its text, an abstract or a letter, and what follows for a pair."""

from typing import Any

import pyarrow as pa
import pytest
from verdicts import JOURNAL, ONE, PLACE, UNRELATED, judge, titled

from pipelines.works.forms_of_texts import are_of_form

TITLE = "A model of moving objects"
VOLUME = JOURNAL | {"volume": "3"}
OTHER_VOLUME = JOURNAL | {"volume": "4", "start_page": "90"}
ONE_DOI = [(1, "doi", "10.1/x"), (2, "doi", "10.1/x")]


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("A model of objects (abstract)", "abstract"),
        ("A model of objects (extended abstract).", "abstract"),
        ("A model of objects [Abstract]", "abstract"),
        ("A model of objects [meeting abstract]", "abstract"),
        ("A model of objects (demo abstract)", "abstract"),
        ("A model of objects: abstract", "abstract"),
        ("Un modèle des objets (résumé)", "abstract"),
        ("A model of objects [letter]", "letter"),
        ("A model of objects [Letter; comment].", "letter"),
        ("A model of objects (editorial)", "editorial"),
        # Databases have written these abstracts themselves, and these titles speak of an abstract.
        ("A model of objects (Structured abstract)", None),
        ("A model of objects (Provisional abstract)", None),
        ("How to write an abstract", None),
        ("Art: the abstract", None),
        ("The concrete and the abstract", None),
        ("Abstract", None),
        ("Essay on man (letter to Bolingbroke)", None),
        ("The scarlet letter", None),
        ("Editorial", None),
        (None, None),
    ],
)
def test_knows_the_form_that_a_title_tells(title: str | None, form: str | None):
    titles = pa.array([title], pa.string())
    assert [each for each in ("abstract", "letter", "editorial") if are_of_form(each, titles)[0]] == (
        [form] if form else []
    )


NOTES = ["(abstract)", "(extended abstract)", "[abstract]", "[Meeting abstract]", ": extended abstract"]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(
    ("paper", "abstract"),
    [
        ({}, {}),
        ({}, JOURNAL),
        ({"container_title": "Conference on models"}, JOURNAL),
        # Issues of that number are many, where no container is told.
        ({"volume": "3", "issue": "1"}, JOURNAL | {"volume": "3", "issue": "1"}),
    ],
)
def test_an_abstract_is_another_publication_than_its_paper(note: str, paper: dict[str, Any], abstract: dict[str, Any]):
    verdict = judge(titled(TITLE, **paper), titled(f"{TITLE} {note}", source="t", **abstract))
    assert verdict == ("version", "abstract_and_paper")


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(
    ("paper", "abstract"),
    [
        (PLACE, PLACE),
        (PLACE | JOURNAL, PLACE | JOURNAL),
        (VOLUME, VOLUME),
        # Two catalogues tell year and container alone.
        (JOURNAL, JOURNAL),
        ({"description_hash": 1}, {"description_hash": 1}),
    ],
)
def test_an_abstract_in_the_place_of_its_paper_is_a_note_of_databases(
    note: str, paper: dict[str, Any], abstract: dict[str, Any]
):
    assert judge(titled(TITLE, **paper), titled(f"{TITLE} {note}", source="t", **abstract))[0] == "duplicate"


@pytest.mark.parametrize("note", NOTES)
def test_an_identifier_makes_one_of_an_abstract_and_its_paper(note: str):
    assert judge(titled(TITLE), titled(f"{TITLE} {note}"), ONE_DOI) == ("duplicate", "identifier_agrees")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{TITLE} (abstract)", f"{TITLE} [abstract]"),
        (f"{TITLE} (abstract)", f"{TITLE} (extended abstract)"),
        (TITLE, f"{TITLE} (Structured abstract)"),
        (TITLE, f"{TITLE} [Review] [72 refs]"),
    ],
)
def test_two_abstracts_of_one_title_are_one(first: str, second: str):
    assert judge(titled(first), titled(second, source="t")) == ("duplicate", "same_description")


@pytest.mark.parametrize("note", ["[letter]", "[Letter]", "(letter)", "[letter; comment]", "[editorial]"])
@pytest.mark.parametrize(
    ("text", "letter", "verdict"),
    [
        (PLACE, PLACE, "duplicate"),
        (VOLUME, VOLUME, "duplicate"),
        (JOURNAL, JOURNAL, "duplicate"),
        (PLACE | JOURNAL, PLACE | JOURNAL | {"author_names": None}, "duplicate"),
        # Nothing is sure: people may write a letter under the title of their article.
        ({}, {}, None),
        (VOLUME, OTHER_VOLUME, None),
        # The letter on an article has its title.
        (VOLUME, VOLUME | {"author_names": None}, None),
        ({}, {"author_names": ["Poe, Edgar"]}, "different"),
        (JOURNAL, JOURNAL | {"author_names": ["Poe, Edgar"]}, "different"),
        (VOLUME, OTHER_VOLUME | {"author_names": ["Poe, Edgar"]}, "different"),
    ],
)
def test_a_letter_is_the_text_of_its_title_in_one_place(
    note: str, text: dict[str, Any], letter: dict[str, Any], verdict: str | None
):
    first = titled(TITLE) | {"author_names": ONE} | text
    second = titled(f"{TITLE} {note}", source="t") | {"author_names": ONE} | letter
    assert judge(first, second)[0] == verdict
    two_letters = titled(f"{TITLE} {note}") | {"author_names": ONE}
    assert judge(two_letters, two_letters | {"source": "t"}) == ("duplicate", "same_description")


def test_an_identifier_makes_one_of_a_letter_and_its_title():
    assert judge(titled(TITLE), titled(f"{TITLE} [letter]"), ONE_DOI) == ("duplicate", "identifier_agrees")


def test_that_others_comment_on_a_text_makes_no_other_text_of_it():
    assert judge(titled(TITLE), titled(f"{TITLE} [see comments]", source="t"))[0] == "duplicate"
    assert judge(titled(TITLE), titled(f"{TITLE} [comment]", source="t"))[0] == "different"
    assert judge(titled(TITLE), titled("Frogs and toads [letter]", source="t")) == UNRELATED
