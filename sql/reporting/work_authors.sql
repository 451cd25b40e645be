-- Who takes part in a work, and in which role? Ask for some works; author_works answers for authors.
CREATE OR REPLACE VIEW reporting.work_authors AS
SELECT
    works.work_id,
    works.title,
    authors.author_id,
    authors.name,
    authors.kind,
    credited.roles,
    credited.record_count
FROM catalog.works
CROSS JOIN LATERAL (
    SELECT
        record_authors.author_id,
        ARRAY_AGG(DISTINCT record_authors.role) FILTER (WHERE record_authors.role IS NOT NULL) AS roles,
        COUNT(DISTINCT record_authors.record_id) AS record_count
    FROM catalog.records
    INNER JOIN catalog.record_authors ON record_authors.record_id = records.record_id
    WHERE records.work_id = works.work_id
    GROUP BY record_authors.author_id
) AS credited
INNER JOIN catalog.authors ON authors.author_id = credited.author_id;

COMMENT ON VIEW reporting.work_authors IS 'Who takes part in a work, and in which role? Ask for some works; author_works answers for authors';
COMMENT ON COLUMN reporting.work_authors.work_id IS 'The work';
COMMENT ON COLUMN reporting.work_authors.title IS 'Its title';
COMMENT ON COLUMN reporting.work_authors.author_id IS 'A heading that its records credit';
COMMENT ON COLUMN reporting.work_authors.name IS 'The name of the heading';
COMMENT ON COLUMN reporting.work_authors.kind IS 'person, corporate or meeting';
COMMENT ON COLUMN reporting.work_authors.roles IS 'Roles in which they credit it; null where none is stated';
COMMENT ON COLUMN reporting.work_authors.record_count IS 'Number of its records that do';
