"""Report: what the warehouse answers now."""

import dagster as dg
from psycopg2 import sql

from pipelines.assets.resources import WarehouseResource
from pipelines.warehouse.connection import connect
from pipelines.warehouse.statements import statements_of

#: Views that are asked for one author: of all authors at once they have more rows than anybody reads.
OF_ONE_AUTHOR = frozenset({"author_works", "coauthors"})


@dg.asset(
    deps=["records", "authors", "links", "publications", "works"],
    group_name="report",
    kinds={"postgres", "view"},
    owners=["team:catalogue"],
)
def reporting(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[WarehouseResource]
) -> dg.MaterializeResult[None]:
    """The reporting views answer; the page shows how many rows each has."""
    rows: dict[str, int] = {}
    with warehouse.url(context) as url, connect(url, read_only=True) as connection, connection.cursor() as cursor:
        for view, _ in statements_of("reporting"):
            if view in OF_ONE_AUTHOR:
                continue
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("reporting", view)))
            rows[view] = (cursor.fetchone() or (0,))[0]
    lines = ["| view | rows |", "| --- | --- |", *(f"| reporting.{view} | {count:,} |" for view, count in rows.items())]
    return dg.MaterializeResult(
        metadata={"views": dg.MetadataValue.md("\n".join(lines)), "dagster/row_count": sum(rows.values())}
    )
