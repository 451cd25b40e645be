"""How author headings are read: the table is the specification."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalize.heading_columns import parse_headings
from pipelines.normalize.headings import parse_heading


@pytest.mark.parametrize(
    ("written", "name", "key"),
    [
        # inverted and direct order
        ("Ahmadi, Mahdi", "Ahmadi, Mahdi", "person|ahmadi|mahdi||"),
        ("Patrick L. Nash", "Nash, Patrick L.", "person|nash|patrick l||"),
        ("SMITH, JOHN", "SMITH, JOHN", "person|smith|john||"),
        ("Иванов, Иван", "Иванов, Иван", "person|иванов|иван||"),
        ("Иванов Иван Иванович", "Иванов, Иван Иванович", "person|иванов|иван иванович||"),
        ("Παπαδόπουλος, Γιώργος", "Παπαδόπουλος, Γιώργος", "person|παπαδοπουλοσ|γιωργοσ||"),
        # initials
        ("Rowling, J. K.", "Rowling, J. K.", "person|rowling|j k||"),
        ("Rowling, J.K.", "Rowling, J.K.", "person|rowling|j k||"),
        ("Rowling, JK", "Rowling, JK", "person|rowling|j k||"),
        ("Rowling JK", "Rowling, JK", "person|rowling|j k||"),
        ("J.K.Rowling", "Rowling, J.K.", "person|rowling|j k||"),
        ("Baowen LI", "LI, Baowen", "person|li|baowen||"),
        ("Nagel K", "Nagel, K", "person|nagel|k||"),
        ("C. -H. Pao", "Pao, C.-H.", "person|pao|c h||"),
        ("K. K. O", "O, K. K.", "person|o|k k||"),
        ("A. M.", "A. M.", "person|am|||"),
        ("Smith, Jo", "Smith, Jo", "person|smith|jo||"),
        ("Eremin, I. I.", "Eremin, I. I.", "person|eremin|i i||"),
        ("de Pijper, J.R.", "de Pijper, J.R.", "person|depijper|j r||"),
        ("Boll, D. I. R.", "Boll, D. I. R.", "person|boll|d i r||"),
        # particles
        ("van der Berg, Jan", "van der Berg, Jan", "person|vanderberg|jan||"),
        ("Jan van der Berg", "van der Berg, Jan", "person|vanderberg|jan||"),
        ("Berg, Jan van der", "Berg, Jan van der", "person|vanderberg|jan||"),
        ("Orléans, Charles d'", "Orléans, Charles d'", "person|dorleans|charles||"),
        ("Charles d'Orléans", "d'Orléans, Charles", "person|dorleans|charles||"),
        ("José Ortega y Gasset", "Ortega y Gasset, José", "person|ortegaygasset|jose||"),
        ("Muhammad ibn Musa al-Khwarizmi", "al-Khwarizmi, Muhammad ibn Musa", "person|alkhwarizmi|muhammad ibn musa||"),
        ("de la Cruz", "de la Cruz", "person|delacruz|||"),
        # suffixes
        ("Edward P. Stabler, Jr.", "Stabler, Edward P., Jr.", "person|stabler|edward p|jr|"),
        ("Jr., Matthew C. Williams", "Williams, Matthew C., Jr.", "person|williams|matthew c|jr|"),
        ("Nyberg, 3rd, Eric H.", "Nyberg, Eric H., III", "person|nyberg|eric h|iii|"),
        ("Nyberg 3rd, Eric H.", "Nyberg, Eric H., III", "person|nyberg|eric h|iii|"),
        ("Noecker, John I. Jr", "Noecker, John I., Jr.", "person|noecker|john i|jr|"),
        ("Alexandre Dumas fils", "Dumas, Alexandre, fils", "person|dumas|alexandre|fils|"),
        ("Ramakrishnan, IV", "Ramakrishnan, IV", "person|ramakrishnan|i v||"),
        ("Neto, Nelson", "Neto, Nelson", "person|neto|nelson||"),
        ("Comas, Pere", "Comas, Pere", "person|comas|pere||"),
        # MARC: dates, fuller forms, titles, roles
        ("Aurand, Samuel Herbert, 1854-", "Aurand, Samuel Herbert", "person|aurand|samuel herbert||1854"),
        ("Connor, Ralph, 1860-1937.", "Connor, Ralph", "person|connor|ralph||1860"),
        ("Barton-Wood, Sara 1952-", "Barton-Wood, Sara", "person|bartonwood|sara||1952"),
        (
            "Chadman, Charles E. (Charles Erehart), 1873-",
            "Chadman, Charles E. (Charles Erehart)",
            "person|chadman|charles erehart||1873",
        ),
        ("Li, Haau-Sing (Xiaocheng)", "Li, Haau-Sing (Xiaocheng)", "person|li|haau sing||"),
        ("Hunter, William Wilson, Sir, 1840-1900.", "Hunter, William Wilson", "person|hunter|william wilson||1840"),
        ("Isaac Newton, Sir", "Newton, Isaac", "person|newton|isaac||"),
        ("Dr W. G Prabath Jayatissa", "Jayatissa, W. G Prabath", "person|jayatissa|w g prabath||"),
        ("Hasan, Md.", "Hasan, Md.", "person|hasan|md||"),
        ("da Fonseca, J. D.", "da Fonseca, J. D.", "person|dafonseca|j d||"),
        ("Ellington, Duke, 1899-1974", "Ellington, Duke", "person|ellington|duke||1899"),
        ("Pope, Alexander", "Pope, Alexander", "person|pope|alexander||"),
        ("John Paul II, Pope, 1920-2005", "John Paul II, Pope", "person|johnpaulii||pope|1920"),
        ("Aristocles, of Messene.", "Aristocles, of Messene", "person|aristocles||ofmessene|"),
        ("Smith, John, editor", "Smith, John", "person|smith|john||"),
        ("Martínez, Ed,", "Martínez, Ed", "person|martinez|ed||"),
        ("McFarlane, A. (Ann)", "McFarlane, A. (Ann)", "person|mcfarlane|ann||"),
        # names that are not divided
        ("王昱", "王昱", "person|王昱|||"),
        ("王, 昱", "王, 昱", "person|王昱|||"),
        ("김 철수", "김 철수", "person|김철수|||"),
        ("Mausam", "Mausam", "person|mausam|||"),
        # litter
        ("; V. Marcolongo", "Marcolongo, V.", "person|marcolongo|v||"),
        ("1 D. K. Singh", "Singh, D. K.", "person|singh|d k||"),
        ("Yang1, Peiyuan", "Yang, Peiyuan", "person|yang|peiyuan||"),
        ("-, Abdullah", "Abdullah", "person|abdullah|||"),
        ("Marek Ku\\' s", "Kuś, Marek", "person|kus|marek||"),
        ("Malanҫon, Bali", "Malançon, Bali", "person|malancon|bali||"),
        ("Martin, Alexander, 1833-1902. [from old catalog]", "Martin, Alexander", "person|martin|alexander||1833"),
        ("editor", "editor", "person|editor|||"),
        ("ʹ", "ʹ", "person|ʹ|||"),
        # bodies and meetings
        ("CERN", "CERN", "corporate|cern|||"),
        ("The BABAR Collaboration", "The BABAR Collaboration", "corporate|babarcollaboration|||"),
        ("for ALICE Collaboration", "ALICE Collaboration", "corporate|alicecollaboration|||"),
        ("the LHD team", "the LHD team", "corporate|lhdteam|||"),
        ("Thomas & Tappan,", "Thomas & Tappan", "corporate|thomasandtappan|||"),
        ("Kerala (India). Dept. X", "Kerala (India). Dept. X", "corporate|keralaindiadeptx|||"),
        ("United States. Congress. House.", "United States. Congress. House", "corporate|unitedstatescongresshouse|||"),
        ("北京大学", "北京大学", "corporate|北京大学|||"),
        (
            "International Conference on X (2nd : 1999 : Paris)",
            "International Conference on X (2nd : 1999 : Paris)",
            "meeting|internationalconferenceonx2nd1999paris|||",
        ),
        ("Society of Y. Meeting (43rd :", "Society of Y. Meeting (43rd)", "meeting|societyofymeeting43rd|||"),
    ],
)
def test_parse_heading(written: str, name: str, key: str) -> None:
    heading = parse_heading(written)
    assert heading is not None
    assert (heading.name, heading.heading_key) == (name, key)
    assert heading.kind == key.split("|", maxsplit=1)[0]


@pytest.mark.parametrize(
    "name", ["Kenneth Ward Church", "Service, Pamela F.", "Wall. Kurt.", "Trust, Paul", "Han, The Anh"]
)
def test_people_are_not_taken_for_bodies(name: str) -> None:
    heading = parse_heading(name)
    assert heading is not None
    assert heading.kind == "person"


def test_the_corporate_field_forces_a_body_unless_it_is_a_meeting() -> None:
    assert (heading := parse_heading("Allen, Lane and Scott,", "author_corporate")) and heading.kind == "corporate"
    assert heading.name == "Allen, Lane and Scott"
    assert (heading := parse_heading("Symposium on Rust", "author_corporate")) and heading.kind == "meeting"


def test_all_parts_of_a_person() -> None:
    heading = parse_heading("Rubin, Louis D., Jr. (Louis Decimus), 1923-2013, editor.")
    assert heading is not None
    assert (heading.family_name, heading.given_names, heading.suffix) == ("Rubin", "Louis Decimus", "Jr.")
    assert (heading.birth_year, heading.death_year, heading.role, heading.script) == (1923, 2013, "edt", "Latn")
    heading = parse_heading("Beethoven, Ludwig van")
    assert heading is not None
    assert (heading.family_name, heading.given_names) == ("van Beethoven", "Ludwig")


@pytest.mark.parametrize(
    "written",
    [
        "Smith, John (0000-0002-1825-0097)",
        "John Smith https://orcid.org/0000-0002-1825-0097",
        "Smith, John ORCID: 0000-0002-1825-0097",
    ],
)
def test_an_orcid_leaves_the_name_and_tells_namesakes_apart(written: str) -> None:
    heading = parse_heading(written)
    assert heading is not None
    assert (heading.name, heading.orcid) == ("Smith, John", "0000-0002-1825-0097")
    assert heading.heading_key == "person|smith|john|||0000-0002-1825-0097"


def test_an_orcid_with_a_wrong_check_digit_is_none() -> None:
    assert (heading := parse_heading("Smith, John (0000-0002-1825-0098)")) and heading.orcid is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith, J.", "Smith, K."),
        ("Smith, J. K.", "Smith, J."),
        ("Li, Jo", "Li, J. O."),
        ("Smith, John, 1854-", "Smith, John, 1900-"),
        ("Smith, John, 1854-", "Smith, John"),
        ("Smith, John, Jr.", "Smith, John"),
        ("Garcia, J. (Juan)", "Garcia, J. (José)"),
        ("Charles II, King of England", "Charles II, King of Spain"),
        ("हरि, राम", "हर, राम"),
    ],
)
def test_different_people_do_not_meet(one: str, other: str) -> None:
    first, second = parse_heading(one), parse_heading(other)
    assert first is not None
    assert second is not None
    assert first.heading_key != second.heading_key


@pytest.mark.parametrize("written", ["", " ", "1975", "-", "(...)", "\x00", "¿?"])
def test_text_without_a_letter_is_no_heading(written: str) -> None:
    assert parse_heading(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "et al.", "[et al.]", "… [et al.]", "... [et al.]", "Et al", "Et Al", "ET AL.", "et. al.", "et alii",
        "Et Aliae", "Et Alia", "and others", "And Others", "und andere.", "Und Andere", "Et Autres", "Y Otros",
        "E Outros", "E Altri",
        "u.a.", "u. a.", "等", "и др.", ", et al.", "et al.,", '"et al."',
    ],
)  # fmt: skip
def test_that_there_are_more_authors_is_no_name(written: str) -> None:
    assert parse_heading(written) is None
    assert parse_headings(pa.array([written]))["heading_key"].to_pylist() == [None]


@pytest.mark.parametrize(
    "written", ["U. A.", "Etal, Jan", "Others, Ann", "et al. Smith", "Al, E.", "Al Et", "Et Alford"]
)
def test_names_that_look_like_it_are_names(written: str) -> None:
    assert parse_heading(written) is not None
    assert parse_headings(pa.array([written]))["heading_key"].null_count == 0


@given(st.text(), st.sampled_from(["author", "author2", "author_corporate"]))
def test_no_name_with_a_letter_is_lost(written: str, field: str) -> None:
    heading = parse_heading(written, field)
    if any(map(str.isalpha, written)) and "等" not in written:
        assert heading is not None
        assert heading.name.strip()
        assert heading.heading_key.split("|")[1]


latin_word = st.from_regex(r"\A[A-Z][a-zéèüñčß]{3,9}\Z")
initial = st.from_regex(r"\A[A-Z]\.\Z")


@given(latin_word, st.lists(latin_word | initial, min_size=1, max_size=3))
def test_the_display_form_is_read_back_to_the_same_key(family: str, given_names: list[str]) -> None:
    heading = parse_heading(f"{family}, {' '.join(given_names)}")
    assert heading is not None
    again = parse_heading(heading.name)
    assert again is not None
    assert (again.name, again.heading_key) == (heading.name, heading.heading_key)
