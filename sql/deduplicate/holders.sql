-- Who holds the touched keys: the living, and those that come back. Ended records are few: theirs is a partial index.
SELECT
    blocking_keys.record_id,
    blocking_keys.key_id
FROM touched_keys
INNER JOIN blocking_keys ON blocking_keys.key_id = touched_keys.key_id
WHERE
    NOT EXISTS (
        SELECT
        FROM catalog.records
        WHERE records.record_id = blocking_keys.record_id AND records.deleted_at IS NOT NULL
    )
    OR EXISTS (
        SELECT
        FROM touched_records
        WHERE touched_records.record_id = blocking_keys.record_id AND touched_records.comes
    );
