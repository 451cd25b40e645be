"""Who made what a MARC record describes: the headings of 1xx and 7xx, by what their relators say.

Source of the rules: VuFind 10, ``getAuthorsFilteredByRelator`` and ``author-classification.ini``.
"""

from __future__ import annotations

from typing import Final

from pipelines.readers.marc_codes import FIRST_AUTHOR_ROLES, SECOND_AUTHOR_ROLES, relator_code
from pipelines.readers.marc_record import Field, MarcRecord

_FIRST_TAGS: Final = (("100", "abcqd"), ("700", "abcqd"))
_CORPORATE_TAGS: Final = (("110", "ab"), ("111", "abc"), ("710", "ab"), ("711", "ab"))

#: Solr field, where its headings stand, where one stands that says no role, and for which roles it goes there.
_AUTHORS: Final = (
    ("author", _FIRST_TAGS, ("100",), FIRST_AUTHOR_ROLES),
    ("author2", _FIRST_TAGS, ("700",), SECOND_AUTHOR_ROLES),
    ("author_corporate", _CORPORATE_TAGS, ("110", "111", "710", "711"), FIRST_AUTHOR_ROLES | SECOND_AUTHOR_ROLES),
)
#: What a name does not end with; catalogues use these blanks.
_NAME_END: Final = " \t\r\n\u00a0\u2003\u2009\u3000/:;,=(["
#: Abbreviations that keep their period at the end of a name.
_ABBREVIATIONS: Final = frozenset({"col.", "mr.", "mrs.", "ms."})


def authors(record: MarcRecord) -> dict[str, list[str]]:
    """The fields of authors and of their roles, side by side; a heading with two roles comes twice, as in VuFind."""
    document: dict[str, list[str]] = {}
    for name, tags, bare, roles in _AUTHORS:
        if record.by_tag.keys().isdisjoint(dict(tags)):
            continue
        headings = [
            (heading, role)
            for tag, codes in tags
            if tag in record.by_tag
            for field in record.fields(tag)
            for role in _roles(field, tag in bare, roles)
            if (heading := name_of(field.joined(codes)))
        ]
        if headings:
            document[name] = [heading for heading, _ in headings]
            if any(role for _, role in headings):
                document[f"{name}_role"] = [role for _, role in headings]
    return document


def _roles(field: Field, bare: bool, permitted: frozenset[str]) -> list[str]:
    """The roles for which a heading goes into a Solr field: it goes once for each; none where it does not."""
    if not field.values("e4"):
        return [""] if bare else []
    terms, codes = field.values("e"), field.values("4")
    known = [code for text in (*terms, *codes) if (code := relator_code(text)) in permitted and code]
    if bare:
        unknown = [text for text in terms if relator_code(text) is None]
        known += unknown or [text for text in codes if relator_code(text) is None]
    return list(dict.fromkeys(known))


def name_of(heading: str) -> str:
    """A heading without the punctuation that ends it; periods of initials and abbreviations stay."""
    name = heading.rstrip(_NAME_END)
    if name.endswith((". -", ". -.")):
        name = name.rstrip(".")[:-3]
    after_initial = len(name) <= 3 or name[-3] == " "
    if name.endswith(".") and not after_initial and name.rpartition(" ")[2].lower() not in _ABBREVIATIONS:
        name = name[:-1]
    for left, right in ("()", "[]"):
        if name.endswith(right) and left not in name:
            name = name[:-1]
    return name
