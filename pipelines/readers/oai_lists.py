"""What an OAI-PMH repository says around the records: which page of which list it is, or that something went wrong.

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html, "Flow Control" and "Error and Exception
Conditions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from pipelines.readers.answers import Answer

_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,60}:)?"
_SAID: Final = re.compile(
    rb"<" + _PREFIX + rb"(?:(?P<leaf>request|resumptionToken|error)(?P<attributes>\s[^<>]*?)?(?:/>|>(?P<text>[^<]*)</)"
    rb"|(?P<begin>ListRecords|ListIdentifiers|GetRecord)[\s/>])"
    rb"|(?P<end></" + _PREFIX + rb"OAI-PMH\s*>)"
)
_ASKED: Final = re.compile(rb"""\sresumptionToken\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SIZE: Final = re.compile(rb"""\scompleteListSize\s*=\s*["']\s*([0-9]{1,18})\s*["']""")
_CODE: Final = re.compile(rb"""\scode\s*=\s*(?:"([^"]*)"|'([^']*)')""")
#: A message is for a person; some repositories send a whole page.
_LONGEST_MESSAGE: Final = 300
#: The code of what is no error: a list of nothing.
_NO_RECORDS: Final = "noRecordsMatch"


class OaiLists:
    """Reads the frame of answers; see :class:`~pipelines.readers.xml_frames.FrameReader`."""

    def __init__(self) -> None:
        #: Of each answer so far, whether it says that there are no records.
        self._are_none: set[bool] = set()
        self._begin()

    @property
    def has_none(self) -> bool:
        """Whether each answer says that no records match."""
        return self._are_none == {True}

    def _begin(self) -> None:
        self._records = 0
        self._asked = self._more = ""
        self._announced: int | None = None
        self._is_list = self._is_none = False

    def records(self, count: int) -> None:
        """So many records follow."""
        self._records += count

    def read(self, frame: bytes) -> Iterator[Answer | str]:
        """Each list's page that ends here, also of a list of nothing, and each error, with its code and message."""
        for said in _SAID.finditer(frame):
            attributes, text = said["attributes"] or b"", _text(said["text"] or b"")
            if said["end"]:
                if self._is_list:
                    yield Answer(self._records, self._announced, True, self._asked, self._more)
                self._are_none.add(self._is_none)
                self._begin()
            elif said["begin"]:
                self._is_list = True
            elif said["leaf"] == b"request":
                self._asked = _attribute(_ASKED, attributes)
            elif said["leaf"] == b"error":
                code = _attribute(_CODE, attributes)
                if code == _NO_RECORDS:
                    self._announced, self._is_list, self._is_none = 0, True, True
                    continue
                yield ": ".join(filter(None, ("the repository answered with an error", code, text[:_LONGEST_MESSAGE])))
            else:
                self._more = text
                size = _SIZE.search(attributes)
                self._announced = int(size[1]) if size else None


def _attribute(pattern: re.Pattern[bytes], attributes: bytes) -> str:
    found = pattern.search(attributes)
    return _text(found[1] if found[1] is not None else found[2]) if found else ""


def _text(raw: bytes) -> str:
    return " ".join(unescape(raw.decode(errors="replace")).split())
