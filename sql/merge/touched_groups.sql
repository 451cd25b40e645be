-- Publications, or works, that touched records (touched.sql) leave or join, and those that a change brings or changes.
CREATE TEMPORARY TABLE {recounted} ON COMMIT DROP AS
SELECT records_before.{key}
FROM recounted_records
INNER JOIN records_before ON records_before.record_id = recounted_records.record_id
WHERE records_before.{key} IS NOT NULL
UNION
SELECT staged_records.{key}
FROM recounted_records
INNER JOIN staged_records ON staged_records.record_id = recounted_records.record_id
WHERE staged_records.{key} IS NOT NULL
UNION
SELECT staged_assignments.{key}
FROM recounted_records
INNER JOIN staged_assignments ON staged_assignments.record_id = recounted_records.record_id
UNION
SELECT staged_groups.{key}
FROM {staged} AS staged_groups;

ANALYZE {recounted};
