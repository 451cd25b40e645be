-- New records, and new versions of changed ones.
INSERT INTO catalog.records ({columns})
SELECT {columns}
FROM staged_records
ORDER BY staged_records.record_id
ON CONFLICT (record_id) DO UPDATE
    SET ({columns}) = ROW({excluded});
