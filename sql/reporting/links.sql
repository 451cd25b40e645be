-- Where do links lead, and how many of them are broken as written?
CREATE OR REPLACE VIEW reporting.links AS
SELECT
    counts.host,
    counts.kind,
    SUM(counts.link_count)::bigint AS link_count,
    SUM(counts.record_count)::bigint AS record_count,
    SUM(counts.invalid_count)::bigint AS invalid_count
FROM ops.link_counts AS counts
GROUP BY counts.host, counts.kind;

COMMENT ON VIEW reporting.links IS 'Where do links lead, and how many of them are broken as written?';
COMMENT ON COLUMN reporting.links.host IS 'Host; null where the link names none';
COMMENT ON COLUMN reporting.links.kind IS 'doi, pubmed, pmc, arxiv, handle, isbn, full_text, publisher, license or other';
COMMENT ON COLUMN reporting.links.link_count IS 'Number of links';
COMMENT ON COLUMN reporting.links.record_count IS 'Number of records with such a link';
COMMENT ON COLUMN reporting.links.invalid_count IS 'Number of links that cannot be followed as they stand';
