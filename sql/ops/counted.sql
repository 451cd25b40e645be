-- How many publications and works there are, by the counts that each load keeps: counting them would read them all.
SELECT
    (SELECT COALESCE(SUM(publication_counts.publication_count), 0) FROM ops.publication_counts)::bigint,
    (SELECT COALESCE(SUM(work_counts.work_count), 0) FROM ops.work_counts)::bigint;
