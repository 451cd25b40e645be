-- Records that a dump ends by saying that they are deleted: alive, and in no later dump. What only an earlier version of
-- this very dump held ends too.
-- Reads the temporary table deleted.
SELECT
    records.record_id,
    records.publication_id,
    records.work_id
FROM deleted
INNER JOIN catalog.records ON records.record_id = deleted.record_id
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
WHERE records.deleted_at IS NULL AND latest.name <= %(name)s;
