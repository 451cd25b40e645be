-- How do records spell one heading? The best spelling is the one that is shown.
SELECT
    authors.name,
    record_authors.name_as_written,
    COUNT(*) AS credits
FROM catalog.authors
INNER JOIN catalog.record_authors ON record_authors.author_id = authors.author_id
GROUP BY authors.author_id, authors.name, record_authors.name_as_written
HAVING record_authors.name_as_written <> authors.name
ORDER BY authors.name, credits DESC, record_authors.name_as_written
LIMIT 10;
