-- What did a dump change, record by record? `changed_columns` has the old and the new value of each. What was put back
-- when the dump was taken out again has the kind `removal`.
SELECT
    record_changes.change,
    record_changes.source,
    record_changes.source_record_id,
    record_changes.title,
    record_changes.changed_columns
FROM reporting.record_changes
WHERE
    record_changes.dump_source = 'city-library'
    AND record_changes.dump = '2024-02-01'
    AND record_changes.kind <> 'removal'
ORDER BY record_changes.change, record_changes.source, record_changes.source_record_id;
