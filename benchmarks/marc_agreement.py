"""How far what is read of MARC agrees with Solr documents that another program made of the same records.

``python -m benchmarks.marc_agreement MARC DOCUMENTS``: both are read by the readers of this project, and gone through
side by side; ids are the same but for what the documents put before a hyphen (``loc-00000002``). Printed are, for the
title and each field of authors: how many records agree exactly, how many but for blanks and the punctuation at the end
of a value, and how many differ, by cause, with an example of each.

A cause is a rule that is checked on the fields of the record. A difference has one only where the rule of VuFind 10
(``marc.properties``) makes of these fields what was read, and the rule of the documents makes of them what the
documents have. Those of ``dumps/loc``: a title is 245abnp; authors are 100abcqd, further ones 700abcqd, bodies 110abn
and 710abn, whatever their relators say. All else is unexplained, and then the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import pymarc

from pipelines.readers.chunks import Unreadable
from pipelines.readers.marc_codes import FIRST_AUTHOR_ROLES, SECOND_AUTHOR_ROLES, relator_code
from pipelines.readers.registry import parse_chunk, read_chunks

EXACT: Final = "exactly"
FOLDED: Final = "but for blanks and punctuation at the end"
UNEXPLAINED: Final = "unexplained"
#: Examples that are kept: of a cause one, of what has none more.
_EXAMPLES: Final = 5
_ROWS_AT_ONCE: Final = 1024
_END: Final = " .,;:/=()[]"

Row = dict[str, Any]


class NotTheSameError(Exception):
    """The two do not hold the same records in the same order, or not all of them can be read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A field of authors: for VuFind the subfields of its tags, the tags that need no relator, and the roles that go
    there; for the documents the subfields of their tags, whatever the relators.
    """

    tags: dict[str, str]
    bare: tuple[str, ...]
    roles: frozenset[str]
    of_documents: dict[str, str]

    def times(self, heading: pymarc.Field) -> int:
        """How often VuFind has a heading in the field: once for each role that goes there."""
        terms, codes = ([text.strip() for text in heading.get_subfields(code)] for code in "e4")
        if heading.tag not in self.bare:
            unknown = set()
        elif not terms and not codes:
            return 1
        else:
            of_terms, of_codes = ({one for one in said if one and not relator_code(one)} for said in (terms, codes))
            unknown = of_terms or of_codes
        return len(unknown) + len({relator_code(one) for one in (*terms, *codes)} & self.roles)


_PEOPLE: Final = {"100": "abcqd", "700": "abcqd"}
_BODIES: Final = {"110": "ab", "111": "abc", "710": "ab", "711": "ab"}
_ANY_ROLE: Final = FIRST_AUTHOR_ROLES | SECOND_AUTHOR_ROLES
AUTHORS: Final = {
    "author": Rule(_PEOPLE, ("100",), FIRST_AUTHOR_ROLES, {"100": "abcqd"}),
    "author2": Rule(_PEOPLE, ("700",), SECOND_AUTHOR_ROLES, {"700": "abcqd"}),
    "author_corporate": Rule(_BODIES, tuple(_BODIES), _ANY_ROLE, {"110": "abn", "710": "abn"}),
}
FIELDS: Final = ("title", *AUTHORS)


@dataclass(slots=True)
class Agreement:
    """How the records agree in one field: how many by outcome, and examples of those that differ."""

    outcomes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def count(self, outcome: str, example: str = "") -> None:
        """One record more."""
        self.outcomes[outcome] += 1
        kept = self.examples.setdefault(outcome, [])
        if example and len(kept) < (_EXAMPLES if outcome == UNEXPLAINED else 1):
            kept.append(example)


def main() -> int:
    """Compare two files and print how they agree; 1 where something is unexplained or cannot be compared."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("marc", type=Path, help="records of MARC 21")
    parser.add_argument("documents", type=Path, help="Solr documents of the same records, in the same order")
    arguments = parser.parse_args()
    try:
        found = compare(arguments.marc, arguments.documents)
    except NotTheSameError as error:
        print(error, file=sys.stderr)
        return 1
    for name, agreement in found.items():
        print(f"{name}: {agreement.outcomes.total():,} records")
        first = [EXACT, FOLDED]
        for outcome in (*first, *(one for one, _ in agreement.outcomes.most_common() if one not in first)):
            print(f"  {agreement.outcomes[outcome]:>9,}  {outcome}")
            for example in agreement.examples.get(outcome, ()):
                print(f"             {example}")
    return int(any(agreement.outcomes[UNEXPLAINED] for agreement in found.values()))


def compare(marc: Path, documents: Path) -> dict[str, Agreement]:
    """How records of MARC, as they are read, agree with documents in each of :data:`FIELDS`."""
    found = {name: Agreement() for name in FIELDS}
    pairs = zip_longest(_rows(marc, (*FIELDS, "fullrecord")), _rows(documents, FIELDS))
    for number, (read, document) in enumerate(pairs, 1):
        if read is None or document is None:
            raise NotTheSameError(f"{marc if read is None else documents} ends before record {number:,} of the other")
        if document["id"].rpartition("-")[2] != read["id"].strip().rpartition("-")[2]:
            raise NotTheSameError(f"record {number:,} is {read['id']} in one, {document['id']} in the other")
        record: pymarc.Record | None = None
        for name, agreement in found.items():
            here, there = _texts(read[name]), _texts(document[name])
            if here == there:
                agreement.count(EXACT)
            elif _folded(here) == _folded(there):
                agreement.count(FOLDED)
            else:
                record = record or pymarc.Record(read["fullrecord"].encode(), to_unicode=True, force_utf8=True)
                cause = _cause_of_title if name == "title" else partial(_cause_of_authors, AUTHORS[name])
                agreement.count(cause(record, here, there), f"{document['id']}: {here} | {there}")
    return found


def _cause_of_title(record: pymarc.Record, here: list[str], there: list[str]) -> str:
    titles = record.get_fields("245")[:1]
    made = [[_joined(title, codes) for title in titles] for codes in ("ab", "abnp")]
    if [_folded(one) for one in made] != [_folded(here), _folded(there)]:
        return UNEXPLAINED
    parts = sorted({f"${part.code}" for part in titles[0].subfields if part.code in "np"})
    return f"the documents have 245 {' and '.join(parts)}, VuFind's title is 245ab"


def _cause_of_authors(rule: Rule, record: pymarc.Record, here: list[str], there: list[str]) -> str:
    ours: list[str] = []
    theirs: list[str] = []
    causes = set()
    for heading in (each for tag in rule.tags for each in record.get_fields(tag)):
        tag, codes = heading.tag, rule.of_documents.get(heading.tag)
        times, text = rule.times(heading), _joined(heading, rule.tags[tag])
        ours += [text] * times
        if codes is None:
            if times:
                causes.add(f"VuFind has {tag}{'' if tag in rule.bare else ' by its relator'}, the documents never")
            continue
        theirs.append(_joined(heading, codes))
        if times > 1:
            causes.add(f"{tag} has several roles, VuFind has it once for each")
        elif not times:
            causes.add(f"the documents have {tag} whatever its relator, VuFind none with this one")
        elif _folded([text]) != _folded(theirs[-1:]):
            causes.add(f"the documents have {tag}{codes}, VuFind {tag}{rule.tags[tag]}")
    explained = causes and (_folded(ours), _folded(theirs)) == (_folded(here), _folded(there))
    return "; ".join(sorted(causes)) if explained else UNEXPLAINED


def _rows(dump: Path, names: Iterable[str]) -> Iterator[Row]:
    """The documents of a dump, as they are read, with their ids."""
    for chunk in read_chunks(dump):
        if isinstance(chunk, Unreadable):
            raise NotTheSameError(f"{dump} at byte {chunk.offset:,}: {chunk.reason}")
        batch = parse_chunk(chunk)
        for row in batch.quarantined.slice(0, 1).to_pylist():
            raise NotTheSameError(f"{dump} at byte {row['offset']:,}: {row['reason']}")
        for part in batch.documents.select(["id", *names]).to_batches(max_chunksize=_ROWS_AT_ONCE):
            yield from part.to_pylist()


def _joined(of: pymarc.Field, codes: str) -> str:
    return " ".join(part.value for part in of.subfields if part.code in codes)


def _texts(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _folded(texts: list[str]) -> list[str]:
    """Texts without what catalogues write at their end, and without what is nothing else."""
    return [folded for text in texts if (folded := " ".join(text.split()).rstrip(_END))]


if __name__ == "__main__":
    sys.exit(main())
