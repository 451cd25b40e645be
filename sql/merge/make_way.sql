-- What hangs on the old versions of changed records, in one table, makes way for what hangs on the new. A row that
-- both have stays as it is, and is not brought again: most changes of a record touch little of what hangs on it.
WITH kept AS (
    DELETE FROM {staged}
    USING staged_changed, {table}
    WHERE
        {staged}.record_id = staged_changed.record_id
        AND ({key}) = ({staged_key})
        AND {name} IS NOT DISTINCT FROM {staged}
    RETURNING {staged_key}
)

DELETE FROM {table}
USING staged_changed
WHERE
    {name}.record_id = staged_changed.record_id
    AND NOT EXISTS (
        SELECT
        FROM kept
        WHERE ({kept_key}) = ({key})
    );
