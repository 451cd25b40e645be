-- What the rows that a load has brought refer to, where that did not come with them, as it does nearly always: what came
-- was written by this load, and nobody else can take it away before its end. Of headings it is known only where the
-- tables are held fast: one that somebody else adds meanwhile is left as it is. Where they are, nothing is asked of the
-- groups in which known records stay, as foreign keys ask nothing of columns that an UPDATE leaves: nobody else can have
-- changed these records since they were looked at. So no row of such a group is locked, and its page not written. The
-- flag stands within, where it leaves a join: beside it, each row would look through all of the other table.
CREATE TEMPORARY TABLE apart ON COMMIT DROP AS
SELECT
    staged.child,
    'catalog.records' AS parent,
    staged.record_id AS id
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
    UNION ALL
    SELECT
        'catalog.publications',
        staged_publications.canonical_record_id
    FROM staged_publications
) AS staged
WHERE NOT EXISTS (SELECT FROM staged_records WHERE staged_records.record_id = staged.record_id)
UNION ALL
SELECT
    staged.child,
    'catalog.publications',
    staged.publication_id
FROM (
    SELECT
        'catalog.records' AS child,
        staged_records.publication_id
    FROM staged_records
    WHERE NOT EXISTS (
        SELECT FROM records_before
        WHERE
            %(are_held)s
            AND records_before.record_id = staged_records.record_id
            AND records_before.publication_id = staged_records.publication_id
    )
    UNION ALL
    SELECT
        'catalog.works',
        staged_works.canonical_publication_id
    FROM staged_works
) AS staged
WHERE
    staged.publication_id IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM staged_publications WHERE staged_publications.publication_id = staged.publication_id
    )
UNION ALL
SELECT
    staged.child,
    'catalog.works',
    staged.work_id
FROM (
    SELECT
        'catalog.records' AS child,
        staged_records.work_id
    FROM staged_records
    WHERE NOT EXISTS (
        SELECT FROM records_before
        WHERE
            %(are_held)s
            AND records_before.record_id = staged_records.record_id
            AND records_before.work_id = staged_records.work_id
    )
    UNION ALL
    SELECT
        'catalog.publications',
        staged_publications.work_id
    FROM staged_publications
) AS staged
WHERE
    staged.work_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM staged_works WHERE staged_works.work_id = staged.work_id)
UNION ALL
SELECT
    'catalog.record_authors',
    'catalog.authors',
    staged_record_authors.author_id
FROM staged_record_authors
WHERE NOT EXISTS (
    SELECT FROM staged_authors
    WHERE %(are_held)s AND staged_authors.author_id = staged_record_authors.author_id
);

ANALYZE apart;
