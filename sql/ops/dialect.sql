-- What the statements of the project mean, whatever server, database or role say. Names without a schema mean what Postgres itself has, and
-- temporary tables: nothing that somebody has put into public, where a function of the same name and closer arguments would be called in
-- place of Postgres's own, with all rights of whoever loads. A backslash in a text is one, names of types are told without quotes, and
-- numbers with all their digits.
SELECT
    pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', FALSE),
    pg_catalog.set_config('standard_conforming_strings', 'on', FALSE),
    pg_catalog.set_config('quote_all_identifiers', 'off', FALSE),
    pg_catalog.set_config('extra_float_digits', '1', FALSE);
