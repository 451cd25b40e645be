-- Which works are there, and in how many publications?
CREATE OR REPLACE VIEW reporting.works AS
SELECT
    works.work_id,
    works.title,
    ARRAY_TO_STRING(works.author_names, '; ') AS authors,
    works.first_year,
    works.last_year,
    works.publication_count,
    works.record_count
FROM catalog.works;

COMMENT ON VIEW reporting.works IS 'Which works are there, and in how many publications?';
COMMENT ON COLUMN reporting.works.work_id IS 'The work';
COMMENT ON COLUMN reporting.works.title IS 'Title of its canonical publication';
COMMENT ON COLUMN reporting.works.authors IS 'Author names in order, with semicolons between them';
COMMENT ON COLUMN reporting.works.first_year IS 'Earliest year of its publications';
COMMENT ON COLUMN reporting.works.last_year IS 'Latest year of its publications';
COMMENT ON COLUMN reporting.works.publication_count IS 'Number of its publications';
COMMENT ON COLUMN reporting.works.record_count IS 'Number of its records';
