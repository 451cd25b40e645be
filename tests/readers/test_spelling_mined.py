"""What only `spelling` holds is mined where it stands between known fields."""

import pytest

from pipelines.readers.spelling_mined import mine_spelling

DOCUMENT = {
    "id": "1", "title": "On cells", "author": ["Wu, Bo", "Li, An"], "topic": ["Review"], "publisher": ["MDPI"],
    "publishDate": ["2022"], "description": "Cells are small. See 2022-01-01.", "url": ["https://a.example/1"],
}  # fmt: skip
BEFORE = "id-12022-11-26 On cells Wu, Bo Li, An "
BEHIND = "Cells are small. See 2022-01-01. MDPI 2021-02-03 2022-11-12 Text en © https://creativecommons.org/licenses/by/4.0/Licensee"


@pytest.mark.parametrize(
    ("spelling", "changed", "mined"),
    [
        (
            f"{BEFORE}Int J Mol Sci Review {BEHIND}",
            {},
            {
                "container_title": "Int J Mol Sci", "article_type_str": "Review", "publication_date_str": "2022-11-12",
                "license_str": "https://creativecommons.org/licenses/by/4.0/",
            },
        ),
        (f"{BEFORE}Nature MDPI 2022-02-30 2022-03-01", {"description": ""},
         {"container_title": "Nature", "publication_date_str": "2022-03-01"}),
        (f"{BEFORE}Nature MDPI", {"container_title": "Given", "description": ""}, {}),
        (f"{BEFORE}in lower case MDPI", {"description": ""}, {}),
        (f"Li, An Wu, Bo On cells Nature {BEHIND}", {}, {}),
        ("", {}, {}),
    ],
)  # fmt: skip
def test_mines(spelling: str, changed: dict[str, object], mined: dict[str, object]):
    assert mine_spelling(DOCUMENT | {"spelling": [spelling]} | changed) == mined
