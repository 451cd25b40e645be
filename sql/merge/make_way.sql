-- What hangs on the old versions of changed records, in one table, makes way for what hangs on the new. What both have
-- stays as it is, and is not brought again.
DELETE FROM {table}
USING {different}
WHERE ({table_key}) = ({different_key});

DELETE FROM {staged}
USING staged_changed
WHERE
    {staged}.record_id = staged_changed.record_id
    AND NOT EXISTS (SELECT FROM {different} WHERE ({different_key}) = ({staged_key}));

ANALYZE {staged};
