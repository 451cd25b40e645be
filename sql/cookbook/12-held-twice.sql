-- Which publications do several catalogues hold?
SELECT
    publications.title,
    publications.publication_year,
    publications.source_count,
    publications.record_count
FROM reporting.publications
WHERE publications.source_count > 1
ORDER BY publications.record_count DESC, publications.title;
