from typing import Any

def cut_tags(text: bytes, most: int, /) -> tuple[Any, Any, Any, list[str]] | None:
    """Where the tags of a text begin and end and the number of each, of 64 bits, and those that differ, in the order in
    which they come first.

    None where more than ``most`` differ, and where there are comments and the like, or a ``<`` without its ``>``.
    """

def find_tags(text: bytes, position: int, names: tuple[bytes, ...], is_all: bool, /) -> tuple[Any, Any, Any, Any, int]:
    """Where the tags of elements of these names, with or without a prefix, begin and end, of 64 bits; which of them end
    an element, and which are elements without anything in them, a byte each; and where a comment, CDATA or an
    instruction has no end, -1 where none lacks it. These are passed over: see
    :func:`pipelines.readers.xml_spans.tags_of`.
    """
