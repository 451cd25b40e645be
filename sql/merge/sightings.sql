-- Which dumps hold each record of this dump, and where its latest copy lies.
-- Reads the temporary table staged_sightings.
INSERT INTO ops.record_sightings (
    record_id, first_dump_id, last_dump_id, file, member, byte_offset, byte_length
)
SELECT
    staged_sightings.record_id,
    %(dump_id)s,
    %(dump_id)s,
    staged_sightings.file,
    staged_sightings.member,
    staged_sightings.byte_offset,
    staged_sightings.byte_length
FROM staged_sightings
WHERE staged_sightings.is_new;

UPDATE ops.record_sightings
SET first_dump_id = %(dump_id)s
FROM staged_sightings
WHERE staged_sightings.record_id = record_sightings.record_id AND staged_sightings.is_founded_earlier;

UPDATE ops.record_sightings
SET
    last_dump_id = %(dump_id)s,
    file = staged_sightings.file,
    member = staged_sightings.member,
    byte_offset = staged_sightings.byte_offset,
    byte_length = staged_sightings.byte_length
FROM staged_sightings
WHERE
    staged_sightings.record_id = record_sightings.record_id
    AND staged_sightings.is_latest
    AND NOT staged_sightings.is_new;
