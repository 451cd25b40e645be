-- Work keys of the neighbours whose content stays as the warehouse has it.
SELECT
    record_work_keys.record_id,
    record_work_keys.work_key_id,
    record_work_keys.kind,
    record_work_keys.key
FROM neighbourhood
INNER JOIN catalog.record_work_keys ON record_work_keys.record_id = neighbourhood.record_id
LEFT JOIN touched_records ON touched_records.record_id = neighbourhood.record_id
WHERE record_work_keys.kind = 'AT' AND COALESCE(NOT touched_records.goes, TRUE);
