"""Lists of documents within an answer: where they begin, also where a sign is missing or too many before or in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipelines.readers.chunks import unreadable
from pipelines.readers.json_lists import BLANK, COMMAS, LONGEST_KEY, ListWalk
from pipelines.readers.json_neighbours import BEGINS_WITH_ID
from pipelines.readers.json_structure import Structure, elements

_KEY_ENDS: Final = re.compile(rb'"\s*:\s*$')
_IN_LIST: Final = re.compile(rb"\s*(?:\]|,\s*\{)")


@dataclass(slots=True)
class AnswerWalk(ListWalk):
    """Tells in the frame of an answer what opens a list of its documents."""

    def _list_in_string(self, structure: Structure, end: int) -> tuple[int, int] | None:
        """Where a list of documents begins, and its first one, that seems to stand in a string: a quote is missing or
        too many before it.
        """
        found = self.answers.list_begins.search(self.text, self.at, end)
        return found.span() if found and structure.is_in_string(self.at, found.start()) else None

    def _begin_list(self, start: int, begin: int) -> None:
        """Refuse what is broken in an answer before its list of documents, and go on in that."""
        offset, raw = self._left(start)
        reason = "a quote is missing or too many before the list of documents"
        self.found.append(unreadable(self.file, self.member, offset, 0, reason, raw, self.offset + start - offset))
        self.path[:] = b"{" if self.answers.only_outermost else b"{{"
        self._enter_array(begin)
        self.begin_anew(begin)

    def _goes_into(self, structure: Structure, key: bytes, place: int) -> bool:
        """Whether the walk goes on in or behind what opens at a place: documents, or what cannot be told from them."""
        if self._is_of_documents(structure, key, place):
            self._enter_array(place + 1 if self.text[place] == ord("[") else place)
            return True
        if behind := self._behind_unknown_list(structure, place):
            self._go_to(place)
            self._refuse(place, "a list that begins as one of documents, but is not called so", self.text[place:behind])
            self._go_to(behind)
            self.answer.goes_on(self.offset + self.at)
            return True
        return False

    def _is_of_documents(self, structure: Structure, key: bytes, place: int) -> bool:
        """Whether what opens at a place is an array of documents, by its key; or where that is broken, by what stands
        around it and how its first object begins; or the first document of one whose bracket is missing.
        """
        is_called = self.answers.documents.search(key) is not None
        is_array = self.text[place] == ord("[")
        if is_called and is_array:
            return True
        first = COMMAS.match(self.text, place + 1).end() if is_array else place  # type: ignore[union-attr]
        if not self._begins_as_documents(first):
            return False
        has_no_key = is_array and self.path[-1:] == b"{" and not _KEY_ENDS.search(key)
        if has_no_key and self.answer.opening:
            return True
        before = self.text[max(0, place - LONGEST_KEY) : place]
        if self.answers.beside_documents.search(before) is None:
            return False
        return is_array or (is_called and self._is_followed_by_others(structure, place))

    def _is_followed_by_others(self, structure: Structure, place: int) -> bool:
        """Whether the object there stands in a list, as what is behind it tells."""
        found = elements(structure, place, self.end())
        return len(found.ends) > 0 and _IN_LIST.match(self.text, int(found.ends[0])) is not None

    def _behind_unknown_list(self, structure: Structure, place: int) -> int:
        """Where an array ends that may be one of documents by its first object, but by nothing else; else 0."""
        first = COMMAS.match(self.text, place + 1).end()  # type: ignore[union-attr]
        is_one_of_several = self.answer.has_documents or b"[" in self.path
        if self.text[place] != ord("[") or not is_one_of_several or not self._begins_as_documents(first):
            return 0
        found = elements(structure, place, self.end())
        return int(found.ends[0]) if len(found.ends) else 0

    def _is_beside_list(self, after: int, place: int) -> bool:
        """Whether an object begins in the place of a member, behind no key: a bracket too many has ended the list.

        ``after`` is where the bracket before it ends. Unless it begins as the first document does, it may be another
        value in a line of its own, behind an answer that is cut off, but for a comma before it, and in an answer with
        several lists another group.
        """
        if self.path[-1:] != b"{" or self.text[place] != ord("{") or not self.answer.list_path.startswith(self.path):
            return False
        between = self.text[after:place]
        if between.rstrip(BLANK).endswith(b":"):
            return False
        if self._begins_as_documents(place):
            return True
        is_beside = between.strip(BLANK) == b"," or not between.strip(b" \t")
        return is_beside and b"[" not in self.answer.list_path[:-1]

    def _begins_as_documents(self, place: int) -> bool:
        if self.answer.opening:
            return self.text.startswith(self.answer.opening, place)
        return BEGINS_WITH_ID.match(self.text, place) is not None

    def _go_on_with_list(self, place: int) -> None:
        """Refuse what stands behind a list up to the next of its documents, and go on in it."""
        begin, raw = self._left(place)
        reason = "the list of documents ends before this: a bracket is too many before it"
        self.found.append(unreadable(self.file, self.member, begin, 0, reason, raw, self.offset + place - begin))
        self._go_to(place)
        self.path[:] = self.answer.list_path
        self.in_array, self.array_begins = True, True
