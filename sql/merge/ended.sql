-- Records that a dump ends stay as tombstones and leave publications and works.
UPDATE catalog.records
SET deleted_at = %(now)s, changed_at = %(now)s, publication_id = NULL, work_id = NULL
FROM staged_ended
WHERE records.record_id = staged_ended.record_id AND records.deleted_at IS NULL;
