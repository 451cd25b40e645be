-- With how many others is somebody credited? Ask for some authors: all pairs of a catalogue are many.
CREATE OR REPLACE VIEW reporting.coauthor_counts AS
SELECT
    authors.author_id,
    authors.name,
    counts.work_count,
    beside.coauthor_count
FROM catalog.authors
INNER JOIN ops.author_counts AS counts ON counts.author_id = authors.author_id
CROSS JOIN LATERAL (
    SELECT COUNT(DISTINCT theirs.author_id) AS coauthor_count
    FROM catalog.record_authors AS mine
    INNER JOIN catalog.records ON records.record_id = mine.record_id
    INNER JOIN catalog.record_authors AS theirs
        ON theirs.record_id = mine.record_id AND theirs.author_id <> mine.author_id
    WHERE mine.author_id = authors.author_id AND records.deleted_at IS NULL
) AS beside;

COMMENT ON VIEW reporting.coauthor_counts IS 'With how many others is somebody credited? Ask for some authors: all pairs of a catalogue are many';
COMMENT ON COLUMN reporting.coauthor_counts.author_id IS 'The heading';
COMMENT ON COLUMN reporting.coauthor_counts.name IS 'Its name';
COMMENT ON COLUMN reporting.coauthor_counts.work_count IS 'Number of works that credit it';
COMMENT ON COLUMN reporting.coauthor_counts.coauthor_count IS 'Number of other headings that records credit beside it: its degree in the graph of co-authors';
