-- The keys that are asked for, and those of records that go or come back. In order: whoever looks them up goes through
-- an index from its beginning to its end, and reads each page of it once.
ANALYZE touched_records;

TRUNCATE touched_keys;

INSERT INTO touched_keys
SELECT
    asked_keys.key_id,
    asked_keys.is_work_key
FROM asked_keys
UNION
SELECT
    record_matching_keys.matching_key_id,
    FALSE
FROM touched_records
INNER JOIN ops.record_matching_keys ON record_matching_keys.record_id = touched_records.record_id
WHERE touched_records.goes OR touched_records.comes
UNION
SELECT
    record_work_keys.work_key_id,
    TRUE
FROM touched_records
INNER JOIN catalog.record_work_keys ON record_work_keys.record_id = touched_records.record_id
WHERE (touched_records.goes OR touched_records.comes) AND record_work_keys.kind = 'AT'
ORDER BY key_id;

ANALYZE touched_keys;
