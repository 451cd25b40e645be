"""A value of the database as plain text: exact, the same in every form, and harmless to a terminal."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

#: What JSON need not escape but a terminal may obey: DEL, the C1 controls, and marks that turn the writing around.
_OBEYED: Final = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text as one line that does nothing to a terminal: control characters become visible."""
    return "".join(
        letter if letter.isprintable() else " " if letter in "\n\t" else f"\\x{ord(letter):02x}" for letter in text
    )


def printable_lines(text: str) -> str:
    """The same for text of several lines, which stay lines."""
    return "\n".join(printable(line) for line in text.split("\n"))


def plain(value: Any) -> str:
    """A value as text: bytes in hex and NaN as Postgres writes them, arrays and objects as JSON, NULL as nothing.

    Intervals are as ISO 8601 has them.
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, bool | list | tuple | dict):
        return as_json(value)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(Decimal(value))
    return format(value, "f") if isinstance(value, Decimal) and value.is_finite() else str(value)


def _duration(value: timedelta) -> str:
    """``P1DT2H3M4.5S``: days, hours, minutes, seconds (ISO 8601, durations)."""
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    part = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    return f"{sign}P{value.days}DT{hours}H{minutes}M{seconds}{part}S"


def as_json(value: Any) -> str:
    """A value as JSON: numbers with every digit; what JSON has no word for (bytes, dates, NaN) as a string.

    Times are as RFC 3339 has them, as ``export`` writes them too.
    """
    if isinstance(value, dict):
        return f"{{{', '.join(f'{as_json(str(name))}: {as_json(item)}' for name, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(as_json, value))}]"
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    is_number = value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    text = json.dumps(value if is_number else plain(value), ensure_ascii=False)
    return _OBEYED.sub(lambda letter: f"\\u{ord(letter[0]):04x}", text)
