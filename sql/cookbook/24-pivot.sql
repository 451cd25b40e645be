-- How many articles in English are there of each year, and how many of them have a DOI?
SELECT
    publication_counts.publication_year,
    SUM(publication_counts.publication_count) AS publications,
    SUM(publication_counts.doi_count) AS with_doi
FROM reporting.publication_counts
WHERE 'Article' = ANY(publication_counts.format) AND 'eng' = ANY(publication_counts.language)
GROUP BY publication_counts.publication_year
ORDER BY publication_counts.publication_year DESC NULLS LAST;
