-- What whoever loads or reads needs first, also where it is not in the right that everybody has: to enter the database,
-- and to call the functions that views and loads call.
DO $$
DECLARE
    ours record;
BEGIN
    EXECUTE FORMAT('GRANT CONNECT ON DATABASE %I TO %I', CURRENT_DATABASE(), {role});
    FOR ours IN
        SELECT oid::regprocedure::text AS name FROM pg_proc
        WHERE pronamespace = 'reporting'::regnamespace AND proname = ANY ({functions})
    LOOP
        EXECUTE FORMAT('GRANT EXECUTE ON FUNCTION %s TO %I', ours.name, {role});
    END LOOP;
END
$$;
