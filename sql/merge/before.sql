-- What the warehouse holds of the records that a change touches, before it does: their groups, and what describes those
-- of which the dump brings another version.
CREATE TEMPORARY TABLE records_before ON COMMIT DROP AS
SELECT
    records.record_id,
    records.publication_id,
    records.work_id,
    records.deleted_at IS NULL AS is_alive,
    CASE WHEN staged_records.record_id IS NOT NULL THEN {described} END AS described
FROM (
    SELECT staged_records.record_id
    FROM staged_records
    UNION
    SELECT staged_assignments.record_id
    FROM staged_assignments
    UNION
    SELECT staged_ended.record_id
    FROM staged_ended
    UNION
    SELECT staged_revived.record_id
    FROM staged_revived
    UNION
    SELECT staged_vanishing.record_id
    FROM staged_vanishing
) AS touched
INNER JOIN catalog.records ON records.record_id = touched.record_id
LEFT JOIN staged_records ON staged_records.record_id = records.record_id;

ANALYZE records_before;
