-- Who is credited together with whom, and how often? Ask for some authors: all pairs of a catalogue are many.
CREATE OR REPLACE VIEW reporting.coauthors AS
SELECT
    authors.author_id,
    beside.coauthor_id,
    coauthors.name AS coauthor_name,
    beside.work_count,
    beside.first_year,
    beside.last_year,
    authors.name AS author_name
FROM catalog.authors
-- Author by author, so that whoever asks for some waits for those alone, by whatever column they are chosen.
CROSS JOIN LATERAL (
    SELECT
        theirs.author_id AS coauthor_id,
        COUNT(DISTINCT records.work_id) AS work_count,
        MIN(records.publication_year) AS first_year,
        MAX(records.publication_year) AS last_year
    FROM catalog.record_authors AS mine
    INNER JOIN catalog.records ON records.record_id = mine.record_id
    INNER JOIN catalog.record_authors AS theirs
        ON theirs.record_id = mine.record_id AND theirs.author_id <> mine.author_id
    WHERE mine.author_id = authors.author_id AND records.deleted_at IS NULL
    GROUP BY theirs.author_id
) AS beside
INNER JOIN catalog.authors AS coauthors ON coauthors.author_id = beside.coauthor_id;

COMMENT ON VIEW reporting.coauthors IS 'Who is credited together with whom, and how often? Ask for some authors: all pairs of a catalogue are many.';
COMMENT ON COLUMN reporting.coauthors.author_id IS 'The heading asked for';
COMMENT ON COLUMN reporting.coauthors.coauthor_id IS 'Another heading that records credit beside it';
COMMENT ON COLUMN reporting.coauthors.coauthor_name IS 'Name of the other';
COMMENT ON COLUMN reporting.coauthors.work_count IS 'Works that credit both in one record';
COMMENT ON COLUMN reporting.coauthors.first_year IS 'Earliest year of these';
COMMENT ON COLUMN reporting.coauthors.last_year IS 'Latest year of these';
COMMENT ON COLUMN reporting.coauthors.author_name IS 'Name of the heading asked for';
