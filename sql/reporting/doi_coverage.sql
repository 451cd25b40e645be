-- How many records of each catalogue and year have a DOI?
CREATE OR REPLACE VIEW reporting.doi_coverage AS
SELECT
    counts.source,
    counts.publication_year,
    counts.record_count,
    counts.doi_count,
    ROUND(counts.doi_count::numeric / counts.record_count, 4) AS doi_share
FROM ops.record_counts AS counts;

COMMENT ON VIEW reporting.doi_coverage IS 'How many records of each catalogue and year have a DOI?';
COMMENT ON COLUMN reporting.doi_coverage.source IS 'The catalogue';
COMMENT ON COLUMN reporting.doi_coverage.publication_year IS 'Year of publication; null where it is not known';
COMMENT ON COLUMN reporting.doi_coverage.record_count IS 'Number of records';
COMMENT ON COLUMN reporting.doi_coverage.doi_count IS 'Number of them with a valid DOI';
COMMENT ON COLUMN reporting.doi_coverage.doi_share IS 'Their share, 0 to 1';
