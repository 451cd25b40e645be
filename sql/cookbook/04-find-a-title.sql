-- Find publications by words of the title.
SELECT
    publications.publication_id,
    publications.title,
    publications.authors,
    publications.publication_year
FROM reporting.publications
WHERE publications.title ILIKE '%river atlas%'
ORDER BY publications.title, publications.publication_id;
