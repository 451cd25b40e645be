-- Of the records whose latest dump is one that has come again: those that it no longer holds stand nowhere in it.
-- Reads the temporary table held_again.
UPDATE ops.record_sightings
SET byte_length = -1
WHERE
    record_sightings.last_dump_id = %(dump_id)s
    AND record_sightings.byte_length >= 0
    AND NOT EXISTS (SELECT FROM held_again WHERE held_again.record_id = record_sightings.record_id);
