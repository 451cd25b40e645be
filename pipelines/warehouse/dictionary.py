"""The data dictionary: what the comments of schemas, tables, views and columns say, and who refers to whom.

``make dictionary`` writes it to ``docs/dictionary.md``, from a warehouse that is made for it and thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import NamedTupleCursor

from pipelines.warehouse.connection import connect, warehouse_url
from pipelines.warehouse.schema import prepare
from pipelines.warehouse.server import running_server
from pipelines.warehouse.statements import statement

#: The schemas, in the order in which people ask for them; ``staging`` never holds anything between two loads.
DESCRIBED_SCHEMAS: Final = ("reporting", "catalog", "ops")

PAGE: Final = Path(__file__).parents[2] / "docs" / "dictionary.md"

_HEAD: Final = """# Data dictionary
Every table, view and column of the warehouse, as its comment in the database says. This page is made by
`make dictionary`; a test fails when it is behind the schema.

What is stable:
- **`reporting` is a contract.** Views and tables of it only get columns, at their end; none goes, none changes its name
  or type, and a test holds it to that. A report that names its columns goes on working with every later version.
- `catalog` keeps its meaning within a schema version (`ops.warehouse_version.schema_version`). A later version may
  change it, by a migration that keeps the data, and CHANGELOG.md says how.
- `ops` is bookkeeping and may change; of it the role `warehouse_reader` sees but the version of the tables.

## How the tables of the catalogue hang together
"""


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory(prefix="vufind-warehouse-dictionary-") as home:
        Path(home).chmod(0o755)
        with running_server(Path(home)) as server, connect(warehouse_url(server.url)) as connection:
            prepare(connection)
            PAGE.write_text(data_dictionary(connection), encoding="utf-8")
    print(f"written: {PAGE.relative_to(Path.cwd())}")


def data_dictionary(connection: Connection) -> str:
    """The page, in Markdown, with a diagram in Mermaid."""
    return "\n".join([_HEAD.rstrip(), *_diagram(connection), *_schemas(connection)]) + "\n"


def _rows(connection: Connection, name: str) -> list[Any]:
    # What psycopg2's stubs leave untyped.
    opened: Any = connection.cursor(cursor_factory=NamedTupleCursor)
    with opened as cursor:
        cursor.execute(statement(f"dictionary/{name}"), {"schemas": list(DESCRIBED_SCHEMAS)})
        return list(cursor)


def _diagram(connection: Connection) -> Iterator[str]:
    """The references between tables of the catalogue."""
    yield from ("```mermaid", "erDiagram")
    for row in _rows(connection, "references"):
        if row.from_schema == row.to_schema == "catalog":
            one = "o|" if row.is_optional else "||"
            yield f"    {row.to_relation} {one}--o{{ {row.from_relation} : {row.column_name}"
    yield "```"


def _schemas(connection: Connection) -> Iterator[str]:
    columns = {
        schema: list(rows)
        for schema, rows in groupby(_rows(connection, "columns"), key=lambda row: str(row.schema_name))
    }
    references = {
        (row.from_schema, row.from_relation, row.column_name): f"{row.to_schema}.{row.to_relation}"
        for row in _rows(connection, "references")
    }
    for schema in _rows(connection, "schemas"):
        yield from ("", f"## {schema.schema_name}", schema.schema_comment + ".")
        for relation, rows in groupby(columns.get(schema.schema_name, []), key=lambda row: str(row.relation)):
            yield from _relation(f"{schema.schema_name}.{relation}", list(rows), references)


def _relation(name: str, columns: list[Any], references: dict[tuple[str, str, str], str]) -> Iterator[str]:
    """One table or view."""
    comment = columns[0].relation_comment
    yield from ("", f"### {name}", comment if comment.endswith(("?", ".")) else f"{comment}.", "")
    yield from ("| column | type | |", "|---|---|---|")
    for column in columns:
        said = [column.column_comment]
        if target := references.get((column.schema_name, column.relation, column.column_name)):
            said.append(f"refers to `{target}`")
        if column.is_key:
            said.append("part of the key" if sum(each.is_key for each in columns) > 1 else "the key")
        elif column.is_required and not column.is_view:
            said.append("never null")
        yield f"| `{column.column_name}` | {column.type} | {_cell('; '.join(said))} |"


def _cell(text: str) -> str:
    """Text in a cell of a Markdown table."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    main()
