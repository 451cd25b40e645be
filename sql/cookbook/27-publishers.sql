-- Which publishers have the most publications, under one name however it is spelt?
SELECT
    publishers.name,
    publishers.spelling_count,
    publishers.publication_count
FROM reporting.publishers
ORDER BY publishers.publication_count DESC, publishers.folded_name
LIMIT 8;
