-- What works add to ops.work_counts.
SELECT
    works.publication_count AS publications,
    COUNT(*) AS work_count,
    SUM(works.record_count)::bigint AS record_count
FROM {works} AS works
GROUP BY works.publication_count
