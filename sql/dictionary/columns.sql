-- Every column of the warehouse's tables and views, with what is said of it, in the order of the tables' names.
SELECT
    pg_namespace.nspname AS schema_name,
    pg_class.relname AS relation,
    pg_class.relkind = 'v' AS is_view,
    obj_description(pg_class.oid, 'pg_class') AS relation_comment,
    pg_attribute.attname AS column_name,
    format_type(pg_attribute.atttypid, pg_attribute.atttypmod) AS type,
    pg_attribute.attnotnull AS is_required,
    COALESCE(pg_attribute.attnum = ANY (primary_keys.conkey), FALSE) AS is_key,
    col_description(pg_class.oid, pg_attribute.attnum) AS column_comment
FROM pg_class
INNER JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
INNER JOIN pg_attribute ON pg_attribute.attrelid = pg_class.oid
LEFT JOIN pg_constraint AS primary_keys ON primary_keys.conrelid = pg_class.oid AND primary_keys.contype = 'p'
WHERE
    pg_namespace.nspname = ANY (%(schemas)s)
    AND pg_class.relkind IN ('r', 'v')
    AND pg_attribute.attnum > 0
    AND NOT pg_attribute.attisdropped
ORDER BY
    array_position(%(schemas)s, pg_namespace.nspname),
    pg_class.relname,
    pg_attribute.attnum;
