-- Evidence of records that change or end, and what is evidence no more: it goes, unless it stands anew. These pairs, and
-- those that stand anew, are what is counted anew of pairs.
DELETE FROM catalog.work_evidence
USING recounted_pairs
WHERE
    work_evidence.record_id_a = recounted_pairs.record_id_a
    AND work_evidence.record_id_b = recounted_pairs.record_id_b
    AND NOT EXISTS (
        SELECT
        FROM staged_work_evidence
        WHERE
            staged_work_evidence.record_id_a = recounted_pairs.record_id_a
            AND staged_work_evidence.record_id_b = recounted_pairs.record_id_b
    );
