-- Which column of which table refers to which table: foreign keys of one column, as all of the warehouse's are.
SELECT
    from_namespace.nspname AS from_schema,
    from_table.relname AS from_relation,
    pg_attribute.attname AS column_name,
    to_namespace.nspname AS to_schema,
    to_table.relname AS to_relation,
    NOT pg_attribute.attnotnull AS is_optional
FROM pg_constraint
INNER JOIN pg_class AS from_table ON from_table.oid = pg_constraint.conrelid
INNER JOIN pg_namespace AS from_namespace ON from_namespace.oid = from_table.relnamespace
INNER JOIN pg_class AS to_table ON to_table.oid = pg_constraint.confrelid
INNER JOIN pg_namespace AS to_namespace ON to_namespace.oid = to_table.relnamespace
INNER JOIN pg_attribute
    ON pg_attribute.attrelid = pg_constraint.conrelid AND pg_attribute.attnum = pg_constraint.conkey[1]
WHERE pg_constraint.contype = 'f' AND from_namespace.nspname = ANY (%(schemas)s)
ORDER BY
    from_namespace.nspname,
    from_table.relname,
    pg_attribute.attname;
