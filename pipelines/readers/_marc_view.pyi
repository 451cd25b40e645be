def as_marcxml(table: bytes, title: str, /) -> bytes | None:
    """The record of a table of HTML as MARCXML; None where it is written in another way, or has no field ``title``."""
