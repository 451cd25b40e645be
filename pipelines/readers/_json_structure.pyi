from typing import Any

def find_structure(text: bytes | bytearray, begin: int, end: int, /) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Brackets, of 64 bits, the step of each, a byte, and the depth behind each, of 32 bits; newlines, quotes and odd
    quotes, of 64 bits: see :class:`pipelines.readers.json_structure.Structure`. Raises ValueError where the part is not
    in the text.
    """
