-- A record by its catalogue and the id it has there.
SELECT
    records.record_id,
    records.deleted_at IS NULL AS is_alive
FROM catalog.records
WHERE records.source = %(source)s AND records.source_record_id = %(source_record_id)s;
