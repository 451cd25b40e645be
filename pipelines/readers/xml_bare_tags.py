"""Records of XML whose tags say nothing but their name, as most dumps have them: found by that name alone."""

from __future__ import annotations

from typing import Final

import numpy as np

#: What may stand behind the name in a tag.
_ENDS_NAME: Final = np.isin(np.arange(256), list(b" \t\n\r\f\v/>"))


def bare_spans(text: bytes, name: bytes) -> tuple[list[int], list[int]] | None:
    """Starts and ends of the elements of a name, where all its tags are ``<name>`` and ``</name>`` by turns.

    None where there are others, or none at all. Comments and CDATA are not told from other text.
    """
    lengths = np.fromiter(map(len, text.split(name)), np.int64)
    data = np.frombuffer(text, np.uint8)
    behind = np.cumsum(lengths + len(name))[:-1]
    if not len(behind) or behind[-1] >= len(data):
        return None
    # Longer names that begin so are others.
    behind = behind[_ENDS_NAME[data[behind]]]
    if not len(behind) or len(behind) % 2 or (data[behind] != ord(">")).any():
        return None
    opened, closed = behind[0::2] - len(name), behind[1::2] - len(name)
    if not opened[0] or (data[opened - 1] != ord("<")).any():
        return None
    if (data[closed - 1] != ord("/")).any() or (data[closed - 2] != ord("<")).any():
        return None
    return (opened - 1).tolist(), (behind[1::2] + 1).tolist()
