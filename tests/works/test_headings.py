"""A work key holds the name of a heading and nothing else of it."""

import pyarrow as pa
import pytest

from pipelines.works.headings import name_of_person


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Aurand, Samuel Herbert, 1854-", "Aurand, Samuel Herbert"),
        ("Chadman, Charles E. (Charles Erehart), 1873-", "Chadman, Charles E."),
        ("Volckmar, Mikołaj, -1601.", "Volckmar, Mikołaj"),
        ("Takenaka, Tsūan, active 1686-1740.", "Takenaka, Tsūan"),
        ("Li, Si, approximately 280 B.C.-208 B.C.", "Li, Si"),
        ("Ibn, X, active 10th century-11th century.", "Ibn, X"),
        ("Lee, Y., 1946 February 12-", "Lee, Y."),
        ("Adams, B., b. 1854 or 5", "Adams, B."),
        ("Bacon, Francis, 1561-1626. [from old catalog]", "Bacon, Francis"),
        ("Miller, J., 1950- author.", "Miller, J."),
        ("Miller, J., editor", "Miller, J."),
        ("Kumar, Ajay, Dr.", "Kumar, Ajay"),
        ("King, Martin Luther, Jr., 1929-1968.", "King, Martin Luther"),
        ("John Paul II, Pope, 1920-2005", "John Paul II, Pope"),
        # What only looks like an addition is part of the name.
        ("Smith, Ed", "Smith, Ed"),
        ("Li, Ma", "Li, Ma"),
        ("Pope, Alexander", "Pope, Alexander"),
        ("Samuel Paris (France)", "Samuel Paris (France)"),
        ("Blink-182", "Blink-182"),
        ("Broke, Will B. ; afterword by P.S. Sherman", "Broke, Will B. ; afterword by P.S. Sherman"),
        ("", ""),
        (None, None),
    ],
)
def test_keeps_the_name(heading: str | None, name: str | None):
    assert name_of_person(pa.array([heading], pa.string())).to_pylist() == [name]
