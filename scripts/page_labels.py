"""Make pipelines/readers/page_labels.tsv: the words of a record page in each language of VuFind.

    python scripts/page_labels.py LABELS

LABELS is a table of language, English key and printed word, tab between them, as taken from VuFind's languages/*.ini
(its licence is the GPL, version 2; single words of its interface are all that is kept). Only keys that the reader
looks for are kept, each word once a language and key, in order.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

#: Keys of VuFind's translations that stand before a value of the core record, or where a page begins.
KEYS: Final = frozenset(
    {
        "loading_ellipsis",
        "Author",
        "Authors",
        "Main Author",
        "Main Authors",
        "Corporate Author",
        "Corporate Authors",
        "Other Authors",
        "Contributors",
        "Format",
        "Language",
        "Published",
        "Published in",
        "Publication Date",
        "Edition",
        "Series",
        "Subjects",
        "Online Access",
        "New Title",
        "Previous Title",
        "Related Items",
        "Tags",
        "ISBN",
        "ISSN",
        "DOI",
        "Summary",
        "Description",
        "Physical Description",
        "Item Description",
        "Bibliography",
        "Access",
        "Article",
        "Text",
    }
)
WRITTEN: Final = Path(__file__).parent.parent / "pipelines" / "readers" / "page_labels.tsv"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    rows = set()
    for line in parser.parse_args().labels.read_text(encoding="utf-8").splitlines():
        language, key, word = line.split("\t")
        if key in KEYS and word.strip():
            rows.add((language, key, " ".join(word.split())))
    WRITTEN.write_text("".join("\t".join(row) + "\n" for row in sorted(rows)), encoding="utf-8")


if __name__ == "__main__":
    main()
