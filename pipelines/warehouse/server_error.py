"""The one error of the embedded server, written for the person who can mend it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

WAY_OUT: Final = (
    "Way out: choose another folder with --home, or set WAREHOUSE_URL to a Postgres of your own "
    "(postgresql://user:password@host:5432/database)."
)
_WAY_OUT_OF_NO_ROOM: Final = "Way out: make room on that disk, or choose another folder with --home."
_WAY_OUT_OF_NO_ADDRESS: Final = "Way out: another --port, or another --host, which must be an address of this machine."
_LAST_LINES: Final = 15

#: What the server's log says where its disk is full (the C library's word for ENOSPC; the server speaks English).
_NO_ROOM: Final = "No space left on device"
#: And where it cannot listen where it was told to.
_NO_ADDRESS: Final = ("could not create any TCP/IP sockets", "could not bind", "could not translate host name")


class ServerError(RuntimeError):
    """The embedded server cannot be started, found or stopped; the message names the folder and the way out."""


def server_error(
    what: str, folder: Path, *, log_file: Path | None = None, log_from: int = 0, way_out: str = WAY_OUT
) -> ServerError:
    """A :class:`ServerError` saying ``what`` happened in ``folder``, with the log's last lines and the way out.

    ``log_from`` is the byte of the log at which this start began, so that no older failure is quoted. ``way_out`` is
    what to do where neither ``what`` nor the log says that the disk is full, or an address is not to be had.
    """
    lines = [] if log_file is None else last_lines(log_file, log_from)
    said = "\n".join([what, *lines])
    if any(each in said for each in _NO_ADDRESS):
        way_out = _WAY_OUT_OF_NO_ADDRESS
    message = f"{what}\nFolder: {folder}"
    if _NO_ROOM in said:
        message = f"The disk is full: make room there, and run it again; nothing is lost. {message}"
        way_out = _WAY_OUT_OF_NO_ROOM
    if log_file is not None:
        quoted = "\n".join(f"  {line}" for line in lines) or "  (nothing was written)"
        message += f"\nLast lines of {log_file}:\n{quoted}"
    return ServerError(f"{message}\n{way_out}")


def last_lines(log_file: Path, start: int = 0, count: int = _LAST_LINES) -> list[str]:
    """The last ``count`` lines of ``log_file`` after byte ``start``; none where there is no such file."""
    try:
        with log_file.open("rb") as log:
            end = log.seek(0, 2)
            log.seek(max(start, end - 64_000))
            return log.read().decode("utf-8", "replace").splitlines()[-count:]
    except OSError:
        return []
