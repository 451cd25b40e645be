-- Take a dump out of the books: which dumps hold a record, what it said to be deleted, its quarantine, its work keys.
-- Its own row stays, for the history of loads names it, but counts nothing.
-- Reads the temporary tables retaken, refounded, vanishing.
UPDATE ops.record_sightings
SET
    last_dump_id = retaken.dump_id,
    file = retaken.file,
    member = retaken.member,
    byte_offset = retaken.byte_offset,
    byte_length = retaken.byte_length
FROM retaken
WHERE record_sightings.record_id = retaken.record_id;

UPDATE ops.record_sightings
SET first_dump_id = refounded.dump_id
FROM refounded
WHERE record_sightings.record_id = refounded.record_id;

DELETE FROM ops.record_sightings
USING vanishing
WHERE record_sightings.record_id = vanishing.record_id;

DELETE FROM ops.record_deletions
WHERE record_deletions.dump_id = %(dump_id)s;

DELETE FROM ops.quarantine
WHERE quarantine.dump_id = %(dump_id)s;

DELETE FROM ops.work_key_profiles
WHERE work_key_profiles.dump_id = %(dump_id)s;

UPDATE ops.dumps
SET
    kind = 'removed',
    records_read = 0,
    records_new = 0,
    records_changed = 0,
    records_unchanged = 0,
    records_outdated = 0,
    records_repeated = 0,
    records_deleted = 0,
    records_quarantined = 0,
    deletions = 0,
    publications = 0,
    works = 0,
    merges = 0,
    value_cuts = '{}',
    missing = NULL
WHERE dumps.dump_id = %(dump_id)s;
