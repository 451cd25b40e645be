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
    merges = merges + %(merges)s
WHERE dump_id = %(dump_id)s;
