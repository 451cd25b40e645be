"""Editions that a title tells."""

import pyarrow as pa
import pytest
from verdicts import ONE, judge, titled

from pipelines.works.edition_statements import split_editions


@pytest.mark.parametrize(
    ("title", "rest", "edition"),
    [
        ("Organic chemistry, 6th ed.", "Organic chemistry", "6th ed."),
        ("Organic chemistry (6th ed.)", "Organic chemistry", "6th ed."),
        ("Organic chemistry (Sixth Edition)", "Organic chemistry", "Sixth Edition"),
        ("Organic chemistry. 2nd rev. edition", "Organic chemistry", "2nd rev. edition"),
        ("Organic chemistry / 6th edn", "Organic chemistry", "6th edn"),
        ("Organic chemistry 6th ed.", "Organic chemistry", "6th ed."),
        ("Organische Chemie, 3., überarbeitete Auflage", "Organische Chemie", "3., überarbeitete Auflage"),
        ("Organische Chemie. 3. Aufl.", "Organische Chemie", "3. Aufl."),
        ("Chimie organique, 2e édition", "Chimie organique", "2e édition"),
        ("Química orgánica, 2ª ed.", "Química orgánica", "2ª ed."),
        ("Chimica organica. Seconda edizione", "Chimica organica", "Seconda edizione"),
        ("Organic chemistry (6th ed.) : a textbook", "Organic chemistry : a textbook", "6th ed."),
        ("Органическая химия. 2-е издание", "Органическая химия", "2-е издание"),
        ("Organic chemistry, 6 ed.", "Organic chemistry", "6 ed."),
        # Not the subject of the text, no number of a volume or year, nor what is met for the sixth time.
        ("Windows 7 home edition", "Windows 7 home edition", None),
        ("Spelling, 2nd grade student edition", "Spelling, 2nd grade student edition", None),
        ("The sixth edition", "The sixth edition", None),
        ("First edition", "First edition", None),
        ("Shakespeare and the first edition", "Shakespeare and the first edition", None),
        ("Handbook of chemistry, 2010 edition", "Handbook of chemistry, 2010 edition", None),
        ("Organic chemistry, revised edition", "Organic chemistry, revised edition", None),
        ("Organic chemistry, vol. 6", "Organic chemistry, vol. 6", None),
        (
            "Proceedings of the chemical workshop, 6th edition",
            "Proceedings of the chemical workshop, 6th edition",
            None,
        ),
        ("Congreso de química, 6ª edición", "Congreso de química, 6ª edición", None),
        # Run on without a sign, a number is that of a version, a grade, a part.
        ("Photoshop CS 6 edition", "Photoshop CS 6 edition", None),
        ("Science in action, grade 5 edition", "Science in action, grade 5 edition", None),
        ("Theoretische Physik. Teil 2. Auflage", "Theoretische Physik. Teil 2. Auflage", None),
        ("Rencontres d'Arles, 40e édition", "Rencontres d'Arles, 40e édition", None),
        ("CRC handbook of chemistry, 100th edition", "CRC handbook of chemistry", "100th edition"),
        (None, None, None),
    ],
)
def test_splits_the_edition_from_a_title(title: str | None, rest: str | None, edition: str | None):
    titles, editions = split_editions(pa.array([title], pa.string()))
    assert (titles.to_pylist(), editions.to_pylist()) == ([rest], [edition])


@pytest.mark.parametrize(
    ("first", "second", "columns", "verdict", "rule"),
    [
        ("Organic chemistry, 6th ed.", "Organic chemistry, 7th ed.", {}, "version", "edition_differs"),
        ("Organic chemistry (6th ed.)", "Organic chemistry. Seventh edition", {}, "version", "edition_differs"),
        ("Chemie. 3. Auflage", "Chemie. 4., neubearb. Aufl.", {}, "version", "edition_differs"),
        ("Organic chemistry, 6th ed.", "Organic chemistry", {"edition": "7th ed."}, "version", "edition_differs"),
        ("Organic chemistry, 6th ed.", "Organic chemistry", {"edition": "6. Aufl."}, "duplicate", "same_description"),
        ("Organic chemistry, 6th ed.", "Organic chemistry (sixth edition)", {}, "duplicate", "same_description"),
        ("Organic chemistry, 6th ed.", "Organic chemistry", {}, "duplicate", "same_description"),
        # What a column says without a number hides none.
        (
            "Organic chemistry, 6th ed.",
            "Organic chemistry, 7th ed.",
            {"edition": "International ed."},
            "version",
            "edition_differs",
        ),
        # Parts of one edition, what meets every year.
        ("Organic chemistry, vol. 1, 6th ed.", "Organic chemistry, vol. 2, 6th ed.", {}, "different", "numbers_differ"),
        ("Workshop on rats, 6th edition", "Workshop on rats, 7th edition", {}, "different", "numbers_differ"),
        ("Handbook of rats, 2010 edition", "Handbook of rats, 2011 edition", {}, "different", "numbers_differ"),
    ],
)
def test_editions_in_titles_are_versions(first: str, second: str, columns: dict[str, str], verdict: str, rule: str):
    a, b = titled(first, author_names=ONE), titled(second, author_names=ONE, source="t") | columns
    assert judge(a, b) == (verdict, rule)
