-- Names without a schema mean what Postgres itself has, and temporary tables: nothing that somebody has put into public,
-- where a function of the same name and closer arguments would be called in place of Postgres's own, with all rights of
-- whoever loads.
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', FALSE);
