-- What a merge fills, against new triggers and foreign keys on it; and what its rows refer to, against who would take it
-- away. Readers go on. The second is not waited for: who is at it already is VACUUM, ANALYZE or somebody's change by hand,
-- which may take long, and an automatic one would be stopped by who waits. Foreign keys then ask row by row.
LOCK TABLE
    catalog.record_authors, catalog.links, catalog.record_identifiers, catalog.record_work_keys, catalog.work_evidence,
    ops.record_matching_keys
    IN ROW EXCLUSIVE MODE;

LOCK TABLE catalog.records, catalog.authors IN SHARE ROW EXCLUSIVE MODE NOWAIT;
