-- What has been decided so far on pairs of neighbours.
SELECT
    work_evidence.record_id_a,
    work_evidence.record_id_b,
    work_evidence.verdict,
    work_evidence.rule,
    work_evidence.reason,
    work_evidence.score,
    work_evidence.blocking_key
FROM neighbourhood AS a
INNER JOIN catalog.work_evidence ON work_evidence.record_id_a = a.record_id
INNER JOIN neighbourhood AS b ON b.record_id = work_evidence.record_id_b;
