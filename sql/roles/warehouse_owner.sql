-- Everything of the warehouse belongs to its owner, whoever made it; what belongs to it already is passed over. What
-- somebody else has put into its schemas is left as it is, and named.
DO $$
DECLARE
    ours record;
BEGIN
    EXECUTE FORMAT('GRANT CREATE, TEMPORARY ON DATABASE %I TO warehouse_owner', CURRENT_DATABASE());
    FOR ours IN
        SELECT 'SCHEMA' AS kind, FORMAT('%I', nspname) AS name FROM pg_namespace
        WHERE nspname IN ('catalog', 'reporting', 'ops') AND nspowner <> 'warehouse_owner'::regrole
    LOOP
        EXECUTE FORMAT('ALTER %s %s OWNER TO warehouse_owner', ours.kind, ours.name);
    END LOOP;
    FOR ours IN
        SELECT
            CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind,
            oid::regclass::text AS name
        FROM pg_class
        WHERE relnamespace IN ('catalog'::regnamespace, 'reporting'::regnamespace, 'ops'::regnamespace)
        AND relkind IN ('r', 'p', 'v', 'm') AND relowner <> 'warehouse_owner'::regrole
        AND relnamespace::regnamespace || '.' || relname = ANY ({everything})
    LOOP
        EXECUTE FORMAT('ALTER %s %s OWNER TO warehouse_owner', ours.kind, ours.name);
    END LOOP;
    FOR ours IN
        SELECT oid::regprocedure::text AS name FROM pg_proc
        WHERE pronamespace = 'reporting'::regnamespace AND proowner <> 'warehouse_owner'::regrole
        AND proname = ANY ({functions})
    LOOP
        EXECUTE FORMAT('ALTER FUNCTION %s OWNER TO warehouse_owner', ours.name);
    END LOOP;
    FOR ours IN
        SELECT oid::regclass::text AS name, pg_get_userbyid(relowner) AS owner FROM pg_class
        WHERE relnamespace IN ('catalog'::regnamespace, 'reporting'::regnamespace, 'ops'::regnamespace)
        AND relkind IN ('r', 'p', 'v', 'm') AND relnamespace::regnamespace || '.' || relname <> ALL ({everything})
    LOOP
        RAISE WARNING '% is not of the warehouse: it stays with %, and whoever reads it needs a right from them',
            ours.name, ours.owner;
    END LOOP;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE WARNING 'the warehouse belongs to % and not to warehouse_owner: %', CURRENT_USER, SQLERRM;
END
$$;
