-- Which formats does the whole catalogue have, duplicates counted once?
SELECT
    facets.value AS format,
    facets.publication_count
FROM reporting.facets
WHERE facets.facet = 'format'
ORDER BY facets.publication_count DESC, facets.value
LIMIT 10;
