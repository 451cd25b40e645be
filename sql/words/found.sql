-- What a search finds, as people read it.
SELECT
    found.title,
    found.authors,
    found.publication_year AS year,
    found.container_title,
    found.record_count AS records,
    found.publication_id
FROM reporting.search(%(words)s, %(at_most)s) AS found
ORDER BY found.score DESC, found.record_count DESC, found.publication_id;
