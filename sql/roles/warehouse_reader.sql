-- What the reader may read: the catalogue and its reports. Not the bookkeeping, in which raw bytes of dumps and paths
-- lie, but for the version of the tables, by which a program sees that it knows them. Views of reporting read the
-- bookkeeping with the rights of their owner.
GRANT USAGE ON SCHEMA catalog, reporting, ops TO warehouse_reader;
GRANT SELECT ON {catalog_tables}, {views}, {report_tables} TO warehouse_reader;
REVOKE ALL ON {ops_tables} FROM warehouse_reader;
GRANT SELECT ON ops.warehouse_version TO warehouse_reader;
DO $$
DECLARE
    ours record;
BEGIN
    EXECUTE FORMAT('GRANT CONNECT ON DATABASE %I TO warehouse_reader', CURRENT_DATABASE());
    FOR ours IN
        SELECT oid::regprocedure::text AS name FROM pg_proc
        WHERE pronamespace = 'reporting'::regnamespace AND proname = ANY ({functions})
    LOOP
        EXECUTE FORMAT('GRANT EXECUTE ON FUNCTION %s TO warehouse_reader', ours.name);
    END LOOP;
END
$$;
