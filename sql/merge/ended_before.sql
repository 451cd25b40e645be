-- A record that has ended, and of which another version comes without bringing it back, ended when it did.
UPDATE staged_records
SET deleted_at = records.deleted_at
FROM records_before
INNER JOIN catalog.records ON records.record_id = records_before.record_id
WHERE
    NOT records_before.is_alive
    AND staged_records.record_id = records_before.record_id
    AND staged_records.deleted_at IS NOT NULL;
