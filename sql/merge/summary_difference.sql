-- A summary gets the difference that a change makes: what it touches adds now, less what it added before; bounds, as of
-- years, widen with what it adds now. Rows that count nothing any more go.
CREATE TEMPORARY TABLE {difference} ON COMMIT DROP AS
SELECT
    {described},
    {sums}
FROM (
    SELECT
        {columns},
        {counts}
    FROM ({counted}) AS counted_now
    UNION ALL
    SELECT
        {columns},
        {negated}
    FROM {before}
) AS counted
GROUP BY {columns}
HAVING ({bare_sums}) <> ({zeros});

-- Else the planner takes it for larger, and reads the whole summary.
ANALYZE {difference};

WITH known AS (
    UPDATE {table}
    SET {added}
    FROM {difference}
    WHERE {name}.{key} = {difference}.{key}
    RETURNING {name}.{key}
)

INSERT INTO {table} ({key_and_columns}, {counts})
SELECT
    {key_and_columns},
    {counts}
FROM {difference}
WHERE NOT EXISTS (SELECT FROM known WHERE known.{key} = {difference}.{key});

DELETE FROM {table}
USING {difference}
WHERE
    {name}.{key} = {difference}.{key}
    AND LEAST({lost_counts}) < 0
    AND ({held_counts}) = ({zeros});
