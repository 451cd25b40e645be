"""Archives as tests write them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable


def tarred(members: Iterable[tuple[str, bytes]], mode: str = "w") -> bytes:
    """A tar archive of these names and contents, in their order; ``mode`` as of :func:`tarfile.open`."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members:
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return packed.getvalue()
