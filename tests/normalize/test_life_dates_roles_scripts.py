"""Dates, roles and scripts in headings."""

import pytest

from pipelines.normalize.life_dates import parse_life_dates
from pipelines.normalize.roles import clean_role, relator_code
from pipelines.normalize.scripts import compose_tex_accents, script_of, unmix_scripts


@pytest.mark.parametrize(
    ("text", "birth", "death", "key"),
    [
        ("1854-", 1854, None, "1854"),
        ("1860-1937.", 1860, 1937, "1860"),
        ("1926--2009", 1926, 2009, "1926"),
        ("1857-85", 1857, 1885, "1857"),
        ("-1870", None, 1870, "-1870"),
        ("d. 1799", None, 1799, "-1799"),
        ("b. 1930", 1930, None, "1930"),
        ("ca. 1450-1516", 1450, 1516, "1450"),
        ("approximately 1075-approximately 1129.", 1075, 1129, "1075"),
        ("1825 or 1826-", 1825, None, "1825"),
        ("1559?-1623.", 1559, 1623, "1559"),
        ("1965 September-", 1965, None, "1965"),
        ("427-347 B.C.", -427, -347, "-427"),
        ("63 B.C.-14 A.D.", -63, 14, "-63"),
        ("27-97?", 27, 97, "27"),
        ("1943-....", 1943, None, "1943"),
        ("active 12th century", None, None, "active12thcentury"),
        ("16th century.", None, None, "active16thcentury"),
        ("fl. 1500", None, None, "active1500"),
        ("jin shi 1592", None, None, "activejinshi1592"),
    ],
)
def test_life_dates(text: str, birth: int | None, death: int | None, key: str) -> None:
    dates = parse_life_dates(text)
    assert dates is not None
    assert (dates.birth, dates.death, dates.key) == (birth, death, key)


@pytest.mark.parametrize("text", ["", "John", "3rd", "Chatgpt-4", "7-2", "Jr.", "1854 Smith"])
def test_other_text_is_no_dates(text: str) -> None:
    assert parse_life_dates(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("editor", "edt"), ("ed.", "edt"), ("Illustrator", "ill"), ("joint author.", "aut"), ("tr.", "trl"),
        ("edt", "edt"), ("http://id.loc.gov/vocabulary/relators/aut", "aut"), ("Übersetzer", "trl"),
        ("Ann", None), ("D. I. R.", None), ("J.R.", None), ("Mahdi", None),
    ],
)  # fmt: skip
def test_relator_code(text: str, code: str | None) -> None:
    assert relator_code(text) == code


@pytest.mark.parametrize(
    ("text", "role"), [(None, None), (" ", None), ("AUT", "aut"), ("Author.", "aut"), ("sous-chef.", "sous-chef")]
)
def test_clean_role(text: str | None, role: str | None) -> None:
    assert clean_role(text) == role


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Smith", "Latn"), ("Иванов", "Cyrl"), ("Ωmega, a", "Latn"), ("王昱", "Hani"), ("김철수", "Hang"),
        ("タロウ", "Kana"), ("محمد", "Arab"), ("משה", "Hebr"), ("Γιώργος", "Grek"), ("12 -", "Zyyy"),
    ],
)  # fmt: skip
def test_script_of(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("mixed", "repaired"),
    [
        ("Malanҫon", "Malançon"),
        ("Grieβhaber", "Grießhaber"),
        ("Ивaнов", "Иванов"),
        ("Смит Smith", "Смит Smith"),
        ("Smith α", "Smith α"),
        ("Smithж", "Smithж"),
    ],
)
def test_letters_are_put_back_into_the_script_of_their_word(mixed: str, repaired: str) -> None:
    assert unmix_scripts(mixed) == repaired
    assert unmix_scripts(repaired) == repaired


@pytest.mark.parametrize(
    ("tex", "text"),
    [("Ku\\' s", "Kuś"), ('H\\" ugel', "Hügel"), ("L\\{ae}m", "Laem"), ("\\v{Z}", "Ž"), ("Ma{ś}lanka", "Maślanka")],
)
def test_tex_accents(tex: str, text: str) -> None:
    assert compose_tex_accents(tex) == text
