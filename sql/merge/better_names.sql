-- Headings shown in another spelling from now on; the values are filled in by execute_values.
UPDATE catalog.authors
SET
    name = better.name,
    family_name = better.family_name,
    given_names = better.given_names,
    suffix = better.suffix,
    script = better.script,
    death_year = better.death_year::smallint
FROM (VALUES %s) AS better (author_id, name, family_name, given_names, suffix, script, death_year)
WHERE authors.author_id = better.author_id;
