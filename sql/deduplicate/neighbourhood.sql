-- Every record whose publication or work the touched records can change: the records that share a work key with
-- them, old or new, the members of their works, and all that accepted evidence links with any of these. A chain
-- of links may have been broken between two works because a pair within it must stay apart; which of its links
-- give way depends on the whole chain.
-- Reads the temporary tables touched_records (record_id, keeps_content, is_founded_earlier) and
-- touched_keys (work_key_id), which holds the new keys and is given the old ones here.
INSERT INTO touched_keys
SELECT record_work_keys.work_key_id
FROM catalog.record_work_keys
INNER JOIN touched_records ON touched_records.record_id = record_work_keys.record_id
WHERE record_work_keys.kind = 'AT';

ANALYZE touched_keys;

CREATE TEMPORARY TABLE neighbourhood ON COMMIT DROP AS
WITH RECURSIVE direct AS (
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
),

linked AS (
    SELECT records.record_id
    FROM catalog.records
    WHERE records.work_id IN (SELECT direct.work_id FROM direct)
    UNION
    SELECT direct.record_id
    FROM direct
    UNION
    SELECT links.record_id
    FROM linked
    CROSS JOIN LATERAL (
        SELECT work_evidence.record_id_b AS record_id
        FROM catalog.work_evidence
        WHERE work_evidence.record_id_a = linked.record_id AND work_evidence.verdict <> 'different'
        UNION ALL
        SELECT work_evidence.record_id_a
        FROM catalog.work_evidence
        WHERE work_evidence.record_id_b = linked.record_id AND work_evidence.verdict <> 'different'
    ) AS links
)

SELECT linked.record_id
FROM linked;

ANALYZE neighbourhood;
