-- What rows of a load refer to, and one table does not hold. What it holds stays there until the load ends: as the table
-- is held fast, or as what is found is locked, row by row.
WITH standing AS MATERIALIZED (
    SELECT {name}.{key} AS id
    FROM {parent}
    WHERE {name}.{key} IN (SELECT apart.id FROM apart WHERE apart.parent = %(parent)s)
    {lock}
)

SELECT
    apart.child,
    apart.id
FROM apart
WHERE
    apart.parent = %(parent)s
    AND NOT EXISTS (SELECT FROM standing WHERE standing.id = apart.id)
LIMIT 1;
