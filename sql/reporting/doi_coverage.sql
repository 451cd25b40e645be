-- How many records of each catalogue and year have a DOI?
CREATE OR REPLACE VIEW reporting.doi_coverage AS
SELECT
    records.source,
    records.publication_year,
    COUNT(*) AS record_count,
    COUNT(records.doi) AS doi_count,
    ROUND(COUNT(records.doi)::numeric / COUNT(*), 4) AS doi_share
FROM catalog.records
WHERE records.deleted_at IS NULL
GROUP BY records.source, records.publication_year;

COMMENT ON VIEW reporting.doi_coverage IS 'How many records of each catalogue and year have a DOI?';
COMMENT ON COLUMN reporting.doi_coverage.source IS 'The catalogue';
COMMENT ON COLUMN reporting.doi_coverage.publication_year IS 'Year of publication; null where it is not known';
COMMENT ON COLUMN reporting.doi_coverage.record_count IS 'Number of records';
COMMENT ON COLUMN reporting.doi_coverage.doi_count IS 'Number of them with a valid DOI';
COMMENT ON COLUMN reporting.doi_coverage.doi_share IS 'Their share, 0 to 1';
