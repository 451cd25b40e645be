-- Who holds the keys that are asked for.
TRUNCATE key_holders;

INSERT INTO key_holders
SELECT
    record_matching_keys.record_id,
    record_matching_keys.matching_key_id
FROM asked_keys
INNER JOIN ops.record_matching_keys ON record_matching_keys.matching_key_id = asked_keys.key_id
WHERE NOT asked_keys.is_work_key
UNION ALL
SELECT
    record_work_keys.record_id,
    record_work_keys.work_key_id
FROM asked_keys
INNER JOIN catalog.record_work_keys ON record_work_keys.work_key_id = asked_keys.key_id
WHERE asked_keys.is_work_key AND record_work_keys.kind = 'AT';

ANALYZE key_holders;
