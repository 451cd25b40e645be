-- What did each dump change, in words?
SELECT
    changes_by_load.source,
    changes_by_load.dump,
    changes_by_load.in_words
FROM reporting.changes_by_load
ORDER BY
    changes_by_load.warehouse_version,
    changes_by_load.change,
    changes_by_load.changed_column NULLS FIRST;
