-- Records of a source that come back, because the dump that ended them turns out not to be a full one: ended,
-- not in the dump, in no older dump than the newest full one that is left, and in a later one than any that says it is
-- deleted. What that full one held only before it was corrected (byte_length is -1) it has ended itself. What this dump
-- has said so far counts no more; what it says now does.
-- Reads the temporary tables delivered and deleted.
SELECT records.record_id
FROM catalog.records
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
WHERE
    records.source = %(source)s
    AND records.deleted_at IS NOT NULL
    AND COALESCE(latest.name >= %(newest_full)s COLLATE "C", TRUE)
    AND (latest.name IS DISTINCT FROM %(newest_full)s COLLATE "C" OR record_sightings.byte_length >= 0)
    AND NOT EXISTS (SELECT FROM delivered WHERE delivered.record_id = records.record_id)
    AND NOT EXISTS (
        SELECT FROM deleted WHERE deleted.record_id = records.record_id AND latest.name <= %(name)s
    )
    AND NOT EXISTS (
        SELECT
        FROM ops.record_deletions
        INNER JOIN ops.dumps AS sayers ON sayers.dump_id = record_deletions.dump_id
        WHERE
            record_deletions.record_id = records.record_id
            AND sayers.name <> %(name)s
            AND sayers.name >= latest.name
    );
