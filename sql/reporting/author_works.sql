-- Which works does somebody take part in, and in which role? Ask for some authors; work_authors answers for works.
CREATE OR REPLACE VIEW reporting.author_works AS
SELECT
    authors.author_id,
    authors.name,
    credited.work_id,
    works.title,
    works.first_year,
    works.last_year,
    works.publication_count,
    credited.roles
FROM catalog.authors
-- Author by author, so that whoever asks for some waits for those alone, by whatever column they are chosen.
CROSS JOIN LATERAL (
    SELECT
        records.work_id,
        ARRAY_AGG(DISTINCT record_authors.role) FILTER (WHERE record_authors.role IS NOT NULL) AS roles
    FROM catalog.record_authors
    INNER JOIN catalog.records ON records.record_id = record_authors.record_id
    WHERE record_authors.author_id = authors.author_id AND records.deleted_at IS NULL
    GROUP BY records.work_id
) AS credited
INNER JOIN catalog.works ON works.work_id = credited.work_id;

COMMENT ON VIEW reporting.author_works IS 'Which works does somebody take part in, and in which role? Ask for some authors; work_authors answers for works';
COMMENT ON COLUMN reporting.author_works.author_id IS 'The heading';
COMMENT ON COLUMN reporting.author_works.name IS 'Its name';
COMMENT ON COLUMN reporting.author_works.work_id IS 'The work';
COMMENT ON COLUMN reporting.author_works.title IS 'Its title';
COMMENT ON COLUMN reporting.author_works.first_year IS 'Earliest year of its publications';
COMMENT ON COLUMN reporting.author_works.last_year IS 'Latest year of its publications';
COMMENT ON COLUMN reporting.author_works.publication_count IS 'Number of its publications';
COMMENT ON COLUMN reporting.author_works.roles IS 'Roles in which records of the work credit the heading; null where none is stated';
