-- Which records were decided to describe the same publication, and why?
CREATE OR REPLACE VIEW reporting.duplicates AS
SELECT
    a.publication_id,
    a.title AS title_a,
    b.title AS title_b,
    a.source AS source_a,
    a.source_record_id AS source_record_id_a,
    b.source AS source_b,
    b.source_record_id AS source_record_id_b,
    work_evidence.rule,
    work_evidence.reason,
    work_evidence.score,
    a.publication_id <> b.publication_id AS is_passed_over
FROM catalog.work_evidence
-- Each pair has its records: outer joins, that who counts pairs does not wait for them.
LEFT JOIN catalog.records AS a ON a.record_id = work_evidence.record_id_a
LEFT JOIN catalog.records AS b ON b.record_id = work_evidence.record_id_b
WHERE work_evidence.verdict = 'duplicate';

COMMENT ON VIEW reporting.duplicates IS 'Which records were decided to describe the same publication, and why?';
COMMENT ON COLUMN reporting.duplicates.publication_id IS 'The publication of the first record, which is that of both but where the pair is passed over';
COMMENT ON COLUMN reporting.duplicates.title_a IS 'Title of the first record';
COMMENT ON COLUMN reporting.duplicates.title_b IS 'Title of the second record';
COMMENT ON COLUMN reporting.duplicates.source_a IS 'Catalogue of the first record';
COMMENT ON COLUMN reporting.duplicates.source_record_id_a IS 'Id of the first record in its catalogue';
COMMENT ON COLUMN reporting.duplicates.source_b IS 'Catalogue of the second record';
COMMENT ON COLUMN reporting.duplicates.source_record_id_b IS 'Id of the second record in its catalogue';
COMMENT ON COLUMN reporting.duplicates.rule IS 'Name of the rule that decided';
COMMENT ON COLUMN reporting.duplicates.reason IS 'The reason in words';
COMMENT ON COLUMN reporting.duplicates.score IS 'Confidence of the rule, 0 to 1';
COMMENT ON COLUMN reporting.duplicates.is_passed_over IS 'Whether the two stay two publications: following the pair would have brought together what must stay apart (works explain tells by which pair)';
