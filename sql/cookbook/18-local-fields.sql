-- What do local fields hold? Whatever has no column of its own is kept in extra.
SELECT
    fields.key AS field,
    COUNT(*) AS records,
    MIN(fields.value::text) AS example
FROM catalog.records
CROSS JOIN LATERAL JSONB_EACH(records.extra) AS fields
GROUP BY fields.key
ORDER BY records DESC, field
LIMIT 8;
