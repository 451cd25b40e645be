-- What the living among the records that vanish belong to.
-- Reads the temporary table vanishing.
SELECT
    records.record_id,
    records.publication_id,
    records.work_id
FROM vanishing
INNER JOIN catalog.records ON records.record_id = vanishing.record_id
WHERE records.deleted_at IS NULL;
