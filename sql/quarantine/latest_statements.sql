-- What a dump says of records if it is the latest to hold them: where, and whether it is a page without staff view;
-- and where it says that they are deleted.
SELECT
    record_sightings.record_id,
    COALESCE(records.extra ->> 'staff_view' = %(lacking)s, FALSE) AS lacks_staff_view,
    record_sightings.file,
    record_sightings.member,
    record_sightings.byte_offset
FROM ops.record_sightings
LEFT JOIN catalog.records ON records.record_id = record_sightings.record_id
WHERE
    record_sightings.record_id = ANY(%(record_ids)s)
    AND record_sightings.last_dump_id = %(dump_id)s
    -- What only an earlier version of the dump held stands there no more.
    AND record_sightings.byte_length >= 0
UNION ALL
SELECT
    record_deletions.record_id,
    FALSE AS lacks_staff_view,
    record_deletions.file,
    record_deletions.member,
    record_deletions.byte_offset
FROM ops.record_deletions
WHERE record_deletions.record_id = ANY(%(record_ids)s) AND record_deletions.dump_id = %(dump_id)s;
