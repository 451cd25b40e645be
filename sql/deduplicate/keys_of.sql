-- All keys of the records asked for.
SELECT
    blocking_keys.record_id,
    blocking_keys.key_id
FROM asked_records
INNER JOIN blocking_keys ON blocking_keys.record_id = asked_records.record_id;
