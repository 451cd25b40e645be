-- Who is credited together with whom, and how often? Ask for some authors: all pairs of a catalogue are many.
CREATE OR REPLACE VIEW reporting.coauthors AS
SELECT
    authors.author_id,
    beside.coauthor_id,
    beside.coauthor_name,
    beside.work_count,
    beside.first_year,
    beside.last_year,
    authors.name AS author_name
FROM catalog.authors
-- Author by author, so that whoever asks for some waits for those alone, by whatever column they are chosen.
CROSS JOIN LATERAL reporting.coauthors_of_author(authors.author_id) AS beside;

COMMENT ON VIEW reporting.coauthors IS 'Who is credited together with whom, and how often? Ask for some authors: all pairs of a catalogue are many.';
COMMENT ON COLUMN reporting.coauthors.author_id IS 'The heading asked for';
COMMENT ON COLUMN reporting.coauthors.coauthor_id IS 'Another heading that records credit beside it';
COMMENT ON COLUMN reporting.coauthors.coauthor_name IS 'Name of the other';
COMMENT ON COLUMN reporting.coauthors.work_count IS 'Works that credit both in one record';
COMMENT ON COLUMN reporting.coauthors.first_year IS 'Earliest year of the records that credit both';
COMMENT ON COLUMN reporting.coauthors.last_year IS 'Latest year of the records that credit both';
COMMENT ON COLUMN reporting.coauthors.author_name IS 'Name of the heading asked for';
