-- Which publications does a work have, and by which rules do they belong together?
CREATE OR REPLACE VIEW reporting.work_versions AS
SELECT
    works.work_id,
    works.title AS work_title,
    publications.publication_id,
    publications.title,
    publications.publication_year,
    records.publication_kind,
    publications.container_title,
    records.edition,
    publications.doi,
    publications.record_count,
    (
        SELECT ARRAY_AGG(DISTINCT work_evidence.rule ORDER BY work_evidence.rule)
        FROM catalog.records AS members
        INNER JOIN catalog.work_evidence
            ON work_evidence.verdict = 'version'
            AND (work_evidence.record_id_a = members.record_id OR work_evidence.record_id_b = members.record_id)
        WHERE members.publication_id = publications.publication_id
    ) AS rules
FROM catalog.works
INNER JOIN catalog.publications ON publications.work_id = works.work_id
INNER JOIN catalog.records ON records.record_id = publications.canonical_record_id
WHERE works.publication_count > 1;

COMMENT ON VIEW reporting.work_versions IS 'Which publications does a work have, and by which rules do they belong together?';
COMMENT ON COLUMN reporting.work_versions.work_id IS 'A work of several publications';
COMMENT ON COLUMN reporting.work_versions.work_title IS 'Title of its canonical publication';
COMMENT ON COLUMN reporting.work_versions.publication_id IS 'One of its publications';
COMMENT ON COLUMN reporting.work_versions.title IS 'Title of this publication';
COMMENT ON COLUMN reporting.work_versions.publication_year IS 'Its year';
COMMENT ON COLUMN reporting.work_versions.publication_kind IS 'article, conference_paper, preprint, book ...';
COMMENT ON COLUMN reporting.work_versions.container_title IS 'Journal, proceedings or series it appeared in';
COMMENT ON COLUMN reporting.work_versions.edition IS 'Edition statement of its canonical record';
COMMENT ON COLUMN reporting.work_versions.doi IS 'Its DOI';
COMMENT ON COLUMN reporting.work_versions.record_count IS 'Number of records that describe it';
COMMENT ON COLUMN reporting.work_versions.rules IS 'Rules by which its records are versions of others';
