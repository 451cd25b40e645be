"""The tags of MARCXML as programs write them, and what each says of its field or subfield."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.readers.byte_spans import Bytes
from pipelines.readers.marc_record import is_control
from pipelines.readers.marc_table import tag_number

#: What a tag is: of a record, or of what is in it, opening or closing; or none of these.
OTHER, RECORD, RECORD_END, LEADER, LEADER_END, CONTROL, CONTROL_END, DATA, DATA_END, SUBFIELD, SUBFIELD_END = range(11)
_OPENING: Final = {
    "record": RECORD, "leader": LEADER, "controlfield": CONTROL, "datafield": DATA, "subfield": SUBFIELD
}  # fmt: skip
_IN_RECORD: Final = (LEADER, CONTROL, DATA)
#: What may follow each tag, text aside. A field without subfields is rare enough.
_AFTER: Final = {
    RECORD: _IN_RECORD,
    LEADER: (LEADER_END,),
    LEADER_END: (*_IN_RECORD, RECORD_END),
    CONTROL: (CONTROL_END,),
    CONTROL_END: (*_IN_RECORD, RECORD_END),
    DATA: (SUBFIELD,),
    SUBFIELD: (SUBFIELD_END,),
    SUBFIELD_END: (SUBFIELD, DATA_END),
    DATA_END: (*_IN_RECORD, RECORD_END),
}
#: Whether the tag of the column may follow that of the row.
FOLLOWS: Final = np.array([[after in _AFTER.get(tag, ()) for after in range(11)] for tag in range(11)])

_NAME: Final = "[A-Za-z_][A-Za-z0-9_.-]*"
_ATTRIBUTE: Final = rf""" ({_NAME}(?::{_NAME})?)=(?:"([^"<>&\t\n]*)"|'([^'<>&\t\n]*)')"""
_TAG: Final = re.compile(rf"<(/?)((?:{_NAME}:)?)([a-z]+)((?:{_ATTRIBUTE})*)>")
_ATTRIBUTES: Final = re.compile(_ATTRIBUTE)
_ALLOWED: Final = {LEADER: set(), CONTROL: {"tag"}, DATA: {"tag", "ind1", "ind2"}, SUBFIELD: {"code"}}
#: What a tag, an indicator or a code may be made of here: ASCII that XML writes as it is.
_SIGNS: Final = re.compile("[ !#-%'-;=?-~]*")


class _Tag(NamedTuple):
    what: int = OTHER
    prefix: str = ""
    tag: str = "   "
    first: str = " "
    second: str = " "
    code: str = " "


@dataclass(frozen=True, slots=True)
class Tags:
    """Columns of distinct tags: ``what`` and of which prefix each is, and what it says, ``tag`` as three bytes.

    ``number`` is that of the tag of the field.
    """

    what: npt.NDArray[np.int8]
    prefix: npt.NDArray[np.int32]
    number: npt.NDArray[np.int16]
    tag: Bytes
    indicators: Bytes
    code: Bytes


def tags_of(written: Sequence[str]) -> Tags:
    """What the tags say; those that are not written as programs do are ``OTHER``."""
    tags = [_tag(one) for one in written]
    prefixes = {prefix: number for number, prefix in enumerate(dict.fromkeys(tag.prefix for tag in tags))}
    count = len(tags)
    return Tags(
        np.array([tag.what for tag in tags], np.int8),
        np.array([prefixes[tag.prefix] for tag in tags], np.int32),
        np.array([tag_number(tag.tag) for tag in tags], np.int16),
        _bytes("".join(tag.tag for tag in tags)).reshape(count, 3),
        _bytes("".join(tag.first + tag.second for tag in tags)).reshape(count, 2),
        _bytes("".join(tag.code for tag in tags)),
    )


def _bytes(text: str) -> Bytes:
    return np.frombuffer(text.encode("ascii"), np.uint8)


@lru_cache(maxsize=4096)
def _tag(written: str) -> _Tag:
    match = _TAG.fullmatch(written)
    if not match or match[3] not in _OPENING:
        return _Tag()
    what, prefix = _OPENING[match[3]], match[2]
    pairs = [(name, one or other) for name, one, other in _ATTRIBUTES.findall(match[4])]
    said = dict(pairs)
    if match[1]:
        return _Tag() if pairs else _Tag(what + 1, prefix)
    if len(said) < len(pairs):
        return _Tag()
    return _Tag(what, prefix) if what == RECORD else _of_attributes(what, prefix, said)


def _of_attributes(what: int, prefix: str, said: dict[str, str]) -> _Tag:
    """What the tag of something in a record says, ``OTHER`` where that is not what it has to say."""
    tag, *signs = said.get("tag", "   "), *(said.get(name) or " " for name in ("ind1", "ind2", "code"))
    plain = said.keys() <= _ALLOWED[what] and _SIGNS.fullmatch(tag + "".join(signs))
    if not plain or len(tag) != 3 or any(len(sign) != 1 for sign in signs):
        return _Tag()
    is_field = what in (CONTROL, DATA)
    if is_field and ("tag" not in said or is_control(tag) != (what == CONTROL)):
        return _Tag()
    return _Tag(what, prefix, tag, *signs)
