-- What did the newest dump change, in counts? A row for each kind of change, and for each column that changed.
CREATE OR REPLACE VIEW reporting.last_changes AS
WITH last_changed AS (
    SELECT record_changes.*
    FROM ops.record_changes
    WHERE record_changes.warehouse_version = (SELECT MAX(loads.warehouse_version) FROM ops.loads)
)

SELECT
    dumps.source,
    dumps.name AS dump,
    loads.loaded_at,
    counted.change,
    counted.changed_column,
    counted.record_count
FROM (
    SELECT
        last_changed.change,
        NULL AS changed_column,
        COUNT(*) AS record_count
    FROM last_changed
    GROUP BY last_changed.change
    UNION ALL
    SELECT
        last_changed.change,
        columns.changed_column,
        COUNT(*)
    FROM last_changed
    CROSS JOIN LATERAL JSONB_OBJECT_KEYS(last_changed.changed_columns) AS columns (changed_column)
    WHERE last_changed.change <> 'removed'
    GROUP BY last_changed.change, columns.changed_column
) AS counted
CROSS JOIN LATERAL (
    SELECT *
    FROM ops.loads
    ORDER BY loads.warehouse_version DESC
    LIMIT 1
) AS loads
INNER JOIN ops.dumps ON dumps.dump_id = loads.dump_id;

COMMENT ON VIEW reporting.last_changes IS 'What did the newest dump change, in counts? A row for each kind of change, and for each column that changed.';
COMMENT ON COLUMN reporting.last_changes.source IS 'Catalogue of the dump that was loaded last';
COMMENT ON COLUMN reporting.last_changes.dump IS 'Its name';
COMMENT ON COLUMN reporting.last_changes.loaded_at IS 'When it was loaded';
COMMENT ON COLUMN reporting.last_changes.change IS 'new, changed, ended, returned, regrouped, or removed where only a dump held it that was taken out again';
COMMENT ON COLUMN reporting.last_changes.changed_column IS 'A column of catalog.records whose value is another, or links, identifiers, credits, work_keys; null in the row that counts all of the kind';
COMMENT ON COLUMN reporting.last_changes.record_count IS 'Records';
