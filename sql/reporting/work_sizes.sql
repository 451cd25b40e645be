-- How many works have how many publications?
CREATE OR REPLACE VIEW reporting.work_sizes AS
SELECT
    counts.publications AS publications_a_work,
    counts.work_count,
    counts.work_count * counts.publications AS publication_count,
    counts.record_count
FROM ops.work_counts AS counts;

COMMENT ON VIEW reporting.work_sizes IS 'How many works have how many publications?';
COMMENT ON COLUMN reporting.work_sizes.publications_a_work IS 'Publications that each of these works has: editions, preprint and article ...';
COMMENT ON COLUMN reporting.work_sizes.work_count IS 'Works that have so many';
COMMENT ON COLUMN reporting.work_sizes.publication_count IS 'Publications of these works';
COMMENT ON COLUMN reporting.work_sizes.record_count IS 'Records of these works';
