-- The counts of a dump once rows of its quarantine have been loaded. What one row held may be many records, so that
-- the documents read are more than there were rows.
UPDATE ops.dumps
SET
    records_read = records_read - records_quarantined + %(records_read)s,
    records_new = records_new + %(records_new)s,
    records_changed = records_changed + %(records_changed)s,
    records_unchanged = records_unchanged + %(records_unchanged)s,
    records_outdated = records_outdated + %(records_outdated)s,
    records_repeated = records_repeated + %(records_repeated)s,
    records_quarantined = %(records_quarantined)s,
    publications = %(publications)s,
    works = %(works)s,
    merges = merges + %(merges)s,
    value_cuts = (
        SELECT COALESCE(JSONB_OBJECT_AGG(cut.field, cut.records), '{}')
        FROM (
            SELECT
                marked.field,
                JSONB_OBJECT_AGG(marked.mark, marked.records) AS records
            FROM (
                SELECT
                    fields.key AS field,
                    marks.key AS mark,
                    SUM(marks.value::bigint) AS records
                FROM (VALUES (dumps.value_cuts), (%(value_cuts)s::jsonb)) AS both_of (cuts)
                CROSS JOIN JSONB_EACH(both_of.cuts) AS fields
                CROSS JOIN JSONB_EACH_TEXT(fields.value) AS marks
                GROUP BY fields.key, marks.key
            ) AS marked
            GROUP BY marked.field
        ) AS cut
    )
WHERE dump_id = %(dump_id)s;
