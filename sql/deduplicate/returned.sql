-- Records of a source that come back, because the dump that ended them turns out not to be a full one: ended,
-- not in the dump, and in no older dump than the newest full one that is left.
-- Reads the temporary table delivered.
SELECT records.record_id
FROM catalog.records
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
WHERE
    records.source = %(source)s
    AND records.deleted_at IS NOT NULL
    AND COALESCE(latest.name >= %(newest_full)s COLLATE "C", TRUE)
    AND NOT EXISTS (SELECT FROM delivered WHERE delivered.record_id = records.record_id);
