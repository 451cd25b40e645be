-- All keys of the records asked for.
SELECT
    record_matching_keys.record_id,
    record_matching_keys.matching_key_id AS key_id,
    0::bigint AS is_work_key
FROM asked_records
INNER JOIN ops.record_matching_keys ON record_matching_keys.record_id = asked_records.record_id
UNION ALL
SELECT
    record_work_keys.record_id,
    record_work_keys.work_key_id AS key_id,
    1::bigint AS is_work_key
FROM asked_records
INNER JOIN catalog.record_work_keys ON record_work_keys.record_id = asked_records.record_id
WHERE record_work_keys.kind = 'AT';
