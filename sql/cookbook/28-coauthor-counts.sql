-- Who of the most credited has how many co-authors? Ask for some authors, as their pairs are counted when asked for.
SELECT
    coauthor_counts.name,
    coauthor_counts.work_count,
    coauthor_counts.coauthor_count
FROM (
    SELECT authors.author_id
    FROM reporting.authors
    WHERE authors.kind = 'person'
    ORDER BY authors.work_count DESC, authors.name
    LIMIT 5
) AS chosen
INNER JOIN reporting.coauthor_counts ON coauthor_counts.author_id = chosen.author_id
ORDER BY coauthor_counts.coauthor_count DESC, coauthor_counts.name;
