"""A pooler of connections as small as can be: it hands on messages of Postgres's protocol, as PgBouncer does."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STARTUP, IDLE = 196608, b"I"


def exactly(end: socket.socket, size: int) -> bytes:
    received = end.recv(size, socket.MSG_WAITALL)
    if len(received) < size:
        raise ConnectionError
    return received


def message(end: socket.socket) -> tuple[bytes, bytes]:
    """The kind of the next message, and all of it."""
    head = exactly(end, 5)
    return head[:1], head + exactly(end, struct.unpack("!I", head[1:])[0] - 4)


class Pooler:
    """Gives a client a session of the server for a transaction, or for as long as it is connected."""

    def __init__(self, server: Path, *, by_transaction: bool, room: int) -> None:
        self._server, self._by_transaction = server, by_transaction
        self._idle: list[socket.socket] = []
        self._all: list[socket.socket] = []
        self._greeting = b""
        self._room = threading.Semaphore(room)

    def _session(self, startup: bytes) -> socket.socket:
        """The session that was used last, or a new one."""
        if self._idle:
            return self._idle.pop()
        session = socket.socket(socket.AF_UNIX)
        self._all.append(session)
        session.connect(str(self._server))
        session.sendall(startup)
        greeting = b""
        while not greeting.endswith(b"Z\0\0\0\x05I"):
            kind, whole = message(session)
            # The process that it names is the pooler's own affair.
            greeting += b"K" + struct.pack("!III", 12, 4_000_000_000, 1) if kind == b"K" else whole
        self._greeting = greeting
        return session

    def serve(self, client: socket.socket) -> None:
        """Answer one client, until it goes."""
        with suppress(OSError), client:
            while True:
                size, code = struct.unpack("!II", start := exactly(client, 8))
                startup = start + exactly(client, size - 8)
                if code == STARTUP:
                    break
                client.sendall(b"N")  # neither TLS nor GSS
            self._idle.append(self._session(startup))
            client.sendall(self._greeting)
            self._hand_on(client, startup)

    def _hand_on(self, client: socket.socket, startup: bytes) -> None:
        """What the client asks to a session, as soon as there is room for one, and back."""
        held: socket.socket | None = None
        try:
            while (asked := message(client))[0] != b"X":
                if not held:
                    self._room.acquire()
                    held = self._session(startup)
                held.sendall(asked[1])
                while (answer := message(held))[0] != b"Z":
                    client.sendall(answer[1])
                if self._by_transaction and answer[1].endswith(IDLE):
                    # Before the client knows: what it does next meets the session where it is then.
                    self._idle.append(held)
                    self._room.release()
                    held = None
                client.sendall(answer[1])
            if held:
                self._idle.append(held)
        except OSError:
            # It may still have an answer that nobody has read.
            if held:
                held.close()
            raise
        finally:
            if held:
                self._room.release()

    def close(self) -> None:
        for session in self._all:
            session.close()


@contextmanager
def pooler(folder: Path, server: Path, *, by_transaction: bool, room: int) -> Iterator[None]:
    """A pooler with ``room`` sessions before the server of that socket, at the socket of port 6432 in a folder."""
    made = Pooler(server, by_transaction=by_transaction, room=room)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / ".s.PGSQL.6432"))
        listener.listen()

        def listen() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=made.serve, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            made.close()
