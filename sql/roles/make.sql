-- Three roles, for the whole server: who owns the warehouse, who loads into it, who reads it. None is a superuser and
-- none has a password: give one, or make people and programs members of them. Where whoever runs this may not create
-- roles, the warehouse goes without, and says so. One that is there already and may do more than the warehouse would
-- let it is named as well.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('warehouse_owner', 'NOLOGIN', 'Owns the tables of warehouses, and migrates them'),
            ('warehouse_loader', 'LOGIN', 'Loads dumps into warehouses; makes, changes and drops no table'),
            ('warehouse_reader', 'LOGIN', 'Reads catalogue and reports, and changes nothing')
        ) AS roles (name, login, meaning)
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
    LOOP
        BEGIN
            EXECUTE FORMAT('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted.name, wanted.login);
            EXECUTE FORMAT('COMMENT ON ROLE %I IS %L', wanted.name, wanted.meaning);
            IF wanted.name = 'warehouse_reader' THEN
                ALTER ROLE warehouse_reader SET default_transaction_read_only = on;
            ELSIF wanted.name = 'warehouse_owner' THEN
                -- Who makes the role may use it: what it owns is theirs as before.
                GRANT warehouse_owner TO CURRENT_USER;
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                -- Roles belong to the whole server: another database's set-up was faster.
                NULL;
            WHEN insufficient_privilege THEN
                RAISE WARNING 'the role % is missing and % may not make it; the warehouse goes without', wanted.name, CURRENT_USER;
        END;
    END LOOP;
    -- Questions are asked as the reader, also by a user who is no superuser, if the role is theirs to give.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) THEN
        BEGIN
            GRANT warehouse_reader TO CURRENT_USER;
        EXCEPTION
            WHEN insufficient_privilege OR undefined_object OR unique_violation THEN
                NULL;
        END;
    END IF;
    FOR wanted IN
        SELECT rolname AS name FROM pg_roles
        WHERE rolname IN ('warehouse_owner', 'warehouse_loader', 'warehouse_reader')
        AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
    LOOP
        RAISE WARNING 'the role % of this server may do more than the warehouse lets it; see: ALTER ROLE', wanted.name;
    END LOOP;
END
$$;
