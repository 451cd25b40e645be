-- What a change touches, before it does: of these alone the summaries are counted anew. Records of which the dump
-- brings a version or that change groups, the publications and works that they leave or join, and the pairs decided.
CREATE TEMPORARY TABLE recounted_records ON COMMIT DROP AS
SELECT records_before.record_id
FROM records_before
UNION
SELECT staged_records.record_id
FROM staged_records;

CREATE TEMPORARY TABLE recounted_publications ON COMMIT DROP AS
SELECT records_before.publication_id
FROM records_before
WHERE records_before.publication_id IS NOT NULL
UNION
SELECT staged_assignments.publication_id
FROM staged_assignments
UNION
SELECT staged_publications.publication_id
FROM staged_publications;

CREATE TEMPORARY TABLE recounted_works ON COMMIT DROP AS
SELECT records_before.work_id
FROM records_before
WHERE records_before.work_id IS NOT NULL
UNION
SELECT staged_assignments.work_id
FROM staged_assignments
UNION
SELECT staged_works.work_id
FROM staged_works;

CREATE TEMPORARY TABLE recounted_pairs ON COMMIT DROP AS
SELECT
    work_evidence.record_id_a,
    work_evidence.record_id_b
FROM staged_going
INNER JOIN catalog.work_evidence ON work_evidence.record_id_a = staged_going.record_id
UNION
SELECT
    work_evidence.record_id_a,
    work_evidence.record_id_b
FROM staged_going
INNER JOIN catalog.work_evidence ON work_evidence.record_id_b = staged_going.record_id
UNION
SELECT
    staged_dropped.record_id_a,
    staged_dropped.record_id_b
FROM staged_dropped
UNION
SELECT
    staged_work_evidence.record_id_a,
    staged_work_evidence.record_id_b
FROM staged_work_evidence;

ANALYZE recounted_records, recounted_publications, recounted_works, recounted_pairs;
