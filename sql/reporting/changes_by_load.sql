-- What did each change of the warehouse do to how many records, in words and counts? A row for each kind of change, and for each column
-- that changed.
CREATE OR REPLACE VIEW reporting.changes_by_load AS
SELECT
    counts.warehouse_version,
    loads.loaded_at,
    dumps.source,
    dumps.name AS dump,
    counts.change,
    counts.changed_column,
    counts.record_count,
    CONCAT(
        counts.record_count,
        CASE WHEN counts.record_count = 1 THEN ' record ' ELSE ' records ' END,
        CASE counts.change
            WHEN 'new' THEN 'came'
            WHEN 'new_but_ended' THEN 'came that had ended already'
            WHEN 'returned' THEN 'came back'
            WHEN 'regrouped' THEN 'moved to another publication or work'
            ELSE counts.change
        END,
        CASE WHEN counts.change = 'changed' THEN ' in ' ELSE ', changed in ' END || REPLACE(counts.changed_column, '_', ' ')
    ) AS in_words,
    loads.kind
FROM ops.change_counts AS counts
LEFT JOIN ops.loads ON loads.warehouse_version = counts.warehouse_version
LEFT JOIN ops.dumps ON dumps.dump_id = loads.dump_id;

COMMENT ON VIEW reporting.changes_by_load IS 'What did each change of the warehouse do to how many records, in words and counts?';
COMMENT ON COLUMN reporting.changes_by_load.warehouse_version IS 'Version of the warehouse that the change made';
COMMENT ON COLUMN reporting.changes_by_load.loaded_at IS 'When the load of the dump began; null for a decision of a person or a setting';
COMMENT ON COLUMN reporting.changes_by_load.source IS 'The catalogue of the dump; null as well';
COMMENT ON COLUMN reporting.changes_by_load.dump IS 'The dump; null as well';
COMMENT ON COLUMN reporting.changes_by_load.change IS 'new, new_but_ended where newer dumps had ended it already, changed, ended, returned, regrouped where only publication or work is another, or removed where only a dump held it that was taken out again';
COMMENT ON COLUMN reporting.changes_by_load.changed_column IS 'A column that changed; null in the row that counts all records of the change';
COMMENT ON COLUMN reporting.changes_by_load.record_count IS 'Number of records';
COMMENT ON COLUMN reporting.changes_by_load.in_words IS 'The same in words';
COMMENT ON COLUMN reporting.changes_by_load.kind IS 'delta, full, replay, or removal where the dump was taken out again; null for a decision of a person or a setting';
