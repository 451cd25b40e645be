-- Every pair that rules, and no person, have decided.
SELECT
    work_evidence.record_id_a,
    work_evidence.record_id_b
FROM catalog.work_evidence
WHERE work_evidence.rule <> 'decided_by_person'
ORDER BY work_evidence.record_id_a, work_evidence.record_id_b;
