-- What has been decided on pairs of which one record, or both, belong to a work.
SELECT
    work_evidence.record_id_a,
    work_evidence.record_id_b,
    a.source || '/' || a.source_record_id AS record_a,
    b.source || '/' || b.source_record_id AS record_b,
    a.publication_id AS publication_id_a,
    b.publication_id AS publication_id_b,
    a.work_id AS work_id_a,
    b.work_id AS work_id_b,
    work_evidence.verdict,
    work_evidence.rule,
    work_evidence.reason,
    work_evidence.score,
    work_evidence.blocking_key
FROM catalog.records AS member
INNER JOIN catalog.work_evidence
    ON work_evidence.record_id_a = member.record_id OR work_evidence.record_id_b = member.record_id
INNER JOIN catalog.records AS a ON a.record_id = work_evidence.record_id_a
INNER JOIN catalog.records AS b ON b.record_id = work_evidence.record_id_b
WHERE member.work_id = %(work_id)s
GROUP BY
    work_evidence.record_id_a, work_evidence.record_id_b, a.record_id, b.record_id
ORDER BY work_evidence.score DESC, work_evidence.record_id_a, work_evidence.record_id_b;
