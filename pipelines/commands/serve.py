"""The verb ``serve``: the embedded server on TCP, for programs that know no socket."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from pipelines.commands.console import ask_for_a_home, fail, notify
from pipelines.home import Home
from pipelines.start import interrupt_at_signals


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 5432,
    host: Annotated[
        str,
        typer.Option(help="Name or address to listen on; * for all. Others than this machine's own are not private."),
    ] = "127.0.0.1",
) -> None:
    """Let programs read the embedded warehouse over TCP, with a password; Ctrl-C ends it.

    They come in as the role warehouse_reader, which reads catalogue and reports. Its password is that of
    WAREHOUSE_READER_PASSWORD, of the file that WAREHOUSE_READER_PASSWORD_FILE names, or else one that is made up and
    kept in the file reader-password of the home. Other commands on the home go on beside it.

    Example:
        vufind-warehouse serve --port 5433
    """
    from pipelines.warehouse.connection import connect
    from pipelines.warehouse.schema import READER_ROLE
    from pipelines.warehouse.server_cluster import DATABASE
    from pipelines.warehouse.server_listening import Listening, give_password, put_settings_back, reader_password

    home = Home.here()
    if home.url is not None:
        fail("a server of your own listens where its settings say; serve is for the embedded one", 2)
    ask_for_a_home(home)
    listening = Listening(host, port)
    password, kept_in = reader_password(home.folder)
    with home.warehouse(notify, listening) as url:
        with connect(url) as connection, connection:
            put_settings_back(connection)
            give_password(connection, READER_ROLE, password)
        if not listening.is_loopback:
            notify("Rows go over the network as they are: the embedded server has no TLS.")
        address = f"[{host}]" if ":" in host else host
        notify(f"postgresql://{READER_ROLE}@{address}:{port}/{DATABASE}   password: {kept_in}   (Ctrl-C ends it)")
        interrupt_at_signals()
        try:
            while True:
                signal.pause()
        except KeyboardInterrupt:
            notify("The server stops with the last command that uses it.")
