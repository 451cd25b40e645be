-- Where do the links of each catalogue lead, and how many of them are broken as written?
CREATE OR REPLACE VIEW reporting.links_by_source AS
SELECT
    counts.source,
    counts.host,
    counts.kind,
    counts.link_count,
    counts.record_count,
    counts.invalid_count,
    ROUND((counts.link_count - counts.invalid_count)::numeric / counts.link_count, 4) AS valid_share
FROM ops.link_counts AS counts;

COMMENT ON VIEW reporting.links_by_source IS 'Where do the links of each catalogue lead, and how many of them are broken as written?';
COMMENT ON COLUMN reporting.links_by_source.source IS 'The catalogue';
COMMENT ON COLUMN reporting.links_by_source.host IS 'Host, lower case; null where the URL names none';
COMMENT ON COLUMN reporting.links_by_source.kind IS 'doi, pubmed, pmc, arxiv, handle, isbn, full_text, publisher, license or other';
COMMENT ON COLUMN reporting.links_by_source.link_count IS 'Links of its living records to the host, of the kind';
COMMENT ON COLUMN reporting.links_by_source.record_count IS 'Records that have any';
COMMENT ON COLUMN reporting.links_by_source.invalid_count IS 'Those of the links that cannot be followed as they stand';
COMMENT ON COLUMN reporting.links_by_source.valid_share IS 'Share of the links that can, 0 to 1';
