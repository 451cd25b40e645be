-- Of which share of its records of each year does each catalogue give a DOI, an ISBN, an ISSN, a licence and so on?
CREATE OR REPLACE VIEW reporting.coverage_by_year AS
SELECT
    records.source,
    records.publication_year,
    given.scheme,
    records.record_count,
    given.valid_record_count AS records_with_valid,
    ROUND(given.valid_record_count::numeric / records.record_count, 4) AS valid_share,
    given.invalid_count
FROM ops.record_counts AS records
INNER JOIN (
    SELECT
        counts.source,
        counts.publication_year,
        counts.scheme,
        counts.valid_record_count,
        counts.invalid_count
    FROM ops.identifier_counts AS counts
    UNION ALL
    SELECT
        counts.source,
        counts.publication_year,
        'license',
        counts.license_count,
        0
    FROM ops.record_counts AS counts
    WHERE counts.license_count > 0
) AS given
    ON given.source = records.source AND given.publication_year IS NOT DISTINCT FROM records.publication_year;

COMMENT ON VIEW reporting.coverage_by_year IS 'Of which share of its records of each year does each catalogue give a DOI, an ISBN, an ISSN, a licence and so on?';
COMMENT ON COLUMN reporting.coverage_by_year.source IS 'The catalogue';
COMMENT ON COLUMN reporting.coverage_by_year.publication_year IS 'Year of publication; null where it is not known';
COMMENT ON COLUMN reporting.coverage_by_year.scheme IS 'doi, pmid, pmcid, arxiv, handle, orcid, isbn, issn, lccn or oclc; license for a link that names a licence. A scheme that no record of the year has is not here';
COMMENT ON COLUMN reporting.coverage_by_year.record_count IS 'Living records of the catalogue and year';
COMMENT ON COLUMN reporting.coverage_by_year.records_with_valid IS 'Those of them with a valid identifier of the scheme';
COMMENT ON COLUMN reporting.coverage_by_year.valid_share IS 'Their share, 0 to 1';
COMMENT ON COLUMN reporting.coverage_by_year.invalid_count IS 'Identifiers of the scheme that are not well formed';
