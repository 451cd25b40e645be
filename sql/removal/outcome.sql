-- What becomes of the records that the removal of a dump touches and that do not vanish, now that the books are without
-- it: those that fall back on an older dump's version, have another first dump, or were ended by it, perhaps.
-- A record is alive where its latest dump is not older than the newest full one, and is newer than any that says that it
-- is deleted; what a full dump held only before it was corrected (byte_length is -1) that dump has ended itself.
-- Reads the temporary tables retaken, refounded, unsaid.
WITH candidates AS (
    SELECT retaken.record_id
    FROM retaken
    UNION
    SELECT refounded.record_id
    FROM refounded
    UNION
    SELECT unsaid.record_id
    FROM unsaid
    UNION
    SELECT records.record_id
    FROM catalog.records
    WHERE %(was_full)s AND records.source = %(source)s AND records.deleted_at IS NOT NULL
)

SELECT
    records.record_id,
    CASE
        WHEN retaken.record_id IS NULL THEN 'held'
        WHEN retaken.content_hash = records.content_hash THEN 'unchanged'
        ELSE 'changed'
    END AS status,
    records.deleted_at IS NULL AS was_alive,
    COALESCE(
        latest.name > newest_full.name OR (latest.name = newest_full.name AND record_sightings.byte_length >= 0), TRUE
    )
    AND NOT EXISTS (
        SELECT
        FROM ops.record_deletions
        INNER JOIN ops.dumps AS sayers ON sayers.dump_id = record_deletions.dump_id
        WHERE record_deletions.record_id = records.record_id AND sayers.name >= latest.name
    ) AS is_alive,
    earliest.name AS founded,
    refounded.record_id IS NOT NULL AS is_refounded,
    records.publication_id,
    records.work_id
FROM candidates
INNER JOIN catalog.records ON records.record_id = candidates.record_id
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS earliest ON earliest.dump_id = record_sightings.first_dump_id
INNER JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
LEFT JOIN retaken ON retaken.record_id = records.record_id
LEFT JOIN refounded ON refounded.record_id = records.record_id
CROSS JOIN (
    SELECT MAX(dumps.name) AS name
    FROM ops.dumps
    WHERE dumps.source = %(source)s AND dumps.kind = 'full'
) AS newest_full;
