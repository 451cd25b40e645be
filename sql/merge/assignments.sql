-- Which record is which publication and work now, where it was not brought with them; records that came back are alive
-- again.
UPDATE catalog.records
SET publication_id = staged_assignments.publication_id, work_id = staged_assignments.work_id
FROM staged_assignments
WHERE
    records.record_id = staged_assignments.record_id
    AND (records.publication_id, records.work_id)
    IS DISTINCT FROM (staged_assignments.publication_id, staged_assignments.work_id)
    AND NOT EXISTS (SELECT FROM staged_records WHERE staged_records.record_id = staged_assignments.record_id);

UPDATE catalog.records
SET deleted_at = NULL, changed_at = %(now)s
FROM staged_revived
WHERE records.record_id = staged_revived.record_id AND records.deleted_at IS NOT NULL;
