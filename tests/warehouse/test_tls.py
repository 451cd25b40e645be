"""TLS to a server of one's own: what the URL asks for is what happens, to this program and to psql."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from psycopg2 import connect as libpq_connect
from sqlalchemy import URL

from pipelines.warehouse.connection import UnreachableError, connect, libpq_environment, warehouse_url
from tests.majors import cluster

PASSWORD = "s3cret/word"  # noqa: S105 - of nobody

#: The embedded server is built without TLS, which it has no use for; this is where Debian puts its Postgres.
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate, and is not here"),
    pytest.mark.skipif(not SERVERS, reason="there is no Postgres here that is built with TLS"),
]


def _certificate(folder: Path, name: str) -> None:
    files = ["-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt", "-days", "2"]
    subject = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run([*make, *files, *subject], check=True, capture_output=True)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Path, int]]:
    """A server that takes nobody over TCP but with TLS and a password: its folder with certificates, and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def lay(folder: Path) -> Sequence[str]:
        for name in ("server", "another"):
            _certificate(folder, name)
        hba = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"
        (folder / "hba.conf").write_text(hba, encoding="ascii")
        files = {"ssl_cert_file": "server.crt", "ssl_key_file": "server.key", "hba_file": "hba.conf"}
        listen = ["ssl=on", "listen_addresses=127.0.0.1", f"port={port}"]
        return [*listen, *(f"{setting}={folder / name}" for setting, name in files.items())]

    with cluster(SERVERS[-1], lay) as folder:
        opened = libpq_connect(host=folder, port=port, user="postgres", dbname="postgres")
        with opened, opened.cursor() as cursor:
            cursor.execute("CREATE ROLE me LOGIN PASSWORD %s", (PASSWORD,))
        opened.close()
        yield Path(folder), port


def _url(server: tuple[Path, int], host: str = "127.0.0.1", **query: str) -> URL:
    folder, port = server
    root = query.pop("root", None)
    given = query | ({"sslrootcert": str(folder / f"{root}.crt")} if root else {})
    url = URL.create("postgresql", "me", PASSWORD, host, port, "postgres", given)
    return warehouse_url(url.render_as_string(hide_password=False))


@pytest.mark.parametrize("query", [{"sslmode": "require"}, {"sslmode": "verify-full", "root": "server"}], ids=str)
def test_what_the_url_says_of_tls_holds_for_the_program_and_for_psql(server: tuple[Path, int], query: dict[str, str]):
    encrypted = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    url = _url(server, **query)
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(encrypted)
        assert cursor.fetchone() == ("true",)
    psql = [SERVERS[-1] / "psql", "-X", "-A", "-t", "-c", encrypted]
    environment = {**os.environ, **libpq_environment(url)}
    assert subprocess.run(psql, env=environment, check=True, capture_output=True, text=True).stdout.strip() == "true"


@pytest.mark.parametrize(
    ("host", "query", "why"),
    [
        ("127.0.0.1", {"sslmode": "verify-full", "root": "another"}, "certificate verify failed"),
        ("localhost", {"sslmode": "verify-full", "root": "server"}, "does not match host name"),
        ("127.0.0.1", {"sslmode": "disable"}, "no encryption"),
    ],
    ids=["another's certificate", "another's name", "without"],
)
def test_a_connection_that_is_not_as_safe_as_asked_for_is_not_made(
    server: tuple[Path, int], host: str, query: dict[str, str], why: str
):
    with pytest.raises(UnreachableError, match=why) as caught, connect(_url(server, host, **query)):
        pass
    assert PASSWORD not in str(caught.value)
