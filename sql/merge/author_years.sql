-- The first and last years of headings whose counts are as they were: they widen with what a change brings, as those of
-- the others have. Where it takes a first or last year away, the years are read from all credits of the heading again.
UPDATE ops.author_counts
SET
    first_year = LEAST(author_counts.first_year, counted_now.first_year),
    last_year = GREATEST(author_counts.last_year, counted_now.last_year)
FROM now_author_counts AS counted_now
WHERE
    author_counts.author_id = counted_now.author_id
    AND NOT EXISTS (
        SELECT FROM difference_author_counts WHERE difference_author_counts.author_id = counted_now.author_id
    )
    AND (LEAST(author_counts.first_year, counted_now.first_year), GREATEST(author_counts.last_year, counted_now.last_year))
    IS DISTINCT FROM (author_counts.first_year, author_counts.last_year);

-- Materialized: few of many, which the planner does not know.
WITH narrowed AS MATERIALIZED (
    SELECT author_counts.author_id
    FROM before_author_counts AS counted_before
    INNER JOIN ops.author_counts ON author_counts.author_id = counted_before.author_id
    LEFT JOIN now_author_counts AS counted_now ON counted_now.author_id = counted_before.author_id
    WHERE
        (
            counted_before.first_year = author_counts.first_year
            AND counted_now.first_year IS DISTINCT FROM counted_before.first_year
        )
        OR (
            counted_before.last_year = author_counts.last_year
            AND counted_now.last_year IS DISTINCT FROM counted_before.last_year
        )
)

UPDATE ops.author_counts
SET first_year = years.first_year, last_year = years.last_year
FROM (
    SELECT
        narrowed.author_id,
        MIN(records.publication_year) AS first_year,
        MAX(records.publication_year) AS last_year
    FROM narrowed
    INNER JOIN catalog.record_authors ON record_authors.author_id = narrowed.author_id
    INNER JOIN catalog.records ON records.record_id = record_authors.record_id
    WHERE records.deleted_at IS NULL
    GROUP BY narrowed.author_id
) AS years
WHERE author_counts.author_id = years.author_id;
