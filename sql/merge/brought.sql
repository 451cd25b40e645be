-- Rows of one table that are new, and those that say something else than they did. One that was held (held.sql) and is
-- here no more, as somebody has deleted it by hand meanwhile, is new again.
WITH known AS (
    UPDATE {table}
    SET ({columns}) = ROW({staged_columns})
    FROM {staged}
    INNER JOIN {held} ON ({held_key}) = ({staged_key})
    WHERE ({table_key}) = ({staged_key})
    RETURNING {table_key}
)

INSERT INTO {table} ({columns})
SELECT {columns}
FROM {staged}
WHERE NOT EXISTS (SELECT FROM known WHERE ({known_key}) = ({staged_key}))
ORDER BY {staged_key};
