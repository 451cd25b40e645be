-- Evidence of records that change or end, and what is evidence no more: it goes, unless it stands anew.
DELETE FROM catalog.work_evidence
USING staged_going
WHERE
    work_evidence.record_id_a = staged_going.record_id
    AND NOT EXISTS (
        SELECT
        FROM staged_work_evidence
        WHERE
            staged_work_evidence.record_id_a = work_evidence.record_id_a
            AND staged_work_evidence.record_id_b = work_evidence.record_id_b
    );

DELETE FROM catalog.work_evidence
USING staged_going
WHERE
    work_evidence.record_id_b = staged_going.record_id
    AND NOT EXISTS (
        SELECT
        FROM staged_work_evidence
        WHERE
            staged_work_evidence.record_id_a = work_evidence.record_id_a
            AND staged_work_evidence.record_id_b = work_evidence.record_id_b
    );

DELETE FROM catalog.work_evidence
USING staged_dropped
WHERE
    work_evidence.record_id_a = staged_dropped.record_id_a
    AND work_evidence.record_id_b = staged_dropped.record_id_b;
