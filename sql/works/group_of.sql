-- The publication and the work of a record, and what they are called.
SELECT
    records.record_id,
    records.publication_id,
    records.work_id,
    publications.title AS publication_title,
    publications.publication_year,
    works.title AS work_title
FROM catalog.records
INNER JOIN catalog.publications ON publications.publication_id = records.publication_id
INNER JOIN catalog.works ON works.work_id = records.work_id
WHERE records.record_id = %(record_id)s;
