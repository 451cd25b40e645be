-- Which records have ended, and which dump ended them?
CREATE OR REPLACE VIEW reporting.ended_records AS
SELECT
    records.record_id,
    records.source,
    records.source_record_id,
    records.title,
    latest.name AS last_dump,
    ended.dump AS ended_by_dump,
    ended.is_said AS is_deleted_by_dump,
    records.deleted_at AS ended_at
FROM catalog.records
INNER JOIN ops.record_sightings ON record_sightings.record_id = records.record_id
INNER JOIN ops.dumps AS latest ON latest.dump_id = record_sightings.last_dump_id
-- Of the dumps after the last one that held it, the first that says so or is full; or that last one itself, where it has
-- come again, corrected, and no longer holds it (byte_length is -1). Two looks into indexes, the first of each.
LEFT JOIN LATERAL (
    SELECT
        first.dump,
        BOOL_OR(first.is_said) AS is_said
    FROM (
        (
            SELECT
                dumps.name AS dump,
                TRUE AS is_said
            FROM ops.record_deletions
            INNER JOIN ops.dumps ON dumps.dump_id = record_deletions.dump_id
            WHERE record_deletions.record_id = records.record_id AND dumps.name >= latest.name
            ORDER BY dumps.name
            LIMIT 1
        )
        UNION ALL
        (
            SELECT
                dumps.name,
                FALSE
            FROM ops.dumps
            WHERE
                dumps.source = records.source
                AND dumps.kind = 'full'
                AND dumps.name >= latest.name
                AND (dumps.name > latest.name OR record_sightings.byte_length < 0)
            ORDER BY dumps.name
            LIMIT 1
        )
    ) AS first
    GROUP BY first.dump
    ORDER BY first.dump
    LIMIT 1
) AS ended ON TRUE
WHERE records.deleted_at IS NOT NULL;

COMMENT ON VIEW reporting.ended_records IS 'Which records have ended, and which dump ended them?';
COMMENT ON COLUMN reporting.ended_records.record_id IS 'The record';
COMMENT ON COLUMN reporting.ended_records.source IS 'The catalogue';
COMMENT ON COLUMN reporting.ended_records.source_record_id IS 'Its id there';
COMMENT ON COLUMN reporting.ended_records.title IS 'Title';
COMMENT ON COLUMN reporting.ended_records.last_dump IS 'Name of the latest dump that held it';
COMMENT ON COLUMN reporting.ended_records.ended_by_dump IS 'Name of the first dump after that which says that it is deleted, or is full and lacks it';
COMMENT ON COLUMN reporting.ended_records.is_deleted_by_dump IS 'Whether that dump says so; else it is a full one that lacks the record';
COMMENT ON COLUMN reporting.ended_records.ended_at IS 'When it ended in the warehouse';
