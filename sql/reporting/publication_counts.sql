-- How many publications are there of one year, catalogue, format and language together? Sum publication_count over the
-- rows that you ask for: each publication is counted in one row.
CREATE OR REPLACE VIEW reporting.publication_counts AS
SELECT
    counts.publication_year,
    counts.publication_kind,
    counts.format,
    counts.language,
    counts.sources,
    counts.publication_count,
    counts.doi_count
FROM ops.publication_counts AS counts;

COMMENT ON VIEW reporting.publication_counts IS 'How many publications are there of one year, catalogue, format and language together? Sum publication_count over the rows that you ask for: each publication is counted in one row';
COMMENT ON COLUMN reporting.publication_counts.publication_year IS 'Year of publication';
COMMENT ON COLUMN reporting.publication_counts.publication_kind IS 'article, conference_paper, preprint, book ...';
COMMENT ON COLUMN reporting.publication_counts.format IS 'All its formats; ask with ''Book'' = ANY(format)';
COMMENT ON COLUMN reporting.publication_counts.language IS 'All its languages, as ISO 639-3 codes';
COMMENT ON COLUMN reporting.publication_counts.sources IS 'All catalogues that hold it';
COMMENT ON COLUMN reporting.publication_counts.publication_count IS 'Publications of which all this is so';
COMMENT ON COLUMN reporting.publication_counts.doi_count IS 'Those of them with a DOI';
