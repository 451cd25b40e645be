-- What the warehouse holds of the records that a change touches, before it does: their groups, and of those of which
-- the dump brings another version, which columns change and how, and whether a summary counts any of it; and whether it
-- is another record of the same id. Rows of up to 4,000 bytes are not compressed only to be
-- read again at once; a server may be built with pages that hold no more.
CREATE TEMPORARY TABLE records_before WITH (toast_tuple_target = 4000) ON COMMIT DROP AS
SELECT
    records.record_id,
    records.publication_id,
    records.work_id,
    records.deleted_at IS NULL AS is_alive,
    staged_records.record_id IS NOT NULL AS is_brought,
    CASE WHEN staged_records.record_id IS NULL THEN '{{}}' ELSE {changed_columns} END AS changed_columns,
    staged_records.record_id IS NOT NULL AND ({is_counted_otherwise}) AS is_counted_otherwise,
    (records.source, records.source_record_id) <> (staged_records.source, staged_records.source_record_id)
        AS is_another
FROM (
    SELECT staged_records.record_id
    FROM staged_records
    UNION
    SELECT staged_assignments.record_id
    FROM staged_assignments
    UNION
    SELECT staged_ended.record_id
    FROM staged_ended
    UNION
    SELECT staged_revived.record_id
    FROM staged_revived
    UNION
    SELECT staged_vanishing.record_id
    FROM staged_vanishing
) AS touched
INNER JOIN catalog.records ON records.record_id = touched.record_id
LEFT JOIN staged_records ON staged_records.record_id = records.record_id;

ANALYZE records_before;

-- The same of what hangs on them: in full where they differ in no more than that, as a name that another field credits.
CREATE TEMPORARY TABLE belongings_before ON COMMIT DROP AS
SELECT
    record_id,
    JSONB_OBJECT_AGG(
        belonging,
        CASE
            WHEN held.described IS DISTINCT FROM brought.described
                THEN JSONB_BUILD_ARRAY(held.described, brought.described)
            ELSE JSONB_BUILD_ARRAY(held.in_full, brought.in_full)
        END
    ) AS changed_columns
FROM ({held}) AS held
FULL JOIN ({brought}) AS brought USING (record_id, belonging)
WHERE (held.described, held.in_full) IS DISTINCT FROM (brought.described, brought.in_full)
GROUP BY record_id;

ANALYZE belongings_before;
