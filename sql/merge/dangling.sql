-- Rows that a load has brought and that refer to nothing. What is referred to came with them, nearly always: only what
-- did not is looked up, where constraints would look up all of it, and lock what it leads to, row by row.
WITH apart AS MATERIALIZED (
    SELECT
        staged.child,
        staged.record_id
    FROM (
        SELECT
            'catalog.record_authors' AS child,
            staged_record_authors.record_id
        FROM staged_record_authors
        UNION ALL
        SELECT
            'catalog.links',
            staged_links.record_id
        FROM staged_links
        UNION ALL
        SELECT
            'catalog.record_identifiers',
            staged_record_identifiers.record_id
        FROM staged_record_identifiers
        UNION ALL
        SELECT
            'catalog.record_work_keys',
            staged_record_work_keys.record_id
        FROM staged_record_work_keys
        UNION ALL
        SELECT
            'catalog.work_evidence',
            staged_work_evidence.record_id_a
        FROM staged_work_evidence
        UNION ALL
        SELECT
            'catalog.work_evidence',
            staged_work_evidence.record_id_b
        FROM staged_work_evidence
    ) AS staged
    WHERE NOT EXISTS (SELECT FROM staged_records WHERE staged_records.record_id = staged.record_id)
)

SELECT
    apart.child,
    'catalog.records' AS parent,
    apart.record_id AS id
FROM apart
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = apart.record_id)
UNION ALL
SELECT
    'catalog.record_authors',
    'catalog.authors',
    staged_record_authors.author_id
FROM staged_record_authors
WHERE
    NOT EXISTS (SELECT FROM staged_authors WHERE staged_authors.author_id = staged_record_authors.author_id)
    AND NOT EXISTS (SELECT FROM catalog.authors WHERE authors.author_id = staged_record_authors.author_id)
LIMIT 1;
