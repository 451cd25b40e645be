-- What a change touches of what summaries count, before it does: of this alone they are counted anew. Records that come,
-- go or change groups, and those of which anything changes that a summary reads; the publications and works that these
-- leave or join, and those that change themselves (touched_groups.sql); and the pairs of which evidence comes, goes or
-- changes.
CREATE TEMPORARY TABLE recounted_records ON COMMIT DROP AS
SELECT staged_records.record_id
FROM staged_records
LEFT JOIN records_before ON records_before.record_id = staged_records.record_id
WHERE
    records_before.record_id IS NULL
    OR records_before.is_alive <> (staged_records.deleted_at IS NULL)
    OR (records_before.publication_id, records_before.work_id)
    IS DISTINCT FROM (staged_records.publication_id, staged_records.work_id)
    OR records_before.is_counted_otherwise
UNION
SELECT records_before.record_id
FROM records_before
INNER JOIN staged_assignments ON staged_assignments.record_id = records_before.record_id
WHERE
    (records_before.publication_id, records_before.work_id)
    IS DISTINCT FROM (staged_assignments.publication_id, staged_assignments.work_id)
UNION
SELECT staged_ended.record_id
FROM staged_ended
UNION
SELECT staged_revived.record_id
FROM staged_revived
UNION
SELECT staged_vanishing.record_id
FROM staged_vanishing
UNION
SELECT different_links.record_id
FROM different_links
UNION
SELECT different_record_identifiers.record_id
FROM different_record_identifiers
UNION
SELECT different_record_authors.record_id
FROM different_record_authors;

-- Those of them that the warehouse knows, of which alone there was something to count, and those that are new: all of
-- these is staged.
CREATE TEMPORARY TABLE recounted_known ON COMMIT DROP AS
SELECT recounted_records.record_id
FROM recounted_records
INNER JOIN records_before ON records_before.record_id = recounted_records.record_id;

CREATE TEMPORARY TABLE recounted_new ON COMMIT DROP AS
SELECT recounted_records.record_id
FROM recounted_records
WHERE NOT EXISTS (SELECT FROM records_before WHERE records_before.record_id = recounted_records.record_id);

CREATE TEMPORARY TABLE recounted_pairs ON COMMIT DROP AS
(
    SELECT
        work_evidence.record_id_a,
        work_evidence.record_id_b
    FROM staged_going
    INNER JOIN catalog.work_evidence ON work_evidence.record_id_a = staged_going.record_id
    UNION
    -- Looked up record by record, for which OFFSET stands: the planner would rather read all pairs there are.
    SELECT
        pairs.record_id_a,
        pairs.record_id_b
    FROM (
        SELECT staged_going.record_id
        FROM staged_going
        ORDER BY staged_going.record_id
    ) AS going
    CROSS JOIN LATERAL (
        SELECT
            work_evidence.record_id_a,
            work_evidence.record_id_b
        FROM catalog.work_evidence
        WHERE work_evidence.record_id_b = going.record_id
        OFFSET 0
    ) AS pairs
    UNION
    SELECT
        staged_dropped.record_id_a,
        staged_dropped.record_id_b
    FROM staged_dropped
    UNION
    SELECT
        staged_work_evidence.record_id_a,
        staged_work_evidence.record_id_b
    FROM staged_work_evidence
)
EXCEPT
SELECT
    held_work_evidence.record_id_a,
    held_work_evidence.record_id_b
FROM held_work_evidence
-- Evidence that stands does not go.
WHERE held_work_evidence.is_same;

ANALYZE recounted_records, recounted_known, recounted_new, recounted_pairs;
