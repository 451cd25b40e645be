from typing import Any

def cut_strings(text: bytes, /) -> tuple[Any, Any, Any, Any] | None:
    """Where the strings of a text begin and end, without their quotes, of 32 bits; the form of what stands behind each,
    a byte, as :mod:`pipelines.readers.json_forms` numbers them, -1 where it is no plain one; and the numbers of the
    strings that have escapes in them, of 32 bits.

    None where a string does not end or has control characters in it. Raises ValueError for more than 2 GiB.
    """
