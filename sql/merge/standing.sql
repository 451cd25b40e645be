-- Publications, works and decided pairs that the warehouse has just as they are brought: they are not brought again. A
-- conflict would lock each of them, and write its page, to change nothing.
DELETE FROM staged_publications
USING catalog.publications
WHERE
    publications.publication_id = staged_publications.publication_id
    AND publications IS NOT DISTINCT FROM staged_publications;

DELETE FROM staged_works
USING catalog.works
WHERE works.work_id = staged_works.work_id AND works IS NOT DISTINCT FROM staged_works;

-- When it was decided is no part of what a pair says. The names stay: evidence that stands does not go.
CREATE TEMPORARY TABLE standing_pairs ON COMMIT DROP AS
SELECT
    staged_work_evidence.record_id_a,
    staged_work_evidence.record_id_b
FROM staged_work_evidence
INNER JOIN catalog.work_evidence
    ON
        work_evidence.record_id_a = staged_work_evidence.record_id_a
        AND work_evidence.record_id_b = staged_work_evidence.record_id_b
WHERE
    (
        work_evidence.verdict, work_evidence.rule, work_evidence.reason, work_evidence.score, work_evidence.blocking_key
    ) IS NOT DISTINCT FROM (
        staged_work_evidence.verdict, staged_work_evidence.rule, staged_work_evidence.reason,
        staged_work_evidence.score, staged_work_evidence.blocking_key
    );

ANALYZE standing_pairs;

DELETE FROM staged_work_evidence
USING standing_pairs
WHERE
    staged_work_evidence.record_id_a = standing_pairs.record_id_a
    AND staged_work_evidence.record_id_b = standing_pairs.record_id_b;

ANALYZE staged_publications, staged_works, staged_work_evidence;
