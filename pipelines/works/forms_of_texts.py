"""What a title says behind it of the form of its text: that it is an abstract, or a letter.

The note tells little alone: databases append it to a text that others name without it. But an abstract is printed
apart from its paper, too, and a letter is written under the title of the article that it is about.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.columns import as_mask

Mask = npt.NDArray[np.bool_]

#: In a bracket, or as the whole of a subtitle. Structured and provisional abstracts are those of databases.
_FORMS: Final = {
    "abstract": r"(?i)\w\W*(?:[\[(:;.–—]|\s-)\s*(?:(?:extended|meeting|conference|congress|published|poster|demo|"
    r"demonstration)\s+)*"
    r"(?:abstract|kurzfassung|zusammenfassung|résumé|resumen|resumo|riassunto)(?: only)?\s*[\])]?\W*$",
    "letter": r"(?i)\w\W*[\[(]letter(?: to the editor)?(?:\s*[;,]\s*comment)?[\])]\W*$",
    "editorial": r"(?i)\w\W*[\[(]editorial(?:\s*[;,]\s*comment)?[\])]\W*$",
}


def are_of_form(form: str, titles: pa.Array) -> Mask:
    """Which titles say that they are of a form: ``abstract``, ``letter`` or ``editorial``."""
    return as_mask(pc.match_substring_regex(titles, _FORMS[form]))
