-- Records that come back because the dump that said they are deleted says so no more: ended, not in the dump, in no
-- older dump than the newest full one (nor only in what that was before it was corrected), and in a later one than any
-- that says so still.
-- Reads the temporary tables delivered and deleted.
SELECT records.record_id
FROM ops.record_deletions
INNER JOIN ops.dumps ON dumps.dump_id = record_deletions.dump_id
INNER JOIN catalog.records ON records.record_id = record_deletions.record_id
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
WHERE
    dumps.source = %(source)s
    AND dumps.name = %(name)s
    AND records.deleted_at IS NOT NULL
    AND COALESCE(latest.name >= %(newest_full)s COLLATE "C", TRUE)
    AND (latest.name IS DISTINCT FROM %(newest_full)s COLLATE "C" OR record_sightings.byte_length >= 0)
    AND NOT EXISTS (SELECT FROM delivered WHERE delivered.record_id = records.record_id)
    AND NOT EXISTS (SELECT FROM deleted WHERE deleted.record_id = records.record_id)
    AND NOT EXISTS (
        SELECT
        FROM ops.record_deletions AS others
        INNER JOIN ops.dumps AS sayers ON sayers.dump_id = others.dump_id
        WHERE
            others.record_id = records.record_id
            AND others.dump_id <> record_deletions.dump_id
            AND sayers.name >= latest.name
    );
