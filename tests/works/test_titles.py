"""What two titles have in common."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.works.title_words import session_notes, title_words, without_marks
from pipelines.works.titles import TitleRelation, compare_titles, is_long, is_telling


def words(*titles: str | None) -> list[str]:
    return title_words(pa.array(titles, pa.string())).to_pylist()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Role of the HPV testing", "role hpv testing"),
        ("Editor's comments", "editors comments"),
        ("Über die Prävention", "uber pravention"),
        ("Толстой и мир", "tolstoj mir"),
        (None, ""),
        ("!?", ""),
        # Nothing but stop words is a title too.
        ("It and the", "it"),
        ("To the", "to the"),
        # A mark stands where a part of the title may begin or end, and nowhere else.
        ("Hamlet, prince of Denmark", "hamlet | prince denmark"),
        ("MiniCon: a scalable algorithm", "minicon | scalable algorithm"),
        ("Vivienda y ciudad / Housing and town.", "vivienda ciudad | housing town"),
        ("A - B (C)", "b | c"),
        ("Non-small cells", "non small cells"),
        # What databases append is no title.
        ("HPV testing. [Review] [72 refs]", "hpv testing"),
        ("Trial.[Erratum appears in N Engl J Med. 2005 May 19;352(20):2146]", "trial"),
        ("Timing.[Erratum appears in J 26(2):244 Note: Y [corrected to Z]]", "timing"),
        ("Outcomes (Structured abstract)", "outcomes"),
        ("Surgery. <ORIGINAL> CHIRURGIE", "surgery"),
        ("Strange relations? (panel session)", "strange relations"),
        ("Data mining - Book Review", "data mining"),
        # What a text is itself is no note, and letters that tell things apart are no articles.
        ("A model of objects (Erratum)", "model objects | erratum"),
        ("Hepatitis A virus, hepatitis E virus", "hepatitis 1a virus | hepatitis 1e virus"),
        ("Concerto in A minor", "concerto 1a minor"),
        ("No evidence of harm", "no evidence harm"),
        ("C++ and C# how to program", "cplusplus csharp how program"),
        ("Чайка и вишневый сад", "cajka visnevyj sad"),
        ("高等数学 上册", "高等数学 上册"),
    ],
)
def test_a_title_is_its_telling_words(title: str | None, expected: str):
    assert words(title) == [expected]


def test_marks_can_be_taken_out():
    assert without_marks(title_words(pa.array(["A: b, c - dd"]))).to_pylist() == ["b c dd"]


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("The sun", "Sun /", TitleRelation.EQUAL),
        ("Data base systems", "Database systems", TitleRelation.EQUAL),
        ("Part II of it", "Part 2 of it", TitleRelation.EQUAL),
        ("The 4th workshop on rats", "The fourth workshop on rats", TitleRelation.EQUAL),
        ("The 21st century", "The 1st century", TitleRelation.NUMBERED),
        ("The colour of whales", "The color of whales", TitleRelation.MISSPELT),
        ("Decisoin support systems", "Decision support systems", TitleRelation.MISSPELT),
        ("Video anywhere in the home", "VideoAnywhere in the home", TitleRelation.EQUAL),
        ("Hamlet", "Hamlet, Prinz von Dänemark", TitleRelation.CONTAINED),
        ("The application profile", "Competition paper - The application profile", TitleRelation.CONTAINED),
        ("A scalable algorithm for views", "MiniCon: A scalable algorithm for views", TitleRelation.CONTAINED),
        # Cut off somewhere, as catalogues cut.
        (
            "Use of a component architecture in integrating relational",
            "Use of a component architecture in integrating relational storage systems",
            TitleRelation.CONTAINED,
        ),
        # The end of a sentence is not the end of a title.
        ("Statistical machine translation", "Experiments in statistical machine translation", TitleRelation.OMITTED),
        ("History of the United States", "A school history of the United States", TitleRelation.OMITTED),
        ("Management of adult patients", "Management of patients", TitleRelation.OMITTED),
        ("Applying the golden rule of sampling", "Testing the golden rule of sampling", TitleRelation.REWORDED),
        ("A study of rats, part I", "A study of rats, part II", TitleRelation.NUMBERED),
        ("Cluster methods: part I", "Cluster checking methods: part II", TitleRelation.NUMBERED),
        ("A study of rats", "A study of rats II", TitleRelation.NUMBERED),
        ("Report on farming 1998", "Report on farming 1999", TitleRelation.NUMBERED),
        ("Where is the theory in wikis?", "Comment: Where is the theory in wikis?", TitleRelation.ABOUT),
        ("A model for objects", "Erratum: A model for objects", TitleRelation.ABOUT),
        ("A model for objects", "A model for objects: rejoinder", TitleRelation.ABOUT),
        ("War and peace", "Guerre et paix", TitleRelation.OTHER),
        ("Čajka i višnevyj sad", "Чайка и вишневый сад", TitleRelation.EQUAL),
        # Not one letter apart, or too short to be misspelt.
        ("Behaviour of male rats", "Behaviour of female rats", TitleRelation.REWORDED),
        ("Economic survey of Iran", "Economic survey of Iraq", TitleRelation.REWORDED),
        ("Hypertension in pregnancy", "Hypotension in pregnancy", TitleRelation.OTHER),
        ("Hepatitis A virus infection", "Hepatitis E virus infection", TitleRelation.NUMBERED),
        ("World War I: a history", "World War II: a history", TitleRelation.NUMBERED),
        ("The First World War", "The Second World War", TitleRelation.NUMBERED),
        ("大学化学研究", "地学化学研究", TitleRelation.OTHER),
        ("Frogs", "Toads", TitleRelation.OTHER),
    ],
)
def test_titles_relate(first: str, second: str, relation: TitleRelation):
    assert compare_titles(*words(first, second))[0] is relation
    assert compare_titles(*words(second, first))[0] is relation


@pytest.mark.parametrize(
    ("title", "telling", "long"),
    [
        ("Poems", False, False),
        ("Data mining", False, False),
        ("Linear algebraic groups", True, False),
        ("Electroencephalographic biofeedback", True, False),
        ("On the naturalness of software", True, False),
        ("Rates of cancer in screening of women with cytology of the cervix and trachea", True, False),
        ("Rates of cancer in screening of older rural women with cytology of the cervix and trachea", True, True),
    ],
)
def test_a_title_is_telling_or_long(title: str, telling: bool, long: bool):
    [title] = words(title)
    assert (is_telling(title), is_long(title)) == (telling, long)


vocabulary = st.lists(
    st.sampled_from(["cell", "cells", "theory", "of", "part", "ii", "2", "data", "|", "base"]), max_size=7
)


@given(vocabulary, vocabulary)
def test_a_relation_is_symmetric_and_its_share_a_share(first: list[str], second: list[str]):
    a, b = " ".join(first), " ".join(second)
    relation, share = compare_titles(a, b)
    assert compare_titles(b, a) == (relation, share)
    assert 0 <= share <= 1
    assert compare_titles(a, a) == (TitleRelation.EQUAL, 1.0)


def test_a_title_may_name_its_session():
    titles = ["DEVise (Demo Abstract): querying", "Beef? (panel session)", "A demo of beef", "Beef (a panel)", None]
    assert session_notes(pa.array(titles)).to_pylist() == ["demo", "panel", None, None, None]
