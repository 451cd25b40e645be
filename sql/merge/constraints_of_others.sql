-- Whether somebody has put triggers, rules, foreign keys or keys that are looked at later of their own on tables that a
-- load fills: they must be heard, row by row.
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
        FROM pg_rewrite
        INNER JOIN pg_class ON pg_class.oid = pg_rewrite.ev_class
        WHERE
            pg_rewrite.rulename <> '_RETURN'
            AND pg_class.relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace)
    )
    OR EXISTS (
        SELECT
        FROM pg_constraint
        INNER JOIN pg_class ON pg_class.oid = pg_constraint.conrelid
        WHERE
            pg_constraint.contype IN ('u', 'x')
            AND pg_constraint.condeferrable
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
