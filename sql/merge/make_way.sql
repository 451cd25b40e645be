-- What hangs on the old versions of changed records, in one table, makes way for what hangs on the new. A row that
-- both have stays as it is, and is not brought again: most changes of a record touch little of what hangs on it.
DELETE FROM {table}
USING staged_changed
WHERE
    {name}.record_id = staged_changed.record_id
    AND NOT EXISTS (
        SELECT
        FROM {staged}
        WHERE ({staged_key}) = ({key}) AND {staged} IS NOT DISTINCT FROM {name}
    );

-- Materialized: the planner knows how many rows a record has, but not that keys of two columns go together.
WITH kept AS MATERIALIZED (
    SELECT {key}
    FROM staged_changed
    INNER JOIN {table} ON {name}.record_id = staged_changed.record_id
)

DELETE FROM {staged}
WHERE ({staged_key}) IN (SELECT {kept_key} FROM kept);
