-- Of which share of its records does each catalogue give a DOI, an ISBN, an ISSN and so on, and how many of
-- them are wrong?
CREATE OR REPLACE VIEW reporting.identifier_coverage AS
WITH sources AS (
    SELECT
        counts.source,
        SUM(counts.record_count)::bigint AS record_count,
        SUM(counts.license_count)::bigint AS license_count
    FROM ops.record_counts AS counts
    GROUP BY counts.source
)

SELECT
    sources.source,
    schemes.scheme,
    sources.record_count,
    COALESCE(given.valid_record_count, 0) AS records_with_valid,
    ROUND(COALESCE(given.valid_record_count, 0)::numeric / sources.record_count, 4) AS valid_share,
    COALESCE(given.invalid_count, 0) AS invalid_count
FROM sources
CROSS JOIN (
    VALUES ('doi'), ('pmid'), ('pmcid'), ('arxiv'), ('handle'), ('orcid'), ('isbn'), ('issn'), ('lccn'), ('oclc')
) AS schemes (scheme)
LEFT JOIN (
    SELECT
        counts.source,
        counts.scheme,
        SUM(counts.valid_record_count)::bigint AS valid_record_count,
        SUM(counts.invalid_count)::bigint AS invalid_count
    FROM ops.identifier_counts AS counts
    GROUP BY counts.source, counts.scheme
) AS given ON given.source = sources.source AND given.scheme = schemes.scheme
UNION ALL
SELECT
    sources.source,
    'license',
    sources.record_count,
    sources.license_count,
    ROUND(sources.license_count::numeric / sources.record_count, 4),
    0
FROM sources;

COMMENT ON VIEW reporting.identifier_coverage IS 'Of which share of its records does each catalogue give a DOI, an ISBN, an ISSN and so on, and how many of them are wrong?';
COMMENT ON COLUMN reporting.identifier_coverage.source IS 'The catalogue';
COMMENT ON COLUMN reporting.identifier_coverage.scheme IS 'doi, pmid, pmcid, arxiv, handle, orcid, isbn, issn, lccn or oclc; license for a link that names a licence';
COMMENT ON COLUMN reporting.identifier_coverage.record_count IS 'Living records of the catalogue';
COMMENT ON COLUMN reporting.identifier_coverage.records_with_valid IS 'Those of them with a valid identifier of the scheme';
COMMENT ON COLUMN reporting.identifier_coverage.valid_share IS 'Their share, 0 to 1';
COMMENT ON COLUMN reporting.identifier_coverage.invalid_count IS 'Identifiers of the scheme that are not well formed';
