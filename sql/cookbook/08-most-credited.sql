-- Who is credited with the most works, from when to when?
SELECT
    authors.name,
    authors.work_count,
    authors.publication_count,
    authors.first_year,
    authors.last_year
FROM reporting.authors
WHERE authors.kind = 'person'
ORDER BY authors.work_count DESC, authors.name
LIMIT 5;
