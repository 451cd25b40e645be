-- How many publications are there of each year?
SELECT
    publications.publication_year,
    COUNT(*) AS publications,
    COUNT(publications.doi) AS with_doi
FROM reporting.publications
GROUP BY publications.publication_year
ORDER BY publications.publication_year DESC NULLS LAST
LIMIT 10;
