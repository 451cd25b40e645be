"""How deep the elements of a page are nested, told before a tree is made: deep trees take the square of their depth."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

#: Browsers nest elements some 500 deep and no further; at this depth a tree still takes no more than seconds.
DEEPEST_PAGE: Final = 20_000

_TAG: Final = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9]*)")

#: Elements that hold nothing, or end without being told to, so that any number of them may stand side by side.
_SHALLOW: Final = frozenset(
    b"area base br col colgroup dd dt embed hr img input li link meta optgroup option p param source tbody td tfoot"
    b" th thead tr track wbr".split()
)


def is_too_deep(page: bytes) -> bool:
    """Whether more than ``DEEPEST_PAGE`` elements are open at once; an element that is never closed stays open."""
    # An element takes three bytes at least.
    if len(page) <= 3 * DEEPEST_PAGE or page.count(b"<") <= DEEPEST_PAGE:
        return False
    begun: Counter[bytes] = Counter()
    depth = 0
    for tag in _TAG.finditer(page):
        name = tag[2].lower()
        if name in _SHALLOW:
            continue
        if not tag[1]:
            begun[name] += 1
            depth += 1
            if depth > DEEPEST_PAGE:
                return True
        elif begun[name]:
            begun[name] -= 1
            depth -= 1
    return False
