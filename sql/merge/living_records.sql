-- What summaries ask of living records, in a table as narrow as may be: the records themselves are wide.
CREATE TEMPORARY TABLE living_records ON COMMIT DROP AS
SELECT
    records.record_id,
    records.source,
    records.publication_id,
    records.work_id,
    records.publication_year
FROM catalog.records
WHERE records.deleted_at IS NULL;

ANALYZE living_records;
