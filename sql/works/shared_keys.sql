-- The work keys that two records share, and how many records hold each; and how many matching keys, which are numbers
-- only, with the fewest living holders that one of these has.
WITH shared AS (
    SELECT
        a.key,
        COUNT(*) AS holders
    FROM catalog.record_work_keys AS a
    INNER JOIN catalog.record_work_keys AS b ON b.work_key_id = a.work_key_id AND b.record_id = %(record_id_b)s
    INNER JOIN catalog.record_work_keys AS holders ON holders.work_key_id = a.work_key_id
    WHERE a.record_id = %(record_id_a)s
    GROUP BY a.key
    ORDER BY a.key
),

matching AS (
    SELECT
        a.matching_key_id,
        COUNT(*) AS holders
    FROM ops.record_matching_keys AS a
    INNER JOIN ops.record_matching_keys AS b
        ON b.matching_key_id = a.matching_key_id AND b.record_id = %(record_id_b)s
    INNER JOIN ops.record_matching_keys AS holders ON holders.matching_key_id = a.matching_key_id
    INNER JOIN catalog.records ON records.record_id = holders.record_id AND records.deleted_at IS NULL
    WHERE a.record_id = %(record_id_a)s
    GROUP BY a.matching_key_id
)

SELECT
    shared.key,
    shared.holders
FROM shared
UNION ALL
SELECT
    COUNT(*) || ' matching key(s), as of title and year' AS key,
    MIN(matching.holders) AS holders
FROM matching
HAVING COUNT(*) > 0;
