-- New records, and new versions of changed ones. One that is here no more, as somebody has deleted it by hand meanwhile,
-- is new again: what is staged with it refers to it.
WITH known AS (
    UPDATE catalog.records
    SET ({columns}) = ROW({staged_columns})
    FROM staged_records
    INNER JOIN records_before ON records_before.record_id = staged_records.record_id
    WHERE records.record_id = staged_records.record_id
    RETURNING records.record_id
)

INSERT INTO catalog.records ({columns})
SELECT {columns}
FROM staged_records
WHERE NOT EXISTS (SELECT FROM known WHERE known.record_id = staged_records.record_id)
ORDER BY staged_records.record_id;
