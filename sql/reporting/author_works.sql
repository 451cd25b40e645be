-- Which works does somebody take part in, and in which role? Ask for some authors; work_authors answers for works.
CREATE OR REPLACE VIEW reporting.author_works AS
SELECT
    authors.author_id,
    authors.name,
    credited.work_id,
    credited.title,
    credited.first_year,
    credited.last_year,
    credited.publication_count,
    credited.roles
FROM catalog.authors
-- Author by author, so that whoever asks for some waits for those alone, by whatever column they are chosen.
CROSS JOIN LATERAL reporting.works_of_author(authors.author_id) AS credited;

COMMENT ON VIEW reporting.author_works IS 'Which works does somebody take part in, and in which role? Ask for some authors; work_authors answers for works';
COMMENT ON COLUMN reporting.author_works.author_id IS 'The heading';
COMMENT ON COLUMN reporting.author_works.name IS 'Its name';
COMMENT ON COLUMN reporting.author_works.work_id IS 'The work';
COMMENT ON COLUMN reporting.author_works.title IS 'Its title';
COMMENT ON COLUMN reporting.author_works.first_year IS 'Earliest year of its publications';
COMMENT ON COLUMN reporting.author_works.last_year IS 'Latest year of its publications';
COMMENT ON COLUMN reporting.author_works.publication_count IS 'Number of its publications';
COMMENT ON COLUMN reporting.author_works.roles IS 'Roles in which records of the work credit the heading; null where none is stated';
