"""The SQL of the project, file by file: every statement longer than a line lies in ``sql/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from psycopg2 import sql

FOLDER: Final = Path(__file__).parents[2] / "sql"


@cache
def statement(name: str) -> sql.SQL:
    """The text of ``sql/<name>.sql``."""
    return sql.SQL((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def statements_of(folder: str) -> list[tuple[str, sql.SQL]]:
    """Name and text of every file of one folder of ``sql/``, in the order of their names."""
    return [(path.stem, statement(f"{folder}/{path.stem}")) for path in sorted((FOLDER / folder).glob("*.sql"))]
