"""Keep memory to what is in use: a pool that gives back what it has free, and the moment to do so."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pyarrow as pa

#: mallopt(3): blocks below the first bound come from the heap, of which so much may be free before it is given back.
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
_KEPT_BLOCK: Final = 32 << 20
_KEPT_FREE: Final = 64 << 20

#: glibc alone keeps freed pages in the middle of its heap, and has a call that returns them (malloc_trim(3)).
_C_LIBRARY: Final = ctypes.CDLL(None)


def use_system_memory() -> None:
    """Let Arrow take its memory from malloc in this process, and malloc keep some of what is freed.

    Arrow's own pool (mimalloc) keeps what each of its threads has freed, which no call returns: a long process then
    shows the sum of its largest moments. malloc is as fast here, with buffers of megabytes. By itself glibc's returns
    each of these as it is freed, and the system clears the pages again for the next: a tenth of what extracting took,
    and a quarter where records are of many small parts.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if hasattr(_C_LIBRARY, "mallopt"):
        _C_LIBRARY.mallopt(_MMAP_THRESHOLD, _KEPT_BLOCK)
        _C_LIBRARY.mallopt(_TRIM_THRESHOLD, _KEPT_FREE)


def give_back() -> None:
    """Return what malloc has free to the system, between pieces of work that need it in other sizes."""
    if hasattr(_C_LIBRARY, "malloc_trim"):
        _C_LIBRARY.malloc_trim(0)


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Work with Arrow on malloc, and leave nothing behind that is free: around each stage of the road."""
    use_system_memory()
    try:
        yield
    finally:
        give_back()
