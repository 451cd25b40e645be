-- Which languages are the publications in? ISO 639-3 codes; nothing where no record says.
SELECT
    facets.value AS language,
    facets.publication_count
FROM reporting.facets
WHERE facets.facet = 'language'
ORDER BY facets.publication_count DESC, facets.value;
