-- The keys that are asked for, and those of records that go or come back.
ANALYZE touched_records;

INSERT INTO touched_keys
SELECT asked_keys.key_id
FROM asked_keys
UNION
SELECT blocking_keys.key_id
FROM touched_records
INNER JOIN blocking_keys ON blocking_keys.record_id = touched_records.record_id
WHERE touched_records.goes OR touched_records.comes;

ANALYZE touched_keys;
