-- How the old versions of changed records write the headings they credit, where the new do not: some of these may be
-- credited by nobody now, others be written so by nobody.
CREATE TEMPORARY TABLE former_credits ON COMMIT DROP AS
SELECT DISTINCT
    record_authors.author_id,
    record_authors.name_as_written,
    record_authors.source_field
FROM different_record_authors
INNER JOIN catalog.record_authors
    ON
        record_authors.record_id = different_record_authors.record_id
        AND record_authors.position = different_record_authors.position
WHERE
    NOT EXISTS (
        SELECT
        FROM staged_record_authors
        WHERE
            staged_record_authors.record_id = record_authors.record_id
            AND staged_record_authors.position = record_authors.position
            AND staged_record_authors.author_id = record_authors.author_id
            AND staged_record_authors.name_as_written = record_authors.name_as_written
            AND staged_record_authors.source_field = record_authors.source_field
    );
ANALYZE former_credits;
