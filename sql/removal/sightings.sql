-- The records of which a dump is the first or the latest that holds them.
SELECT
    record_sightings.record_id,
    record_sightings.first_dump_id,
    record_sightings.last_dump_id
FROM ops.record_sightings
WHERE record_sightings.first_dump_id = {dump_id} OR record_sightings.last_dump_id = {dump_id};
