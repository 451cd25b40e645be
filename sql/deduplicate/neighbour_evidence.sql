-- What has been decided so far on pairs whose first record is one of these.
SELECT
    work_evidence.record_id_a,
    work_evidence.record_id_b,
    work_evidence.verdict,
    work_evidence.rule,
    work_evidence.reason,
    work_evidence.score,
    work_evidence.blocking_key
FROM catalog.work_evidence
WHERE work_evidence.record_id_a = ANY (%(record_ids)s::bigint []);
