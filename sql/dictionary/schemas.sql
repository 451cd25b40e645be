-- The warehouse's schemas, and what each is for.
SELECT
    pg_namespace.nspname AS schema_name,
    obj_description(pg_namespace.oid, 'pg_namespace') AS schema_comment
FROM pg_namespace
WHERE pg_namespace.nspname = ANY (%(schemas)s)
ORDER BY array_position(%(schemas)s, pg_namespace.nspname);
