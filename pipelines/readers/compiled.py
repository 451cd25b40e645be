"""Compiled code of the readers: whether it is there.

It is compiled where this is installed and there is a compiler (``*.c`` in this folder). Without one, what it reads is
read by Python, exactly so, in more time.
"""

from __future__ import annotations

try:
    from pipelines.readers import _json_nesting, _json_tables, _marc_view  # noqa: F401
except ImportError:
    IS_COMPILED = False
else:
    IS_COMPILED = True
