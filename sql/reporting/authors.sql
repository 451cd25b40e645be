-- Who is credited with how much?
CREATE OR REPLACE VIEW reporting.authors AS
SELECT
    authors.author_id,
    authors.name,
    authors.kind,
    authors.birth_year,
    authors.death_year,
    authors.orcid,
    counts.publication_count,
    counts.work_count,
    counts.first_year,
    counts.last_year
FROM ops.author_counts AS counts
INNER JOIN catalog.authors ON authors.author_id = counts.author_id;

COMMENT ON VIEW reporting.authors IS 'Who is credited with how much?';
COMMENT ON COLUMN reporting.authors.author_id IS 'The heading';
COMMENT ON COLUMN reporting.authors.name IS 'Its name';
COMMENT ON COLUMN reporting.authors.kind IS 'person, corporate or meeting';
COMMENT ON COLUMN reporting.authors.birth_year IS 'Year of birth, where the heading has it';
COMMENT ON COLUMN reporting.authors.death_year IS 'Year of death, where the heading has it';
COMMENT ON COLUMN reporting.authors.orcid IS 'ORCID, where the heading has it';
COMMENT ON COLUMN reporting.authors.publication_count IS 'Number of publications that credit it';
COMMENT ON COLUMN reporting.authors.work_count IS 'Number of works that credit it';
COMMENT ON COLUMN reporting.authors.first_year IS 'Earliest year of the records that credit the heading';
COMMENT ON COLUMN reporting.authors.last_year IS 'Latest year of the records that credit the heading';
