"""Keep memory to what is in use: a pool that gives back what it has free, and the moment to do so."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pyarrow as pa

#: glibc alone keeps freed pages in the middle of its heap, and has a call that returns them (malloc_trim(3)).
_C_LIBRARY: Final = ctypes.CDLL(None)


def use_system_memory() -> None:
    """Let Arrow take its memory from malloc in this process.

    Its own pool (mimalloc) keeps what each of its threads has freed, which no call returns: a long process then
    shows the sum of its largest moments. malloc is as fast here, with buffers of megabytes.
    """
    pa.set_memory_pool(pa.system_memory_pool())


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
