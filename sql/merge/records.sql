-- New records, and new versions of changed ones.
UPDATE catalog.records
SET ({columns}) = ROW({staged})
FROM staged_records
INNER JOIN records_before ON records_before.record_id = staged_records.record_id
WHERE records.record_id = staged_records.record_id;

INSERT INTO catalog.records ({columns})
SELECT {columns}
FROM staged_records
WHERE NOT EXISTS (SELECT FROM records_before WHERE records_before.record_id = staged_records.record_id)
ORDER BY staged_records.record_id;
