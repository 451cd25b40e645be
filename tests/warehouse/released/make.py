"""Write a small warehouse of the present schema as SQL, to be upgraded by every later version in a test.

    python -m tests.warehouse.released.make

Run it before a release, and only then: a file that is released stays as it is. A test compares each, upgraded, with
what the present program makes of the same dumps: what :func:`fill` brings must stay too.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from pipelines.warehouse.migrations import SCHEMA_VERSION
from pipelines.warehouse.server import client_program, running_server
from pipelines.warehouse.words import refresh_words
from tests.end_to_end.road import Road, json_lines
from tests.postgres import QUICK

#: What pg_dump writes for itself and for psql alone.
_SESSION: Final = re.compile(r"^(SET |SELECT pg_catalog\.set_config|\\|--|$).*\n?", re.MULTILINE)

CITY = [
    {"id": "1", "title": "A study of rivers", "author": ["Núñez, Ana"], "publishDate": ["2001"],
     "url": ["http://example.org/1"], "work_keys_str_mv": ["AT nunezana astudyofrivers"]},
    {"id": "2", "title": "Lakes of the north", "author": ["Smith, John, 1950-2010"], "isbn": ["9780306406157"]},
    {"id": "3", "title": "Of mountains", "author": ["Roe, Jane"], "issn": ["0028-0836"], "local_note": "shelf 7"},
]  # fmt: skip
TOWN = [
    {"id": "1", "title": "A study of rivers", "author": ["Nunez, Ana"], "publishDate": ["2001"]},
    {"id": "9", "title": "Lakes of the North", "author": ["Smith, J."], "isbn": ["0306406152"]},
]


def fill(road: Road) -> None:
    """Two catalogues, a change, a full dump that ends a record, a decision and something in quarantine."""
    road.ingest("city", "2020", json_lines(CITY) + b'{"id": "4", "title": \n')
    road.ingest("town", "2020", TOWN)
    road.ingest("city", "2021", [{**CITY[0], "title": "A study of great rivers"}, CITY[1]], "full")
    road.execute(
        "INSERT INTO catalog.work_overrides SELECT gen_random_uuid(), min(record_id), max(record_id), 'different',"
        " 'one is a map', 'Ms Keeper', '2020-05-05 12:00+00', NULL, NULL FROM catalog.records WHERE source = 'town'"
    )
    refresh_words(road.url)


def main() -> None:
    """Write the file."""
    file = Path(__file__).with_name(f"{SCHEMA_VERSION}.sql.gz")
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-released-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with running_server(home, settings=QUICK) as server:
            fill(Road.into(server.url, home / "road"))
            dump = [client_program("pg_dump"), "--inserts", server.libpq_url]
            text = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    # The same warehouse gives the same bytes: no moment of packing.
    file.write_bytes(gzip.compress(_SESSION.sub("", text.replace(str(home), "")).encode(), mtime=0))


if __name__ == "__main__":
    main()
