-- Records of a source that a full dump ends: alive, not in the dump, and in no later dump. What only an
-- earlier version of this very dump held ends too.
-- Reads the temporary table delivered.
SELECT
    records.record_id,
    records.publication_id,
    records.work_id
FROM catalog.records
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
WHERE
    records.source = %(source)s
    AND records.deleted_at IS NULL
    AND latest.name <= %(name)s
    AND NOT EXISTS (SELECT FROM delivered WHERE delivered.record_id = records.record_id);
