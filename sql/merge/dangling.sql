-- Rows that a load has brought and that refer to nothing. Each reference is looked up once for all the rows that have
-- it, where constraints would look it up, and lock what it leads to, row by row.
SELECT
    'catalog.record_authors' AS child,
    'catalog.records' AS parent,
    staged.record_id AS id
FROM (
    SELECT DISTINCT staged_record_authors.record_id
    FROM staged_record_authors
) AS staged
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = staged.record_id)
UNION ALL
SELECT
    'catalog.record_authors',
    'catalog.authors',
    staged.author_id
FROM (
    SELECT DISTINCT staged_record_authors.author_id
    FROM staged_record_authors
) AS staged
WHERE NOT EXISTS (SELECT FROM catalog.authors WHERE authors.author_id = staged.author_id)
UNION ALL
SELECT
    'catalog.links',
    'catalog.records',
    staged.record_id
FROM (
    SELECT DISTINCT staged_links.record_id
    FROM staged_links
) AS staged
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = staged.record_id)
UNION ALL
SELECT
    'catalog.record_identifiers',
    'catalog.records',
    staged.record_id
FROM (
    SELECT DISTINCT staged_record_identifiers.record_id
    FROM staged_record_identifiers
) AS staged
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = staged.record_id)
UNION ALL
SELECT
    'catalog.record_work_keys',
    'catalog.records',
    staged.record_id
FROM (
    SELECT DISTINCT staged_record_work_keys.record_id
    FROM staged_record_work_keys
) AS staged
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = staged.record_id)
UNION ALL
SELECT
    'catalog.work_evidence',
    'catalog.records',
    staged.record_id
FROM (
    SELECT staged_work_evidence.record_id_a AS record_id
    FROM staged_work_evidence
    UNION
    SELECT staged_work_evidence.record_id_b
    FROM staged_work_evidence
) AS staged
WHERE NOT EXISTS (SELECT FROM catalog.records WHERE records.record_id = staged.record_id)
LIMIT 1;
