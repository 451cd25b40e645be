-- How many records a change has changed, and in which columns.
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
    WHERE record_changes.warehouse_version = %(version)s
    GROUP BY record_changes.warehouse_version, record_changes.change
    UNION ALL
    SELECT
        record_changes.warehouse_version,
        record_changes.change,
        columns.changed_column,
        COUNT(*)
    FROM ops.record_changes
    CROSS JOIN LATERAL JSONB_OBJECT_KEYS(record_changes.changed_columns) AS columns (changed_column)
    -- Of a record that vanishes only its name is noted, not what changed.
    WHERE record_changes.warehouse_version = %(version)s AND record_changes.change <> 'removed'
    GROUP BY record_changes.warehouse_version, record_changes.change, columns.changed_column
) AS counted;
