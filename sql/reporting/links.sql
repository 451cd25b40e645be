-- Where do links lead, and how many of them are broken as written?
CREATE OR REPLACE VIEW reporting.links AS
SELECT
    links.host,
    links.kind,
    COUNT(*) AS link_count,
    COUNT(DISTINCT links.record_id) AS record_count,
    COUNT(*) FILTER (WHERE NOT links.is_valid) AS invalid_count
FROM catalog.links
INNER JOIN catalog.records ON records.record_id = links.record_id
WHERE records.deleted_at IS NULL
GROUP BY links.host, links.kind;

COMMENT ON VIEW reporting.links IS 'Where do links lead, and how many of them are broken as written?';
COMMENT ON COLUMN reporting.links.host IS 'Host; null where the link names none';
COMMENT ON COLUMN reporting.links.kind IS 'doi, pubmed, pmc, arxiv, handle, isbn, full_text, publisher, license or other';
COMMENT ON COLUMN reporting.links.link_count IS 'Number of links';
COMMENT ON COLUMN reporting.links.record_count IS 'Number of records with such a link';
COMMENT ON COLUMN reporting.links.invalid_count IS 'Number of links that cannot be followed as they stand';
