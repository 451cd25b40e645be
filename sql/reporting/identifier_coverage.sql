-- Of which share of its records does each catalogue give a DOI, an ISBN, an ISSN and so on, and how many of
-- them are wrong?
CREATE OR REPLACE VIEW reporting.identifier_coverage AS
SELECT
    sources.source,
    schemes.scheme,
    sources.record_count,
    COALESCE(given.records_with_valid, 0) AS records_with_valid,
    ROUND(COALESCE(given.records_with_valid, 0)::numeric / sources.record_count, 4) AS valid_share,
    COALESCE(given.invalid_count, 0) AS invalid_count
FROM (
    SELECT
        records.source,
        COUNT(*) AS record_count
    FROM catalog.records
    WHERE records.deleted_at IS NULL
    GROUP BY records.source
) AS sources
CROSS JOIN (
    VALUES ('doi'), ('pmid'), ('pmcid'), ('arxiv'), ('handle'), ('orcid'), ('isbn'), ('issn'), ('lccn'), ('oclc')
) AS schemes (scheme)
LEFT JOIN (
    SELECT
        records.source,
        record_identifiers.scheme,
        COUNT(DISTINCT record_identifiers.record_id) FILTER (WHERE record_identifiers.is_valid) AS records_with_valid,
        COUNT(*) FILTER (WHERE NOT record_identifiers.is_valid) AS invalid_count
    FROM catalog.record_identifiers
    INNER JOIN catalog.records ON records.record_id = record_identifiers.record_id
    WHERE records.deleted_at IS NULL
    GROUP BY records.source, record_identifiers.scheme
) AS given ON given.source = sources.source AND given.scheme = schemes.scheme
UNION ALL
SELECT
    records.source,
    'license',
    COUNT(*),
    COUNT(records.license_url),
    ROUND(COUNT(records.license_url)::numeric / COUNT(*), 4),
    0
FROM catalog.records
WHERE records.deleted_at IS NULL
GROUP BY records.source;

COMMENT ON VIEW reporting.identifier_coverage IS 'Of which share of its records does each catalogue give a DOI, an ISBN, an ISSN and so on, and how many of them are wrong?';
COMMENT ON COLUMN reporting.identifier_coverage.source IS 'The catalogue';
COMMENT ON COLUMN reporting.identifier_coverage.scheme IS 'doi, pmid, pmcid, arxiv, handle, orcid, isbn, issn, lccn or oclc; license for a link that names a licence';
COMMENT ON COLUMN reporting.identifier_coverage.record_count IS 'Living records of the catalogue';
COMMENT ON COLUMN reporting.identifier_coverage.records_with_valid IS 'Those of them with a valid identifier of the scheme';
COMMENT ON COLUMN reporting.identifier_coverage.valid_share IS 'Their share, 0 to 1';
COMMENT ON COLUMN reporting.identifier_coverage.invalid_count IS 'Identifiers of the scheme that are not well formed';
