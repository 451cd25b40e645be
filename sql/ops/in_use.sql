-- What there is in a warehouse that a restored one would take away: records, dumps, decisions of people, and views of others that read it.
SELECT 'records' AS what
WHERE EXISTS (SELECT FROM catalog.records)
UNION ALL
SELECT 'dumps'
WHERE EXISTS (SELECT FROM ops.dumps)
UNION ALL
SELECT 'decisions'
WHERE EXISTS (SELECT FROM catalog.work_overrides)
UNION ALL
SELECT DISTINCT FORMAT('the view %I.%I', readers.nspname, views.relname)
FROM pg_depend
INNER JOIN pg_rewrite ON pg_rewrite.oid = pg_depend.objid
INNER JOIN pg_class AS views ON views.oid = pg_rewrite.ev_class
INNER JOIN pg_namespace AS readers ON readers.oid = views.relnamespace
INNER JOIN pg_class AS tables ON tables.oid = pg_depend.refobjid
INNER JOIN pg_namespace AS ours ON ours.oid = tables.relnamespace
WHERE
    pg_depend.classid = 'pg_rewrite'::regclass
    AND pg_depend.refclassid = 'pg_class'::regclass
    AND ours.nspname IN ('catalog', 'ops', 'reporting')
    AND readers.nspname NOT IN ('catalog', 'ops', 'reporting');
