-- Work keys of the neighbours whose content stays as the warehouse has it.
SELECT
    record_work_keys.record_id,
    record_work_keys.work_key_id,
    record_work_keys.kind,
    record_work_keys.key
FROM catalog.record_work_keys
LEFT JOIN touched_records ON touched_records.record_id = record_work_keys.record_id
WHERE
    record_work_keys.record_id = ANY (%(record_ids)s::bigint [])
    AND record_work_keys.kind = 'AT'
    AND COALESCE(NOT touched_records.goes, TRUE);
