-- What works add to ops.author_counts: an author's publications are counted work by work, as each is of one work.
SELECT
    credited.author_id,
    SUM(credited.publication_count)::bigint AS publication_count,
    COUNT(*) AS work_count,
    MIN(credited.first_year) AS first_year,
    MAX(credited.last_year) AS last_year
FROM (
    SELECT
        record_authors.author_id,
        members.work_id,
        COUNT(DISTINCT members.publication_id) AS publication_count,
        MIN(members.publication_year) AS first_year,
        MAX(members.publication_year) AS last_year
    FROM {members} AS members
    INNER JOIN catalog.record_authors ON record_authors.record_id = members.record_id
    GROUP BY record_authors.author_id, members.work_id
) AS credited
GROUP BY credited.author_id
