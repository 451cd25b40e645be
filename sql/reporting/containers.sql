-- Which journals, proceedings and series are there under one name, however it is spelt, and how many publications has each?
CREATE OR REPLACE VIEW reporting.containers AS
SELECT
    counts.folded_name,
    (ARRAY_AGG(counts.name ORDER BY counts.publication_count DESC, counts.name COLLATE "C"))[1] AS name,
    COUNT(*) AS spelling_count,
    SUM(counts.publication_count)::bigint AS publication_count,
    SUM(counts.doi_count)::bigint AS doi_count
FROM ops.name_counts AS counts
WHERE
    counts.role = 'container'
    -- What has neither letter nor digit names nobody, as "-" does.
    AND counts.folded_name <> ''
GROUP BY counts.folded_name;

COMMENT ON VIEW reporting.containers IS 'Which journals, proceedings and series are there under one name, however it is spelt, and how many publications has each?';
COMMENT ON COLUMN reporting.containers.folded_name IS 'The form in which spellings of the name meet: no case, accents, punctuation or leading "the", and "and" for an ampersand';
COMMENT ON COLUMN reporting.containers.name IS 'The spelling that most publications have';
COMMENT ON COLUMN reporting.containers.spelling_count IS 'Number of its spellings';
COMMENT ON COLUMN reporting.containers.publication_count IS 'Number of its publications';
COMMENT ON COLUMN reporting.containers.doi_count IS 'Those of them with a DOI';
