from typing import TypeAlias

#: What of a header is said of the type, the date, the target and the content's type; None where it is not said.
_Said: TypeAlias = bytes | None

def plain_records(
    text: bytes, position: int, longest: int, /
) -> list[tuple[int, int, int, _Said, _Said, _Said, _Said]]:
    """The records that follow one another from a place on, up to the first that is not plain, has a block of more than
    ``longest`` bytes, or has not another one behind it in the text.

    Of each where it, its block and what stands behind that begin, and what its header says.
    """
