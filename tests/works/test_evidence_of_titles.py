"""What titles and authors, in all the forms that catalogues give them, say of a pair."""

from typing import Any

import pytest
from verdicts import JOURNAL, ONE, PLACE, THREE, UNRELATED, judge, titled


@pytest.mark.parametrize(
    ("a", "b", "verdict", "rule"),
    [
        (titled("The colour of whales"), titled("The color of whales"), "duplicate", "misspelt_title"),
        (titled("Rats in great plagues"), titled("Rats in great plagues: a review"), "version", "listed_twice"),
        (
            titled("Rats in great plagues"),
            titled("Rats in great plagues: essays", source="t"),
            "duplicate",
            "title_is_part",
        ),
        # What was cut off may be what tells two texts of one person apart.
        (
            titled("The use of old catalogues in academic libr...", author_names=ONE),
            titled("The use of old catalogues in academic libraries of Asia", author_names=ONE, source="t"),
            *UNRELATED,
        ),
        (
            titled("The use of old catalogues in academic libr...", author_names=ONE, volume="3"),
            titled("The use of old catalogues in academic libraries", author_names=ONE, volume="3", source="t"),
            "duplicate",
            "title_is_part",
        ),
        # One word says little, but for several authors in one year.
        (titled("Hamlet", author_names=ONE), titled("Hamlet, Prinz von Dänemark", author_names=ONE), *UNRELATED),
        (titled("Hamlet"), titled("Hamlet, Prinz von Dänemark"), "version", "listed_twice"),
        (titled("Hamlet"), titled("Hamlet, Prinz von Dänemark", source="t"), "duplicate", "title_is_part"),
        (titled("History of states", author_names=ONE), titled("A school history of states"), *UNRELATED),
        # Other words are another text: companion papers have the same authors, year and journal.
        (
            titled("Testing the golden rule of sampling for estimation"),
            titled("Trying the golden rule of sampling for estimation", source="t"),
            *UNRELATED,
        ),
        (
            titled("Synthesis of hydroxycholecalciferol in rats", container_title="Bone", volume="3", issue="1"),
            titled(
                "Metabolism of hydroxycholecalciferol in rats",
                container_title="Bone",
                volume="3",
                issue="1",
                source="t",
            ),
            *UNRELATED,
        ),
        (
            titled("Behaviour of male hamsters and guinea pigs"),
            titled("Behaviour of female hamsters and guinea pigs", source="t"),
            *UNRELATED,
        ),
        (
            titled("Chemotherapy of small cell lung cancer"),
            titled("Chemotherapy of non-small cell lung cancer", source="t"),
            *UNRELATED,
        ),
        # A slip in a short word, or in a stop word, is no other word and no number; a blank is nothing at all.
        (
            titled("Understanding how people search in libraries"),
            titled("Understanding hw people search in libraries", source="t"),
            "duplicate",
            "reworded_title",
        ),
        (
            titled("The impact of reading on rats", author_names=ONE),
            titled("The impact o reading on rats", author_names=ONE, source="t"),
            "duplicate",
            "reworded_title",
        ),
        (titled("The effect of reading"), titled("theE ffect of reading"), "duplicate", "misspelt_title"),
        (
            titled("Understanding how people search in libraries", publication_year=2000),
            titled("Understanding hw people search in libraries", publication_year=2003, source="t"),
            *UNRELATED,
        ),
        # Other forms of the words are wordings: in two catalogues, by all authors, in one year and container.
        (
            titled("Organization of mental health care in Western Europe and the Americas"),
            titled("Organizational mental health care in Western Europe and the Americas", source="t"),
            "duplicate",
            "reworded_title",
        ),
        (
            titled("Organization of mental health care in Western Europe and the Americas", publication_year=2000),
            titled(
                "Organizational mental health care in Western Europe and the Americas",
                publication_year=2003,
                source="t",
            ),
            *UNRELATED,
        ),
        # One catalogue that lists both knows why.
        (
            titled("Organization of mental health care in Western Europe and the Americas", container_title="Bone"),
            titled("Organizational mental health care in Western Europe and the Americas", container_title="Bone"),
            "different",
            "words_differ",
        ),
        (
            titled("Synthesis of hydroxycholecalciferol in rats", container_title="Bone"),
            titled("Metabolism of hydroxycholecalciferol in rats", container_title="Bone"),
            "different",
            "words_differ",
        ),
        # One place tells more than the words of a title.
        (
            titled("Surgery of the lung and antibiotics", **PLACE),
            titled("Prophylaxis by antibiotics in operations of the lung", **PLACE),
            "duplicate",
            "same_place",
        ),
        (titled("Frogs", **PLACE), titled("Toads", **PLACE), *UNRELATED),
        # An erratum of one page, and the paper of which a catalogue gives the page.
        (
            titled("A model of objects", **PLACE),
            titled("A model of objects. Erratum", **PLACE),
            "different",
            "text_about_text",
        ),
        (
            titled("A trial of streptokinase and heparin", author_names=ONE, **PLACE),
            titled("A trial of streptokinase and heparin", author_names=["ALTS Group"], **PLACE),
            "duplicate",
            "same_place",
        ),
        # Two texts of one name.
        (titled("A study of rats, part I"), titled("A study of rats, part II"), "different", "numbers_differ"),
        (titled("A model of objects"), titled("Erratum: A model of objects"), "different", "text_about_text"),
        (
            titled("A model", author_names=ONE),
            titled("A model", author_names=["Poe, E."]),
            "different",
            "authors_differ",
        ),
        (
            titled("Lives of famous women", author_names=["Doe, J.", "Aa, B.", "Cc, D."]),
            titled("Lives of famous women", author_names=["Doe, J.", "Ee, F.", "Gg, H."]),
            "different",
            "authors_differ",
        ),
        (
            titled("Studies of the common rat", author_names=None, issue="2", volume="1"),
            titled("Studies of the common rat", author_names=None, issue="3", volume="1"),
            *UNRELATED,
        ),
        # Opposites are no spellings of one word, and two people of one given name are not one.
        (
            titled("Reproductive behaviour of male rats"),
            titled("Reproductive behaviour of female rats"),
            *UNRELATED,
        ),
        (
            titled("Introduction to linear algebra", author_names=["Smith, John"]),
            titled("Introduction to linear algebra", author_names=["Jones, John"], source="t"),
            "different",
            "authors_differ",
        ),
        (
            titled("Introduction to linear algebra", author_names=["Wei, Zhang"]),
            titled("Introduction to linear algebra", author_names=["Zhang, Wei"], source="t"),
            "duplicate",
            "same_description",
        ),
        # Two people of one family name, and one person whose names catalogues give otherwise.
        *(
            (
                titled("A history of England from the conquest", author_names=[first]),
                titled("A history of England from the conquest", author_names=[second], source="t"),
                *outcome,
            )
            for first, second, outcome in (
                ("Li, Na", "Li, Wei", ("different", "authors_differ")),
                ("Smith, John", "Smith, Mary", ("different", "authors_differ")),
                ("Smith, John", "Smith, M.", ("duplicate", "same_description")),
                ("Smith, John", "Smith, J. M.", ("duplicate", "same_description")),
                ("Smith, William", "Smith, Bill", ("duplicate", "same_description")),
            )
        ),
        (
            titled("A history of England from the conquest", author_names=["Li, Na"], **PLACE),
            titled("A history of England from the conquest", author_names=["Li, Wei"], source="t", **PLACE),
            "duplicate",
            "same_description",
        ),
        (titled("Letter to the editor"), titled("Letter to the editor", source="t"), "different", "generic_title"),
        # Names in other forms are the same people.
        (
            titled("A model", author_names=["Doe, Jane"]),
            titled("A model", author_names=["Doe, J"]),
            "version",
            "listed_twice",
        ),
        (
            titled("A model of objects", author_names=["Kühn, Eva", "Poe, E."]),
            titled("A model of objects", author_names=["Poe, Edgar", "K?hn, Eva"]),
            "duplicate",
            "same_description",
        ),
        # A catalogue lists a publication once: one author and a short title prove little.
        (
            titled("Press news", author_names=ONE),
            titled("Press news", author_names=ONE),
            "version",
            "listed_twice",
        ),
        (
            titled("Press news", author_names=ONE),
            titled("Press news", author_names=ONE, source="t"),
            "duplicate",
            "same_description",
        ),
        # An issue alone does not make another article, but of a column.
        (
            titled("Therapy of rats and mice", author_names=THREE, volume="3", issue="1112", **JOURNAL),
            titled("Therapy of rats and mice", author_names=THREE, volume="3", issue="1113", **JOURNAL),
            "duplicate",
            "same_description",
        ),
        *(
            (
                titled("Clinical problem solving for the practising physician", volume="3", issue="1", **JOURNAL),
                titled(
                    "Clinical problem solving for the practising physician",
                    volume="3",
                    issue="2",
                    start_page=page,
                    source="t",
                    **JOURNAL,
                ),
                "version",
                "issue_differs",
            )
            for page in (None, "12")
        ),
        # A few words alone, or with a year, prove nothing; many do, and so does a journal.
        *(
            (
                titled("Songs of the people of Norway", author_names=None, publication_year=year),
                titled("Songs of the people of Norway", author_names=None, publication_year=year, source="t"),
                *UNRELATED,
            )
            for year in (None, 1999)
        ),
        (
            titled("Songs of the people of Norway", author_names=None, **JOURNAL),
            titled("Songs of the people of Norway", author_names=None, source="t", **JOURNAL),
            "duplicate",
            "same_description",
        ),
        (
            titled("Songs of the people of Norway, Sweden, Denmark, Finland, Iceland and Scotland", author_names=None),
            titled(
                "Songs of the people of Norway, Sweden, Denmark, Finland, Iceland and Scotland",
                author_names=None,
                source="t",
            ),
            "duplicate",
            "same_description",
        ),
        # All pages of a supplement are no place for one abstract in it; an article is where its pages are.
        (
            titled("Effects of copper on growth in rats of Norway", volume="3", start_page="100-250", source="t"),
            titled("Effects of copper on weight of rats in Norway", volume="3", start_page="120"),
            *UNRELATED,
        ),
    ],
)
def test_decides_by_title_and_authors(a: dict[str, Any], b: dict[str, Any], verdict: str, rule: str):
    assert judge(a, b) == (verdict, rule)


@pytest.mark.parametrize(
    ("columns", "verdict"),
    [
        # A companion paper on another model, as likely as a version with a subtitle: nothing is said.
        ({}, None),
        ({"source": "t"}, "version"),
        ({"title": "Adaptation over networks of many tasks"}, "version"),
        ({"title": "Adaptation over networks of many tasks II: theory"}, "different"),
    ],
)
def test_what_a_longer_title_of_one_catalogue_says_more_may_make_another_text(
    columns: dict[str, Any], verdict: str | None
):
    short = {"title": "Adaptation over networks of many tasks"}
    long = {"title": "Adaptation over networks of many tasks with common latent representations"} | columns
    assert judge(short, long, [(1, "doi", "10.1/x"), (2, "doi", "10.2/y")])[0] == verdict


@pytest.mark.parametrize(
    ("columns", "verdict"),
    [
        ({"source": "t", "title": "Sapiens: a brief history of humankind"}, "duplicate"),
        ({"source": "t", "title": "Sapiens: study guide"}, "different"),
        # One catalogue knows what it has.
        ({"title": "Sapiens: a brief history of humankind"}, None),
        ({"source": "t", "title": "Sapiens: a brief history of humankind", "publication_year": 2015}, None),
    ],
)
def test_a_short_title_has_its_subtitle_in_another_catalogue(columns: dict[str, Any], verdict: str | None):
    book = {"title": "Sapiens", "author_names": ["Harari, Yuval N."], "publication_year": 2014}
    assert judge(book, book | columns)[0] == verdict


def test_a_work_key_in_common_makes_versions_of_titles_that_differ():
    a, b = {"title": "War and peace"}, {"title": "Guerre et paix"}
    assert judge(a, b) == UNRELATED
    assert judge(a, b, share_a_work_key=True) == ("version", "title_differs")
