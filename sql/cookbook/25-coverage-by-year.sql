-- How does the share of records with a DOI, an ISBN or a licence change over the years?
SELECT
    coverage_by_year.source,
    coverage_by_year.publication_year,
    coverage_by_year.scheme,
    coverage_by_year.record_count,
    coverage_by_year.valid_share
FROM reporting.coverage_by_year
WHERE coverage_by_year.scheme IN ('doi', 'isbn', 'issn', 'license') AND coverage_by_year.publication_year >= 2018
ORDER BY coverage_by_year.source, coverage_by_year.publication_year, coverage_by_year.scheme;
