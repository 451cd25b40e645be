-- What a merge fills, against new triggers and foreign keys on it; and what its rows refer to, against who would take it
-- away. Readers go on.
LOCK TABLE
    catalog.record_authors, catalog.links, catalog.record_identifiers, catalog.record_work_keys, catalog.work_evidence,
    ops.record_matching_keys
    IN ROW EXCLUSIVE MODE;

LOCK TABLE catalog.records, catalog.authors IN SHARE ROW EXCLUSIVE MODE;
