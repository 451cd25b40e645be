-- Two natural keys under one computed id: never seen, and never to be overlooked.
SELECT
    'record' AS what,
    records.record_id AS id
FROM staged_records
INNER JOIN catalog.records ON records.record_id = staged_records.record_id
WHERE
    (records.source, records.source_record_id) <> (staged_records.source, staged_records.source_record_id)
UNION ALL
SELECT
    'author' AS what,
    authors.author_id AS id
FROM staged_authors
INNER JOIN catalog.authors ON authors.author_id = staged_authors.author_id
WHERE authors.heading_key <> staged_authors.heading_key;
