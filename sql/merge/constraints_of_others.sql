-- Whether somebody has put triggers or foreign keys of their own on tables that a load fills: they must be heard, row by
-- row.
SELECT
    EXISTS (
        SELECT
        FROM pg_trigger
        INNER JOIN pg_class ON pg_class.oid = pg_trigger.tgrelid
        WHERE
            NOT pg_trigger.tgisinternal
            AND pg_class.relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace)
    )
    OR EXISTS (
        SELECT
        FROM pg_constraint
        INNER JOIN pg_class AS children ON children.oid = pg_constraint.conrelid
        INNER JOIN pg_class AS parents ON parents.oid = pg_constraint.confrelid
        WHERE
            pg_constraint.contype = 'f'
            AND (
                children.relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace)
                OR parents.relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace)
            )
            AND children.relnamespace::regnamespace || '.' || children.relname || '.' || pg_constraint.conname
            <> ALL (%(ours)s)
    );
