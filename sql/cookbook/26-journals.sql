-- Which journals and series have the most publications, under one name however it is spelt?
SELECT
    containers.name,
    containers.spelling_count,
    containers.publication_count,
    containers.doi_count
FROM reporting.containers
ORDER BY containers.publication_count DESC, containers.folded_name
LIMIT 8;
