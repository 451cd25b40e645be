-- What did each load do?
SELECT
    ingest_history.warehouse_version,
    ingest_history.source,
    ingest_history.dump,
    ingest_history.records_read,
    ingest_history.records_new,
    ingest_history.records_changed,
    ingest_history.records_deleted,
    ingest_history.records_quarantined,
    ingest_history.merges
FROM reporting.ingest_history
ORDER BY ingest_history.warehouse_version;
