-- Works whose counts and years are not those of their publications get these. After the publications.
WITH counted AS (
    SELECT
        publications.work_id,
        COUNT(*) AS publication_count,
        SUM(publications.record_count) AS record_count,
        MIN(publications.publication_year) AS first_year,
        MAX(publications.publication_year) AS last_year
    FROM catalog.publications
    GROUP BY publications.work_id
)

UPDATE catalog.works
SET
    publication_count = now.publication_count,
    record_count = now.record_count,
    first_year = now.first_year,
    last_year = now.last_year
FROM (
    SELECT
        held.work_id,
        COALESCE(counted.publication_count, 0) AS publication_count,
        COALESCE(counted.record_count, 0) AS record_count,
        counted.first_year,
        counted.last_year
    FROM catalog.works AS held
    LEFT JOIN counted ON counted.work_id = held.work_id
) AS now
WHERE
    works.work_id = now.work_id
    AND (works.publication_count, works.record_count, works.first_year, works.last_year)
    IS DISTINCT FROM (now.publication_count, now.record_count, now.first_year, now.last_year);
