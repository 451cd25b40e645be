-- What did the newest dump change, in words and counts? A row for each kind of change, and for each column that changed.
CREATE OR REPLACE VIEW reporting.last_changes AS
SELECT
    changes.source,
    changes.dump,
    changes.loaded_at,
    changes.change,
    changes.changed_column,
    changes.record_count,
    changes.in_words,
    changes.kind
FROM reporting.changes_by_load AS changes
WHERE changes.warehouse_version = (
    -- A dump that came again as it is in already changed nothing: what it changed is what it did when it came.
    SELECT MAX(loads.warehouse_version)
    FROM ops.loads
    INNER JOIN ops.dumps ON dumps.dump_id = loads.dump_id
    WHERE loads.kind = 'removal' OR loads.loaded_at = dumps.loaded_at
);

COMMENT ON VIEW reporting.last_changes IS 'What did the newest dump change, in words and counts? A row for each kind of change, and for each column that changed.';
COMMENT ON COLUMN reporting.last_changes.source IS 'Catalogue of the dump that was loaded last';
COMMENT ON COLUMN reporting.last_changes.dump IS 'Its name';
COMMENT ON COLUMN reporting.last_changes.loaded_at IS 'When its load began';
COMMENT ON COLUMN reporting.last_changes.change IS 'new, new_but_ended where newer dumps had ended it already, changed, ended, returned, regrouped, or removed where only a dump held it that was taken out again';
COMMENT ON COLUMN reporting.last_changes.changed_column IS 'A column of catalog.records whose value is another, or links, identifiers, credits, work_keys; null in the row that counts all of the kind';
COMMENT ON COLUMN reporting.last_changes.record_count IS 'Records';
COMMENT ON COLUMN reporting.last_changes.in_words IS 'The same in words';
COMMENT ON COLUMN reporting.last_changes.kind IS 'delta, full, replay, or removal where the dump was taken out again';
