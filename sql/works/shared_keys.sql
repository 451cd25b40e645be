-- The work keys that two records share, and how many records hold each.
SELECT
    a.key,
    COUNT(*) AS holders
FROM catalog.record_work_keys AS a
INNER JOIN catalog.record_work_keys AS b ON b.work_key_id = a.work_key_id AND b.record_id = %(record_id_b)s
INNER JOIN catalog.record_work_keys AS holders ON holders.work_key_id = a.work_key_id
WHERE a.record_id = %(record_id_a)s
GROUP BY a.key
ORDER BY a.key;
