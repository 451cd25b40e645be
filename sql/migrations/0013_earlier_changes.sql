-- Changes that were noted before anything counted them, counted: of these loads reports said nothing. The first load
-- counts its records since version 9, and tells none of them one by one: its count is in the history of loads.

INSERT INTO ops.change_counts (key_id, warehouse_version, change, changed_column, record_count)
SELECT
    MD5(ROW(counted.warehouse_version, counted.change, counted.changed_column)::text)::uuid,
    counted.warehouse_version,
    counted.change,
    counted.changed_column,
    counted.record_count
FROM (
    SELECT
        record_changes.warehouse_version,
        record_changes.change,
        NULL AS changed_column,
        COUNT(*) AS record_count
    FROM ops.record_changes
    GROUP BY record_changes.warehouse_version, record_changes.change
    UNION ALL
    SELECT
        record_changes.warehouse_version,
        record_changes.change,
        columns.changed_column,
        COUNT(*)
    FROM ops.record_changes
    CROSS JOIN LATERAL JSONB_OBJECT_KEYS(record_changes.changed_columns) AS columns (changed_column)
    WHERE record_changes.change <> 'removed'
    GROUP BY record_changes.warehouse_version, record_changes.change, columns.changed_column
    UNION ALL
    (
        SELECT
            loads.warehouse_version,
            'new',
            NULL,
            loads.records_new
        FROM ops.loads
        WHERE loads.records_new > 0
        ORDER BY loads.warehouse_version
        LIMIT 1
    )
) AS counted
WHERE counted.warehouse_version NOT IN (SELECT change_counts.warehouse_version FROM ops.change_counts)
ON CONFLICT DO NOTHING;
