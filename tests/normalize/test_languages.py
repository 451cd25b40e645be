"""Languages become codes; what names none for sure stays unnamed."""

import pyarrow as pa
import pytest

from pipelines.normalize.languages import codes_of_text, language_code, language_codes


@pytest.mark.parametrize(
    ("code", "written"),
    [
        (
            "eng",
            [
                "en",
                "eng",
                "ENG",
                "English",
                "English.",
                "eng.",
                "english",
                "en-US",
                "en_GB",
                "Englisch",
                "inglés",
                "Anglais",
                "английский",
                "英语",
            ],
        ),
        ("sla", ["sla", "Slavic (Other)", "Slavic languages"]),
        ("deu", ["de", "ger", "deu", "German", "Deutsch", "de-DE"]),
        ("fra", ["fre", "fra", "French", "français", "http://id.loc.gov/vocabulary/languages/fre"]),
        ("zho", ["chi", "zh", "Chinese", "中文", "zh_TW", "zh-Hant", "Chinese (Simplified)"]),
        ("cmn", ["cmn", "Mandarin"]),
        ("ell", ["gre", "el", "Greek", "Greek, Modern (1453- )", "Ελληνικά"]),
        ("eng", ["(eng)", "[English]", "( eng )"]),
        ("grc", ["grc", "Ancient Greek", "Greek, Ancient (to 1453)"]),
        ("ang", ["ang", "Old English", "English, Old (ca. 450-1100)"]),
        ("spa", ["Spanish", "Spanish; Castilian", "es"]),
        ("hrv", ["scr", "hrv", "Croatian"]),
        ("hbs", ["sh", "hbs", "Serbo-Croatian"]),
        ("tgl", ["tag", "tl", "Tagalog"]),
        ("gag", ["Gagauz"]),
        ("glg", ["gag", "Galician"]),
        ("heb", ["iw", "he", "heb", "Hebrew"]),
        ("fas", ["per", "Persian", "Farsi"]),
        ("roa", ["roa"]),
        ("mul", ["mul", "Multiple languages"]),
        ("und", ["und", "Undetermined"]),
        ("zxx", ["zxx", "No linguistic content"]),
        (None, ["", "e", "xx", "xyz", "qaa", "|||", "d", "Klingonese", "Book", "English, German", "zz-ZZ", "123"]),
    ],
)
def test_code_of_a_language(code: str | None, written: list[str]):
    assert {text: language_code(text) for text in written} == dict.fromkeys(written, code)


def test_codes_of_a_column():
    texts = pa.array(["English", None, "Klingonese", "ger", "English"])
    assert language_codes(texts).to_pylist() == [["eng"], None, [], ["deu"], ["eng"]]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Chinese; English", ["zho", "eng"]),
        ("eng;ger;eng", ["eng", "deu"]),
        ("English | ", ["eng"]),
        ("Spanish; Castilian", ["spa"]),
        ("No linguistic content; Not applicable", ["zxx"]),
        # As long as one of them is none, who knows what it is.
        ("English; translated", ["eng"]),
        ("English, German", []),
    ],
)
def test_a_text_may_name_several_languages(text: str, codes: list[str]):
    assert codes_of_text(text) == codes
