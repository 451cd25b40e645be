-- How the old versions of changed records write the headings they credit: some of these may be credited by
-- nobody now, others be written so by nobody.
CREATE TEMPORARY TABLE former_credits ON COMMIT DROP AS
SELECT DISTINCT
    record_authors.author_id,
    record_authors.name_as_written,
    record_authors.source_field
FROM staged_changed
INNER JOIN catalog.record_authors ON record_authors.record_id = staged_changed.record_id;
ANALYZE former_credits;
