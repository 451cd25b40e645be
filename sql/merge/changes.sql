-- What a change has made of the records it touches, against records_before: which came, changed, ended, came back, and
-- which joined or left a publication or a work. Of a record that vanishes the name is kept here. One that is brought
-- anew, but says the same (read by a later version of the program, or other only in what no column keeps), is none. How
-- many there are, and in which columns, is counted as they are written.
WITH noted AS (
    INSERT INTO ops.record_changes (
        warehouse_version, record_id, change, changed_columns,
        publication_id_before, publication_id, work_id_before, work_id
    )
    SELECT
        %(version)s,
        records.record_id,
        CASE
            WHEN staged_vanishing.record_id IS NOT NULL THEN 'removed'
            -- Of an older dump that comes late: newer ones have ended them.
            WHEN records_before.record_id IS NULL AND records.deleted_at IS NOT NULL THEN 'new_but_ended'
            WHEN records_before.record_id IS NULL THEN 'new'
            WHEN records_before.is_alive AND records.deleted_at IS NOT NULL THEN 'ended'
            WHEN NOT records_before.is_alive AND records.deleted_at IS NULL THEN 'returned'
            WHEN said.changed_columns IS NOT NULL THEN 'changed'
            ELSE 'regrouped'
        END,
        CASE
            WHEN staged_vanishing.record_id IS NOT NULL
                THEN JSONB_BUILD_OBJECT(
                    'source', JSONB_BUILD_ARRAY(records.source, NULL),
                    'source_record_id', JSONB_BUILD_ARRAY(records.source_record_id, NULL),
                    'title', JSONB_BUILD_ARRAY(records.title, NULL)
                )
            ELSE said.changed_columns
        END,
        records_before.publication_id,
        records.publication_id,
        records_before.work_id,
        records.work_id
    FROM (
        -- These stand in the catalogue as they were staged, by now (but for what triggers of others make of them).
        SELECT
            staged_records.record_id,
            staged_records.source,
            staged_records.source_record_id,
            staged_records.title,
            staged_records.publication_id,
            staged_records.work_id,
            staged_records.deleted_at
        FROM staged_records
        UNION ALL
        SELECT
            records.record_id,
            records.source,
            records.source_record_id,
            records.title,
            records.publication_id,
            records.work_id,
            records.deleted_at
        FROM records_before
        INNER JOIN catalog.records ON records.record_id = records_before.record_id
        WHERE NOT records_before.is_brought
    ) AS records
    LEFT JOIN records_before ON records_before.record_id = records.record_id
    LEFT JOIN belongings_before ON belongings_before.record_id = records.record_id
    LEFT JOIN staged_vanishing ON staged_vanishing.record_id = records.record_id
    CROSS JOIN LATERAL (
        SELECT
            NULLIF(
                CASE
                    WHEN belongings_before.record_id IS NULL THEN records_before.changed_columns
                    ELSE records_before.changed_columns || belongings_before.changed_columns
                END,
                '{}'
            ) AS changed_columns
    ) AS said
    WHERE
        records_before.record_id IS NULL
        OR staged_vanishing.record_id IS NOT NULL
        OR said.changed_columns IS NOT NULL
        OR records_before.is_alive <> (records.deleted_at IS NULL)
        OR records_before.publication_id IS DISTINCT FROM records.publication_id
        OR records_before.work_id IS DISTINCT FROM records.work_id
    RETURNING
        record_changes.change,
        -- Of a record that vanishes only its name is noted, not what changed.
        CASE
            WHEN record_changes.change <> 'removed'
                THEN ARRAY(SELECT columns.name FROM JSONB_OBJECT_KEYS(record_changes.changed_columns) AS columns (name))
        END AS changed_columns
)

INSERT INTO ops.change_counts (key_id, warehouse_version, change, changed_column, record_count)
SELECT
    MD5(ROW(%(version)s::bigint, counted.change, counted.changed_column)::text)::uuid,
    %(version)s,
    counted.change,
    counted.changed_column,
    counted.record_count
FROM (
    SELECT
        noted.change,
        NULL AS changed_column,
        COUNT(*) AS record_count
    FROM noted
    GROUP BY noted.change
    UNION ALL
    SELECT
        noted.change,
        columns.changed_column,
        COUNT(*)
    FROM noted
    CROSS JOIN LATERAL UNNEST(noted.changed_columns) AS columns (changed_column)
    GROUP BY noted.change, columns.changed_column
) AS counted;
