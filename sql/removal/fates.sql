-- What becomes of records, by name.
-- Reads the temporary table fates.
SELECT
    fates.fate,
    records.source_record_id,
    records.title
FROM fates
INNER JOIN catalog.records ON records.record_id = fates.record_id
ORDER BY fates.fate, records.source_record_id
LIMIT %(at_most)s;
