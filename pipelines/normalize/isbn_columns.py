"""ISBNs of whole columns: those that begin their text, with no other digit behind them, are checked all at once.

Everything else goes to :func:`pipelines.normalize.standard_numbers.find_isbns` text by text. Both give the same
answer: a property test holds it. Check digits: ISO 2108.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.normalize.byte_columns import bytes_and_offsets
from pipelines.normalize.columns import Found, Mask, find_read, matching
from pipelines.normalize.standard_numbers import find_isbns

Digits = npt.NDArray[np.uint8]

#: An ISBN, neither printed music nor of another prefix, and perhaps a qualifier: ``0306406152 (pbk.)``.
_PLAIN: Final = r"^(?:[0-9]{9}[0-9X]|97(?:8[0-9]|9[1-9])[0-9]{9})(?:[ :(;,][ -/:-~]*)?$"
_OF_TEN: Final = r"^[0-9]{9}[0-9X]\b"
_WEIGHTS_OF_TEN: Final = np.arange(1, 10, dtype=np.int64)
_WEIGHTS_OF_THIRTEEN: Final = np.array([1, 3] * 6, dtype=np.int64)
#: What the remainder ten is written as.
_TEN: Final = ord("X") - ord("0")


def clean_isbns(texts: pa.Array) -> Found:
    """:func:`find_isbns` of each text of a string array without nulls."""
    return find_read(texts, _PLAIN, _read, find_isbns)


def _read(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The ISBN at the beginning of each text, and why it is refused."""
    is_ten = matching(texts, _OF_TEN)
    is_valid = np.zeros(len(texts), bool)
    tens, is_valid[is_ten] = _of_ten(_digits(texts.filter(pa.array(is_ten)), 10))
    thirteens = _digits(texts.filter(pa.array(~is_ten)), 13)
    is_valid[~is_ten] = _check_digits(thirteens[:, :12]) == thirteens[:, 12]
    values = pc.replace_with_mask(pc.utf8_slice_codeunits(texts, 0, 13), pa.array(is_ten), tens)
    return values, pc.if_else(pa.array(is_valid), pa.scalar(None, pa.string()), "check digit")


def _of_ten(numbers: Digits) -> tuple[pa.Array, Mask]:
    """ISBN-10 as ISBN-13, those that are wrong as they are, and which are right."""
    remainders = numbers[:, :9] @ _WEIGHTS_OF_TEN % 11
    is_valid = np.where(remainders == 10, _TEN, remainders) == numbers[:, 9]
    bodies = np.empty((len(numbers), 13), np.uint8)
    bodies[:, :3] = 9, 7, 8
    bodies[:, 3:12] = numbers[:, :9]
    bodies[:, 12] = _check_digits(bodies[:, :12])
    return pc.if_else(pa.array(is_valid), _texts(bodies), _texts(numbers)), is_valid


def _check_digits(bodies: Digits) -> npt.NDArray[np.int64]:
    """The check digit to the first twelve digits of each ISBN-13."""
    digits: npt.NDArray[np.int64] = -(bodies @ _WEIGHTS_OF_THIRTEEN) % 10
    return digits


def _digits(texts: pa.Array, length: int) -> Digits:
    """The first ``length`` characters of each text, ASCII, less ``0``."""
    data, offsets = bytes_and_offsets(pc.utf8_slice_codeunits(texts, 0, length))
    return data[offsets[0] : offsets[-1]].reshape(-1, length) - np.uint8(ord("0"))


def _texts(digits: Digits) -> pa.Array:
    count, length = digits.shape
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(length)
    data = (digits + np.uint8(ord("0"))).reshape(-1)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))
