-- What a merge fills, against new triggers and foreign keys on it.
LOCK TABLE
    catalog.records, catalog.authors, catalog.publications, catalog.works,
    catalog.record_authors, catalog.links, catalog.record_identifiers, catalog.record_work_keys, catalog.work_evidence,
    ops.record_matching_keys
    IN ROW EXCLUSIVE MODE;
