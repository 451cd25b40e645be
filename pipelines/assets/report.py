"""Report: what the warehouse answers now."""

import dagster as dg
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from pipelines.assets.resources import WarehouseResource
from pipelines.warehouse.connection import connect
from pipelines.warehouse.statements import statements_of
from pipelines.warehouse.words import refresh_words

#: Views that are asked for some authors or works: of all at once they have more rows than anybody reads.
OF_SOME = frozenset({"author_works", "coauthor_counts", "coauthors", "work_authors"})


@dg.asset(
    deps=["records", "authors", "links", "publications", "works"],
    group_name="report",
    kinds={"postgres", "view"},
    owners=["team:catalogue"],
)
def reporting(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[WarehouseResource]
) -> dg.MaterializeResult[None]:
    """Words for search are made, and the reporting views answer; the page shows how many rows each has."""
    with warehouse.url(context) as url:
        refresh_words(url)
        with connect(url, read_only=True) as connection, connection.cursor() as cursor:
            rows = _rows_of_views(cursor)
    lines = ["| view | rows |", "| --- | --- |", *(f"| reporting.{view} | {count:,} |" for view, count in rows.items())]
    return dg.MaterializeResult(
        metadata={"views": dg.MetadataValue.md("\n".join(lines)), "dagster/row_count": sum(rows.values())}
    )


def _rows_of_views(cursor: Cursor) -> dict[str, int]:
    """How many rows each view has."""
    rows: dict[str, int] = {}
    for view, _ in statements_of("reporting"):
        if view in OF_SOME:
            continue
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("reporting", view)))
        rows[view] = (cursor.fetchone() or (0,))[0]
    return rows
