-- Who holds the keys asked for: the living, and those that come back. Ended records are few: theirs is a partial index.
WITH holders AS (
    SELECT
        record_matching_keys.record_id,
        record_matching_keys.matching_key_id AS key_id
    FROM asked_keys
    INNER JOIN ops.record_matching_keys ON record_matching_keys.matching_key_id = asked_keys.key_id
    WHERE NOT asked_keys.is_work_key
    UNION ALL
    SELECT
        record_work_keys.record_id,
        record_work_keys.work_key_id AS key_id
    FROM asked_keys
    INNER JOIN catalog.record_work_keys ON record_work_keys.work_key_id = asked_keys.key_id
    WHERE asked_keys.is_work_key AND record_work_keys.kind = 'AT'
)

SELECT
    holders.record_id,
    holders.key_id
FROM holders
WHERE
    NOT EXISTS (
        SELECT
        FROM catalog.records
        WHERE records.record_id = holders.record_id AND records.deleted_at IS NOT NULL
    )
UNION ALL
SELECT
    holders.record_id,
    holders.key_id
FROM holders
INNER JOIN touched_records ON touched_records.record_id = holders.record_id AND touched_records.comes
INNER JOIN catalog.records ON records.record_id = holders.record_id AND records.deleted_at IS NOT NULL;
