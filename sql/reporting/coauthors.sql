-- Who is credited together with whom, and how often? Ask for one author_id: all pairs of a catalogue are many.
CREATE OR REPLACE VIEW reporting.coauthors AS
SELECT
    mine.author_id,
    theirs.author_id AS coauthor_id,
    authors.name AS coauthor_name,
    COUNT(DISTINCT records.work_id) AS work_count,
    MIN(records.publication_year) AS first_year,
    MAX(records.publication_year) AS last_year
FROM catalog.record_authors AS mine
INNER JOIN catalog.records ON records.record_id = mine.record_id
INNER JOIN catalog.record_authors AS theirs
    ON theirs.record_id = mine.record_id AND theirs.author_id <> mine.author_id
INNER JOIN catalog.authors ON authors.author_id = theirs.author_id
WHERE records.deleted_at IS NULL
GROUP BY mine.author_id, theirs.author_id, authors.name;

COMMENT ON VIEW reporting.coauthors IS 'Who is credited together with whom, and how often? Ask for one author_id: all pairs of a catalogue are many.';
COMMENT ON COLUMN reporting.coauthors.author_id IS 'The heading asked for';
COMMENT ON COLUMN reporting.coauthors.coauthor_id IS 'Another heading that records credit beside it';
COMMENT ON COLUMN reporting.coauthors.coauthor_name IS 'Name of the other';
COMMENT ON COLUMN reporting.coauthors.work_count IS 'Works that credit both in one record';
COMMENT ON COLUMN reporting.coauthors.first_year IS 'Earliest year of these';
COMMENT ON COLUMN reporting.coauthors.last_year IS 'Latest year of these';
