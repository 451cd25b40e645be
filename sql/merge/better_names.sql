-- Headings of which the dump brings a better spelling; the values are filled in by execute_values.
UPDATE catalog.authors
SET name = better.name
FROM (VALUES %s) AS better (author_id, name)
WHERE authors.author_id = better.author_id;
