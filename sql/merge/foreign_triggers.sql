-- Whether somebody has put triggers of their own on tables that a load fills: they must fire, row by row.
SELECT EXISTS (
    SELECT
    FROM pg_trigger
    INNER JOIN pg_class ON pg_class.oid = pg_trigger.tgrelid
    WHERE
        NOT pg_trigger.tgisinternal
        AND pg_class.relnamespace IN ('catalog'::regnamespace, 'ops'::regnamespace)
);
