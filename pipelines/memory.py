"""Give freed memory back to the system between pieces of work that need it in other sizes."""

from __future__ import annotations

import ctypes
from typing import Final

import pyarrow as pa

#: glibc alone keeps freed pages in the middle of its heap, and has a call that returns them (malloc_trim(3)).
_C_LIBRARY: Final = ctypes.CDLL(None)


def give_back() -> None:
    """Return what Arrow's pool and malloc have free: else a long process shows the sum of its largest moments."""
    pa.default_memory_pool().release_unused()
    if hasattr(_C_LIBRARY, "malloc_trim"):
        _C_LIBRARY.malloc_trim(0)
