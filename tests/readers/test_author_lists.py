"""Lists of authors in one text are cut where no comma can stand within a name, and stay whole elsewhere."""

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.author_lists import author_names


def names_of(text: str | None) -> list[str] | None:
    return author_names(pa.array([text], pa.string())).to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Smith, J. and Doe, A.", ["Smith, J.", "Doe, A."]),
        ("Smith, J.; Doe, A. | Roe, C.", ["Smith, J.", "Doe, A.", "Roe, C."]),
        # Of a name that is missing nothing is said.
        ("Smith, John; ", ["Smith, John", ""]),
        ("Allen and March", ["Allen", "March"]),
        ("Smith, J. and others", ["Smith, J."]),
        # Vancouver, as MEDLINE has it: what stands behind the family name are initials, and no suffix.
        ("Zuna RE, Wang SS", ["Zuna, R. E.", "Wang, S. S."]),
        ("Davulcu H, Ramakrishnan IV", ["Davulcu, H.", "Ramakrishnan, I. V."]),
        ("He W, Khern-am-nuai W, Hsieh JJPA, et al.", ["He, W.", "Khern-am-nuai, W.", "Hsieh, J. J. P. A."]),
        ("van der Berg J-P Jr, O'Neil K", ["van der Berg, J. P., Jr", "O'Neil, K."]),
        ("SMITH J, JONES AB", ["SMITH, J.", "JONES, A. B."]),
        ("ZUNA RE; WANG SS", ["Zuna, R. E.".upper(), "Wang, S. S.".upper()]),
        ("Paul VI and Pius XII", ["Paul VI", "Pius XII"]),
        ("JOHN DOE; JANE ROE", ["JOHN DOE", "JANE ROE"]),
        ("Ramakrishnan IV; Wang SS", ["Ramakrishnan, I. V.", "Wang, S. S."]),
        ("García Márquez, Gabriel José and UNESCO", ["García Márquez, Gabriel José", "UNESCO"]),
        (
            "Simone de Beauvoir, Jean Paul Sartre, Albert Camus",
            ["Simone de Beauvoir", "Jean Paul Sartre", "Albert Camus"],
        ),
        # The APA.
        ("Smith, J., & Doe, A. B.", ["Smith, J.", "Doe, A. B."]),
        ("Smith, J., Doe, A.-B., & Roe, C.", ["Smith, J.", "Doe, A.-B.", "Roe, C."]),
        ("Smith, J., Doe, A. and Roe, C.", ["Smith, J.", "Doe, A.", "Roe, C."]),
        # Lists as programs write them into a cell.
        ('["Smith, John", "Do\\u00e9, Jane"]', ["Smith, John", "Doé, Jane"]),
        ("['Smith, John', \"O'Neil, K.\"]", ["Smith, John", "O'Neil, K."]),
        ("[ 'Jamie Callan' ]", ["Jamie Callan"]),
        (
            repr(["Garc\u00eda\u00a0M\u00e1rquez, G.", "\u200bBo", "a\U000e0001"]),
            ["García Márquez, G.", "\u200bBo", "a\U000e0001"],
        ),
        (r"['a\ud800', 'b\U0000d800']", [r"a\ud800", r"b\U0000d800"]),
        ('["a\\ud800", "b"]', ["a\\ud800", "b"]),
        (r"['O\'Neil \"K\"', 'a\\b']", ['O\'Neil "K"', "a\\b"]),
        ('["Smith, John"; Doe, Jane]', ['["Smith, John"', "Doe, Jane]"]),
        # Scopus has numbers behind full names.
        ("Smith, John (57193012345); Doe, Jane (7004212771)", ["Smith, John", "Doe, Jane"]),
        # Names in their own order.
        ("J. Callan, Margaret E. Connell", ["J. Callan", "Margaret E. Connell"]),
        ("J.-P. van Doren, M. Connell", ["J.-P. van Doren", "M. Connell"]),
        ("Jamie Callan, Margaret Connell, Aiqun Du", ["Jamie Callan", "Margaret Connell", "Aiqun Du"]),
        ("Jamie Callan, Margaret Connell and Aiqun Du", ["Jamie Callan", "Margaret Connell", "Aiqun Du"]),
    ],
)
def test_lists_are_cut_into_names(text: str, names: list[str]):
    assert names_of(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Smith, John",
        "García Márquez, Gabriel José",
        "King, Martin Luther, Jr.",
        "King, Jr., Martin Luther",
        "Royal Society, London, UK",
        "University of Oslo, Department of Physics, Institute of Rats",
        "Chen Y, Ministry of Health",
        "Plato",
        "VAN GOGH, LEO MAX",
        "National Research Council, Transportation Research Board, Safety Committee",
        "Kumar Etal",
        "JOHN DOE, JANE ROE",
        "The Others",
        # A letter without a point begins family names too.
        "Ó Súilleabháin, Seán Óg",
        "D Souza, Anna Maria",
        "U Thant, Maung Lwin",
    ],
)
def test_names_with_commas_stay_whole(text: str):
    assert names_of(text) == [text]


DOUBTFUL = "García Márquez, Gabriel José"
TWO = ["García Márquez", "Gabriel José"]
LIST = "Jamie Callan, Margaret Connell, Aiqun Du"


@pytest.mark.parametrize(
    ("others", "names"),
    [
        ([], [DOUBTFUL]),
        (["Smith, John", None], [DOUBTFUL]),
        (["Smith, John; Doe, Jane; Roe, Ann"], [DOUBTFUL]),
        (["Zuna RE, Wang SS, Roe AB"], [DOUBTFUL]),
        ([LIST], TWO),
        # As many of such names as of lists may be lists; of more, two names would be rarer than a name with a comma.
        ([LIST, LIST, "Vane Lea, Ben Max"], TWO),
        ([LIST, "Vane Lea, Ben Max", "Lea Vane, Max Ben"], [DOUBTFUL]),
        # Single names in their own order speak for lists, and names of bodies do not.
        ([LIST, "Vane Lea, Ben Max", "Ann Roe", "Jane Doe"], TWO),
        ([LIST, "Vane Lea, Ben Max", "University of Oslo", "Committee on Rats"], [DOUBTFUL]),
        ([LIST, "Smith, John", "Doe, Jane"], [DOUBTFUL]),
        ([LIST, "Smith, John; Doe, Jane; Roe, Ann"], [DOUBTFUL]),
    ],
)
def test_whether_a_comma_divides_two_names_the_other_lists_tell(others: list[str | None], names: list[str]):
    assert author_names(pa.array([*others, DOUBTFUL], pa.string())).to_pylist()[-1] == names


@pytest.mark.parametrize("name", ["van der Berg, Jan Piet", "De la Cruz, María José", "Van den Berg, Jan Piet"])
def test_a_family_name_with_particles_is_no_name_in_its_own_order(name: str):
    assert author_names(pa.array([LIST, LIST, LIST, name], pa.string())).to_pylist()[-1] == [name]


@pytest.mark.parametrize(
    "text", ["\N{NO-BREAK SPACE} a,\N{NO-BREAK SPACE} \N{NO-BREAK SPACE}", "\u2003 \u2003,\u2003 \u2003"]
)
def test_blanks_of_unicode_are_no_names(text: str):
    assert names_of(text) == [" ".join(text.split()).replace(" ,", ",")]


def test_no_author_is_no_list():
    assert names_of(None) is None


def test_many_blanks_cost_no_time():
    assert names_of("Zuna RE" + 200_000 * " " + "," + 200_000 * " " + "Wang SS") == ["Zuna, R. E.", "Wang, S. S."]


@given(st.lists(st.none() | st.text("aB, .;|&-'é1", max_size=20), max_size=8))
def test_a_list_is_cut_alike_alone_and_among_others(texts: list[str | None]):
    alone = [names_of(text) for text in texts]
    for text, names, expected in zip(texts, author_names(pa.array(texts, pa.string())).to_pylist(), alone, strict=True):
        # Of what may be two names, or one with a comma, the others tell.
        assert names == expected or (expected == [text] and names == re.split(r"\s*,\s*", text) and len(names) == 2)


@given(st.text("aB, .&-'é1and", max_size=30))
def test_no_letter_is_lost(text: str):
    cut = names_of(text)
    assert cut is not None
    letters = [sign for sign in text if sign.isalpha()]
    assert [sign for name in cut for sign in name if sign.isalpha()] == letters or " and " in text
