-- The records of a work, publication by publication, those that speak for theirs first.
SELECT
    records.record_id,
    records.source || '/' || records.source_record_id AS record,
    records.publication_id,
    records.record_id = publications.canonical_record_id AS speaks,
    records.title,
    records.publication_year AS year,
    records.publication_kind AS kind,
    records.container_title AS container,
    records.volume,
    records.start_page AS pages,
    records.doi
FROM catalog.records
INNER JOIN catalog.publications ON publications.publication_id = records.publication_id
WHERE records.work_id = %(work_id)s
ORDER BY publications.publication_year, records.publication_id, speaks DESC, records.record_id;
