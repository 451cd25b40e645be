-- Which publications are there, and how many catalogues hold each?
CREATE OR REPLACE VIEW reporting.publications AS
SELECT
    publications.publication_id,
    publications.work_id,
    publications.title,
    ARRAY_TO_STRING(publications.author_names, '; ') AS authors,
    publications.publication_year,
    publications.container_title,
    publications.format,
    publications.doi,
    publications.record_count,
    publications.source_count
FROM catalog.publications;

COMMENT ON VIEW reporting.publications IS 'Which publications are there, and how many catalogues hold each?';
COMMENT ON COLUMN reporting.publications.publication_id IS 'The publication';
COMMENT ON COLUMN reporting.publications.work_id IS 'The work it belongs to';
COMMENT ON COLUMN reporting.publications.title IS 'Title';
COMMENT ON COLUMN reporting.publications.authors IS 'Author names in order, with semicolons between them';
COMMENT ON COLUMN reporting.publications.publication_year IS 'Year of publication';
COMMENT ON COLUMN reporting.publications.container_title IS 'Journal, proceedings or series it appeared in';
COMMENT ON COLUMN reporting.publications.format IS 'Formats as the catalogue names them';
COMMENT ON COLUMN reporting.publications.doi IS 'DOI, lower case';
COMMENT ON COLUMN reporting.publications.record_count IS 'Number of records that describe it';
COMMENT ON COLUMN reporting.publications.source_count IS 'Number of catalogues that hold it';
