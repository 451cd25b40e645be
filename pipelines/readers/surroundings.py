"""What stands around an element of a record page: whether it shows the record, or something beside it."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

#: So many elements around one are looked at, and so much of their names.
_MOST_AROUND: Final = 64
_LONGEST_NAMES: Final = 1_000
_ASIDE_TAGS: Final = frozenset({"form", "aside", "nav", "footer", "template"})
#: Names, as classes or ids, of parts of a page that show other records, copies, or what people say.
_ASIDE: Final = re.compile(
    r"(?:similar|related|recommend(?:ed|ations)?|results?|search-?results?|comments?|sidebar|modal|holdings?|versions?)"
    r"(?:[-_]?(?:items?|records?|list|body|tab|content|works))*",
    re.IGNORECASE,
)
_DESCRIPTION: Final = re.compile(r"desc|detail", re.IGNORECASE)
_NOT_SHOWN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class Surroundings:
    """The elements of one page, each looked at once, while the page is held."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[bool, bool]] = {}

    def is_aside(self, node: LexborNode | None) -> bool:
        """Whether an element shows something else than the record of the page, or is not shown."""
        return self._of(node)[0]

    def is_description(self, node: LexborNode | None) -> bool:
        """Whether an element lies in the tab of the description, or of details."""
        return self._of(node)[1]

    def _of(self, node: LexborNode | None) -> tuple[bool, bool]:
        path: list[LexborNode] = []
        at = node
        while at is not None and at.tag != "body" and at.mem_id not in self._known and len(path) < _MOST_AROUND:
            path.append(at)
            at = at.parent
        found = (False, False) if at is None else self._known.get(at.mem_id, (False, False))
        for one in reversed(path):
            attributes = one.attributes
            names = " ".join(attributes.get(name) or "" for name in ("class", "id"))[:_LONGEST_NAMES]
            is_aside = (
                found[0]
                or one.tag in _ASIDE_TAGS
                or "hidden" in attributes
                or any(map(_ASIDE.fullmatch, names.split()))
                or _NOT_SHOWN.search((attributes.get("style") or "")[:_LONGEST_NAMES]) is not None
            )
            found = is_aside, found[1] or _DESCRIPTION.search(names) is not None
            self._known[one.mem_id] = found
        return found
