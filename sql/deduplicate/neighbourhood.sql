-- Every record whose publication or work the touched records can change: the members of the works
-- they were in, the records that share a work key with them, old or new, and the members of their works.
-- Reads the temporary tables touched_records (record_id, keeps_content, is_founded_earlier) and
-- touched_keys (work_key_id), which holds the new keys and is given the old ones here.
INSERT INTO touched_keys
SELECT record_work_keys.work_key_id
FROM catalog.record_work_keys
INNER JOIN touched_records ON touched_records.record_id = record_work_keys.record_id
WHERE record_work_keys.kind = 'AT';

ANALYZE touched_keys;

CREATE TEMPORARY TABLE neighbourhood ON COMMIT DROP AS
WITH direct AS (
    SELECT
        records.record_id,
        records.work_id
    FROM catalog.records
    INNER JOIN touched_records ON touched_records.record_id = records.record_id
    UNION
    SELECT
        records.record_id,
        records.work_id
    FROM (SELECT DISTINCT touched_keys.work_key_id FROM touched_keys) AS keys
    INNER JOIN catalog.record_work_keys ON record_work_keys.work_key_id = keys.work_key_id
    INNER JOIN catalog.records ON records.record_id = record_work_keys.record_id
    WHERE record_work_keys.kind = 'AT' AND records.deleted_at IS NULL
)

SELECT records.record_id
FROM catalog.records
WHERE records.work_id IN (SELECT direct.work_id FROM direct)
UNION
SELECT direct.record_id
FROM direct;

ANALYZE neighbourhood;
