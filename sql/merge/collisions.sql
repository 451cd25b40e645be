-- Two natural keys under one computed id: never seen, and never to be overlooked.
SELECT
    'record' AS what,
    records_before.record_id AS id
FROM records_before
WHERE records_before.is_another
UNION ALL
SELECT
    'author' AS what,
    held_authors.author_id AS id
FROM held_authors
WHERE held_authors.is_another;
